"""What the days bring, found by its day: indexes, so that a sweep reads only what is due."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

# Table, column, and of which rows: of those that a day can still bring something.
INDEXES = (
    ("certificates", "ends_on", None),
    ("decisions", "ends_on", None),
    ("holds", "state", None),
    ("milestones", "submitted_on", "state = 'submitted'"),
    ("pathways", "turn_since_on", "state = 'proposed'"),
    ("pathways", "window_ends_on", "state = 'proposed'"),
    ("pathways", "starts_on", "state = 'completed'"),
    ("pathways", "hold_ends_on", "hold_ends_on IS NOT NULL"),
    ("relations", "ended_on", "ended_on IS NOT NULL"),
)

LEFT = sa.text("end_reason = 'hand-over-unrecorded'")


ASKED_OF_DUE = ["deadline_on", "id", "state", "deadline_since_on", "pathway_id", "relation_id"]


def upgrade() -> None:
    op.drop_index("ix_milestones_deadline_on_id", "milestones")
    op.create_index("ix_milestones_due", "milestones", ASKED_OF_DUE)
    for table, column, which in INDEXES:
        where = sa.text(which) if which else None
        name = op.f(f"ix_{table}_{column}")
        op.create_index(name, table, [column], sqlite_where=where, postgresql_where=where)
    op.create_index(
        "ix_messages_unrecorded", "messages", ["id"], sqlite_where=LEFT, postgresql_where=LEFT
    )


def downgrade() -> None:
    op.drop_index("ix_milestones_due", "milestones")
    op.create_index("ix_milestones_deadline_on_id", "milestones", ["deadline_on", "id"])
    op.drop_index("ix_messages_unrecorded", "messages")
    for table, column, _ in reversed(INDEXES):
        op.drop_index(op.f(f"ix_{table}_{column}"), table)
