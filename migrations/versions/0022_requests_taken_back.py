"""Requests about a day that the supplier took back, and how often news of suppliers goes."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("date_requests") as batch_op:
        batch_op.add_column(
            sa.Column("is_withdrawn", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("persons") as batch_op:
        batch_op.add_column(
            sa.Column("watch_rhythm", sa.String(length=40), nullable=False, server_default="daily")
        )


def downgrade() -> None:
    with op.batch_alter_table("persons") as batch_op:
        batch_op.drop_column("watch_rhythm")
    with op.batch_alter_table("date_requests") as batch_op:
        batch_op.drop_column("is_withdrawn")
