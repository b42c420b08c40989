"""What is expected of a supplier's status: calculated when asked, never stored."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.eligibility import (
    Difference,
    Facts,
    Period,
    PlannedNotice,
    differences,
    in_short,
    project,
    runs,
)
from onboarding.domain.people import Actor, Duty
from onboarding.domain.policy import Policies
from onboarding.domain.workdays import Span
from onboarding.services.statuses import policies_of
from onboarding.store.assessments import from_day
from onboarding.store.closures import closures_of
from onboarding.store.facts import load_facts
from onboarding.store.relations import visible_relation


@dataclass(frozen=True, slots=True, kw_only=True)
class Foresight:
    """What follows if nothing changes and each notice not yet sent goes out on its day.

    `recorded` is what comes by what is recorded, in short. `notices` are those that lead to
    something else; `changes` say from when; `periods` are the whole of what is expected.
    """

    recorded: tuple[Period, ...]
    notices: tuple[PlannedNotice, ...]
    changes: tuple[Difference, ...]
    periods: tuple[Period, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All that decides a supplier's status and what is expected of it."""

    facts: Facts
    policies: Policies
    closures: tuple[Span, ...]


def known_of(session: Session, actor: Actor, relation_id: int) -> Known:
    """A fixed number of statements, whatever there is of the supplier. Raises NotFound."""
    actor.must(Duty.READ)
    relation = visible_relation(session, actor, relation_id)
    return Known(
        facts=load_facts(session, [relation_id])[relation_id],
        policies=policies_of(session, relation.customer_id),
        closures=tuple(one.span for one in closures_of(session, relation_id)),
    )


def foresee(
    session: Session, actor: Actor, moment: Moment, relation_id: int, coming: Sequence[Period]
) -> Foresight:
    """What is expected beside what is recorded; `coming` are the stored periods from today on."""
    known = known_of(session, actor, relation_id)
    seen = project(known.facts, known.policies, moment.today, known.closures)
    recorded = from_day(coming, moment.today)
    changes = differences(recorded, seen.periods) if recorded else ()
    last = changes[-1].starts_on if changes else moment.today
    return Foresight(
        recorded=runs(recorded, in_short),
        notices=tuple(one for one in seen.notices if one.cure_ends_on < last),
        changes=changes,
        periods=runs(seen.periods),
    )
