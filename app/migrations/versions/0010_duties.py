"""The calendar of duties: hard dates, the days they are counted from, deeds about them; cases found by their key."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "duties",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=64), nullable=True),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("rule", sa.String(length=10), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("from_year", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=100), nullable=False),
        sa.Column("after_months", sa.Integer(), nullable=False),
        sa.Column("after_days", sa.Integer(), nullable=False),
        sa.Column("lead_days", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("group_key", sa.String(length=64), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["group_key"], ["groups.key"], name=op.f("fk_duties_group_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duties")),
        sa.UniqueConstraint("key", "name", name=op.f("uq_duties_key_name")),
        sa.UniqueConstraint("origin", name=op.f("uq_duties_origin")),
    )
    op.create_table(
        "duty_terms",
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=100), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("shift", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["duty_id"], ["duties.id"], name=op.f("fk_duty_terms_duty_id")),
        sa.PrimaryKeyConstraint("duty_id", "position", name=op.f("pk_duty_terms")),
    )
    op.create_table(
        "duty_dates",
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["duty_id"], ["duties.id"], name=op.f("fk_duty_dates_duty_id")),
        sa.PrimaryKeyConstraint("duty_id", "year", name=op.f("pk_duty_dates")),
    )
    op.create_table(
        "duty_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("deed", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_duty_events_actor_id")),
        sa.ForeignKeyConstraint(["duty_id"], ["duties.id"], name=op.f("fk_duty_events_duty_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_events")),
    )
    with op.batch_alter_table("duty_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duty_events_duty_id"), ["duty_id"], unique=False)

    with op.batch_alter_table("instances", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_instances_business_key"), ["business_key"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("instances", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_instances_business_key"))

    with op.batch_alter_table("duty_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_duty_events_duty_id"))

    op.drop_table("duty_events")
    op.drop_table("duty_dates")
    op.drop_table("duty_terms")
    op.drop_table("duties")
