"""Finding the mails whose text is still kept, by their age."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

HAS_TEXT = sa.text("body IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_mails_created_at_with_text",
        "mails",
        ["created_at"],
        sqlite_where=HAS_TEXT,
        postgresql_where=HAS_TEXT,
    )


def downgrade() -> None:
    op.drop_index("ix_mails_created_at_with_text", "mails")
