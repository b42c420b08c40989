"""Files that go with a note, a question or an answer, and texts taken out of an agreement."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("evidence") as batch_op:
        batch_op.add_column(sa.Column("event_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("is_shared", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_evidence_event_id"), "events", ["event_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_evidence_event_id"), ["event_id"], unique=False)
    with op.batch_alter_table("evidence") as batch_op:
        batch_op.alter_column("is_shared", server_default=None)
    with op.batch_alter_table("pathway_versions") as batch_op:
        batch_op.add_column(sa.Column("redacted_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("pathway_versions") as batch_op:
        batch_op.drop_column("redacted_at")
    with op.batch_alter_table("evidence") as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_event_id"))
        batch_op.drop_constraint(batch_op.f("fk_evidence_event_id"), type_="foreignkey")
        batch_op.drop_column("is_shared")
        batch_op.drop_column("event_id")
