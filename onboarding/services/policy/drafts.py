"""A next policy before it is published: drafted, counted for what it would change, dropped."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.eligibility import Facts, differences, status_of, timeline
from onboarding.domain.errors import MoveRefused, VersionOutdated
from onboarding.domain.people import Actor, Duty
from onboarding.domain.policy import Policies, Policy
from onboarding.domain.policy_drafts import BUSY, ENDED, DraftState, with_draft
from onboarding.domain.policy_versions import publish
from onboarding.services.calendars import calendar_of
from onboarding.services.policy.policies import UnitOfWork
from onboarding.services.statuses import policies_of
from onboarding.store.facts import load_facts
from onboarding.store.policies import policy_content
from onboarding.store.policy_drafts import (
    StatusChange,
    add_changes,
    count_relations,
    draft_policy_value,
    forget_changes,
    lock_draft,
    relations_after,
    visible_draft,
)
from onboarding.store.tables import PolicyDraftRow

BATCH = 200  # suppliers in one transaction: other writers wait no longer than for these


def draft_policy(
    session: Session, actor: Actor, moment: Moment, wanted: Policy, *, seen: int
) -> PolicyDraftRow:
    """Keep `wanted` as a draft; who would change is counted from then on.

    Raises InputInvalid for a field out of its bounds, VersionOutdated where `seen` is not the last
    version any more.
    """
    actor.must(Duty.GOVERN)
    policies = policies_of(session, actor.customer_id)
    policy, _ = publish(policies, wanted, actor, moment.today)
    if seen != policy.version - 1:
        raise VersionOutdated(seen=seen, current=policy.version - 1)
    row = PolicyDraftRow(
        customer_id=actor.customer_id,
        person_id=actor.person_id,
        state=DraftState.COUNTING,
        content=policy_content(policy),
        starts_on=policy.starts_on,
        seen=seen,
        made_at=moment.now,
        total=count_relations(session, actor.customer_id),
        looked_at=0,
        last_id=0,
    )
    session.add(row)
    session.flush()
    return row


def count_again(session: Session, actor: Actor, draft_id: int) -> None:
    """Count with what is known by now. Raises MoveRefused for a draft that is busy or ended."""
    row = _locked(session, actor, draft_id)
    if row.state != DraftState.COUNTED:
        raise MoveRefused(from_state=row.state, to_state=DraftState.COUNTING.value)
    forget_changes(session, row.id)
    row.state, row.counted_at = DraftState.COUNTING, None
    row.total, row.looked_at, row.last_id = count_relations(session, row.customer_id), 0, 0


def drop_draft(session: Session, actor: Actor, moment: Moment, draft_id: int) -> None:
    """Raises MoveRefused once it is being published, or has ended."""
    row = _locked(session, actor, draft_id)
    if row.state in ENDED or row.state == DraftState.PREPARING:
        raise MoveRefused(from_state=row.state, to_state=DraftState.DROPPED.value)
    row.state, row.ended_at = DraftState.DROPPED, moment.now
    forget_changes(session, row.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counting:
    """Some suppliers, the next after `after_id`, and the policies without and with the draft."""

    after_id: int
    ids: Sequence[int]
    facts: dict[int, Facts]
    now: Policies
    then: Policies


def count_batch(unit_of_work: UnitOfWork, moment: Moment, draft_id: int) -> bool:
    """Look at the next suppliers; False where nothing was left to count.

    Two short transactions, with a fixed number of statements: no lock is held and nothing is read
    while the timelines are calculated. No more than one batch is held in memory.
    """
    with unit_of_work() as session:
        row = lock_draft(session, draft_id)
        if row.state != DraftState.COUNTING:
            return False
        now = policies_of(session, row.customer_id)
        ids = relations_after(session, row.customer_id, row.last_id, BATCH)
        counting = _Counting(
            after_id=row.last_id,
            ids=ids,
            facts=load_facts(session, ids),
            now=now,
            then=with_draft(now, draft_policy_value(row, calendar_of)),
        )
    found = _changes(counting, moment)
    with unit_of_work() as session:
        row = lock_draft(session, draft_id)
        if row.state == DraftState.COUNTING and row.last_id == counting.after_id:
            add_changes(session, row.id, found)
            row.last_id = ids[-1] if ids else row.last_id
            row.looked_at += len(ids)
            if len(ids) < BATCH:
                row.state, row.counted_at = DraftState.COUNTED, moment.now
    return True


def is_busy(row: PolicyDraftRow) -> bool:
    return row.state in BUSY


def _changes(counting: _Counting, moment: Moment) -> list[StatusChange]:
    """Whose status differs on any day from today on, and how on the first of those days."""
    found = []
    for relation_id, facts in counting.facts.items():
        before = timeline(facts, counting.now, moment.today)
        after = timeline(facts, counting.then, moment.today)
        for first in differences(before, after, status_of)[:1]:
            found.append(
                StatusChange(
                    relation_id=relation_id,
                    changes_on=first.starts_on,
                    from_status=first.before.status,
                    to_status=first.after.status,
                )
            )
    return found


def _locked(session: Session, actor: Actor, draft_id: int) -> PolicyDraftRow:
    actor.must(Duty.GOVERN)
    return visible_draft(session, actor, draft_id, lock=True)
