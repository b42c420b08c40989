"""Templates: chosen by buyers, edited by managers in versions, retired and brought back."""

import re
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain import template_versions
from onboarding.domain.changes import Change
from onboarding.domain.errors import InputInvalid, NotFound, SentTwice
from onboarding.domain.people import Actor, Duty
from onboarding.domain.policy import Policy
from onboarding.domain.templates import Template
from onboarding.services.statuses import policies_of
from onboarding.store import templates as kept
from onboarding.store.history import A_MOMENT, Record, append
from onboarding.store.suppliers import lock_customer
from onboarding.store.tables import TemplateRow

OWN = "own-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Current:
    """The last version of a template, and whether it can be chosen."""

    template: Template
    is_live: bool


def current_templates(session: Session, actor: Actor) -> list[Current]:
    """Each template of the actor's customer as it stands, those that are retired last."""
    actor.must(Duty.READ)
    rows = kept.last_template_rows(session, actor.customer_id)
    return sorted((_current(row) for row in rows), key=lambda one: not one.is_live)


def live_templates(session: Session, actor: Actor) -> list[Template]:
    """What a buyer can choose from."""
    return [one.template for one in current_templates(session, actor) if one.is_live]


def current_template(session: Session, actor: Actor, code: str) -> Current:
    """Raises NotFound."""
    actor.must(Duty.READ)
    rows = kept.template_versions(session, actor.customer_id, code)
    if not rows:
        raise NotFound(what="template")
    return _current(rows[0])


def chosen_template(session: Session, actor: Actor, code: str) -> Template:
    """The template that somebody chose to begin with. Raises InputInvalid where it is retired."""
    found = next((one for one in live_templates(session, actor) if one.code == code), None)
    if found is None:
        raise InputInvalid(field="template", reason="not-to-choose")
    return found


def save_template(
    session: Session, actor: Actor, moment: Moment, wanted: Template, *, seen: int
) -> Template:
    """Save `wanted` as the next version of its code; `seen` is the version the actor looked at.

    Raises InputInvalid for the first wrong field, VersionOutdated where somebody saved meanwhile.
    """
    current = _locked(session, actor, wanted.code)
    template, saved = template_versions.save(
        current.template,
        wanted,
        actor,
        _policy(session, actor, moment),
        seen=seen,
        is_live=current.is_live,
    )
    _add(session, actor, moment, template, saved)
    return template


def begin_template(
    session: Session,
    actor: Actor,
    moment: Moment,
    wanted: Template,
    *,
    copied_from: str | None = None,
) -> Template:
    """Save `wanted` as a template of one's own, under a code of its own. Raises SentTwice."""
    lock_customer(session, actor.customer_id)
    template, saved = template_versions.begin(
        _free_code(session, actor.customer_id),
        wanted,
        actor,
        _policy(session, actor, moment),
        copied_from,
    )
    _check_not_sent_twice(session, actor, moment, template)
    _add(session, actor, moment, template, saved)
    return template


def retire_template(session: Session, actor: Actor, moment: Moment, code: str) -> None:
    """It can be chosen no more; drafts and pathways that came from it stay as they are."""
    current = _locked(session, actor, code)
    change = template_versions.retire(current.template, actor, is_live=current.is_live)
    kept.template_versions(session, actor.customer_id, code)[0].retired_at = moment.now
    _tell(session, actor, moment, change)


def restore_template(session: Session, actor: Actor, moment: Moment, code: str) -> None:
    """It can be chosen again, in its last version."""
    current = _locked(session, actor, code)
    change = template_versions.restore(current.template, actor, is_live=current.is_live)
    kept.template_versions(session, actor.customer_id, code)[0].retired_at = None
    _tell(session, actor, moment, change)


def _current(row: TemplateRow) -> Current:
    return Current(template=kept.template_value(row), is_live=row.retired_at is None)


def _locked(session: Session, actor: Actor, code: str) -> Current:
    """The template, read after whoever else saves has finished."""
    lock_customer(session, actor.customer_id)
    return current_template(session, actor, code)


def _policy(session: Session, actor: Actor, moment: Moment) -> Policy:
    return policies_of(session, actor.customer_id).on(moment.today)


def _free_code(session: Session, customer_id: int) -> str:
    codes = [row.code for row in kept.last_template_rows(session, customer_id)]
    numbers = [int(code[len(OWN) :]) for code in codes if re.fullmatch(rf"{OWN}\d+", code)]
    return f"{OWN}{max(numbers, default=0) + 1}"


def _check_not_sent_twice(
    session: Session, actor: Actor, moment: Moment, template: Template
) -> None:
    """The same under another code is the same sent again, if it came a moment ago."""
    for row in kept.last_template_rows(session, actor.customer_id):
        is_new = row.created_by == actor.person_id and moment.now - row.created_at < A_MOMENT
        if is_new and replace(kept.template_value(row), code=template.code) == template:
            raise SentTwice


def _add(session: Session, actor: Actor, moment: Moment, template: Template, saved: Change) -> None:
    kept.add_template(
        session,
        actor.customer_id,
        template,
        created_at=moment.now,
        created_by=actor.person_id,
    )
    _tell(session, actor, moment, saved)


def _tell(session: Session, actor: Actor, moment: Moment, change: Change) -> None:
    append(session, change, Record(actor=actor, moment=moment, is_shared=False))
