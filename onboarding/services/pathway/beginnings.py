"""Beginning a pathway: a template that can be chosen, and the days that follow from one day."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.back_planning import Beginning, begin_for, begin_on
from onboarding.domain.errors import InputInvalid
from onboarding.domain.people import Actor, Duty
from onboarding.domain.policy import Level
from onboarding.services.pathway.drafts import draft_pathway
from onboarding.services.pathway.templates import chosen_template
from onboarding.services.statuses import policies_of
from onboarding.store.tables import PathwayRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a buyer chose: a template, and the day from which or back from which days are counted.

    Without `has_own_target` the template says where it leads.
    """

    template: str
    starts_on: date | None = None
    wished_on: date | None = None
    has_own_target: bool = False
    target: Level | None = None


def plan_beginning(session: Session, actor: Actor, moment: Moment, choice: Choice) -> Beginning:
    """The days that follow. Raises InputInvalid for a template or a day that cannot be."""
    actor.must(Duty.BUY)
    template = chosen_template(session, actor, choice.template)
    policy = policies_of(session, actor.customer_id).on(moment.today)
    if choice.wished_on is not None:
        found = begin_for(template, choice.wished_on, moment.today, policy.calendar)
    elif choice.starts_on is not None:
        found = begin_on(template, choice.starts_on, moment.today, policy.calendar)
    else:
        raise InputInvalid(field="starts_on", reason="required")
    target = choice.target if choice.has_own_target else template.target_under(policy)
    return replace(found, plan=replace(found.plan, target=target))


def draft_from_template(
    session: Session, actor: Actor, moment: Moment, relation_id: int, choice: Choice
) -> PathwayRow:
    """A draft with those days. Raises InputInvalid where it should have begun already."""
    found = plan_beginning(session, actor, moment, choice)
    if found.has_passed:
        raise InputInvalid(
            field="wished_on",
            reason="start-has-passed",
            start=found.plan.starts_on.isoformat(),
            earliest=found.earliest_on.isoformat(),
        )
    return draft_pathway(session, actor, moment, relation_id, found.plan)
