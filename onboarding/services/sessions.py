"""Log-ins as rows: the cookie holds a random token, the row its hash, and log-out deletes the row.

All of it lives on real time, also where the demo's date runs ahead.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from onboarding.domain.people import Actor, Role, Side
from onboarding.store.tables import (
    ContactRow,
    LoginSessionRow,
    MembershipRow,
    OrganisationRow,
    PersonRow,
    RelationRow,
)

LASTS = timedelta(hours=12)
# Built once: they run with every page.
OF_TOKEN = (
    select(LoginSessionRow, PersonRow)
    .join(PersonRow, PersonRow.id == LoginSessionRow.person_id)
    .where(
        LoginSessionRow.token_sha256 == bindparam("token"),
        LoginSessionRow.ends_at > bindparam("now"),
    )
)
ROLES = select(MembershipRow.role).where(
    MembershipRow.person_id == bindparam("person_id"),
    MembershipRow.organisation_id == bindparam("customer_id"),
    MembershipRow.ended_at.is_(None),
)
AS_CONTACT = (
    select(ContactRow.role, RelationRow.customer_id)
    .join(RelationRow, RelationRow.id == ContactRow.relation_id)
    .where(
        ContactRow.person_id == bindparam("person_id"),
        ContactRow.relation_id == bindparam("relation_id"),
        ContactRow.retired_at.is_(None),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIn:
    """Somebody with a running log-in, as read for one request.

    On the customer's side `customer_id` and `roles` are set; on the supplier's side both follow
    from the relation that a page is about.
    """

    person_id: int
    name: str
    email: str
    locale: str
    side: Side
    customer_id: int | None = None
    organisation: str = ""
    roles: frozenset[Role] = frozenset()

    def actor(self) -> Actor:
        """The actor on the customer's side."""
        assert self.side is Side.BUYER and self.customer_id is not None
        return Actor(
            customer_id=self.customer_id,
            person_id=self.person_id,
            side=Side.BUYER,
            roles=self.roles,
        )


def sha256(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(
    session: Session, now: datetime, person_id: int, side: Side, customer_id: int | None = None
) -> str:
    """A new log-in of twelve hours; returns the token for the cookie."""
    token = secrets.token_urlsafe(32)
    session.add(
        LoginSessionRow(
            token_sha256=sha256(token),
            person_id=person_id,
            side=side,
            customer_id=customer_id,
            started_at=now,
            seen_at=now,
            ends_at=now + LASTS,
        )
    )
    session.flush()
    return token


def find_logged_in(session: Session, now: datetime, token: str) -> LoggedIn | None:
    """Whose log-in the token is; None when it ended or the person no longer has a role."""
    found = session.execute(OF_TOKEN, {"token": sha256(token), "now": now}).tuples().first()
    if found is None:
        return None
    row, person = found
    side = Side(row.side)
    roles: frozenset[Role] = frozenset()
    organisation = ""
    if side is Side.BUYER:
        assert row.customer_id is not None
        roles = roles_of(session, person.id, row.customer_id)
        if not roles:
            return None
        organisation = session.get_one(OrganisationRow, row.customer_id).name
    return LoggedIn(
        person_id=person.id,
        name=person.name,
        email=person.email or "",
        locale=person.locale,
        side=side,
        customer_id=row.customer_id,
        organisation=organisation,
        roles=roles,
    )


def close_session(session: Session, token: str) -> None:
    """Log out: the token is worth nothing any more."""
    session.execute(delete(LoginSessionRow).where(LoginSessionRow.token_sha256 == sha256(token)))


def close_sessions_of(session: Session, person_id: int, side: Side | None = None) -> None:
    """Log somebody out everywhere, on one side or on both."""
    statement = delete(LoginSessionRow).where(LoginSessionRow.person_id == person_id)
    if side is not None:
        statement = statement.where(LoginSessionRow.side == side)
    session.execute(statement)


def roles_of(session: Session, person_id: int, customer_id: int) -> frozenset[Role]:
    """The roles that a person holds in a customer organisation now."""
    rows = session.scalars(ROLES, {"person_id": person_id, "customer_id": customer_id})
    return frozenset(Role(role) for role in rows)


def contact_actor(session: Session, person_id: int, relation_id: int) -> Actor | None:
    """The actor for a contact of the relation; None for anybody else."""
    asked = {"person_id": person_id, "relation_id": relation_id}
    found = session.execute(AS_CONTACT, asked).tuples().first()
    if found is None:
        return None
    role, customer_id = found
    return Actor(
        customer_id=customer_id,
        person_id=person_id,
        side=Side.SUPPLIER,
        roles=frozenset({Role(role)}),
        relation_id=relation_id,
    )


def relations_of(session: Session, person_id: int) -> list[RelationRow]:
    """The relations of which somebody is a contact, those that have not ended first."""
    return list(
        session.scalars(
            select(RelationRow)
            .join(ContactRow, ContactRow.relation_id == RelationRow.id)
            .where(ContactRow.person_id == person_id, ContactRow.retired_at.is_(None))
            .order_by(RelationRow.ended_on.is_not(None), RelationRow.sort_name, RelationRow.id)
        )
    )
