"""Mail that can be trusted: the breaker of delivery, how much went to whom, and the workers."""

import sqlalchemy as sa
from alembic import op

INSTANT = sa.DateTime(timezone=True)

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_breaker",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=True),
        sa.Column("next_trial_at", INSTANT, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_breaker")),
    )
    op.create_table(
        "mail_allowances",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(length=250), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_allowances")),
        sa.UniqueConstraint("who", "starts_at", name=op.f("uq_mail_allowances_who_starts_at")),
    )
    op.create_table(
        "workers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("job", sa.String(length=40), nullable=True),
        sa.Column("job_since", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workers")),
        sa.UniqueConstraint("name", name=op.f("uq_workers_name")),
    )


def downgrade() -> None:
    op.drop_table("workers")
    op.drop_table("mail_allowances")
    op.drop_table("mail_breaker")
