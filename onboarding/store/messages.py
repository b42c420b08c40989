"""The ledger and its mails in the database: what is due, who has it in hand, what came of it."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, literal_column, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from onboarding.domain.messages import REMINDERS
from onboarding.store.message_statements import (
    CARRIED,
    END_OF_MAIL,
    FINISH,
    KEEP,
    MAILS,
    MESSAGES,
    NOTE_FACTS,
    OWED_TO,
    PUT_BACK,
    PUT_IN_MAIL,
    READERS_DUE,
    RENEW,
    TAKE,
    UNSENT_OF,
)
from onboarding.store.tables import (
    MailRow,
    MessageRow,
)

UNSENT = ("planned", "queued")
GIVEN_BACK = {"lease_owner": None, "lease_until": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """That a worker has a mail in hand; only its owner writes what came of it."""

    mail_id: int
    owner: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom due messages are for, on behalf of which customer."""

    customer_id: int
    person_id: int


def readers_due(session: Session, now: datetime, kinds: Iterable[str], limit: int) -> list[Reader]:
    """Who has a message of these kinds that may go now, the longest waiting first."""
    asked = {"now": now, "kinds": list(kinds), "most": limit}
    rows = session.connection().execute(READERS_DUE, asked)
    return [Reader(*row) for row in rows]


def still_owed(
    session: Session, now: datetime, readers: Iterable[Reader], kinds: Iterable[str]
) -> set[Reader]:
    """Who of these, and perhaps others, has a message of these kinds that may go now."""
    asked = {"now": now, "ids": [one.person_id for one in readers]}
    wanted, found = set(kinds), session.connection().execute(OWED_TO, asked)
    return {Reader(customer, person) for customer, person, kind in found if kind in wanted}


@dataclass(frozen=True, slots=True)
class Held:
    """An unsent message with the rows it is about: who holds these need not ask for them again.

    Whether its supplier was ever put off or closed spares asking when and for how long.
    """

    message: MessageRow
    about: tuple[object, ...]
    may_be_put_off: bool
    may_be_closed: bool


def unsent_of(session: Session, reader: Reader, kinds: Iterable[str]) -> list[Held]:
    """All that this reader has not been sent, also what waits for a later day."""
    wanted = set(kinds)
    found = session.execute(
        UNSENT_OF, {"customer": reader.customer_id, "person": reader.person_id}
    ).tuples()
    return [
        Held(message, tuple(about), may_be_put_off, may_be_closed)
        for message, *about, may_be_put_off, may_be_closed in found
        if message.kind in wanted
    ]


def end(
    session: Session, message_ids: Iterable[int], state: str, now: datetime, reason: str | None
) -> int:
    """Close unsent messages: superseded or failed, with the reason."""
    return _execute(
        session,
        update(MESSAGES)
        .where(MessageRow.id.in_(list(message_ids)), MessageRow.state.in_(UNSENT))
        .values(state=state, ended_at=now, end_reason=reason and reason[:250]),
    )


def end_unknown(session: Session, now: datetime, known: Iterable[str]) -> int:
    """Fail unsent messages of a kind that is not known: no delivery would ever look at them."""
    return _execute(
        session,
        update(MESSAGES)
        .where(MessageRow.state.in_(UNSENT), MessageRow.kind.not_in(list(known)))
        .values(state="failed", ended_at=now, end_reason="unknown-kind"),
    )


def postpone(session: Session, message_ids: Iterable[int], until: datetime) -> None:
    """Not before `until`."""
    _execute(
        session,
        update(MESSAGES)
        .where(MessageRow.id.in_(list(message_ids)), MessageRow.state.in_(UNSENT))
        .values(due_at=until, state="planned"),
    )


def look_again(session: Session, now: datetime, person_id: int) -> None:
    """What of this person's reminders waits for a day is sorted anew by the next delivery."""
    _execute(
        session,
        update(MessageRow)
        .where(
            MessageRow.person_id == person_id,
            MessageRow.state == "planned",
            MessageRow.kind.in_([kind.value for kind in REMINDERS]),
        )
        .values(due_at=now, state="queued"),
    )


