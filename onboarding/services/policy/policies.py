"""The buying policy: read in force, published anew by a manager, and brought to all relations.

A new version holds from tomorrow at the earliest, so today's status is right while the relations
are assessed anew, batch by batch, after it was published; `flask reassess` finishes what was
interrupted.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import VersionOutdated
from onboarding.domain.people import Actor
from onboarding.domain.policy import Policy
from onboarding.domain.policy_versions import publish
from onboarding.services.statuses import policies_of, reassess_customer
from onboarding.store.history import Record, append
from onboarding.store.policies import add_policy
from onboarding.store.suppliers import lock_customer

# Makes one write transaction, as `store.database.unit_of_work` does.
UnitOfWork = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassessed:
    """How many relations were looked at, and of how many the status or its future changed."""

    seen: int
    changed: int


def publish_policy(
    session: Session, actor: Actor, moment: Moment, wanted: Policy, *, seen: int
) -> Policy:
    """Publish `wanted` as the next version; `seen` is the last version that the actor looked at.

    The relations follow with `reassess_all`, in transactions of their own. Raises InputInvalid
    for a field out of its bounds, VersionOutdated where somebody published meanwhile.
    """
    lock_customer(session, actor.customer_id)
    policies = policies_of(session, actor.customer_id)
    policy, published = publish(policies, wanted, actor, moment.today)
    if seen != policy.version - 1:
        raise VersionOutdated(seen=seen, current=policy.version - 1)
    by = {"published_at": moment.now, "published_by": actor.person_id}
    add_policy(session, actor.customer_id, policy, by)
    append(session, published, Record(actor=actor, moment=moment, is_shared=False))
    return policy


def reassess_all(unit_of_work: UnitOfWork, moment: Moment, customer_id: int) -> Reassessed:
    """Assess every relation of the customer anew, a batch per transaction, in id order.

    Between batches others write; what they change is assessed by themselves.
    """
    seen = changed = last_id = 0
    while True:
        with unit_of_work() as session:
            batch = reassess_customer(session, moment, customer_id, last_id)
        if not batch.last_id:
            return Reassessed(seen=seen, changed=changed)
        seen, changed, last_id = seen + batch.seen, changed + batch.changed, batch.last_id
