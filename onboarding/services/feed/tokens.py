"""Keys for programs: created by an admin and shown once, listed and revoked.

They live on real time, also where the demo's date runs ahead: `now` is that instant.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain import tokens
from onboarding.domain.people import Actor, Duty, Role, Side
from onboarding.domain.tokens import SHOWN_OF_IT, TOKEN_PREFIX, USUAL_LIFE, Scope
from onboarding.services.sessions import sha256
from onboarding.store.contacts import names_of
from onboarding.store.history import Record
from onboarding.store.tables import ApiTokenRow
from onboarding.store.tokens import (
    Program,
    add_token,
    program_with,
    record_revoked,
    token_row,
    token_rows,
)


def create_token(
    session: Session,
    actor: Actor,
    moment: Moment,
    now: datetime,
    *,
    name: str,
    scopes: Iterable[Scope],
    ends_at: datetime | None = None,
) -> str:
    """A new token, which nobody can read again; without an end it works for a year."""
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    created = tokens.create(
        name=name,
        scopes=tuple(scopes),
        prefix=token[:SHOWN_OF_IT],
        ends_at=ends_at or now + USUAL_LIFE,
        actor=actor,
        now=now,
    )
    record = Record(actor=actor, moment=moment, is_shared=False)
    add_token(session, created, sha256(token), now, record)
    return token


def revoke_token(
    session: Session, actor: Actor, moment: Moment, now: datetime, token_id: int
) -> str:
    """The token works no more; returns its name. Raises NotFound, MoveRefused."""
    row = token_row(session, actor.customer_id, token_id)
    revoked = tokens.revoke(row.id, row.name, row.revoked_at is not None, actor)
    record = Record(actor=actor, moment=moment, is_shared=False)
    record_revoked(session, row, revoked, now, record)
    return row.name


def list_tokens(session: Session, actor: Actor) -> list[ApiTokenRow]:
    actor.must(Duty.ADMINISTER)
    return token_rows(session, actor.customer_id)


def makers_of(session: Session, rows: Iterable[ApiTokenRow]) -> dict[int, str]:
    """The names of who made them, by id; on the machine itself nobody is named."""
    return names_of(session, [row.created_by for row in rows if row.created_by is not None])


def find_program(connection: Connection, now: datetime, token: str) -> Program | None:
    """Whose token it is; None for one that does not work."""
    if not token.startswith(TOKEN_PREFIX):
        return None
    return program_with(connection, sha256(token), now)


def program_actor(program: Program) -> Actor:
    """A program acts for its customer, as no person, in the roles of its scopes."""
    role = Role.BUYER if Scope.SUPPLIERS_WRITE in program.scopes else Role.READER
    return Actor(
        customer_id=program.customer_id,
        person_id=None,
        side=Side.BUYER,
        roles=frozenset({role}),
    )


def operator(customer_id: int) -> Actor:
    """Whoever may type commands on the machine itself."""
    return Actor(
        customer_id=customer_id, person_id=None, side=Side.BUYER, roles=frozenset({Role.ADMIN})
    )
