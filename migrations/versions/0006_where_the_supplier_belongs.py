"""Where a supplier belongs: a line per division with its spend per year, and a list to find it in.

What was written of a supplier as a whole becomes its first line. Its spend had no year: it gets
that of the day on which the supplier's data was last added or changed.
"""

import sqlalchemy as sa
from alembic import op

INSTANT = sa.DateTime(timezone=True)

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# The day of what comes next, as near as one statement tells it; every change makes it exact.
NEXT_ON = """
UPDATE relations SET next_on = (
    SELECT min(days.day) FROM (
        SELECT pathways.relation_id, pathways.window_ends_on AS day FROM pathways
        WHERE pathways.state = 'proposed'
        UNION ALL
        SELECT milestones.relation_id, coalesce(milestones.deadline_on, milestones.due_on)
        FROM milestones JOIN pathways ON pathways.id = milestones.pathway_id
        WHERE pathways.state IN ('agreed', 'on-hold')
        AND milestones.state NOT IN ('accepted', 'waived')
    ) AS days WHERE days.relation_id = relations.id
)
"""

RELATIONS = sa.table(
    "relations",
    sa.column("id", sa.Integer),
    sa.column("customer_id", sa.Integer),
    sa.column("division", sa.String),
    sa.column("contract", sa.String),
    sa.column("spend", sa.Numeric),
    sa.column("created_on", sa.Date),
)
EVENTS = sa.table(
    "events",
    sa.column("relation_id", sa.Integer),
    sa.column("code", sa.String),
    sa.column("on", sa.Date),
)
LINES = sa.table(
    "relation_divisions",
    sa.column("id", sa.Integer),
    sa.column("customer_id", sa.Integer),
    sa.column("relation_id", sa.Integer),
    sa.column("division", sa.String),
    sa.column("site", sa.String),
    sa.column("contract", sa.String),
)
SPENDS = sa.table(
    "division_spends",
    sa.column("division_id", sa.Integer),
    sa.column("year", sa.Integer),
    sa.column("amount", sa.Numeric),
)


