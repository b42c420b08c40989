"""What was known at an instant, told by the events recorded until then and by nothing else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from onboarding.store.tables import EventRow

# Which thing an event tells of, by the fact that numbers it, and in which state it leaves it.
CERTIFICATE, RECOGNITION, RENEWAL = "certificate", "recognition", "renewal"
DECISION, FILE = "decision", "evidence"
TELLS: dict[str, tuple[str, str | None]] = {
    "certificate-reported": (CERTIFICATE, "reported"),
    "certificate-corrected": (CERTIFICATE, None),
    "certificate-verified": (CERTIFICATE, "verified"),
    "certificate-rejected": (CERTIFICATE, "rejected"),
    "certificate-revoked": (CERTIFICATE, "revoked"),
    "recognition-recorded": (RECOGNITION, "counts"),
    "recognition-rechecked": (RECOGNITION, "counts"),
    "recognition-revoked": (RECOGNITION, "revoked"),
    "renewal-reported": (RENEWAL, "waiting"),
    "renewal-accepted": (RENEWAL, "under-way"),
    "renewal-refused": (RENEWAL, "refused"),
    "renewal-delayed": (RENEWAL, None),
    "grant-given": (DECISION, "grant"),
    "grant-confirmed": (DECISION, "grant"),
    "supplier-exempted": (DECISION, "exempt"),
    "equivalent-accepted": (DECISION, "equivalent"),
    "block-decided": (DECISION, "block"),
    "block-announced": (DECISION, None),
    "block-replied": (DECISION, None),
    "block-reply-answered": (DECISION, None),
    "decision-ended": (DECISION, None),
    "evidence-uploaded": (FILE, "kept"),
    "evidence-withdrawn": (FILE, "withdrawn"),
    "personal-data-removed": (FILE, "removed"),
}
PATHWAY_STATES = {
    "pathway-drafted": "draft",
    "pathway-proposed": "proposed",
    "pathway-countered": "countered",
    "pathway-withdrawn": "draft",
    "pathway-agreed": "agreed",
    "pathway-held": "on-hold",
    "hold-ended": "agreed",
    "pathway-declined": "declined",
    "pathway-stopped": "stopped",
    "pathway-completed": "completed",
}


@dataclass(slots=True)
class Known:
    """A certificate, recognition, renewal, decision or file as it was known.

    `facts` are those of all its events, the later over the earlier; `last` is who told it last.
    """

    kind: str
    id: int
    state: str
    facts: dict[str, Any]
    first: EventRow
    last: EventRow


@dataclass(slots=True)
class KnownThen:
    """All that was known, each kind in the order in which it came to be known.

    `pathways` are the states of pathways by number, `agreed` the versions of them that both sides
    had agreed.
    """

    things: dict[tuple[str, int], Known] = field(default_factory=dict)
    pathways: dict[int, str] = field(default_factory=dict)
    agreed: set[tuple[int, int]] = field(default_factory=set)

    def of(self, kind: str) -> list[Known]:
        return [one for one in self.things.values() if one.kind == kind]


def known_then(events: Iterable[EventRow]) -> KnownThen:
    """What the events tell together, in the order in which they were recorded."""
    found = KnownThen()
    for event in events:
        if event.code in PATHWAY_STATES and event.pathway_id is not None:
            found.pathways[event.pathway_id] = PATHWAY_STATES[event.code]
        version = event.facts.get("version")
        if event.pathway_id is not None and isinstance(version, int):
            found.agreed.add((event.pathway_id, version))
        if event.code in TELLS:
            _tell(found, event)
    return found


def _tell(found: KnownThen, event: EventRow) -> None:
    kind, state = TELLS[event.code]
    id = event.facts.get(f"{kind}_id")
    if not isinstance(id, int):
        return
    known = found.things.get((kind, id))
    if known is None:
        found.things[kind, id] = Known(kind, id, state or "", dict(event.facts), event, event)
        return
    known.facts |= event.facts
    known.state, known.last = state or known.state, event


def told_by(events: Sequence[EventRow], known_from: datetime) -> EventRow | None:
    """The event with which an assessment came; None where a day, a policy or the rules brought it.

    Two at one instant are told apart by a microsecond, so the last one a moment before counts.
    """
    before = [event for event in events if event.at <= known_from]
    if before and (known_from - before[-1].at).total_seconds() < A_MOMENT:
        return before[-1]
    return None


A_MOMENT = 0.001
