"""What a supplier wants of each open step: another day, or that it is left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from onboarding.domain.errors import DomainError
from onboarding.domain.milestones import MilestoneState
from onboarding.domain.plans import Step
from onboarding.i18n import error_text
from onboarding.services.pathway.amendment_reading import AmendmentView
from onboarding.services.pathway.views import PathwayView
from onboarding.store.amendments import agreed_plan
from onboarding.store.tables import PathwayRow
from onboarding.web.forms import day_from
from onboarding.web.language import current_locale


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One step as the form asks about it: its fields are `due-12` and `drop-12`.

    `agreed_on` is the agreed day, None for a step that we propose anew; `given` is what was typed.
    """

    number: str
    step: Step
    agreed_on: date | None
    given: str
    is_dropped: bool = False
    error: str = ""


def wishes_of(
    session: Session, pathway: PathwayView, amendment: AmendmentView | None = None
) -> list[Wish]:
    """Each step that can be changed: all but those that lie with us to be looked at."""
    agreed = {step.id: step.agreed_due_on for step in pathway.steps}
    submitted = {s.id for s in pathway.steps if s.state is MilestoneState.SUBMITTED}
    return [
        Wish(
            number=str(step.milestone_id or f"new-{n}"),
            step=step,
            agreed_on=agreed.get(step.milestone_id),
            given=step.due_on.isoformat(),
        )
        for n, step in enumerate(_steps(session, pathway, amendment))
        if step.milestone_id not in submitted
    ]


def typed(wish: Wish, form: Mapping[str, str]) -> Wish:
    """The wish as it was sent; a step that the form did not hold stays as it is."""
    given = form.get(f"due-{wish.number}", wish.given)
    is_dropped = f"drop-{wish.number}" in form
    is_wrong = day_from(given) is None and not is_dropped
    error = _("This is not a day. Write it as 2027-05-24.") if is_wrong else ""
    return replace(wish, given=given, is_dropped=is_dropped, error=error)


def shifted(wish: Wish, weeks: int) -> Wish:
    """The wish with its day so many weeks later."""
    day = day_from(wish.given)
    return replace(wish, given=(day + timedelta(weeks=weeks)).isoformat()) if day else wish


def steps_wished(
    session: Session,
    pathway: PathwayView,
    amendment: AmendmentView | None,
    wishes: Sequence[Wish],
) -> tuple[Step, ...]:
    """All steps as the supplier wants them: those of the form, then the others as they are."""
    changed = [
        replace(wish.step, due_on=day_from(wish.given) or wish.step.due_on)
        for wish in wishes
        if not wish.is_dropped
    ]
    asked = [wish.step for wish in wishes]
    kept = [step for step in _steps(session, pathway, amendment) if step not in asked]
    return (*changed, *kept)


def with_refusal(wishes: Sequence[Wish], refused: DomainError) -> tuple[list[Wish], bool]:
    """The wishes with what was refused at the step that it names; False where it names none."""
    sent = [wish for wish in wishes if not wish.is_dropped]
    number = refused.facts.get("step", 0)
    if not 0 < number <= len(sent):
        return list(wishes), False
    facts = {name: value for name, value in refused.facts.items() if name != "step"}
    said = error_text(refused.code, facts, current_locale())
    wrong = sent[number - 1].number
    return [replace(w, error=said) if w.number == wrong else w for w in wishes], True


def _steps(
    session: Session, pathway: PathwayView, amendment: AmendmentView | None
) -> tuple[Step, ...]:
    """What is changed: our proposal, or what is agreed and still open."""
    if amendment is not None:
        return amendment.plan.steps
    return agreed_plan(session, session.get_one(PathwayRow, pathway.id)).steps
