"""What waits to be accepted is found without looking at all that is open."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    submitted = sa.text("state = 'submitted'")
    op.create_index("ix_tasks_submitted", "tasks", ["instance_id"], sqlite_where=submitted, postgresql_where=submitted)


def downgrade() -> None:
    op.drop_index("ix_tasks_submitted", table_name="tasks")
