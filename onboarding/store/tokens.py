"""API tokens: found by their hash in one prebuilt statement, and recorded."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Text, and_, bindparam, cast, or_, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from onboarding.domain.errors import NotFound
from onboarding.domain.tokens import Scope, TokenCreated, TokenRevoked
from onboarding.store.history import Record, append
from onboarding.store.prebuilt import Prebuilt
from onboarding.store.tables import ApiTokenRow

TOKENS = ApiTokenRow.__table__.c
# What tells the program, for `program_from`.
OF_PROGRAM = (
    TOKENS.id.label("token_id"),
    TOKENS.customer_id,
    TOKENS.name.label("program"),
    cast(TOKENS.scopes, Text).label("scopes"),
)
WORKS = and_(
    TOKENS.token_sha256 == bindparam("token_sha256"),
    TOKENS.revoked_at.is_(None),
    or_(TOKENS.ends_at.is_(None), TOKENS.ends_at > bindparam("now")),
)
BY_HASH = Prebuilt(select(*OF_PROGRAM).where(WORKS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """The holder of a token that works now."""

    token_id: int
    customer_id: int
    name: str
    scopes: frozenset[Scope]


def program_with(connection: Connection, token_sha256: str, now: datetime) -> Program | None:
    """Whose token it is; None for one that is unknown, revoked or over."""
    rows = BY_HASH.rows(connection, {"token_sha256": token_sha256, "now": now})
    return program_from(rows[0]) if rows else None


def program_from(row: Sequence[Any]) -> Program:
    """The holder of the token whose `OF_PROGRAM` this is."""
    token_id, customer_id, name, scopes = row
    return Program(token_id=token_id, customer_id=customer_id, name=name, scopes=_scopes(scopes))


@lru_cache
def _scopes(stored: str) -> frozenset[Scope]:
    return frozenset(Scope(scope) for scope in json.loads(stored))


def add_token(
    session: Session, change: TokenCreated, token_sha256: str, now: datetime, record: Record
) -> int:
    """The new token's id; of the token itself only the hash is kept."""
    row = ApiTokenRow(
        customer_id=record.actor.customer_id,
        name=change.name,
        prefix=change.prefix,
        token_sha256=token_sha256,
        scopes=[scope.value for scope in change.scopes],
        created_at=now,
        created_by=record.actor.person_id,
        ends_at=change.ends_at,
    )
    session.add(row)
    session.flush()
    append(session, change, record)
    return row.id


def record_revoked(
    session: Session, row: ApiTokenRow, change: TokenRevoked, now: datetime, record: Record
) -> None:
    row.revoked_at = now
    append(session, change, record)


def token_row(session: Session, customer_id: int, token_id: int) -> ApiTokenRow:
    """The token, locked. Raises NotFound, also for one of another customer."""
    row = session.scalars(
        select(ApiTokenRow)
        .where(ApiTokenRow.id == token_id, ApiTokenRow.customer_id == customer_id)
        .with_for_update()
    ).first()
    if row is None:
        raise NotFound(token=token_id)
    return row


def token_rows(session: Session, customer_id: int) -> list[ApiTokenRow]:
    """All of a customer, those that work first, then the newest."""
    return list(
        session.scalars(
            select(ApiTokenRow)
            .where(ApiTokenRow.customer_id == customer_id)
            .order_by(ApiTokenRow.revoked_at.is_not(None), ApiTokenRow.id.desc())
        )
    )


def note_use(session: Session, used: Mapping[int, datetime]) -> None:
    """When tokens were last used, gathered by whoever answers programs; a later use stays."""
    for token_id, at in sorted(used.items()):
        session.execute(
            update(ApiTokenRow)
            .where(
                ApiTokenRow.id == token_id,
                or_(ApiTokenRow.used_at.is_(None), ApiTokenRow.used_at < at),
            )
            .values(used_at=at)
        )
