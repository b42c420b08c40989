"""What is prepared for a policy stands among the assessments, and counts from the draft's instant.

What was being prepared is prepared again.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.drop_table("prepared_periods")
    op.execute(sa.text("UPDATE prepared_assessments SET is_stale = true"))
    with op.batch_alter_table("prepared_assessments") as batch_op:
        for column in ("is_new", "salt", "periods_sha256", "status_changes_on"):
            batch_op.drop_column(column)
    op.add_column("policy_drafts", sa.Column("newest_at", INSTANT, nullable=True))
    op.add_column("policy_drafts", sa.Column("known_from", INSTANT, nullable=True))
    op.add_column("relations", sa.Column("prepared_assessment_id", sa.Integer(), nullable=True))
    op.add_column("relations", sa.Column("prepared_draft_id", sa.Integer(), nullable=True))
    with op.batch_alter_table("assessments") as batch_op:
        batch_op.add_column(sa.Column("draft_id", sa.Integer(), nullable=True))
        batch_op.alter_column("known_from", existing_type=INSTANT, nullable=True)
        batch_op.create_foreign_key(
            op.f("fk_assessments_draft_id"), "policy_drafts", ["draft_id"], ["id"]
        )


def downgrade() -> None:
    connection = op.get_bind()
    waiting = connection.scalar(
        sa.text(
            "SELECT count(*) FROM relations r JOIN policy_drafts d ON d.id = r.prepared_draft_id "
            "WHERE d.known_from IS NOT NULL"
        )
    )
    if waiting:
        raise RuntimeError(
            f"{waiting} assessments of a policy that was published are not in their place yet; "
            "let the worker run, and downgrade then."
        )
    hidden = "SELECT id FROM assessments WHERE known_from IS NULL"
    op.execute(sa.text(f"DELETE FROM status_periods WHERE assessment_id IN ({hidden})"))
    op.execute(sa.text("DELETE FROM assessments WHERE known_from IS NULL"))
    with op.batch_alter_table("assessments") as batch_op:
        batch_op.drop_constraint(op.f("fk_assessments_draft_id"), type_="foreignkey")
        batch_op.drop_column("draft_id")
        batch_op.alter_column("known_from", existing_type=INSTANT, nullable=False)
    with op.batch_alter_table("relations") as batch_op:
        batch_op.drop_column("prepared_draft_id")
        batch_op.drop_column("prepared_assessment_id")
    with op.batch_alter_table("policy_drafts") as batch_op:
        batch_op.drop_column("known_from")
        batch_op.drop_column("newest_at")
    op.execute(sa.text("UPDATE prepared_assessments SET is_stale = true"))
    with op.batch_alter_table("prepared_assessments") as batch_op:
        batch_op.add_column(
            sa.Column("is_new", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("salt", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("periods_sha256", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("status_changes_on", sa.Date(), nullable=True))
    with op.batch_alter_table("prepared_assessments") as batch_op:
        batch_op.alter_column("is_new", existing_type=sa.Boolean(), server_default=None)
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
