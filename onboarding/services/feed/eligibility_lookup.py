"""Answers programs about many suppliers at once, named by whatever they are called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from onboarding.domain.errors import DomainError
from onboarding.domain.references import NotYetKnown, Ref, ref_from
from onboarding.services.feed.eligibility_answers import Answer
from onboarding.services.feed.references import the_one
from onboarding.store.eligibility_pages import rows_of
from onboarding.store.eligibility_rows import Written
from onboarding.store.reference_lists import with_references
from onboarding.store.references import Found


@dataclass(frozen=True, slots=True)
class Named:
    """A reference as it was sent, with what it was answered: the status, or why there is none."""

    ref: str
    told: Answer | DomainError


def look_up_many(
    session: Session,
    customer_id: int,
    refs: Sequence[str],
    on: date,
    known_at: datetime,
    today: date,
) -> list[Named]:
    """One for each reference, in the order of the question, in a constant number of statements.

    What is wrong with one does not keep the others from an answer: InputInvalid, RefUnknown,
    RefAmbiguous and NotYetKnown stand in its place.
    """
    meant = {text: _meant(text) for text in refs}
    asked = {ref for ref in meant.values() if isinstance(ref, Ref)}
    found = with_references(session, customer_id, asked)
    ids = sorted({one[0].relation_id for one in found.values() if len(one) == 1})
    told = rows_of(session, ids, on, known_at, today) if ids else {}
    answers = {text: _told(ref, found, told, on, known_at) for text, ref in meant.items()}
    return [Named(text, answers[text]) for text in refs]


def _meant(text: str) -> Ref | DomainError:
    try:
        return ref_from(text)
    except DomainError as wrong:
        return wrong


def _told(
    ref: Ref | DomainError,
    found: Mapping[Ref, Sequence[Found]],
    told: Mapping[int, Written],
    on: date,
    known_at: datetime,
) -> Answer | DomainError:
    if isinstance(ref, DomainError):
        return ref
    try:
        supplier = the_one(ref, found.get(ref, ()))
    except DomainError as none:
        return none
    row = told.get(supplier.relation_id)
    if row is None:
        return NotYetKnown(ref=str(ref), on=on, known_at=known_at)
    return Answer(row, on, known_at)
