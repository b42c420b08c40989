"""Templates of a customer, between rows and values; every version is kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, and_, bindparam, case, func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from onboarding.domain.pathways import OVER
from onboarding.domain.template_content import template_content, template_from
from onboarding.domain.templates import Template
from onboarding.store.tables import PathwayRow, RelationRow, TemplateRow

CUSTOMER: BindParameter[int] = bindparam("customer_id")
LAST_VERSIONS = (
    select(
        TemplateRow.code,
        func.max(TemplateRow.version).label("version"),
        func.min(TemplateRow.id).label("first_id"),
    )
    .where(TemplateRow.customer_id == CUSTOMER)
    .group_by(TemplateRow.code)
    .subquery()
)
# Built once: it runs with every sweep.
LAST = (
    select(TemplateRow)
    .where(TemplateRow.customer_id == CUSTOMER)
    .join(
        LAST_VERSIONS,
        and_(
            LAST_VERSIONS.c.code == TemplateRow.code,
            LAST_VERSIONS.c.version == TemplateRow.version,
        ),
    )
    .order_by(LAST_VERSIONS.c.first_id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """In how many pathways a template was used, and how many of them are not over."""

    total: int = 0
    still_open: int = 0


def template_value(row: TemplateRow) -> Template:
    return template_from(row.code, row.version, row.title, row.content)


def has_yearly_steps(row: TemplateRow) -> bool:
    """Whether a step of it comes back: the sweep asks each minute, and mostly none does."""
    return any(step.get("is_yearly") for step in row.content.get("steps", ()))


def last_template_rows(session: Session, customer_id: int) -> list[TemplateRow]:
    """The last version of each template, in the order in which they were first made."""
    return list(session.scalars(LAST, {"customer_id": customer_id}))


def template_versions(session: Session, customer_id: int, code: str) -> list[TemplateRow]:
    """Every version of one template, the newest first; empty where there is none."""
    found = _of(customer_id).where(TemplateRow.code == code).order_by(TemplateRow.version.desc())
    return list(session.scalars(found))


def title_of(session: Session, customer_id: int, code: str, version: int | None) -> str | None:
    """The title that a version had; of the last one where the version is unknown."""
    found = select(TemplateRow.title).where(
        TemplateRow.customer_id == customer_id, TemplateRow.code == code
    )
    if version is not None:
        found = found.where(TemplateRow.version == version)
    return session.scalars(found.order_by(TemplateRow.version.desc()).limit(1)).first()


def add_template(
    session: Session,
    customer_id: int,
    template: Template,
    *,
    created_at: datetime,
    created_by: int | None,
) -> TemplateRow:
    """Add a version; those before it stay as they are."""
    row = TemplateRow(
        customer_id=customer_id,
        code=template.code,
        version=template.version,
        title=template.title,
        content=template_content(template),
        created_at=created_at,
        created_by=created_by,
    )
    session.add(row)
    session.flush()
    return row


def usage(session: Session, customer_id: int) -> dict[str, Usage]:
    """By template, over all its versions; one that was never used is left out."""
    found = session.execute(
        select(
            PathwayRow.template,
            func.count(),
            func.sum(case((PathwayRow.state.in_(OVER), 0), else_=1)),
        )
        .join(RelationRow, RelationRow.id == PathwayRow.relation_id)
        .where(RelationRow.customer_id == customer_id, PathwayRow.template.is_not(None))
        .group_by(PathwayRow.template)
    )
    return {str(code): Usage(total=total, still_open=still) for code, total, still in found}


def _of(customer_id: int) -> Select[Any]:
    return select(TemplateRow).where(TemplateRow.customer_id == customer_id)
