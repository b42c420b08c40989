"""A list counts its suppliers by what is noted of their status, not by all of their periods."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

COUNTED = "ix_relations_customer_id_status"
BEFORE = "ix_relations_customer_id_assessment_id"
DAYS = ("status_starts_on", "status_ends_on")

# The period with which the last assessment begins; the sweep notes the day's where it has passed.
FILL = """
UPDATE relations SET (status, status_starts_on, status_ends_on) = (
    SELECT status_periods.status, status_periods.starts_on, status_periods.ends_on
    FROM status_periods
    JOIN assessments ON assessments.id = status_periods.assessment_id
    WHERE status_periods.assessment_id = relations.assessment_id
    AND status_periods.starts_on = assessments.starts_on
)
WHERE assessment_id IS NOT NULL
"""


def upgrade() -> None:
    op.add_column("relations", sa.Column("status", sa.String(40), nullable=True))
    for name in DAYS:
        op.add_column("relations", sa.Column(name, sa.Date(), nullable=True))
    op.execute(FILL)
    op.create_index(COUNTED, "relations", ["customer_id", "status", *DAYS, "spend"])
    op.drop_index(BEFORE, table_name="relations")


def downgrade() -> None:
    op.create_index(BEFORE, "relations", ["customer_id", "assessment_id", "spend"])
    op.drop_index(COUNTED, table_name="relations")
    for name in ("status", *DAYS):
        op.drop_column("relations", name)
