"""Templates as the pages about them show them: used how often, by whom saved, and what changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import NotFound
from onboarding.domain.people import Actor, Duty
from onboarding.domain.template_versions import (
    StepDifference,
    differences,
    is_reordered,
    lasts_too_long,
)
from onboarding.domain.templates import Template
from onboarding.services.pathway.templates import current_templates
from onboarding.services.statuses import policies_of
from onboarding.store.tables import PersonRow, TemplateRow
from onboarding.store.templates import Usage, template_value, template_versions, title_of, usage


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A template in the list; `is_too_long` says that buyers cannot propose it as it stands."""

    template: Template
    is_live: bool
    used: Usage
    is_too_long: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """When a version was saved and by whom; None where it came with the installation."""

    number: int
    saved_at: datetime
    saved_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a version changed from the one before it."""

    before: Template
    steps: tuple[StepDifference, ...]
    is_reordered: bool

    def is_same(self, after: Template) -> bool:
        """Whether nothing differs but the number."""
        told = (self.before.title, self.before.summary, self.before.target)
        return (
            not self.steps
            and not self.is_reordered
            and told == (after.title, after.summary, after.target)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateView:
    """One version, with all versions of its code; `comparison` is None for the first."""

    template: Template
    is_current: bool
    is_live: bool
    is_too_long: bool
    used: Usage
    versions: tuple[Version, ...]
    comparison: Comparison | None


def list_templates(session: Session, actor: Actor, moment: Moment) -> list[Listed]:
    policy = policies_of(session, actor.customer_id).on(moment.today)
    used = usage(session, actor.customer_id)
    return [
        Listed(
            template=one.template,
            is_live=one.is_live,
            used=used.get(one.template.code, Usage()),
            is_too_long=lasts_too_long(one.template.last_step, policy),
        )
        for one in current_templates(session, actor)
    ]


def read_template(
    session: Session, actor: Actor, moment: Moment, code: str, version: int | None = None
) -> TemplateView:
    """The version with this number, or the last. Raises NotFound."""
    actor.must(Duty.READ)
    rows = template_versions(session, actor.customer_id, code)
    row = next((one for one in rows if version in (None, one.version)), None)
    if row is None:
        raise NotFound(what="template")
    template = template_value(row)
    before = next((one for one in rows if one.version == row.version - 1), None)
    policy = policies_of(session, actor.customer_id).on(moment.today)
    return TemplateView(
        template=template,
        is_current=row is rows[0],
        is_live=rows[0].retired_at is None,
        is_too_long=lasts_too_long(template.last_step, policy),
        used=usage(session, actor.customer_id).get(code, Usage()),
        versions=tuple(_versions(session, rows)),
        comparison=_compared(template_value(before), template) if before else None,
    )


def template_title(session: Session, actor: Actor, code: str, version: int | None) -> str | None:
    """The title, a code or own text, of the template from which a pathway came."""
    return title_of(session, actor.customer_id, code, version)


def _versions(session: Session, rows: Iterable[TemplateRow]) -> Iterable[Version]:
    rows = list(rows)
    authors = select(PersonRow.id, PersonRow.name).where(
        PersonRow.id.in_([row.created_by for row in rows if row.created_by is not None])
    )
    names = {person_id: name for person_id, name in session.execute(authors)}
    for row in rows:
        yield Version(
            number=row.version,
            saved_at=row.created_at,
            saved_by=names.get(row.created_by) if row.created_by else None,
        )


def _compared(before: Template, after: Template) -> Comparison:
    return Comparison(
        before=before,
        steps=differences(before, after),
        is_reordered=is_reordered(before, after),
    )
