"""Buyers who are away, who stands in for them, and where answers to their mail go."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from onboarding.domain.changes import Change
from onboarding.domain.errors import InputInvalid
from onboarding.domain.people import Actor, Duty


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """From its first day to its last another buyer has the work in hand."""

    deputy_id: int
    starts_on: date
    ends_on: date

    def covers(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsencePlanned(Change):
    code: ClassVar[str] = "absence-planned"
    person_id: int
    deputy_id: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceCleared(Change):
    """No absence is planned any more, or the one under way has ended."""

    code: ClassVar[str] = "absence-cleared"
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersDirected(Change):
    """Answers to mail go to this address; without one to the person itself."""

    code: ClassVar[str] = "answers-directed"
    person_id: int
    reply_to: str | None = None


def plan_absence(
    person_id: int,
    absence: Absence | None,
    buyers: frozenset[int],
    actor: Actor,
    today: date,
) -> AbsencePlanned | AbsenceCleared:
    """A buyer for itself, or a manager for anybody. Raises InputInvalid naming the field."""
    _own_or_manager(person_id, actor)
    if absence is None:
        return AbsenceCleared(person_id=person_id)
    if absence.deputy_id not in buyers - {person_id}:
        raise InputInvalid(field="deputy", reason="not-a-buyer")
    if absence.ends_on < max(absence.starts_on, today):
        raise InputInvalid(field="ends_on", reason="before-start")
    return AbsencePlanned(
        person_id=person_id,
        deputy_id=absence.deputy_id,
        starts_on=absence.starts_on,
        ends_on=absence.ends_on,
    )


def direct_answers(person_id: int, reply_to: str | None, actor: Actor) -> AnswersDirected:
    _own_or_manager(person_id, actor)
    return AnswersDirected(person_id=person_id, reply_to=reply_to)


def check_successor(from_id: int, to_id: int, buyers: frozenset[int], actor: Actor) -> None:
    """Who takes over must be another buyer. Raises InputInvalid, or NotAllowed."""
    if not actor.may(Duty.ADMINISTER):
        actor.must(Duty.GOVERN)
    if to_id not in buyers - {from_id}:
        raise InputInvalid(field="successor", reason="not-a-buyer")


def _own_or_manager(person_id: int, actor: Actor) -> None:
    actor.must(Duty.BUY if actor.person_id == person_id else Duty.GOVERN)
