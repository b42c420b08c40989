"""What suppliers said outside the portal, and their "this is not right"."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "statements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("relation_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("pathway_id", sa.Integer(), nullable=True),
        sa.Column("milestone_id", sa.Integer(), nullable=True),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("contest_until_on", sa.Date(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.Column("contest", sa.Text(), nullable=True),
        sa.Column("contested_on", sa.Date(), nullable=True),
        sa.Column("contested_by", sa.Integer(), nullable=True),
        sa.Column("waiting", JSON, nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("stands", sa.Boolean(), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_statements_{column}"))
            for column, table in (
                ("relation_id", "relations"),
                ("event_id", "events"),
                ("pathway_id", "pathways"),
                ("milestone_id", "milestones"),
                ("evidence_id", "evidence"),
                ("contested_by", "persons"),
                ("answered_by", "persons"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statements")),
        sa.UniqueConstraint("event_id", name=op.f("uq_statements_event_id")),
    )
    for column in ("relation_id", "contested_by", "answered_by"):
        op.create_index(op.f(f"ix_statements_{column}"), "statements", [column], unique=False)


def downgrade() -> None:
    op.drop_table("statements")
