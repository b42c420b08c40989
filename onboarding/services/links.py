"""Mailed links: made and owed together, shown by GET, spent by POST, once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.access import LASTS, LinkInvalid, LinkPurpose, link_occasion, link_token
from onboarding.domain.messages import MessageKind
from onboarding.services.mail.messages import Owed, owe
from onboarding.services.sessions import sha256
from onboarding.store.tables import LoginLinkRow, PersonRow

FOR_SUPPLIERS = (LinkPurpose.LOGIN, LinkPurpose.INVITATION)
KINDS = {
    LinkPurpose.LOGIN: MessageKind.LOGIN_LINK,
    LinkPurpose.INVITATION: MessageKind.INVITATION,
    LinkPurpose.PASSWORD: MessageKind.PASSWORD_LINK,
}

LINKS: Table = LoginLinkRow.__table__  # type: ignore[assignment]
MAKE = insert(LINKS).returning(LINKS.c.id, sort_by_parameter_order=True)
GIVE_TOKEN = (
    update(LINKS).where(LINKS.c.id == bindparam("number")).values(token_sha256=bindparam("hash"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the use cases need to know of the door: the secret of the installation, and real time.

    Links and log-ins live on `now`, also where the demo's date runs ahead.
    """

    secret_key: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One link to make: whose, what for, and what it is about."""

    person_id: int
    purpose: LinkPurpose
    relation_id: int | None = None
    milestone_id: int | None = None


def make_links(
    session: Session, entry: Entry, wanted: Sequence[Wanted], lasts: timedelta | None = None
) -> list[LoginLinkRow]:
    """A link for each, in their order; stored are the hashes of their tokens."""
    links: list[dict[str, Any]] = [
        {
            # The token follows from the number, which the database gives; until then, a stand-in.
            "token_sha256": sha256(f"{entry.now.isoformat()} {place} {one}"),
            "person_id": one.person_id,
            "purpose": one.purpose,
            "relation_id": one.relation_id,
            "milestone_id": one.milestone_id,
            "made_at": entry.now,
            "ends_at": entry.now + (lasts or LASTS[one.purpose]),
        }
        for place, one in enumerate(wanted)
    ]
    if not links:
        return []
    session.flush()
    connection = session.connection()
    numbers = list(connection.execute(MAKE, links).scalars())
    tokens = [
        {"number": number, "hash": sha256(link_token(entry.secret_key, number, entry.now))}
        for number in numbers
    ]
    connection.execute(GIVE_TOKEN, tokens)
    return [
        LoginLinkRow(**{**link, "id": token["number"], "token_sha256": token["hash"]})
        for link, token in zip(links, tokens, strict=True)
    ]


def make_link(
    session: Session,
    entry: Entry,
    person_id: int,
    purpose: LinkPurpose,
    *,
    relation_id: int | None = None,
    lasts: timedelta | None = None,
) -> tuple[int, str]:
    """A link and its token."""
    wanted = Wanted(person_id=person_id, purpose=purpose, relation_id=relation_id)
    (link,) = make_links(session, entry, [wanted], lasts)
    return link.id, link_token(entry.secret_key, link.id, entry.now)


def mail_link(
    session: Session,
    entry: Entry,
    moment: Moment,
    customer_id: int,
    person_id: int,
    purpose: LinkPurpose,
    *,
    relation_id: int | None = None,
    lasts: timedelta | None = None,
    after: str | None = None,
    about: str | None = None,
    more: Mapping[str, Any] | None = None,
) -> int:
    """Owe somebody a mail with a link; the ledger holds the link's number, never its token.

    `about` makes it go once for the same occasion; without it each call is an occasion of its
    own. `more` are facts beside those of the link.
    """
    link_id, _ = make_link(session, entry, person_id, purpose, relation_id=relation_id, lasts=lasts)
    span = lasts or LASTS[purpose]
    facts = {
        **(more or {}),
        "link_id": link_id,
        "minutes": int(span.total_seconds()) // 60,
        "next": after,
    }
    owed = Owed(
        kind=KINDS[purpose],
        about=about or link_occasion(link_id, entry.now),
        facts={name: value for name, value in facts.items() if value is not None},
        relation_id=relation_id,
    )
    owe(session, moment, customer_id, owed, [person_id])
    return link_id


def find_link(
    session: Session, now: datetime, token: str, *purposes: LinkPurpose
) -> tuple[LoginLinkRow, PersonRow]:
    """A link that still works and whose it is; changes nothing. Raises LinkInvalid."""
    found = session.execute(
        select(LoginLinkRow, PersonRow)
        .join(PersonRow, PersonRow.id == LoginLinkRow.person_id)
        .where(
            LoginLinkRow.token_sha256 == sha256(token),
            LoginLinkRow.purpose.in_(purposes),
            LoginLinkRow.spent_at.is_(None),
            LoginLinkRow.ends_at > now,
        )
    ).first()
    if found is None:
        raise LinkInvalid
    link, person = found
    return link, person


def spend_link(
    session: Session, now: datetime, token: str, *purposes: LinkPurpose
) -> tuple[LoginLinkRow, PersonRow]:
    """Use the link up; of two who try at once, one gets in. Raises LinkInvalid."""
    link, person = find_link(session, now, token, *purposes)
    spent = session.execute(
        update(LoginLinkRow)
        .where(LoginLinkRow.id == link.id, LoginLinkRow.spent_at.is_(None))
        .values(spent_at=now)
        .returning(LoginLinkRow.id)
    ).all()
    if not spent:
        raise LinkInvalid
    return link, person


def drop_links(
    session: Session,
    now: datetime,
    person_id: int,
    *purposes: LinkPurpose,
    relation_id: int | None = None,
) -> None:
    """What was mailed before works no more; with `relation_id`, only what was about that one."""
    statement = update(LoginLinkRow).where(
        LoginLinkRow.person_id == person_id,
        LoginLinkRow.purpose.in_(purposes),
        LoginLinkRow.spent_at.is_(None),
    )
    if relation_id is not None:
        statement = statement.where(LoginLinkRow.relation_id == relation_id)
    session.execute(statement.values(spent_at=now))
