"""Getting in and keeping one's own account: passwords, mailed links, language and phone.

Somebody without an account gets the same answers, for the same work, as somebody with one.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.access import LinkInvalid, LinkPurpose, LogInRefused
from onboarding.domain.identifiers import name_from
from onboarding.domain.people import Side
from onboarding.services import throttling
from onboarding.services.links import FOR_SUPPLIERS, Entry, drop_links, mail_link, spend_link
from onboarding.services.sessions import (
    close_sessions_of,
    open_session,
    relations_of,
    roles_of,
)
from onboarding.store.tables import (
    CalendarFeedRow,
    ContactRow,
    LoginAttemptRow,
    LoginLinkRow,
    LoginSessionRow,
    MembershipRow,
    OrganisationRow,
    PersonRow,
    RelationRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """A try to log in with a password, between looking up and letting in."""

    try_ids: list[int]
    person_id: int | None
    customer_id: int | None
    password_hash: str | None


def as_address(email: str) -> str:
    """An address as it is stored and compared."""
    return email.strip().lower()


def try_password(session: Session, entry: Entry, email: str, client: str) -> Try:
    """Count the try and look up what to compare with. Raises TooManyTries.

    The comparing itself takes long and happens outside of any transaction.
    """
    address = as_address(email)
    try_ids = throttling.note_try(session, entry.now, entry.secret_key, "password", address, client)
    found = session.execute(_users().where(PersonRow.email == address).limit(1)).first()
    if found is None:
        return Try(try_ids=try_ids, person_id=None, customer_id=None, password_hash=None)
    person, customer_id = found
    return Try(
        try_ids=try_ids,
        person_id=person.id,
        customer_id=customer_id,
        password_hash=person.password_hash,
    )


def let_in(session: Session, entry: Entry, tried: Try, rehashed: str | None = None) -> str:
    """The password was right: returns the token of a new log-in on the customer's side.

    `rehashed` replaces a hash that was made with less work than we ask now. Raises LogInRefused
    where the password or the role changed while the comparing went on: a log-in with the old one
    would outlive the change.
    """
    if tried.person_id is None or tried.customer_id is None:
        raise LogInRefused
    person = session.get_one(
        PersonRow, tried.person_id, with_for_update={"key_share": True}, populate_existing=True
    )
    has_role = bool(roles_of(session, person.id, tried.customer_id))
    if person.password_hash != tried.password_hash or not has_role:
        raise LogInRefused
    throttling.note_success(session, tried.try_ids)
    if rehashed is not None:
        person.password_hash = rehashed
    return open_session(session, entry.now, tried.person_id, Side.BUYER, tried.customer_id)


def ask_portal_link(
    session: Session,
    entry: Entry,
    moment: Moment,
    email: str,
    client: str,
    after: str | None = None,
) -> None:
    """Mail a log-in link, where somebody on a supplier's side has the address."""
    address = as_address(email)
    throttling.note_try(session, entry.now, entry.secret_key, "link", address, client)
    found = session.execute(
        select(PersonRow.id, RelationRow.customer_id)
        .join(ContactRow, ContactRow.person_id == PersonRow.id)
        .join(RelationRow, RelationRow.id == ContactRow.relation_id)
        .where(PersonRow.email == address, ContactRow.retired_at.is_(None))
        .order_by(RelationRow.id)
        .limit(1)
    ).first()
    _mail_or_pretend(
        session, entry, moment, LinkPurpose.LOGIN, (found[0], found[1]) if found else None, after
    )


def ask_password_link(
    session: Session, entry: Entry, moment: Moment, email: str, client: str
) -> None:
    """Mail a link to choose a password, where somebody on the customer's side has the address."""
    address = as_address(email)
    throttling.note_try(session, entry.now, entry.secret_key, "link", address, client)
    found = session.execute(_users().where(PersonRow.email == address).limit(1)).first()
    whom = (found[0].id, found[1]) if found else None
    _mail_or_pretend(session, entry, moment, LinkPurpose.PASSWORD, whom)


