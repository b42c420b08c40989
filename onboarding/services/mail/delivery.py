"""From what is owed to a mail in bytes: what goes now, what waits, what is no longer true.

Reading and rendering happen before the write transaction; `keep` takes the messages and stores
the bytes in one, so that what is sent was never only in a worker's memory.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.access import ONE_CLICK
from onboarding.domain.mail_choices import MailRhythm
from onboarding.domain.messages import (
    ACCESS,
    REMINDERS,
    MessageKind,
    Rhythm,
    rhythm,
)
from onboarding.domain.policy import Policy
from onboarding.mail.envelope import Attachment, Envelope, message_id, to_bytes
from onboarding.mail.messages import Line, write
from onboarding.mail.values import Letter, Message
from onboarding.services.doubts import is_doubted
from onboarding.services.mail.agendas import dates_for
from onboarding.services.mail.freshness import Now, why_stale
from onboarding.services.mail.letters import Sender, line_of
from onboarding.services.mail.links import Links
from onboarding.services.mail.piles import newest_stages, next_morning, part, piles, urgency
from onboarding.services.opening import calendar_with_closures
from onboarding.services.pathway.agreement_papers import typeset
from onboarding.store import messages as ledger
from onboarding.store.agreements import agreement
from onboarding.store.database import OUT_OF_ORDER
from onboarding.store.messages import Held, Reader
from onboarding.store.snoozes import covers, running
from onboarding.store.tables import MessageRow, OrganisationRow, PersonRow

AT_ONCE = tuple(kind for kind in MessageKind if rhythm(kind) is Rhythm.AT_ONCE)
ON_WORKING_DAYS = tuple(kind for kind in MessageKind if rhythm(kind) is not Rhythm.AT_ONCE)
LEASE = timedelta(minutes=5)
READERS_AT_ONCE = 400


@dataclass(slots=True)
class Sorted:
    """What to do with one reader's messages: each pile in `parcels` becomes one mail."""

    parcels: list[list[int]] = field(default_factory=list)
    stale: list[tuple[int, str]] = field(default_factory=list)
    later: list[tuple[int, datetime]] = field(default_factory=list)
    poisonous: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A rendered mail that is not kept yet."""

    message_ids: tuple[int, ...]
    customer_id: int
    relation_id: int | None
    person_id: int
    kind: str
    message_id: str
    recipient: str
    subject: str
    body: bytes


def sort(
    session: Session,
    moment: Moment,
    now: Now,
    sender: Sender,
    held: Sequence[Held],
    policy: Policy,
) -> Sorted:
    """Sort what one reader is owed; all is of one customer and person."""
    found = Sorted()
    fresh = []
    for row in (one.message for one in held):
        if row.due_at > moment.now and row.kind != MessageKind.MILESTONE_REMINDER:
            continue  # only a digest takes along what waits for a later day
        try:
            reason = why_stale(session, row, now)
        except OUT_OF_ORDER:
            raise  # not the message's fault: it is still owed
        except Exception as error:
            found.poisonous.append((row.id, in_words(error)))
            continue
        if reason is not None:
            found.stale.append((row.id, reason))
        else:
            fresh.append(row)
    fresh, older = newest_stages(fresh)
    found.stale += [(row.id, "newer-stage") for row in older]
    if not fresh:
        return found
    local = moment.now.astimezone(sender.zone)
    person = session.get_one(PersonRow, fresh[0].person_id)
    put_off = {one.message.relation_id for one in held if one.may_be_put_off}
    closed = {one.message.relation_id for one in held if one.may_be_closed}
    waits = _waiting(session, moment, [row for row in fresh if row.kind in REMINDERS], put_off)
    tomorrow = next_morning(local, policy.calendar)
    found.later += [(row.id, tomorrow) for row in waits if row.due_at != tomorrow]
    for pile in piles([row for row in fresh if row not in waits]):
        going, later = part(
            pile,
            local,
            lambda number: (
                calendar_with_closures(session, number, policy)
                if number is not None and number in closed
                else policy.calendar
            ),
            MailRhythm(person.mail_rhythm),
        )
        if going:
            found.parcels.append([row.id for row in going])
        found.later += [(row.id, until) for row, until in later if row.due_at != until]
    return found


def _waiting(
    session: Session,
    moment: Moment,
    reminders: Sequence[MessageRow],
    relations: set[int | None],
) -> list[MessageRow]:
    """Reminders of who is not the right person, or that a buyer put off: asked each morning.

    Only of these relations something may be put off.
    """
    put_off = running(session, relations, moment.today) if reminders and relations else []
    return [
        row
        for row in reminders
        if is_doubted(row.contact) or covers(put_off, row.relation_id, row.milestone_id)
    ]


def draft(
    session: Session,
    moment: Moment,
    sender: Sender,
    lines: Sequence[tuple[MessageRow, Line]],
) -> Draft:
    """Render one mail for these messages. Raises whatever a poisonous one makes it raise."""
    # Answers go to the buyer of the most urgent line, and are about that supplier.
    first, (kind, letter, _) = min(lines, key=lambda line: urgency(line[0]))
    message: Message = write([line for _, line in lines])
    person = session.get_one(PersonRow, first.person_id)
    customer = session.get_one(OrganisationRow, first.customer_id)
    identity = message_id(f"{first.key}|{person.email}", sender.public_url, sender.secret_key)
    envelope = Envelope(
        sender=sender.address,
        sender_name=customer.name,
        recipient=person.email or "",
        recipient_name=person.name,
        reply_to=letter.buyer if letter.is_for_supplier else None,
        message_id=identity,
        at=moment.now,
        answers_to=sender.answers_to(identity) if _may_be_answered(kind, letter) else None,
        unsubscribe_url=_unsubscribe_url(kind, letter),
    )
    relations = {row.relation_id for row, _ in lines}
    files = [*_papers(session, sender, lines), *dates_for(session, moment, sender, lines)]
    is_one = len(relations) == 1 or letter.is_for_supplier
    return Draft(
        message_ids=tuple(sorted(row.id for row, _ in lines)),
        customer_id=first.customer_id,
        relation_id=first.relation_id if is_one else None,
        person_id=person.id,
        kind=kind,
        message_id=identity,
        recipient=person.email or "",
        subject=message.subject[:250],
        body=to_bytes(message, envelope, files),
    )


def _may_be_answered(kind: MessageKind, letter: Letter) -> bool:
    """Mail about a supplier, to that supplier; not a link to get in."""
    return letter.is_for_supplier and kind not in ACCESS


def _unsubscribe_url(kind: MessageKind, letter: Letter) -> str | None:
    """Reminders can be declined by one press in a mail program; nothing else can."""
    if kind not in REMINDERS or not letter.choice_url:
        return None
    return letter.choice_url + ONE_CLICK


def _papers(
    session: Session, sender: Sender, lines: Sequence[tuple[MessageRow, Line]]
) -> list[Attachment]:
    """The agreements that these messages tell of, each as a PDF in the reader's language."""
    papers = []
    for _, (kind, letter, facts) in lines:
        if kind is not MessageKind.AGREEMENT:
            continue
        found = agreement(session, facts.number("pathway_id"), facts.number("version"))
        if found is not None:
            paper = typeset(found, letter.locale, sender.zone)
            papers.append(
                Attachment(
                    file_name=paper.file_name, media_type="application/pdf", content=paper.content
                )
            )
    return papers


