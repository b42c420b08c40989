"""What decides the buying status, and what comes out."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from onboarding.domain.certificates import Certificate, Recognition, Renewal
from onboarding.domain.decisions import Decision
from onboarding.domain.pathways import Pathway

END_OF_TIME = date(9999, 12, 31)


class Status(StrEnum):
    """Whether a buyer may buy, best to worst."""

    PREFERRED = "preferred"
    ELIGIBLE = "eligible"
    CONDITIONAL = "conditional"
    OUT_OF_SCOPE = "out-of-scope"
    UNDECIDED = "undecided"
    AT_RISK = "at-risk"
    INELIGIBLE = "ineligible"

    def rank(self) -> int:
        """0 for the best status."""
        return tuple(Status).index(self)


class Action(StrEnum):
    """What a purchasing system does with a new order."""

    ALLOW = "allow"
    WARN = "warn"
    BLOCK = "block"


def action(status: Status) -> Action:
    match status:
        case Status.INELIGIBLE:
            return Action.BLOCK
        case Status.AT_RISK | Status.UNDECIDED:
            return Action.WARN
        case _:
            return Action.ALLOW


@dataclass(frozen=True, slots=True)
class Reason:
    """A permanent code and the facts behind it, JSON values; days in ISO 8601.

    Warnings have the same shape. `sort_on` orders instances of one line, earliest first.
    """

    code: str
    facts: dict[str, Any] = field(default_factory=dict)
    sort_on: date = field(default=date.min, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that decides one relation's status, as known now; it holds from today on.

    `enrolled_on` is None for a relation that no buyer enrolled, or that was taken out again.
    `ended_on` is the first day on which the relation is over.
    """

    kvk_number: str | None = None
    former_kvk_numbers: tuple[str, ...] = ()
    enrolled_on: date | None = None
    ended_on: date | None = None
    certificates: tuple[Certificate, ...] = ()
    recognitions: tuple[Recognition, ...] = ()
    renewals: tuple[Renewal, ...] = ()
    decisions: tuple[Decision, ...] = ()
    pathways: tuple[Pathway, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What holds on one day."""

    status: Status
    reasons: tuple[Reason, ...]
    warnings: tuple[Reason, ...]
    policy_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days, both inclusive, on which one verdict holds; the last ends on 9999-12-31."""

    starts_on: date
    ends_on: date
    verdict: Verdict

    @property
    def status(self) -> Status:
        return self.verdict.status
