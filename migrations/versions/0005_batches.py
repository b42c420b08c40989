"""Actions on many suppliers, supplier by supplier; and lists of certificates to import."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["organisations.id"], name=op.f("fk_batches_customer_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_batches_person_id")),
        sa.ForeignKeyConstraint(["undone_by"], ["persons.id"], name=op.f("fk_batches_undone_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
    )
    with op.batch_alter_table("batches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batches_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_batches_finished_at"), ["finished_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_batches_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_batches_undone_by"), ["undone_by"], unique=False)

    op.create_table(
        "batch_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("relation_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("pathway_id", sa.Integer(), nullable=True),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("refusal", JSON, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_batch_items_batch_id")),
        sa.ForeignKeyConstraint(
            ["relation_id"], ["relations.id"], name=op.f("fk_batch_items_relation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_items")),
        sa.UniqueConstraint(
            "batch_id", "relation_id", name=op.f("uq_batch_items_batch_id_relation_id")
        ),
    )
    with op.batch_alter_table("batch_items", schema=None) as batch_op:
        batch_op.create_index(
            "ix_batch_items_batch_id_state", ["batch_id", "state", "due_on"], unique=False
        )
        batch_op.create_index("ix_batch_items_pathway_id", ["pathway_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_batch_items_relation_id"), ["relation_id"], unique=False
        )

    with op.batch_alter_table("imports", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("kind", sa.String(length=40), nullable=False, server_default="suppliers")
        )
    with op.batch_alter_table("imports", schema=None) as batch_op:
        batch_op.alter_column("kind", server_default=None)


def downgrade() -> None:
    op.execute("DELETE FROM imports WHERE kind <> 'suppliers'")
    with op.batch_alter_table("imports", schema=None) as batch_op:
        batch_op.drop_column("kind")
    op.drop_table("batch_items")
    op.drop_table("batches")
