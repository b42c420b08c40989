"""Programs are told that the data of a supplier changed: an announcement without a status."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

BEFORE = "uq_announcements_relation_id_number_starts_on"
AFTER = "uq_announcements_relation_id_kind_number_starts_on"


def upgrade() -> None:
    with op.batch_alter_table("announcements") as batch_op:
        batch_op.alter_column("to_status", existing_type=sa.String(length=40), nullable=True)
        batch_op.drop_constraint(BEFORE, type_="unique")
        batch_op.create_unique_constraint(
            op.f(AFTER), ["relation_id", "kind", "number", "starts_on"]
        )


def downgrade() -> None:
    # Whoever follows the feed sees a place left out; what is told of statuses stays.
    op.execute(
        "DELETE FROM webhook_deliveries WHERE announcement_id IN "
        "(SELECT id FROM announcements WHERE to_status IS NULL)"
    )
    op.execute("DELETE FROM announcements WHERE to_status IS NULL")
    with op.batch_alter_table("announcements") as batch_op:
        batch_op.drop_constraint(AFTER, type_="unique")
        batch_op.create_unique_constraint(op.f(BEFORE), ["relation_id", "number", "starts_on"])
        batch_op.alter_column("to_status", existing_type=sa.String(length=40), nullable=False)