def claim(session: Session, now: datetime, owner: str, until: datetime) -> int | None:
    """Take one mail that is due or whose worker was lost; None where there is none.

    A worker that vanished with the mail in hand has spent an attempt.
    """
    waiting = (
        select(MailRow.id)
        .where(
            or_(
                (MailRow.state == "queued") & (MailRow.next_at <= now),
                (MailRow.state == "sending") & (MailRow.lease_until < now),
            )
        )
        .order_by(MailRow.next_at, MailRow.id)
        .limit(1)
    )
    if session.get_bind().dialect.name == "postgresql":
        # Materialised: the planner must not ask again for each row, and lock more than one.
        due = waiting.with_for_update(skip_locked=True).cte("due").prefix_with("MATERIALIZED")
        waiting = select(due.c.id)
    return session.scalar(
        update(MAILS)
        .where(MailRow.id.in_(waiting.scalar_subquery()))
        .values(
            attempts=MailRow.attempts + case((MailRow.state == "sending", 1), else_=0),
            state="sending",
            lease_owner=owner,
            lease_until=until,
        )
        .returning(MailRow.id)
        .execution_options(synchronize_session=False)
    )


def take(session: Session, message_ids: Sequence[int]) -> bool:
    """Take these messages for one mail; False where another worker took one of them before."""
    taken = session.connection().execute(TAKE, {"ids": list(message_ids)}).rowcount
    return taken == len(message_ids)


def keep(session: Session, message_ids: Sequence[int], **values: object) -> int:
    """Store a mail that carries these messages; returns its number."""
    connection = session.connection()
    mail_id = int(connection.execute(KEEP, values).scalar_one())
    connection.execute(PUT_IN_MAIL, {"ids": list(message_ids), "mail": mail_id})
    return mail_id


def note_facts(session: Session, more: Mapping[MessageRow, Mapping[str, Any]]) -> None:
    """Add facts to these messages, in the database and in the rows that are held."""
    noted = [{"message": row.id, "more": dict(facts)} for row, facts in more.items()]
    statement = NOTE_FACTS[session.get_bind().dialect.name]
    session.connection().execute(statement, noted)
    for row, facts in more.items():
        set_committed_value(row, "facts", {**row.facts, **facts})


def renew(session: Session, lease: Lease, until: datetime) -> bool:
    """Hold the mail for longer; False where another worker has it by now."""
    held = {"mail": lease.mail_id, "owner": lease.owner, "until": until}
    return session.connection().execute(RENEW, held).rowcount == 1


def finish(session: Session, lease: Lease, **values: object) -> bool:
    """Write what came of it, if this worker still has it in hand; else False and nothing.

    Of a mail that lets somebody in the bytes go with it: nobody gets in who reads the database.
    """
    written = {"mail": lease.mail_id, "owner": lease.owner, **GIVEN_BACK, **values}
    statement = PUT_BACK if values.get("state") == "queued" else FINISH
    session.flush()
    return session.connection().execute(statement, written).rowcount == 1


def end_of_mail(
    session: Session, mail_id: int, state: str, now: datetime, reason: str | None = None
) -> list[str]:
    """What came of a mail came of all messages in it; their kinds."""
    ended = {"mail": mail_id, "ended": state, "now": now, "reason": reason and reason[:250]}
    return list(session.connection().execute(END_OF_MAIL, ended).scalars())


def release(session: Session, mail_id: int) -> None:
    """Give the messages of a mail back to the ledger: they go in a new one."""
    _execute(
        session,
        update(MESSAGES)
        .where(MessageRow.mail_id == mail_id, MessageRow.state == "sending")
        .values(state="queued", mail_id=None),
    )


def messages_in(
    session: Session, mail_id: int, kinds: Container[str] | None = None
) -> list[MessageRow]:
    """What the mail carries; of some kinds only, where these are given."""
    rows = session.scalars(CARRIED, {"mail": mail_id})
    return [row for row in rows if kinds is None or row.kind in kinds]


def unrecorded_hand_overs(session: Session, kinds: Iterable[str]) -> list[MessageRow]:
    """Sent messages whose hand-over could not be recorded where it counts."""
    return list(
        session.scalars(
            select(MessageRow)
            .where(
                MessageRow.state == "sent",
                MessageRow.end_reason == literal_column(f"'{UNRECORDED}'"),
                MessageRow.kind.in_(list(kinds)),
            )
            .order_by(MessageRow.id)
        )
    )


UNRECORDED = "hand-over-unrecorded"


def _execute(session: Session, statement: object) -> int:
    result = session.execute(
        statement,  # type: ignore[call-overload]
        execution_options={"synchronize_session": False},
    )
    assert isinstance(result, CursorResult)
    return result.rowcount
