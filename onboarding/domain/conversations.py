"""What both sides tell each other beside the steps: notes, calls and mails noted, questions."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from onboarding.domain.changes import Change
from onboarding.domain.errors import InputInvalid, NotFound
from onboarding.domain.moves import BUYER, CONTACT, check, said_day, text_given
from onboarding.domain.people import Actor, Channel, Said


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactNoted(Change):
    """A call, mail, meeting or letter; `was_reached` tells whether anybody answered."""

    code: ClassVar[str] = "contact-noted"
    channel: Channel
    contact_on: date
    was_reached: bool
    note: str | None = None
    person_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWritten(Change):
    """A buyer's own note, or its word to the supplier: whether that reads it stands beside it."""

    code: ClassVar[str] = "note-written"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAsked(Change):
    """A question is no request: no clock stands still for it."""

    code: ClassVar[str] = "question-asked"
    text: str
    asked_on: date
    said: Said | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAnswered(Change):
    code: ClassVar[str] = "question-answered"
    question: int
    text: str


def note_contact(
    channel: Channel,
    contact_on: date,
    actor: Actor,
    today: date,
    *,
    was_reached: bool = True,
    note: str | None = None,
    person_id: int | None = None,
) -> ContactNoted:
    """Raises InputInvalid for a day to come, or where somebody was reached and nothing is said."""
    check(actor, BUYER)
    if contact_on > today:
        given = contact_on.isoformat()
        raise InputInvalid(field="contact_on", reason="in-the-future", given=given)
    if was_reached or (note or "").strip():
        note = text_given(note or "", "note")
    return ContactNoted(
        channel=channel,
        contact_on=contact_on,
        was_reached=was_reached,
        note=note or None,
        person_id=person_id,
    )


def write(text: str, actor: Actor) -> NoteWritten:
    check(actor, BUYER)
    return NoteWritten(text=text_given(text, "text"))


def ask(text: str, actor: Actor, today: date, said: Said | None = None) -> QuestionAsked:
    check(actor, CONTACT, said)
    return QuestionAsked(text=text_given(text, "text"), asked_on=said_day(said, today), said=said)


def answer(question: int | None, text: str, actor: Actor) -> QuestionAnswered:
    """`question` is the number of the asking in the history. Raises NotFound without one."""
    check(actor, BUYER)
    if question is None:
        raise NotFound(what="question")
    return QuestionAnswered(question=question, text=text_given(text, "text"))
