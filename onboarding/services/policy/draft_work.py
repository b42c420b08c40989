"""Works off drafts of policies, a batch in each transaction, so that others write in between."""

import logging
from collections.abc import Callable

from onboarding.clock import Moment
from onboarding.services.policy.drafts import BATCH, count_batch
from onboarding.services.policy.policies import UnitOfWork
from onboarding.services.policy.publishing import prepare_batch
from onboarding.store.policy_drafts import busy_drafts, clear_changes
from onboarding.store.prepared import clear_prepared

AT_ONCE = 1000  # rows of what was counted, which nobody waits for

log = logging.getLogger(__name__)


def work_on_drafts(
    unit_of_work: UnitOfWork,
    tell_moment: Callable[[], Moment],
    *,
    most: int,
    draft_id: int | None = None,
    stop: Callable[[], bool] = lambda: False,
    rest: Callable[[], object] = lambda: None,
) -> int:
    """Do at most `most` batches of what is to be done; returns how many were done.

    What goes wrong unexpectedly is told, and tried again the next time. Between two batches the
    worker rests: on SQLite others ask for the lock now and then only, and would ask in vain.
    """
    with unit_of_work() as session:
        ids = busy_drafts(session) if draft_id is None else [draft_id]
    done = 0
    for one in ids:
        while done < most and not stop() and _batch(unit_of_work, tell_moment(), one):
            done += 1
            rest()
    while done < most and not stop() and _clear(unit_of_work):
        done += 1
        rest()
    return done


def _batch(unit_of_work: UnitOfWork, moment: Moment, draft_id: int) -> bool:
    try:
        return count_batch(unit_of_work, moment, draft_id) or prepare_batch(
            unit_of_work, moment, draft_id
        )
    except Exception:
        log.exception("Policy draft %s went wrong", draft_id)
        return False


def _clear(unit_of_work: UnitOfWork) -> bool:
    with unit_of_work() as session:
        return clear_prepared(session, BATCH) > 0 or clear_changes(session, AT_ONCE) > 0
