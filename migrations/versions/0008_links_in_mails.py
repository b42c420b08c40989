"""Links in mails that open one step, and contacts who say that they are not the right person."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contacts") as batch_op:
        batch_op.add_column(sa.Column("doubted_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("login_links") as batch_op:
        batch_op.add_column(sa.Column("milestone_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_login_links_milestone_id"), "milestones", ["milestone_id"], ["id"]
        )
        batch_op.create_index(op.f("ix_login_links_milestone_id"), ["milestone_id"], unique=False)


def downgrade() -> None:
    # Without the column nothing tells which step such a link opens.
    op.execute("DELETE FROM login_links WHERE purpose IN ('step', 'wrong-person')")
    with op.batch_alter_table("login_links") as batch_op:
        batch_op.drop_index(op.f("ix_login_links_milestone_id"))
        batch_op.drop_constraint(op.f("fk_login_links_milestone_id"), type_="foreignkey")
        batch_op.drop_column("milestone_id")
    with op.batch_alter_table("contacts") as batch_op:
        batch_op.drop_column("doubted_at")
