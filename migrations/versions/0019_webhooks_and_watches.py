"""Who is told of changes: endpoints of webhooks with their deliveries, and people who follow."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

WAITS = sa.text("state = 'waiting'")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def instant(name: str, *, nullable: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("kinds", JSON, nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("old_salt", sa.String(length=64), nullable=True),
        instant("old_until", nullable=True),
        instant("created_at"),
        sa.Column("created_by", sa.Integer(), nullable=True),
        instant("disabled_at", nullable=True),
        sa.Column("disabled_because", sa.String(length=40), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        instant("resumes_at", nullable=True),
        sa.Column("lease_owner", sa.String(length=80), nullable=True),
        instant("lease_until", nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by"], ["persons.id"], name=op.f("fk_webhook_endpoints_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["organisations.id"], name=op.f("fk_webhook_endpoints_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoints")),
    )
    op.create_index(op.f("ix_webhook_endpoints_customer_id"), "webhook_endpoints", ["customer_id"])
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("endpoint_id", sa.Integer(), nullable=False),
        sa.Column("announcement_id", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        instant("owed_at"),
        instant("next_at"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        instant("tried_at", nullable=True),
        instant("delivered_at", nullable=True),
        sa.Column("last_status", sa.Integer(), nullable=True),
        sa.Column("last_error", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcements.id"],
            name=op.f("fk_webhook_deliveries_announcement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["endpoint_id"],
            ["webhook_endpoints.id"],
            name=op.f("fk_webhook_deliveries_endpoint_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        sa.UniqueConstraint(
            "endpoint_id", "message_id", name=op.f("uq_webhook_deliveries_endpoint_id_message_id")
        ),
    )
    for column in ("announcement_id", "endpoint_id"):
        op.create_index(op.f(f"ix_webhook_deliveries_{column}"), "webhook_deliveries", [column])
    op.create_index(
        "ix_webhook_deliveries_waits",
        "webhook_deliveries",
        ["endpoint_id", "id"],
        postgresql_where=WAITS,
        sqlite_where=WAITS,
    )
    op.create_table(
        "watches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("relation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        instant("made_at"),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["organisations.id"], name=op.f("fk_watches_customer_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_watches_person_id")),
        sa.ForeignKeyConstraint(
            ["relation_id"], ["relations.id"], name=op.f("fk_watches_relation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watches")),
        sa.UniqueConstraint(
            "relation_id", "person_id", name=op.f("uq_watches_relation_id_person_id")
        ),
    )
    for column in ("customer_id", "person_id", "relation_id"):
        op.create_index(op.f(f"ix_watches_{column}"), "watches", [column])


def downgrade() -> None:
    op.drop_table("watches")
    op.drop_table("webhook_deliveries")
    op.drop_table("webhook_endpoints")
