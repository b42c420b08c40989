"""What did not arrive, for administrators: listed with the reason, and sent once more."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.dead_letters import (
    ABOUT_THE_ADDRESS,
    GivenUp,
    may_go_again,
    send_again,
    split_reason,
)
from onboarding.domain.errors import NotFound
from onboarding.domain.people import Actor, Duty
from onboarding.store import dead_letters as store
from onboarding.store.breaker import open_breaker
from onboarding.store.dead_letters import GIVEN_UP, DeadLetter
from onboarding.store.history import Record, append
from onboarding.store.tables import MailBreakerRow, MailRow, MessageRow, PersonRow

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One message that did not arrive; `said` is what the server or the program answered."""

    letter: DeadLetter
    because: GivenUp | None
    said: str
    may_go_again: bool


@dataclass(frozen=True, slots=True)
class Page:
    lines: list[Line]
    total: int
    number: int
    breaker: MailBreakerRow | None

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


def list_dead(session: Session, actor: Actor, page: int) -> Page:
    actor.must(Duty.ADMINISTER)
    found = store.dead_letters(session, actor.customer_id, page=page, size=PAGE)
    total = store.number_of_dead(session, actor.customer_id)
    return Page([_line(one) for one in found], total, page, open_breaker(session))


def requeue(session: Session, actor: Actor, moment: Moment, message_id: int) -> str:
    """Send it once more, with all that went in the same mail; returns to whom.

    An address that was refused is taken to work again. What is no longer true is left out, as at
    any further attempt. Raises NotFound, also for one that was put back before.
    """
    row = session.get(MessageRow, message_id, with_for_update=True, populate_existing=True)
    if row is None or row.customer_id != actor.customer_id or row.state not in GIVEN_UP:
        raise NotFound(what="message")
    mail = session.get(MailRow, row.mail_id) if row.mail_id is not None else None
    because, _ = split_reason(row.end_reason)
    change = send_again(
        row.kind,
        row.person_id,
        row.end_reason,
        actor,
        was_mailed=mail is not None,
        has_bytes=mail is not None and mail.body is not None,
    )
    person = session.get_one(PersonRow, row.person_id)
    if because in ABOUT_THE_ADDRESS:
        person.mail_refused_at = None
    under = Record(
        actor=actor,
        moment=moment,
        relation_id=row.relation_id,
        milestone_id=row.milestone_id,
        is_shared=False,
    )
    append(session, change, under)
    if mail is None:
        store.owe_again(session, row.id, moment.now)
    else:
        store.send_mail_again(session, mail.id, moment.now)
    return person.name


def requeue_dead(session: Session, moment: Moment) -> int:
    """All that was tried in vain, of all customers; returns how many mails."""
    mails = store.dead_mails(session)
    for mail_id in mails:
        store.send_mail_again(session, mail_id, moment.now)
    return len(mails)


def _line(letter: DeadLetter) -> Line:
    reason, mail = letter.message.end_reason, letter.mail
    because, said = split_reason(reason)
    has_bytes = mail is not None and mail.body is not None
    return Line(
        letter,
        because,
        said,
        may_go_again(reason, was_mailed=mail is not None, has_bytes=has_bytes),
    )
