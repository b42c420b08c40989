"""Seals: what happened is chained by hash, so that a later change of it can be seen.

Each row of the history carries the SHA-256 over itself and the seal before it. Words of people can
lawfully be removed, so a seal holds a salted digest of what can hold them, kept beside the row:
with the salt gone nobody can try out what stood there, and the chain still closes.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from onboarding.domain.agreements import canonical_json, sha256

GENESIS = "0" * 64  # what the first row of a chain follows
WHOLE = 0  # the chain of what concerns the customer and none of its suppliers


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where a chain ends: how many rows it has and the seal of the last one."""

    length: int = 0
    sha256: str = GENESIS


@dataclass(frozen=True, slots=True, kw_only=True)
class Resealed:
    """A row that lost a text, and the digest of what is left of it; one of the two is its id."""

    event: int | None = None
    assessment: int | None = None
    sha256: str


def new_salt() -> str:
    return secrets.token_hex(16)


def digest(salt: str, content: Any) -> str:
    """The digest of JSON values that nobody can guess at without the salt."""
    return hashlib.sha256(f"{salt}:{canonical_json(_plain(content))}".encode()).hexdigest()


def event_seal(previous: str, event: Mapping[str, Any]) -> str:
    """The seal of an event: all of it but its facts, of which it holds the digest.

    `event` names its columns. Not `relation_id`, which a merge changes: `chain` is the relation
    that it happened to.
    """
    return _seal(previous, {name: event[name] for name in SEALED})


SEALED = (
    "customer_id",
    "chain",
    "position",
    "pathway_id",
    "milestone_id",
    "code",
    "facts_sha256",
    "at",
    "on",
    "actor_id",
    "actor_side",
    "channel",
    "said_on",
    "said_by",
    "is_shared",
)


def assessment_seal(previous: str, assessment: Mapping[str, Any]) -> str:
    """The seal of an assessment; what its periods tell is in it as a digest."""
    return _seal(previous, {name: assessment[name] for name in SEALED_OF_ASSESSMENT})


SEALED_OF_ASSESSMENT = (
    "relation_id",
    "number",
    "starts_on",
    "known_from",
    "rules_version",
    "periods_sha256",
)


def periods_content(periods: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The periods of an assessment, in the order of their days, as JSON values."""
    return [{name: _plain(period[name]) for name in PERIOD} for period in periods]


PERIOD = ("starts_on", "ends_on", "status", "reasons", "warnings", "policy_version")


def _seal(previous: str, content: Mapping[str, Any]) -> str:
    return sha256(canonical_json({"previous": previous, **_plain(content)}))


def _plain(value: Any) -> Any:
    """One form for one value, whichever database it comes from."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return int(value)  # 5.0 comes back from a database as 5
        case Mapping():
            return {name: _plain(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case _:
            return value
