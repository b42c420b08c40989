"""What outsiders are told of a change: the same in the feed and in webhooks."""

from datetime import UTC, datetime
from typing import Any

from onboarding.domain.eligibility import Reason, action
from onboarding.domain.references import own_ref
from onboarding.store.announcements import Announcement

# Block means no new orders or contracts: running ones and their invoices are untouched.
APPLIES_TO = ["new-orders"]
# The tool's own numbers behind a fact say nothing outside.
INTERNAL_FACTS = frozenset(
    {"certificate", "decision", "milestone_id", "pathway", "recognition", "renewal"}
)


def instant(at: datetime) -> str:
    """An instant in UTC: 2027-02-10T09:15:00Z."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def facts_told(one: Reason) -> dict[str, Any]:
    return {name: value for name, value in one.facts.items() if name not in INTERNAL_FACTS}


def event(one: Announcement) -> dict[str, Any]:
    """A change, for the feed and for whoever it is sent to: codes, and no words.

    Of a change of data it names the supplier only: what it is now stands under its `ref`.
    """
    named: dict[str, Any] = {
        "id": f"{one.position:012}",
        "type": one.kind,
        "occurred_at": instant(one.occurred_at),
        "ref": own_ref(one.relation_id),
        "kvk_number": one.kvk_number,
        "supplier": one.name,
    }
    if one.to_status is None:
        return named
    todo = action(one.to_status)
    return {
        **named,
        "from_status": one.from_status.value if one.from_status else None,
        "to_status": one.to_status.value,
        "action": todo.value,
        "applies_to": APPLIES_TO,
        "starts_on": one.starts_on.isoformat(),
        "reasons": [{"code": each.code, "facts": facts_told(each)} for each in one.reasons],
    }
