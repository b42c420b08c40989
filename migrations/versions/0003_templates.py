"""Templates are data: each customer gets our four; pathways name the version they came from."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Code: target, and steps as title, months, weeks, owner, reviewed, proof, moves back, yearly.
FIRST: dict[str, tuple[str | None, tuple[tuple[Any, ...], ...]]] = {
    "straight": (
        "trede-1",
        (
            ("agreement", 0, 2, "supplier", 1, "signed-agreement", 0, 0),
            ("account", 0, 4, "supplier", 0, "confirmation", 0, 0),
            ("baseline", 0, 8, "supplier", 0, "score-summary", 0, 0),
            ("plan", 0, 12, "supplier", 1, "plan", 0, 0),
            ("first-placement", 0, 16, "supplier", 0, "declaration", 0, 0),
            ("evidence", 0, 18, "supplier", 0, "declaration", 0, 0),
            ("quote", 0, 20, "supplier", 0, "quote", 0, 0),
            ("application", 0, 21, "supplier", 0, "confirmation", 0, 0),
            ("audit", 0, 27, "outside", 1, "audit-date", 0, 0),
            ("certificate", 0, 31, "outside", 1, "certificate", 0, 0),
            ("register-check", 0, 32, "buyer", 0, "register-record", 0, 0),
        ),
    ),
    "through-aspirant": (
        "trede-1",
        (
            ("agreement", 0, 2, "supplier", 1, "signed-agreement", 0, 0),
            ("account", 0, 4, "supplier", 0, "confirmation", 0, 0),
            ("baseline", 0, 8, "supplier", 0, "score-summary", 0, 0),
            ("plan", 0, 12, "supplier", 1, "plan", 0, 0),
            ("evidence", 0, 18, "supplier", 0, "declaration", 0, 0),
            ("quote", 0, 20, "supplier", 0, "quote", 0, 0),
            ("application", 0, 21, "supplier", 0, "confirmation", 0, 0),
            ("audit", 0, 27, "outside", 1, "audit-date", 0, 0),
            ("aspirant", 7, 0, "outside", 1, "certificate", 0, 0),
            ("register-check", 0, 32, "buyer", 0, "register-record", 0, 0),
            ("first-placement", 9, 0, "supplier", 0, "declaration", 0, 0),
            ("progress-measurement", 13, 0, "supplier", 0, "score-summary", 0, 0),
            ("progress-measurement", 19, 0, "supplier", 0, "score-summary", 0, 0),
            ("recertification", 25, 0, "supplier", 0, "confirmation", 0, 0),
            ("recertification-audit", 29, 0, "outside", 1, "audit-date", 0, 0),
            ("target-certificate", 31, 0, "outside", 1, "certificate", 1, 0),
        ),
    ),
    "social-enterprise": (
        None,
        (
            ("recognition-proof", 0, 4, "supplier", 1, "declaration", 0, 0),
            ("register-check", 0, 6, "buyer", 0, "register-record", 0, 0),
            ("yearly-recheck", 12, 0, "buyer", 0, "register-record", 0, 1),
        ),
    ),
    "no-certificate": (
        None,
        (
            ("exemption", 0, 4, "supplier", 1, "declaration", 0, 0),
            ("yearly-contribution", 11, 0, "supplier", 1, "declaration", 0, 1),
            ("yearly-review", 12, 0, "buyer", 0, None, 0, 1),
        ),
    ),
}


def upgrade() -> None:
    with op.batch_alter_table("templates", schema=None) as batch_op:
        batch_op.add_column(sa.Column("created_by", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_templates_created_by"), "persons", ["created_by"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_templates_created_by"), ["created_by"], unique=False)

    for table in ("pathways", "amendments"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("template_version", sa.Integer(), nullable=True))

    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.add_column(sa.Column("decision_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_evidence_decision_id"), "decisions", ["decision_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_evidence_decision_id"), ["decision_id"], unique=False)

    _give_each_customer_our_four()


def downgrade() -> None:
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_decision_id"))
        batch_op.drop_constraint(op.f("fk_evidence_decision_id"), type_="foreignkey")
        batch_op.drop_column("decision_id")

    for table in ("amendments", "pathways"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("template_version")

    with op.batch_alter_table("templates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_templates_created_by"))
        batch_op.drop_constraint(op.f("fk_templates_created_by"), type_="foreignkey")
        batch_op.drop_column("created_by")


def _give_each_customer_our_four() -> None:
    """Version 1 of each, from when the customer was made; pathways came from that version."""
    organisations = sa.table(
        "organisations",
        sa.column("id", sa.Integer()),
        sa.column("is_customer", sa.Boolean()),
        sa.column("created_at", INSTANT),
    )
    templates = sa.table(
        "templates",
        sa.column("customer_id", sa.Integer()),
        sa.column("code", sa.String()),
        sa.column("version", sa.Integer()),
        sa.column("title", sa.String()),
        sa.column("content", JSON),
        sa.column("created_at", INSTANT),
    )
    for code, (target, steps) in FIRST.items():
        content = {"summary": code, "target": target, "steps": [_step(*step) for step in steps]}
        is_there = sa.exists().where(
            templates.c.customer_id == organisations.c.id, templates.c.code == code
        )
        rows = sa.select(
            organisations.c.id,
            sa.literal(code),
            sa.literal(1),
            sa.literal(code),
            sa.literal(content, JSON),
            organisations.c.created_at,
        ).where(organisations.c.is_customer, ~is_there)
        op.execute(sa.insert(templates).from_select([c.name for c in templates.c], rows))
    for name in ("pathways", "amendments"):
        used = sa.table(
            name, sa.column("template", sa.String()), sa.column("template_version", sa.Integer())
        )
        came_from_ours = used.c.template.in_(list(FIRST))
        op.execute(sa.update(used).where(came_from_ours).values(template_version=1))


def _step(
    title: str,
    months: int,
    weeks: int,
    owner: str,
    is_reviewed: int,
    proof: str | None,
    moves_back: int,
    is_yearly: int,
) -> dict[str, Any]:
    return {
        "title": title,
        "weeks": weeks,
        "months": months,
        "owner": owner,
        "is_reviewed": bool(is_reviewed),
        "evidence": [proof] if proof else [],
        "moves_back": bool(moves_back),
        "is_yearly": bool(is_yearly),
    }
