"""Agreements: numbered, immutable versions with a canonical content and its hash."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onboarding.domain.changes import as_json
from onboarding.domain.people import Channel, Side
from onboarding.domain.plans import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who agreed for a side, in which function, when (an instant) and through which channel.

    `person_id` names the one who agreed; `recorded_by` the buyer who wrote it down, if another.
    """

    side: Side
    person_id: int
    function: str
    signed_at: datetime
    channel: Channel = Channel.PORTAL
    recorded_by: int | None = None


def content(
    *,
    pathway_id: int,
    version: int,
    plan: Plan,
    signatures: tuple[Signature, ...],
) -> dict[str, Any]:
    """What was agreed, as JSON values; people are named by id only."""
    return {
        "pathway": pathway_id,
        "version": version,
        "plan": as_json(plan),
        "agreed_by": [as_json(one) for one in sorted(signatures, key=lambda one: one.side.value)],
    }


def canonical_json(value: Any) -> str:
    """One text for one value: keys sorted, no spaces, characters as they are.

    After RFC 8785 for what we store: strings, whole numbers, booleans, lists and objects.
    """
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def sha256(text: str) -> str:
    """The hash of a canonical text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
