"""What follows when a mail was handed over, refused, or could not be sent."""

import random
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.dead_letters import GivenUp
from onboarding.domain.messages import MessageKind
from onboarding.domain.people import Role
from onboarding.services.decisions import announcement_handed_over
from onboarding.services.mail import messages
from onboarding.services.mail.freshness import Now, why_stale
from onboarding.services.pathway.negotiation import proposal_handed_over
from onboarding.services.pathway.notices import notice_handed_over
from onboarding.services.tasks import Task, owe_task
from onboarding.store import messages as ledger
from onboarding.store.messages import UNRECORDED, Lease
from onboarding.store.tables import ContactRow, MailRow, MessageRow, PersonRow, RelationRow

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=4)
MOST_ATTEMPTS = 20

Hook = Callable[[Session, Moment, MessageRow], object]

# A hand-over to the mail server is a fact: days are counted from it.
HANDED_OVER: dict[MessageKind, Hook] = {
    MessageKind.PROPOSAL: lambda session, moment, row: proposal_handed_over(
        session, moment, row.facts["pathway_id"]
    ),
    MessageKind.FORMAL_NOTICE: lambda session, moment, row: notice_handed_over(
        session, moment, row.facts["notice_id"]
    ),
    MessageKind.BLOCK_ANNOUNCED: lambda session, moment, row: announcement_handed_over(
        session, moment, row.facts["decision_id"]
    ),
}


def record_sent(session: Session, moment: Moment, lease: Lease, *, with_hooks: bool = True) -> bool:
    """The server has it. False where this worker had lost the mail to another.

    Without hooks the ledger remembers that the hand-over is still to be recorded.
    """
    if not ledger.finish(session, lease, state="sent", sent_at=moment.now, last_error=None):
        return False
    reason = None
    if not with_hooks and ledger.messages_in(session, lease.mail_id, HANDED_OVER):
        reason = UNRECORDED
    kinds = ledger.end_of_mail(session, lease.mail_id, "sent", moment.now, reason)
    if with_hooks and not HANDED_OVER.keys().isdisjoint(kinds):
        for row in ledger.messages_in(session, lease.mail_id, HANDED_OVER):
            HANDED_OVER[MessageKind(row.kind)](session, moment, row)
    return True


def record_hand_over(session: Session, moment: Moment, message_id: int) -> None:
    """Record a hand-over that could not be recorded when the mail was sent."""
    row = session.get_one(MessageRow, message_id)
    HANDED_OVER[MessageKind(row.kind)](session, moment, row)
    row.end_reason = None


def record_not_now(session: Session, moment: Moment, lease: Lease, why: str) -> str:
    """Not taken this time: it waits, longer after each attempt; returns the state it is in."""
    attempts = session.get_one(MailRow, lease.mail_id, populate_existing=True).attempts + 1
    if attempts >= MOST_ATTEMPTS:
        ledger.finish(session, lease, state="dead", attempts=attempts, last_error=why)
        ledger.end_of_mail(
            session, lease.mail_id, "dead", moment.now, because(GivenUp.GAVE_UP, why)
        )
        return "dead"
    next_at = moment.now + wait_after(attempts)
    ledger.finish(
        session, lease, state="queued", attempts=attempts, next_at=next_at, last_error=why
    )
    return "queued"


def record_our_trouble(session: Session, moment: Moment, lease: Lease, why: str) -> None:
    """No server, or it refuses us: no attempt of this mail is spent; the breaker says how long."""
    ledger.finish(session, lease, state="queued", next_at=moment.now, last_error=why)


def record_failed(session: Session, moment: Moment, lease: Lease, why: str) -> None:
    """This mail will not be taken, whatever the address."""
    if ledger.finish(session, lease, state="failed", last_error=why):
        reason = because(GivenUp.CONTENT_REFUSED, why)
        ledger.end_of_mail(session, lease.mail_id, "failed", moment.now, reason)


def record_refused(session: Session, moment: Moment, lease: Lease, why: str) -> None:
    """The address takes no mail: it is left alone, and the buyer asked for another contact."""
    mail = session.get_one(MailRow, lease.mail_id)
    if not ledger.finish(session, lease, state="failed", last_error=why):
        return
    reason = because(GivenUp.ADDRESS_REFUSED, why)
    ledger.end_of_mail(session, lease.mail_id, "failed", moment.now, reason)
    leave_address_alone(session, moment, mail)


def leave_address_alone(session: Session, moment: Moment, mail: MailRow) -> None:
    """Nothing more goes to where this mail could not be delivered; the buyer asks for another."""
    person = session.get_one(PersonRow, mail.person_id)
    if person.email == mail.recipient and person.mail_refused_at is None:
        person.mail_refused_at = moment.now
    relations = {row.relation_id for row in ledger.messages_in(session, mail.id)}
    for relation_id in sorted(relations - {None}, key=int):  # type: ignore[arg-type]
        _ask_for_another(session, moment, relation_id or 0, person, mail.recipient)


def _ask_for_another(
    session: Session, moment: Moment, relation_id: int, person: PersonRow, address: str
) -> None:
    is_contact = (
        session.query(ContactRow.id).filter_by(relation_id=relation_id, person_id=person.id).first()
    )
    if is_contact is None:
        return  # a colleague's own address: the operator sees it in the log
    relation = session.get_one(RelationRow, relation_id)
    facts = {"person_id": person.id, "person": person.name, "address": address}
    about = f"{relation_id}:{person.id}:{address}"
    task = Task(
        kind="name-contact",
        about=about[:200],
        due_on=moment.today,
        for_role=Role.BUYER,
        facts=facts,
    )
    owe_task(session, moment, relation, task)
    owed = messages.Owed(
        kind=MessageKind.ADDRESS_REFUSED, about=about[:200], relation_id=relation_id, facts=facts
    )
    messages.owe_to_buyer(session, moment, relation, owed)


def because(code: GivenUp, why: str) -> str:
    """An end reason: a code for words, and what the server or the program said."""
    return f"{code}: {why}"


def wait_after(attempts: int) -> timedelta:
    """Twice as long after each attempt, up to four hours; a bit by chance, so that not all mails
    come back at the same second.
    """
    doubled: int = 2 ** min(attempts - 1, 10)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT) * random.uniform(1.0, 1.25)


def why_not_again(session: Session, mail: MailRow, now: Now) -> str | None:
    """Why a mail that was rendered before must not be sent any more; None where it may.

    One that holds several messages still goes while one of them is true: its bytes are fixed.
    """
    reasons = [why_stale(session, row, now) for row in ledger.messages_in(session, mail.id)]
    if reasons and all(reasons):
        return reasons[0]
    return None


def is_for_old_address(session: Session, mail: MailRow) -> bool:
    """The person has another address by now: the messages go there, in a new mail."""
    person = session.get_one(PersonRow, mail.person_id, populate_existing=True)
    return person.email is not None and person.email != mail.recipient
