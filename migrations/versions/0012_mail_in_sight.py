"""Mail in sight: reminders that a buyer holds, or puts off until a day."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("hold_reason", sa.Text(), nullable=True))
    op.create_table(
        "snoozes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("relation_id", sa.Integer(), nullable=False),
        sa.Column("milestone_id", sa.Integer(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["milestone_id"], ["milestones.id"], name=op.f("fk_snoozes_milestone_id")
        ),
        sa.ForeignKeyConstraint(
            ["relation_id"], ["relations.id"], name=op.f("fk_snoozes_relation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snoozes")),
    )
    with op.batch_alter_table("snoozes") as batch_op:
        for column in ("milestone_id", "relation_id"):
            batch_op.create_index(op.f(f"ix_snoozes_{column}"), [column], unique=False)


def downgrade() -> None:
    op.drop_table("snoozes")
    with op.batch_alter_table("messages") as batch_op:
        batch_op.drop_column("hold_reason")
