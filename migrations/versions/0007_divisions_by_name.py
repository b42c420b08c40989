"""Divisions that only pay are found by name, not by reading every creditor number."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_creditor_numbers_division"), "creditor_numbers", ["division"])


def downgrade() -> None:
    op.drop_index(op.f("ix_creditor_numbers_division"), table_name="creditor_numbers")
