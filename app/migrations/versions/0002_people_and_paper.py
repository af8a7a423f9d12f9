"""People and paper: drafts, sign-in codes, recorded decisions, recall."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drafts",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("texts", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_drafts_user_id")),
        sa.PrimaryKeyConstraint("user_id", "subject", name=op.f("pk_drafts")),
    )
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_drafts_subject"), ["subject"], unique=False)

    op.create_table(
        "sign_in_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_sign_in_codes_made_by")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sign_in_codes_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_codes")),
    )
    with op.batch_alter_table("sign_in_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_codes_user_id"), ["user_id"], unique=False)

    with op.batch_alter_table("instance_states", schema=None) as batch_op:
        batch_op.add_column(sa.Column("previous_sequence", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("previous_blob", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("previous_task_id", sa.Uuid(), nullable=True))

    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.add_column(sa.Column("by_code", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("recorded_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("happened_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("channel", sa.String(length=40), nullable=False, server_default=""))
        batch_op.create_foreign_key(batch_op.f("fk_tasks_recorded_by"), "users", ["recorded_by"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_tasks_recorded_by"), type_="foreignkey")
        batch_op.drop_column("channel")
        batch_op.drop_column("happened_on")
        batch_op.drop_column("recorded_by")

    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.drop_column("by_code")

    with op.batch_alter_table("instance_states", schema=None) as batch_op:
        batch_op.drop_column("previous_task_id")
        batch_op.drop_column("previous_blob")
        batch_op.drop_column("previous_sequence")

    with op.batch_alter_table("sign_in_codes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_codes_user_id"))

    op.drop_table("sign_in_codes")
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_drafts_subject"))

    op.drop_table("drafts")