def _mail_or_pretend(
    session: Session,
    entry: Entry,
    moment: Moment,
    purpose: LinkPurpose,
    whom: tuple[int, int] | None,
    after: str | None = None,
) -> None:
    """For an unknown address the same is written as for a known one, and taken back at once.

    So neither the answer nor the time that it takes tells whether somebody has the address.
    """
    known = whom is not None
    if whom is None:
        a_customer = select(func.min(OrganisationRow.id)).where(OrganisationRow.is_customer)
        person_id, customer_id = session.execute(
            select(func.min(PersonRow.id), a_customer.scalar_subquery())
        ).one()
        if person_id is None or customer_id is None:
            return
        whom = (person_id, customer_id)
    else:
        session.execute(select(PersonRow.id).where(PersonRow.id == whom[0]))
    with session.begin_nested() as attempt:
        mail_link(session, entry, moment, whom[1], whom[0], purpose, after=after)
        if not known:
            attempt.rollback()


def enter_by_link(session: Session, entry: Entry, token: str) -> tuple[str, int | None]:
    """Spend a supplier's link: the token of a new log-in, and the relation it was about.

    Raises LinkInvalid, also for somebody who is nobody's contact any more.
    """
    link, person = spend_link(session, entry.now, token, *FOR_SUPPLIERS)
    if not relations_of(session, person.id):
        raise LinkInvalid
    return open_session(session, entry.now, person.id, Side.SUPPLIER), link.relation_id


def choose_password(session: Session, entry: Entry, token: str, password_hash: str) -> str:
    """Spend a link to choose a password; logs out everywhere and in here: a new log-in's token.

    Raises LogInRefused where the person has no role any more.
    """
    _, person = spend_link(session, entry.now, token, LinkPurpose.PASSWORD)
    found = session.execute(_users().where(PersonRow.id == person.id).limit(1)).first()
    if found is None:
        raise LogInRefused
    person.password_hash = password_hash
    drop_links(session, entry.now, person.id, LinkPurpose.PASSWORD)
    close_sessions_of(session, person.id, Side.BUYER)
    return open_session(session, entry.now, person.id, Side.BUYER, found[1])


def change_password(
    session: Session, entry: Entry, person_id: int, customer_id: int, password_hash: str
) -> str:
    """A new password ends all other log-ins; returns the token of the one to go on with."""
    session.get_one(PersonRow, person_id).password_hash = password_hash
    drop_links(session, entry.now, person_id, LinkPurpose.PASSWORD)
    close_sessions_of(session, person_id, Side.BUYER)
    return open_session(session, entry.now, person_id, Side.BUYER, customer_id)


def change_profile(
    session: Session, person_id: int, *, name: str, phone: str | None, locale: str
) -> None:
    """What somebody may change about themselves. Raises InputInvalid for a name that is none."""
    person = session.get_one(PersonRow, person_id)
    person.name, person.locale = name_from(name), locale
    person.phone = " ".join((phone or "").split()) or None


def forget_old_access(session: Session, now: datetime) -> None:
    """Remove log-ins, links and calendars' addresses that are over, and tries of long ago."""
    session.execute(delete(LoginSessionRow).where(LoginSessionRow.ends_at < now))
    session.execute(delete(LoginLinkRow).where(LoginLinkRow.ends_at < now - throttling.KEPT))
    session.execute(delete(LoginAttemptRow).where(LoginAttemptRow.at < now - throttling.KEPT))
    session.execute(delete(CalendarFeedRow).where(CalendarFeedRow.ended_at < now - throttling.KEPT))


def _users() -> Select[tuple[PersonRow, int]]:
    return (
        select(PersonRow, MembershipRow.organisation_id)
        .join(MembershipRow, MembershipRow.person_id == PersonRow.id)
        .where(MembershipRow.ended_at.is_(None))
        .order_by(MembershipRow.organisation_id)
    )
