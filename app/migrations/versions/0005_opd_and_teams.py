"""OPD that are renamed and end, the list of OPD of every case, units of service, SK Tim, and who changed what."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("org_units", schema=None) as batch_op:
        batch_op.add_column(sa.Column("short_name", sa.String(length=60), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("successor_id", sa.String(length=64), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_org_units_successor_id"), "org_units", ["successor_id"], ["id"])

    op.create_table(
        "case_units",
        sa.Column("instance_id", sa.Integer(), nullable=False),
        sa.Column("org_unit_id", sa.String(length=64), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name=op.f("fk_case_units_instance_id")),
        sa.ForeignKeyConstraint(["org_unit_id"], ["org_units.id"], name=op.f("fk_case_units_org_unit_id")),
        sa.PrimaryKeyConstraint("instance_id", "org_unit_id", name=op.f("pk_case_units")),
    )
    # Until now an OPD had one name for ever: every case knows those that existed on its first day.
    op.execute("""
        INSERT INTO case_units (instance_id, org_unit_id, place, name)
        SELECT instances.id, org_units.id,
               row_number() OVER (PARTITION BY instances.id ORDER BY org_units.kind = 'Kecamatan', org_units.name), org_units.name
        FROM instances JOIN org_units
          ON org_units.valid_from <= date(instances.started_at)
         AND (org_units.valid_to IS NULL OR org_units.valid_to >= date(instances.started_at))
    """)
    op.create_table(
        "service_units",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("org_unit_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("service", sa.String(length=80), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["org_unit_id"], ["org_units.id"], name=op.f("fk_service_units_org_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_units")),
    )
    with op.batch_alter_table("service_units", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_units_org_unit_id"), ["org_unit_id"], unique=False)

    op.create_table(
        "team_decrees",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_key", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("kept_at", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["group_key"], ["groups.key"], name=op.f("fk_team_decrees_group_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_decrees")),
    )
    with op.batch_alter_table("team_decrees", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_decrees_group_key"), ["group_key"], unique=False)

    op.create_table(
        "team_members",
        sa.Column("decree_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["decree_id"], ["team_decrees.id"], name=op.f("fk_team_members_decree_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_team_members_user_id")),
        sa.PrimaryKeyConstraint("decree_id", "place", name=op.f("pk_team_members")),
    )
    op.create_table(
        "office_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("deed", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_office_events_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_events")),
    )
    with op.batch_alter_table("office_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_office_events_subject_id"), ["subject", "id"], unique=False)

    # Groups that work by decree were of kind unit so far; their keys say so.
    op.execute("UPDATE groups SET kind = 'tim' WHERE kind = 'unit' AND substr(key, 1, 4) = 'tim_'")


def downgrade() -> None:
    op.execute("UPDATE groups SET kind = 'unit' WHERE kind = 'tim'")
    with op.batch_alter_table("office_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_office_events_subject_id"))

    op.drop_table("office_events")
    op.drop_table("team_members")
    with op.batch_alter_table("team_decrees", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_decrees_group_key"))

    op.drop_table("team_decrees")
    with op.batch_alter_table("service_units", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_units_org_unit_id"))

    op.drop_table("service_units")
    op.drop_table("case_units")
    with op.batch_alter_table("org_units", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_org_units_successor_id"), type_="foreignkey")
        batch_op.drop_column("successor_id")
        batch_op.drop_column("short_name")
