"""Grants that wait for a second signature, and how often a decision was told to programs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
WAITS = sa.text("state = 'asked'")


def upgrade() -> None:
    with op.batch_alter_table("decisions") as batch_op:
        batch_op.add_column(
            sa.Column("state", sa.String(length=40), nullable=False, server_default="taken")
        )
        batch_op.add_column(sa.Column("limits", JSON, nullable=True))
        batch_op.add_column(sa.Column("asked_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("asked_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("lapses_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("answered_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("answered_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("answer", sa.Text(), nullable=True))
        batch_op.add_column(
            sa.Column("times_told", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.create_foreign_key(op.f("fk_decisions_asked_by"), "persons", ["asked_by"], ["id"])
        batch_op.create_foreign_key(
            op.f("fk_decisions_answered_by"), "persons", ["answered_by"], ["id"]
        )
        batch_op.create_index(op.f("ix_decisions_asked_by"), ["asked_by"], unique=False)
        batch_op.create_index(op.f("ix_decisions_answered_by"), ["answered_by"], unique=False)
    op.create_index(
        "ix_decisions_lapses_on",
        "decisions",
        ["lapses_on"],
        sqlite_where=WAITS,
        postgresql_where=WAITS,
    )


def downgrade() -> None:
    op.drop_index("ix_decisions_lapses_on", "decisions")
    with op.batch_alter_table("decisions") as batch_op:
        batch_op.drop_index(op.f("ix_decisions_answered_by"))
        batch_op.drop_index(op.f("ix_decisions_asked_by"))
        batch_op.drop_constraint(op.f("fk_decisions_answered_by"), type_="foreignkey")
        batch_op.drop_constraint(op.f("fk_decisions_asked_by"), type_="foreignkey")
        for column in (
            "times_told",
            "answer",
            "answered_by",
            "answered_on",
            "lapses_on",
            "asked_by",
            "asked_on",
            "limits",
            "state",
        ):
            batch_op.drop_column(column)
