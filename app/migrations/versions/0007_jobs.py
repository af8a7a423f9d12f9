"""Background work as rows: sweeps and reminders."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("claim", sa.String(length=32), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    waiting = sa.text("state = 'waiting'")
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index("uq_jobs_waiting", ["kind", "subject"], unique=True, sqlite_where=waiting, postgresql_where=waiting)
        batch_op.create_index("ix_jobs_due", ["due_at"], unique=False, sqlite_where=waiting, postgresql_where=waiting)


def downgrade() -> None:
    op.drop_table("jobs")
