"""What programs are told: changes of the buying status in order, and lists that go on by id."""

from alembic import op

revision = "0015"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_relations_customer_id_id", "relations", ["customer_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_relations_customer_id_id", "relations")
