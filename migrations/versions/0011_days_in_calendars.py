"""Days in people's own calendars: when a step's day moved, and the secret addresses of feeds."""

import sqlalchemy as sa
from alembic import op

INSTANT = sa.DateTime(timezone=True)

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("milestones") as batch_op:
        batch_op.add_column(sa.Column("calendar_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("calendar_since_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("calendar_number", sa.Integer(), nullable=False, server_default="0")
        )
    with op.batch_alter_table("milestones") as batch_op:
        batch_op.alter_column("calendar_number", server_default=None)
    op.execute(
        """
        UPDATE milestones SET
            calendar_on = COALESCE(
                deadline_on, CASE WHEN rework_on > due_on THEN rework_on ELSE due_on END
            ),
            calendar_since_on = (
                SELECT pathways.agreed_on FROM pathways WHERE pathways.id = milestones.pathway_id
            )
        """
    )
    op.create_table(
        "calendar_feeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=40), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["organisations.id"], name=op.f("fk_calendar_feeds_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_calendar_feeds_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_calendar_feeds_token_sha256")),
    )
    with op.batch_alter_table("calendar_feeds") as batch_op:
        batch_op.create_index(op.f("ix_calendar_feeds_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_table("calendar_feeds")
    with op.batch_alter_table("milestones") as batch_op:
        for column in ("calendar_number", "calendar_since_on", "calendar_on"):
            batch_op.drop_column(column)