def upgrade() -> None:
    with op.batch_alter_table("relations") as batch_op:
        batch_op.add_column(sa.Column("sort_city", sa.String(length=250), nullable=True))
        batch_op.add_column(sa.Column("next_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("foreign_number", sa.String(length=40), nullable=True))
        batch_op.add_column(
            sa.Column("has_no_alternative", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.create_index(
            "ix_relations_customer_id_assessment_id",
            ["customer_id", "assessment_id", "spend"],
            unique=False,
        )
    op.execute("UPDATE relations SET sort_city = lower(city)")
    op.execute(NEXT_ON)
    op.create_index(
        "ix_status_periods_days",
        "status_periods",
        ["assessment_id", "starts_on", "ends_on", "status"],
        unique=False,
    )
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=250), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["organisations.id"], name=op.f("fk_saved_views_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_saved_views_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint(
            "customer_id",
            "person_id",
            "name",
            name=op.f("uq_saved_views_customer_id_person_id_name"),
        ),
    )
    with op.batch_alter_table("saved_views") as batch_op:
        batch_op.create_index(op.f("ix_saved_views_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(op.f("ix_saved_views_person_id"), ["person_id"], unique=False)
    with op.batch_alter_table("relations") as batch_op:
        batch_op.alter_column("has_no_alternative", server_default=None)
    _make_lines()
    _fill_lines()
    _make_merged()


def _make_lines() -> None:
    op.create_table(
        "relation_divisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("relation_id", sa.Integer(), nullable=False),
        sa.Column("division", sa.String(length=250), nullable=False),
        sa.Column("site", sa.String(length=250), nullable=False),
        sa.Column("buyer_id", sa.Integer(), nullable=True),
        sa.Column("contract", sa.String(length=250), nullable=True),
        sa.Column("contract_ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["buyer_id"], ["persons.id"], name=op.f("fk_relation_divisions_buyer_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["organisations.id"], name=op.f("fk_relation_divisions_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["relation_id"], ["relations.id"], name=op.f("fk_relation_divisions_relation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relation_divisions")),
        sa.UniqueConstraint(
            "relation_id",
            "division",
            "site",
            name=op.f("uq_relation_divisions_relation_id_division_site"),
        ),
    )
    with op.batch_alter_table("relation_divisions") as batch_op:
        batch_op.create_index(op.f("ix_relation_divisions_buyer_id"), ["buyer_id"], unique=False)
        batch_op.create_index(
            op.f("ix_relation_divisions_relation_id"), ["relation_id"], unique=False
        )
        batch_op.create_index(
            "ix_relation_divisions_customer_id_division",
            ["customer_id", "division", "site"],
            unique=False,
        )
    op.create_table(
        "division_spends",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("division_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.ForeignKeyConstraint(
            ["division_id"], ["relation_divisions.id"], name=op.f("fk_division_spends_division_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_division_spends")),
        sa.UniqueConstraint(
            "division_id", "year", name=op.f("uq_division_spends_division_id_year")
        ),
    )


def _fill_lines() -> None:
    whole = RELATIONS.c
    op.execute(
        sa.insert(LINES).from_select(
            ["customer_id", "relation_id", "division", "site", "contract"],
            sa.select(
                whole.customer_id,
                whole.id,
                sa.func.coalesce(whole.division, ""),
                sa.literal(""),
                whole.contract,
            ).where(
                sa.or_(
                    whole.division.is_not(None),
                    whole.contract.is_not(None),
                    whole.spend.is_not(None),
                )
            ),
        )
    )
    written_on = (
        sa.select(sa.func.max(EVENTS.c.on))
        .where(
            EVENTS.c.relation_id == whole.id,
            EVENTS.c.code.in_(["supplier-added", "supplier-changed"]),
        )
        .scalar_subquery()
    )
    year = sa.extract("year", sa.func.coalesce(written_on, whole.created_on))
    op.execute(
        sa.insert(SPENDS).from_select(
            ["division_id", "year", "amount"],
            sa.select(LINES.c.id, sa.cast(year, sa.Integer), whole.spend)
            .select_from(LINES)
            .join(RELATIONS, whole.id == LINES.c.relation_id)
            .where(whole.spend.is_not(None)),
        )
    )


def _make_merged() -> None:
    op.create_table(
        "merged_relations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("relation_id", sa.Integer(), nullable=False),
        sa.Column("former_id", sa.Integer(), nullable=False),
        sa.Column("merged_at", INSTANT, nullable=False),
        sa.Column("merged_on", sa.Date(), nullable=False),
        sa.Column("merged_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["organisations.id"], name=op.f("fk_merged_relations_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["former_id"], ["relations.id"], name=op.f("fk_merged_relations_former_id")
        ),
        sa.ForeignKeyConstraint(
            ["merged_by"], ["persons.id"], name=op.f("fk_merged_relations_merged_by")
        ),
        sa.ForeignKeyConstraint(
            ["relation_id"], ["relations.id"], name=op.f("fk_merged_relations_relation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merged_relations")),
        sa.UniqueConstraint("former_id", name=op.f("uq_merged_relations_former_id")),
    )
    with op.batch_alter_table("merged_relations") as batch_op:
        batch_op.create_index(
            op.f("ix_merged_relations_customer_id"), ["customer_id"], unique=False
        )
        batch_op.create_index(op.f("ix_merged_relations_merged_by"), ["merged_by"], unique=False)
        batch_op.create_index(
            op.f("ix_merged_relations_relation_id"), ["relation_id"], unique=False
        )


def downgrade() -> None:
    op.drop_table("merged_relations")
    op.drop_table("division_spends")
    op.drop_table("relation_divisions")
    op.drop_table("saved_views")
    op.drop_index("ix_status_periods_days", table_name="status_periods")
    with op.batch_alter_table("relations") as batch_op:
        batch_op.drop_index("ix_relations_customer_id_assessment_id")
        batch_op.drop_column("has_no_alternative")
        batch_op.drop_column("foreign_number")
        batch_op.drop_column("next_on")
        batch_op.drop_column("sort_city")
