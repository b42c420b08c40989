"""A supplier's mail for the buyer: what will go, as it will read, and what went or did not."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import groupby

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import NotFound
from onboarding.domain.messages import ACCESS, MessageKind
from onboarding.domain.people import Actor, Duty
from onboarding.domain.workdays import DAY
from onboarding.i18n.catalog import mark, translate
from onboarding.mail.messages import write
from onboarding.mail.rendering import render
from onboarding.services.mail.foretelling import ComingMail, Forecast, forecast, horizon
from onboarding.services.mail.letters import Sender, line_of
from onboarding.services.statuses import policies_of
from onboarding.store import foretelling, mail_log
from onboarding.store.mail_log import Logged
from onboarding.store.relations import visible_relation
from onboarding.store.tables import MailRow, PersonRow

PAGE = 60
ADDRESS = re.compile(r"https?://\S+")
LINK = mark("(link)")
# Where links of a preview lead: nowhere, and no token can be made without the secret.
NOWHERE = "https://nowhere.invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One mail of the log, or one message that never became a mail."""

    person: PersonRow
    mail: MailRow | None
    parts: tuple[Logged, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    entries: tuple[Entry, ...]
    page: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A mail as it will read on its day, without links; None where it may not be shown yet."""

    mail: ComingMail
    forecast: Forecast
    subject: str | None
    text: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One mail of the log; `text` is None where its bytes are not kept."""

    entry: Entry
    text: str | None


def read_coming(
    session: Session, actor: Actor, moment: Moment, zone: tzinfo, relation_id: int
) -> Forecast:
    """What goes to this supplier in the next thirty days."""
    actor.must(Duty.READ)
    visible_relation(session, actor, relation_id)
    wanted = foretelling.relations([relation_id])
    until = horizon(moment.today)
    return forecast(session, moment, zone, actor.customer_id, wanted, until)


def next_mail_day(session: Session, actor: Actor, moment: Moment) -> date:
    """Tomorrow, or the first working day after it: reminders go on no other."""
    calendar = policies_of(session, actor.customer_id).on(moment.today).calendar
    return calendar.on_or_after(moment.today + DAY)


def read_next_day(
    session: Session, actor: Actor, moment: Moment, zone: tzinfo, *, mine: bool
) -> tuple[date, Forecast]:
    """What goes on the next day on which reminders go, to all suppliers or those in hand."""
    actor.must(Duty.READ)
    person_id = actor.person_id if mine else None
    wanted = foretelling.relations_in_hand(actor.customer_id, person_id, moment.today)
    day = next_mail_day(session, actor, moment)
    found = forecast(session, moment, zone, actor.customer_id, wanted, day)
    that_day = tuple(mail for mail in found.mails if mail.on == day)
    return day, replace(found, mails=that_day)


def preview(
    session: Session, actor: Actor, moment: Moment, zone: tzinfo, relation_id: int, key: str
) -> Preview:
    """The mail in which this message will travel. Raises NotFound where none is foreseen."""
    found = read_coming(session, actor, moment, zone, relation_id)
    mail = next(
        (one for one in found.mails if any(part.row.key == key for part in one.parts)), None
    )
    if mail is None:
        raise NotFound(what="message")
    kind = MessageKind(mail.parts[0].row.kind)
    if kind in ACCESS or (kind is MessageKind.FORMAL_NOTICE and mail.is_foretold):
        return Preview(mail=mail, forecast=found, subject=None, text=None)
    that_day = replace(moment, today=mail.on)
    sender = Sender(address="", public_url=NOWHERE, secret_key="", zone=zone)
    for part in mail.parts:  # what is foretold is in no session
        session.enable_relationship_loading(part.row)
    lines = [line_of(session, part.row, that_day, sender) for part in mail.parts]
    message = write(lines)
    text = without_links(render(message).text, message.locale)
    return Preview(mail=mail, forecast=found, subject=message.subject, text=text)


def read_log(session: Session, actor: Actor, relation_id: int, page: int) -> Log:
    """What went to the supplier, or did not; the latest first."""
    actor.must(Duty.READ)
    visible_relation(session, actor, relation_id)
    rows = mail_log.logged(session, relation_id, page=page, size=PAGE)
    total = mail_log.number_logged(session, relation_id)
    return Log(entries=_entries(rows), page=page, pages=max(1, -(-total // PAGE)))


def read_kept(session: Session, actor: Actor, relation_id: int, mail_id: int) -> Kept:
    """One mail with its text, without the links in it. Raises NotFound."""
    actor.must(Duty.READ)
    visible_relation(session, actor, relation_id)
    rows = mail_log.in_mail(session, relation_id, mail_id)
    if not rows:
        raise NotFound(what="mail")
    (entry,) = _entries(rows)
    body = None
    if entry.mail is not None and entry.mail.kind not in ACCESS:
        body = mail_log.body_of(session, mail_id)
    text = None if body is None else without_links(_text_in(body), entry.person.locale)
    return Kept(entry=entry, text=text)


def without_links(text: str, locale: str) -> str:
    """Every address is a key for who has the mail; nobody else gets it."""
    return ADDRESS.sub(translate(LINK, locale), text)


def _entries(rows: Sequence[Logged]) -> tuple[Entry, ...]:
    def same(one: Logged) -> tuple[int, int]:
        return (one.mail.id, 0) if one.mail is not None else (0, one.message.id)

    groups = [tuple(group) for _, group in groupby(rows, key=same)]
    return tuple(Entry(person=parts[0].person, mail=parts[0].mail, parts=parts) for parts in groups)


def _text_in(body: bytes) -> str:
    mail = message_from_bytes(body, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    part = mail.get_body(("plain",))
    return str(part.get_content()) if part is not None else ""
