"""Publishes a drafted policy: prepared in batches, and then there for all at one instant.

While it is prepared everybody reads and writes under the present policy. A relation about which
something is recorded meanwhile is prepared again; the last step, which makes all visible, begins
when nothing but what just arrived is left to prepare.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.changes import as_json
from onboarding.domain.eligibility import Facts, Period, timeline
from onboarding.domain.errors import DomainError, MoveRefused, VersionOutdated
from onboarding.domain.people import Actor, Duty, Side
from onboarding.domain.policy import Policies
from onboarding.domain.policy_drafts import DraftState, with_draft
from onboarding.domain.policy_versions import publish
from onboarding.services.announcements import announce_days, is_day_to_announce
from onboarding.services.calendars import calendar_of
from onboarding.services.policies import UnitOfWork, publish_policy
from onboarding.services.policy_drafts import BATCH
from onboarding.services.sessions import roles_of
from onboarding.services.statuses import policies_of
from onboarding.store.assessments import from_day, last_assessments
from onboarding.store.facts import load_facts
from onboarding.store.policy_drafts import (
    count_relations,
    draft_policy_value,
    forget_changes,
    lock_draft,
    visible_draft,
)
from onboarding.store.prepared import (
    Prepared,
    add_prepared,
    claim_relations,
    count_prepared,
    lock_all_relations,
    make_visible,
    unprepared,
)
from onboarding.store.relations import lock_relations
from onboarding.store.suppliers import lock_customer
from onboarding.store.tables import PolicyDraftRow

JUST_ARRIVED = 10  # suppliers that the last step prepares itself


def begin_publishing(session: Session, actor: Actor, moment: Moment, draft_id: int) -> None:
    """From now on it is prepared, in the name of the actor.

    Raises MoveRefused for a draft that was not counted, InputInvalid where its day has come,
    VersionOutdated where somebody published meanwhile.
    """
    actor.must(Duty.GOVERN)
    row = visible_draft(session, actor, draft_id, lock=True)
    if row.state != DraftState.COUNTED:
        raise MoveRefused(from_state=row.state, to_state=DraftState.PREPARING.value)
    policies = policies_of(session, row.customer_id)
    policy, _ = publish(policies, draft_policy_value(row, calendar_of), actor, moment.today)
    if policy.version - 1 != row.seen:
        raise VersionOutdated(seen=row.seen, current=policy.version - 1)
    assert actor.person_id is not None
    row.state, row.person_id = DraftState.PREPARING, actor.person_id
    row.total, row.looked_at = count_relations(session, row.customer_id), 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """What preparing some relations takes; `claims` and `stored` are by relation."""

    claims: dict[int, int]
    facts: dict[int, Facts]
    stored: dict[int, tuple[Period, ...]]
    policies: Policies


def prepare_batch(unit_of_work: UnitOfWork, moment: Moment, draft_id: int) -> bool:
    """The next suppliers, or the moment itself; False where nothing was to be done.

    Two short transactions for a batch: what is known is read under the locks, in the order of the
    ids; the timelines are calculated while no lock is held; then they are stored.
    """
    with unit_of_work() as session:
        row = lock_draft(session, draft_id)
        if row.state != DraftState.PREPARING:
            return False
        ids = unprepared(session, row, moment.today, BATCH)
        if not ids and is_day_to_announce(session, moment):
            announce_days(session, moment)  # what days brought under the present policy goes first
            return True
        if not ids:
            _publish_at_once(session, moment, row)
            return True
        claimed = _claim(session, moment, row, ids)
    found = _prepared(claimed, moment)
    with unit_of_work() as session:
        row = lock_draft(session, draft_id)
        if row.state == DraftState.PREPARING:
            add_prepared(session, found)
            row.looked_at = min(count_prepared(session, row.id), row.total)
    return True


def _claim(session: Session, moment: Moment, row: PolicyDraftRow, ids: Sequence[int]) -> Claimed:
    lock_relations(session, ids)
    draft = draft_policy_value(row, calendar_of)
    stored = last_assessments(session, ids)
    return Claimed(
        claims=claim_relations(session, row.id, ids, moment.today),
        facts=load_facts(session, ids),
        stored={relation_id: periods for relation_id, (_, periods) in stored.items()},
        policies=with_draft(policies_of(session, row.customer_id), draft),
    )


def _prepared(claimed: Claimed, moment: Moment) -> list[Prepared]:
    found = []
    for relation_id, facts in claimed.facts.items():
        periods = timeline(facts, claimed.policies, moment.today)
        stored = from_day(claimed.stored.get(relation_id, ()), moment.today)
        is_new = stored != periods
        found.append(Prepared(claim=claimed.claims[relation_id], periods=periods if is_new else ()))
    return found


def _publish_at_once(session: Session, moment: Moment, row: PolicyDraftRow) -> None:
    """Under the locks of all: what just arrived is prepared, and then all is stored in sets."""
    lock_customer(session, row.customer_id)
    lock_all_relations(session, row.customer_id)
    left = unprepared(session, row, moment.today, JUST_ARRIVED + 1)
    if len(left) > JUST_ARRIVED:
        return  # so much arrived meanwhile: first in batches again
    if left:
        add_prepared(session, _prepared(_claim(session, moment, row, left), moment))
    actor = Actor(
        customer_id=row.customer_id,
        person_id=row.person_id,
        side=Side.BUYER,
        roles=roles_of(session, row.person_id, row.customer_id),
    )
    wanted = draft_policy_value(row, calendar_of)
    row.ended_at = moment.now
    forget_changes(session, row.id)
    try:
        publish_policy(session, actor, moment, wanted, seen=row.seen)
    except DomainError as refused:
        facts = {name: as_json(value) for name, value in refused.facts.items()}
        row.state, row.refusal = DraftState.REFUSED, {"code": refused.code, "facts": facts}
        return
    make_visible(session, row, moment.now)
    row.state, row.looked_at = DraftState.PUBLISHED, row.total
    session.flush()
    session.expire_all()
