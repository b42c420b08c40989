"""Finding the suppliers whose noted status is over."""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_relations_customer_id_status_ends_on", "relations", ["customer_id", "status_ends_on"]
    )


def downgrade() -> None:
    op.drop_index("ix_relations_customer_id_status_ends_on", "relations")
