"""Policies not published yet: what each would change, and what is prepared for it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "policy_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("looked_at", sa.Integer(), nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal", JSON, nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["organisations.id"], name=op.f("fk_policy_drafts_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_policy_drafts_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_drafts")),
    )
    with op.batch_alter_table("policy_drafts") as batch_op:
        batch_op.create_index(op.f("ix_policy_drafts_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(op.f("ix_policy_drafts_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_policy_drafts_state", ["state"], unique=False)

    op.create_table(
        "policy_draft_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("relation_id", sa.Integer(), nullable=False),
        sa.Column("changes_on", sa.Date(), nullable=False),
        sa.Column("from_status", sa.String(length=40), nullable=False),
        sa.Column("to_status", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["policy_drafts.id"], name=op.f("fk_policy_draft_changes_draft_id")
        ),
        sa.ForeignKeyConstraint(
            ["relation_id"], ["relations.id"], name=op.f("fk_policy_draft_changes_relation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_draft_changes")),
        sa.UniqueConstraint(
            "draft_id", "relation_id", name=op.f("uq_policy_draft_changes_draft_id_relation_id")
        ),
    )
    with op.batch_alter_table("policy_draft_changes") as batch_op:
        batch_op.create_index(
            "ix_policy_draft_changes_draft_id", ["draft_id", "changes_on"], unique=False
        )
        batch_op.create_index(
            op.f("ix_policy_draft_changes_relation_id"), ["relation_id"], unique=False
        )

    op.create_table(
        "prepared_assessments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("relation_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("is_ready", sa.Boolean(), nullable=False),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.Column("is_stale", sa.Boolean(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=True),
        sa.Column("periods_sha256", sa.String(length=64), nullable=True),
        sa.Column("status_changes_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["policy_drafts.id"], name=op.f("fk_prepared_assessments_draft_id")
        ),
        sa.ForeignKeyConstraint(
            ["relation_id"], ["relations.id"], name=op.f("fk_prepared_assessments_relation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prepared_assessments")),
        sa.UniqueConstraint(
            "draft_id", "relation_id", name=op.f("uq_prepared_assessments_draft_id_relation_id")
        ),
    )
    with op.batch_alter_table("prepared_assessments") as batch_op:
        batch_op.create_index(
            op.f("ix_prepared_assessments_relation_id"), ["relation_id"], unique=False
        )

    op.create_table(
        "prepared_periods",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("prepared_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("warnings", JSON, nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["prepared_id"],
            ["prepared_assessments.id"],
            name=op.f("fk_prepared_periods_prepared_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prepared_periods")),
    )
    with op.batch_alter_table("prepared_periods") as batch_op:
        batch_op.create_index("ix_prepared_periods_prepared_id", ["prepared_id"], unique=False)


def downgrade() -> None:
    for table in (
        "prepared_periods",
        "prepared_assessments",
        "policy_draft_changes",
        "policy_drafts",
    ):
        op.drop_table(table)
