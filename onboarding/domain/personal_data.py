"""A supplier's contact reports a text or a file with personal data; a manager answers."""

from dataclasses import dataclass
from typing import ClassVar

from onboarding.domain.changes import Change
from onboarding.domain.errors import InputInvalid, NotAllowed
from onboarding.domain.moves import MANAGER, check, text_given
from onboarding.domain.people import Actor, Duty, Side

LONGEST_HINT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalDataReported(Change):
    """Somebody saw personal data in a text (`event_id`) or in a file (`evidence_id`)."""

    code: ClassVar[str] = "personal-data-reported"
    event_id: int | None = None
    evidence_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalDataKept(Change):
    """A manager looked at what was reported, and it stands."""

    code: ClassVar[str] = "personal-data-kept"
    answer: str
    event_id: int | None = None
    evidence_id: int | None = None


def report(
    actor: Actor, hint: str, *, event_id: int | None = None, evidence_id: int | None = None
) -> PersonalDataReported:
    """Whoever can read it on the supplier's side reports it. `hint` is not kept in the history."""
    actor.must(Duty.FILL_IN)
    if actor.side is not Side.SUPPLIER or actor.person_id is None:
        raise NotAllowed(duty=Duty.FILL_IN.value)
    if len(hint) > LONGEST_HINT:
        raise InputInvalid(field="seen", reason="too-long", longest=LONGEST_HINT)
    return PersonalDataReported(event_id=event_id, evidence_id=evidence_id)


def keep(
    actor: Actor, answer: str, *, event_id: int | None = None, evidence_id: int | None = None
) -> PersonalDataKept:
    check(actor, MANAGER)
    return PersonalDataKept(
        answer=text_given(answer, "answer"), event_id=event_id, evidence_id=evidence_id
    )
