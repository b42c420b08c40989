"""Reads a draft of a policy for a page: how far it is, and what it would change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from onboarding.domain.eligibility import Status
from onboarding.domain.people import Actor, Duty
from onboarding.domain.policy import Policy
from onboarding.domain.policy_drafts import BUSY, ENDED, DraftState
from onboarding.domain.policy_versions import differences
from onboarding.services.calendars import calendar_of
from onboarding.services.statuses import policies_of
from onboarding.store.contacts import names_of
from onboarding.store.policy_drafts import (
    PER_PAGE,
    ChangeLine,
    Transition,
    change_lines,
    draft_policy_value,
    transitions,
    visible_draft,
)
from onboarding.store.tables import PolicyDraftRow


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftView:
    """A draft, what differs from the last version, and one page of who would change.

    `only` is the transition that the list is narrowed to.
    """

    row: PolicyDraftRow
    by: str
    policy: Policy
    changed: tuple[str, ...]
    transitions: tuple[Transition, ...]
    lines: Sequence[ChangeLine]
    only: tuple[str, str] | None
    page: int
    pages: int

    @property
    def state(self) -> DraftState:
        return DraftState(self.row.state)

    @property
    def is_busy(self) -> bool:
        return self.state in BUSY

    @property
    def count(self) -> int:
        return sum(one.count for one in self.transitions)

    @property
    def spend(self) -> Decimal:
        return sum((one.spend for one in self.transitions), Decimal(0))

    @property
    def first_on(self) -> date | None:
        return min((one.first_on for one in self.transitions), default=None)


def read_draft(
    session: Session, actor: Actor, draft_id: int, only: str = "", page: int = 1
) -> DraftView:
    """`only` is a transition as `from:to`. Raises NotFound."""
    actor.must(Duty.GOVERN)
    row = visible_draft(session, actor, draft_id)
    policy = draft_policy_value(row, calendar_of)
    versions = policies_of(session, actor.customer_id).versions
    before = next((one for one in versions if one.version == row.seen), None)
    found = transitions(session, row) if row.state not in ENDED else []
    wanted = _pair(only, found)
    shown = sum(one.count for one in found if wanted in (None, (one.from_status, one.to_status)))
    pages = max(-(-shown // PER_PAGE), 1)
    page = min(max(page, 1), pages)
    return DraftView(
        row=row,
        by=names_of(session, [row.person_id])[row.person_id],
        policy=policy,
        changed=differences(before, policy) if before else (),
        transitions=tuple(found),
        lines=change_lines(session, row, wanted, page),
        only=wanted,
        page=page,
        pages=pages,
    )


def _pair(only: str, found: Sequence[Transition]) -> tuple[str, str] | None:
    before, _, after = only.partition(":")
    known = {(one.from_status, one.to_status) for one in found}
    return (before, after) if (before, after) in known else None


def is_worse(one: Transition) -> bool:
    return Status(one.to_status).rank() > Status(one.from_status).rank()
