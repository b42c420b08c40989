"""Where answers to a buyer's mail go, and who stands in while it is away."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "buyer_settings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reply_to", sa.String(length=254), nullable=True),
        sa.Column("deputy_id", sa.Integer(), nullable=True),
        sa.Column("away_from", sa.Date(), nullable=True),
        sa.Column("away_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["organisations.id"], name=op.f("fk_buyer_settings_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_buyer_settings_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["deputy_id"], ["persons.id"], name=op.f("fk_buyer_settings_deputy_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_buyer_settings")),
        sa.UniqueConstraint(
            "customer_id", "person_id", name=op.f("uq_buyer_settings_customer_id_person_id")
        ),
    )
    with op.batch_alter_table("buyer_settings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_buyer_settings_customer_id"), ["customer_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_buyer_settings_person_id"), ["person_id"], unique=False
        )


def downgrade() -> None:
    op.drop_table("buyer_settings")
