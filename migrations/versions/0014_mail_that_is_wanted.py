"""Mail that is wanted: how often somebody is reminded, and contacts who are away."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("persons") as batch_op:
        batch_op.add_column(
            sa.Column("mail_rhythm", sa.String(length=40), nullable=False, server_default="usual")
        )
        batch_op.add_column(sa.Column("mail_rhythm_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("persons") as batch_op:
        batch_op.alter_column("mail_rhythm", server_default=None)
    with op.batch_alter_table("messages") as batch_op:
        batch_op.add_column(sa.Column("stands_for", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_messages_stands_for"), "persons", ["stands_for"], ["id"]
        )
        batch_op.create_index(op.f("ix_messages_stands_for"), ["stands_for"], unique=False)
    op.create_table(
        "contact_absences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("relation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["relation_id"], ["relations.id"], name=op.f("fk_contact_absences_relation_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_contact_absences_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["deputy_id"], ["persons.id"], name=op.f("fk_contact_absences_deputy_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_absences")),
    )
    with op.batch_alter_table("contact_absences") as batch_op:
        for column in ("relation_id", "person_id", "deputy_id"):
            batch_op.create_index(op.f(f"ix_contact_absences_{column}"), [column], unique=False)


def downgrade() -> None:
    op.drop_table("contact_absences")
    with op.batch_alter_table("messages") as batch_op:
        batch_op.drop_index(op.f("ix_messages_stands_for"))
        batch_op.drop_constraint(op.f("fk_messages_stands_for"), type_="foreignkey")
        batch_op.drop_column("stands_for")
    with op.batch_alter_table("persons") as batch_op:
        batch_op.drop_column("mail_rhythm_at")
        batch_op.drop_column("mail_rhythm")
