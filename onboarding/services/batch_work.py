"""Works off batches, one supplier per transaction, so that whoever is stopped halfway can go on.

An item is claimed and finished under the lock of its relation in one transaction: killed before
its end nothing happened, after it the item is not looked at again. Any number of workers may do
this at once.
"""

import logging
from collections.abc import Callable
from datetime import tzinfo

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.batches import BatchKind, BulkRefused, ItemState
from onboarding.domain.changes import as_json
from onboarding.domain.errors import DomainError
from onboarding.domain.people import Actor, Duty, Side
from onboarding.domain.reminders import may_send
from onboarding.services.batch_acts import DOES, TAKES_BACK, Came, Doing
from onboarding.services.policy.policies import UnitOfWork
from onboarding.services.sessions import roles_of
from onboarding.services.statuses import policies_of
from onboarding.store.batches import Claimed, ToDo, claim, close_finished, proposing_customers
from onboarding.store.batches import to_do as find_to_do
from onboarding.store.tables import BatchRow

AT_ONCE = 100
log = logging.getLogger(__name__)


def work_off(
    unit_of_work: UnitOfWork,
    moment: Moment,
    zone: tzinfo,
    *,
    most: int,
    batch_id: int | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> int:
    """Do what is to be done now, in at most `most` items; returns how many came to something.

    What goes wrong unexpectedly is told, and tried again the next time.
    """
    done, seen = 0, set[ToDo]()
    while len(seen) < most and not stop():
        with unit_of_work() as session:
            close_finished(session, moment)
            senders = _may_send_now(session, moment, zone)
            found = find_to_do(session, moment.today, senders, AT_ONCE + len(seen), batch_id)
        new = [one for one in found if one not in seen][: most - len(seen)]
        if not new:
            break
        for one in new:
            if stop():
                break
            seen.add(one)
            done += _finish(unit_of_work, moment, one)
    return done


def _finish(unit_of_work: UnitOfWork, moment: Moment, found: ToDo) -> bool:
    try:
        with unit_of_work() as session:
            claimed = claim(session, found)
            if claimed is not None:
                _act(session, moment, claimed)
            return claimed is not None
    except Exception:
        log.exception("Item %s of a batch went wrong", found.item_id)
        return False


def _act(session: Session, moment: Moment, claimed: Claimed) -> None:
    """Do it or take it back, and write down what came of it; a refusal undoes what was begun."""
    batch, item = claimed.batch, claimed.item
    step = BatchKind(batch.kind), ItemState(item.state)
    acts = DOES if batch.undone_at is None else TAKES_BACK
    doing = Doing(session=session, actor=_who(session, batch), moment=moment, claimed=claimed)
    refusal: DomainError | None = None
    try:
        with session.begin_nested():
            if not doing.actor.may(Duty.BUY):
                raise BulkRefused(reason="person-left")
            came = acts[step](doing)
    except DomainError as refused:
        refusal = refused
        state = ItemState.REFUSED if batch.undone_at is None else ItemState.KEPT
        came = Came(state=state, facts=item.facts, pathway_id=item.pathway_id)
    item.state, item.facts, item.pathway_id = came.state, came.facts, came.pathway_id
    said = refusal or came.remark
    item.refusal = None if said is None else {"code": said.code, "facts": _facts(said)}
    item.ended_at = None if came.state is ItemState.PLANNED else moment.now
    session.flush()


def _facts(said: DomainError) -> dict[str, object]:
    return {name: as_json(value) for name, value in said.facts.items()}


def _who(session: Session, batch: BatchRow) -> Actor:
    """Whoever asked for it, or wants it taken back, with the roles held now."""
    person_id = batch.undone_by if batch.undone_at is not None else batch.person_id
    assert person_id is not None
    return Actor(
        customer_id=batch.customer_id,
        person_id=person_id,
        side=Side.BUYER,
        roles=roles_of(session, person_id, batch.customer_id),
    )


def _may_send_now(session: Session, moment: Moment, zone: tzinfo) -> list[int]:
    """The customers for whom it is a working day after eight: what is planned may go."""
    local = moment.now.astimezone(zone).time()
    return [
        customer_id
        for customer_id in proposing_customers(session)
        if may_send(
            moment.today, local, policies_of(session, customer_id).on(moment.today).calendar
        )
    ]
