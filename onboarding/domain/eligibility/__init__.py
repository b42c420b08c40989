"""The buying status: facts in, the whole timeline of statuses out."""

from onboarding.domain.eligibility.facts import (
    Action,
    Facts,
    Period,
    Reason,
    Status,
    Verdict,
    action,
)
from onboarding.domain.eligibility.timeline import RULES_VERSION, assess, foresee, timeline

__all__ = [
    "RULES_VERSION",
    "Action",
    "Facts",
    "Period",
    "Reason",
    "Status",
    "Verdict",
    "action",
    "assess",
    "foresee",
    "timeline",
]
