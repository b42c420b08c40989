"""Keys for programs: what each may do, and how long."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from onboarding.domain.changes import Change
from onboarding.domain.errors import InputInvalid, MoveRefused
from onboarding.domain.identifiers import name_from
from onboarding.domain.people import Actor, Duty

# What a token begins with, so that one that leaked can be recognised.
TOKEN_PREFIX = "onb_"
SHOWN_OF_IT = 12
USUAL_LIFE = timedelta(days=365)
LONGEST_LIFE = timedelta(days=5 * 365)


class Scope(StrEnum):
    """What a token lets a program do."""

    ELIGIBILITY_READ = "eligibility:read"
    EVENTS_READ = "events:read"
    SUPPLIERS_READ = "suppliers:read"
    SUPPLIERS_WRITE = "suppliers:write"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenCreated(Change):
    """`prefix` is what may be shown of it."""

    code: ClassVar[str] = "token-created"
    name: str
    prefix: str
    scopes: tuple[Scope, ...]
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRevoked(Change):
    code: ClassVar[str] = "token-revoked"
    token_id: int
    name: str


def create(
    *,
    name: str,
    scopes: tuple[Scope, ...],
    prefix: str,
    ends_at: datetime,
    actor: Actor,
    now: datetime,
) -> TokenCreated:
    """An admin lets a program in. Raises InputInvalid."""
    actor.must(Duty.ADMINISTER)
    if not scopes:
        raise InputInvalid(field="scopes", reason="required")
    if ends_at <= now:
        raise InputInvalid(field="ends_on", reason="too-early", earliest=now.date().isoformat())
    if ends_at > now + LONGEST_LIFE:
        latest = (now + LONGEST_LIFE).date().isoformat()
        raise InputInvalid(field="ends_on", reason="too-late", latest=latest)
    return TokenCreated(
        name=name_from(name),
        prefix=prefix,
        scopes=tuple(scope for scope in Scope if scope in scopes),
        ends_at=ends_at,
    )


def revoke(token_id: int, name: str, is_revoked: bool, actor: Actor) -> TokenRevoked:
    actor.must(Duty.ADMINISTER)
    if is_revoked:
        raise MoveRefused(from_state="revoked", to_state="revoked")
    return TokenRevoked(token_id=token_id, name=name)