def keep(session: Session, moment: Moment, made: Draft, owner: str) -> int | None:
    """Store the mail, in this worker's hand; None where another took a message before."""
    if not ledger.take(session, made.message_ids):
        return None
    return ledger.keep(
        session,
        made.message_ids,
        customer_id=made.customer_id,
        relation_id=made.relation_id,
        person_id=made.person_id,
        message_id=made.message_id,
        kind=made.kind,
        recipient=made.recipient,
        subject=made.subject,
        body=made.body,
        state="sending",
        next_at=moment.now,
        lease_owner=owner,
        lease_until=moment.now + LEASE,
        created_at=moment.now,
    )


def readers(session: Session, moment: Moment, kinds: Iterable[MessageKind]) -> list[Reader]:
    return ledger.readers_due(session, moment.now, kinds, limit=READERS_AT_ONCE)


def lines(
    session: Session, moment: Moment, sender: Sender, rows: Sequence[MessageRow], links: Links
) -> tuple[list[tuple[MessageRow, Line]], list[tuple[int, str]]]:
    """What each message says, and those that cannot be said, with the error."""
    good: list[tuple[MessageRow, Line]] = []
    bad: list[tuple[int, str]] = []
    for row in rows:
        try:
            line = line_of(session, row, moment, sender, links)
            write([line])
            good.append((row, line))
        except OUT_OF_ORDER:
            raise
        except Exception as error:
            bad.append((row.id, in_words(error)))
    return good, bad


def in_words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
