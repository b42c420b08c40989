"""The buying status: facts in, the whole timeline of statuses out."""

from onboarding.domain.eligibility.differing import (
    Difference,
    differences,
    in_short,
    runs,
    status_of,
)
from onboarding.domain.eligibility.facts import (
    Action,
    Facts,
    Period,
    Reason,
    Status,
    Verdict,
    action,
)
from onboarding.domain.eligibility.projection import PlannedNotice, Projection, project
from onboarding.domain.eligibility.timeline import RULES_VERSION, assess, timeline

__all__ = [
    "RULES_VERSION",
    "Action",
    "Difference",
    "Facts",
    "Period",
    "PlannedNotice",
    "Projection",
    "Reason",
    "Status",
    "Verdict",
    "action",
    "assess",
    "differences",
    "in_short",
    "project",
    "runs",
    "status_of",
    "timeline",
]
