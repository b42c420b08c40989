"""Mail that can be trusted: the breaker, how much went to whom, workers, what came in."""

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
    op.create_table(
        "incoming_mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=250), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.Column("relation_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(length=250), nullable=True),
        sa.ForeignKeyConstraint(["mail_id"], ["mails.id"], name=op.f("fk_incoming_mails_mail_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_incoming_mails_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["relation_id"], ["relations.id"], name=op.f("fk_incoming_mails_relation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_mails")),
        sa.UniqueConstraint("message_id", name=op.f("uq_incoming_mails_message_id")),
    )
    with op.batch_alter_table("incoming_mails") as batch_op:
        for column in ("mail_id", "person_id", "relation_id"):
            batch_op.create_index(op.f(f"ix_incoming_mails_{column}"), [column], unique=False)


def downgrade() -> None:
    op.drop_table("incoming_mails")
    op.drop_table("workers")
    op.drop_table("mail_allowances")
    op.drop_table("mail_breaker")
