"""What programs are told: changes of the buying status in order, and lists that go on by id."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

WAITS = sa.text("position IS NULL")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "announcements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("relation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("from_status", sa.String(length=40), nullable=True),
        sa.Column("to_status", sa.String(length=40), nullable=False),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["organisations.id"], name=op.f("fk_announcements_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["relation_id"], ["relations.id"], name=op.f("fk_announcements_relation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements")),
        sa.UniqueConstraint(
            "customer_id", "position", name=op.f("uq_announcements_customer_id_position")
        ),
        sa.UniqueConstraint(
            "relation_id",
            "number",
            "starts_on",
            name=op.f("uq_announcements_relation_id_number_starts_on"),
        ),
    )
    for column in ("customer_id", "relation_id"):
        op.create_index(op.f(f"ix_announcements_{column}"), "announcements", [column])
    op.create_index(
        "ix_announcements_waits",
        "announcements",
        ["id"],
        postgresql_where=WAITS,
        sqlite_where=WAITS,
    )
    op.create_index("ix_relations_customer_id_id", "relations", ["customer_id", "id"])
    op.add_column("relations", sa.Column("status_changes_on", sa.Date(), nullable=True))
    op.create_index("ix_relations_status_changes_on", "relations", ["status_changes_on"])
    # The next day that may bring another status; what has passed is not announced afterwards.
    op.execute(
        "UPDATE relations SET status_changes_on = ("
        "SELECT min(p.starts_on) FROM assessments a "
        "JOIN status_periods p ON p.assessment_id = a.id AND p.starts_on > a.starts_on "
        "WHERE a.id = relations.assessment_id AND p.starts_on > CURRENT_DATE)"
    )


def downgrade() -> None:
    op.drop_index("ix_relations_status_changes_on", "relations")
    with op.batch_alter_table("relations") as batch_op:
        batch_op.drop_column("status_changes_on")
    op.drop_index("ix_relations_customer_id_id", "relations")
    op.drop_table("announcements")
