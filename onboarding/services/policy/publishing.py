"""Publishes a drafted policy: prepared in batches, and then there for all at one instant.

While it is prepared everybody reads and writes under the present policy. A relation about which
something is recorded meanwhile is prepared again; the last step, which makes all visible, begins
when nothing but what just arrived is left to prepare. It writes the version and one instant.
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
from onboarding.services.calendars import calendar_of
from onboarding.services.feed.announcements import announce_days, is_day_to_announce
from onboarding.services.policy.drafts import BATCH
from onboarding.services.policy.policies import UnitOfWork, publish_policy
from onboarding.services.sessions import roles_of
from onboarding.services.statuses import policies_of
from onboarding.store.assessments import from_day, last_assessments
from onboarding.store.facts import load_facts
from onboarding.store.policy_drafts import (
    count_relations,
    draft_policy_value,
    is_next,
    lock_draft,
    visible_draft,
)
from onboarding.store.prepared import (
    Follows,
    Prepared,
    add_prepared,
    claim_relations,
    count_prepared,
    publish_prepared,
    unprepared,
)
from onboarding.store.relations import lock_relations, shut_out_writers
from onboarding.store.suppliers import locked_customer
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
    row.last_id = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """What preparing some relations takes; all but the policies is by relation."""

    claims: dict[int, int]
    facts: dict[int, Facts]
    stored: dict[int, tuple[Period, ...]]
    follows: dict[int, Follows]
    policies: Policies


def prepare_batch(unit_of_work: UnitOfWork, moment: Moment, draft_id: int) -> bool:
    """The next suppliers, or the moment itself; False where nothing was to be done.

    Two short transactions for a batch: what is known is read under the locks, in the order of the
    ids; the timelines are calculated while no lock is held; then they are stored. Of a customer one
    draft is prepared at a time.
    """
    with unit_of_work() as session:
        row = lock_draft(session, draft_id)
        if row.state != DraftState.PREPARING or not is_next(session, row):
            return False
        ids = _next(session, moment, row)
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
            add_prepared(session, row.id, found)
            row.looked_at = min(count_prepared(session, row.id), row.total)
    return True


def _next(session: Session, moment: Moment, row: PolicyDraftRow) -> list[int]:
    """Those after the last ones; after all of them, those to be prepared again.

    A few of these are left to the last step: while somebody goes on writing there always are some.
    """
    ids = unprepared(session, row, moment.today, BATCH, row.last_id)
    if ids:
        return ids
    again = unprepared(session, row, moment.today, max(BATCH, JUST_ARRIVED + 1))
    return again if len(again) > JUST_ARRIVED else []


def _claim(session: Session, moment: Moment, row: PolicyDraftRow, ids: Sequence[int]) -> Claimed:
    relations = lock_relations(session, ids)
    claims = claim_relations(session, row.id, relations, moment.today)
    draft = draft_policy_value(row, calendar_of)
    last = last_assessments(session, ids)
    known = [one.known_from for one, _ in last.values() if one.known_from is not None]
    row.last_id = max(row.last_id, ids[-1])
    row.newest_at = max([*known, *([row.newest_at] if row.newest_at else [])], default=None)
    stored = {
        relation_id: from_day(periods, moment.today) for relation_id, (_, periods) in last.items()
    }
    return Claimed(
        claims=claims,
        facts=load_facts(session, ids),
        stored=stored,
        follows={
            relation_id: Follows(
                number=one.number, sha256=one.sha256, held=next(iter(stored[relation_id]), None)
            )
            for relation_id, (one, _) in last.items()
        },
        policies=with_draft(policies_of(session, row.customer_id), draft),
    )


def _prepared(claimed: Claimed, moment: Moment) -> list[Prepared]:
    found = []
    for relation_id, facts in claimed.facts.items():
        periods = timeline(facts, claimed.policies, moment.today)
        is_new = claimed.stored.get(relation_id, ()) != periods
        found.append(
            Prepared(
                claim=claimed.claims[relation_id],
                relation_id=relation_id,
                periods=periods if is_new else (),
                follows=claimed.follows.get(relation_id, Follows()),
            )
        )
    return found


def _publish_at_once(session: Session, moment: Moment, row: PolicyDraftRow) -> None:
    """While nobody writes: what just arrived is prepared, and then all that is counts."""
    if not shut_out_writers(session, locked_customer(row.customer_id)):
        return  # somebody is changing much: others first
    left = unprepared(session, row, moment.today, JUST_ARRIVED + 1)
    if len(left) > JUST_ARRIVED:
        return  # so much arrived meanwhile: first in batches again
    if left:
        add_prepared(session, row.id, _prepared(_claim(session, moment, row, left), moment))
    actor = Actor(
        customer_id=row.customer_id,
        person_id=row.person_id,
        side=Side.BUYER,
        roles=roles_of(session, row.person_id, row.customer_id),
    )
    wanted = draft_policy_value(row, calendar_of)
    row.ended_at = moment.now
    try:
        publish_policy(session, actor, moment, wanted, seen=row.seen)
    except DomainError as refused:
        facts = {name: as_json(value) for name, value in refused.facts.items()}
        row.state, row.refusal = DraftState.REFUSED, {"code": refused.code, "facts": facts}
        return
    publish_prepared(row, moment.now)
    row.state, row.looked_at = DraftState.PUBLISHED, row.total
