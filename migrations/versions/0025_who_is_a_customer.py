"""Finding the customers among all organisations."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_organisations_customers",
        "organisations",
        ["is_customer"],
        sqlite_where=sa.text("is_customer = 1"),
        postgresql_where=sa.text("is_customer"),
    )


def downgrade() -> None:
    op.drop_index("ix_organisations_customers", "organisations")
