"""One sweep: for each customer, each kind in a short transaction of its own."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import tzinfo
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.reminders import may_send
from onboarding.services.grants import lapse_grants
from onboarding.services.mail.outcomes import HANDED_OVER, record_hand_over
from onboarding.services.mail.sweep import KINDS, Kind, Sweep
from onboarding.services.mail.sweep_cadences import CADENCES
from onboarding.services.mail.sweep_statements import due_kinds
from onboarding.services.pathway.days import end_passed_holds
from onboarding.services.pathway.next_years import (
    close_overtaken_years,
    offer_next_years,
    yearly_of,
)
from onboarding.services.pathway.notice_upkeep import prepare_due_notices
from onboarding.services.relations import stop_where_ended
from onboarding.services.statuses import policies_of
from onboarding.services.time_passing import close_overtaken_tasks, follow_holds
from onboarding.store import messages as ledger
from onboarding.store.current_status import note_passed
from onboarding.store.database import db, unit_of_work
from onboarding.store.owing import may_sweep
from onboarding.store.tables import OrganisationRow

Step = Callable[[Session, Sweep], int]


def sweep_all(moment: Moment, zone: tzinfo) -> Counter[str]:
    """What was new, by name. A customer whom another worker is sweeping is left to it."""
    found: Counter[str] = Counter()
    steps = _steps(moment, zone)
    for look in _looks(moment):
        for name, step in steps:
            with unit_of_work() as session:
                if may_sweep(session):
                    found[name] += step(session, look)
        for name, owe in _due(look):
            with unit_of_work() as session:
                if may_sweep(session):
                    found[name] += owe(look)
    for message_id in _unrecorded():
        with unit_of_work() as session:
            record_hand_over(session, moment, message_id)
            found["hand-overs"] += 1
    return +found


def _steps(moment: Moment, zone: tzinfo) -> list[tuple[str, Step]]:
    """What changes days, in this order, before what is owed for them."""
    local = moment.now.astimezone(zone).time()

    def notices(session: Session, sweep: Sweep) -> int:
        # Written in the morning of a working day: until then a buyer can add a line.
        if not may_send(sweep.today, local, sweep.calendar):
            return 0
        return prepare_due_notices(session, moment, sweep.customer_id)

    def years(session: Session, sweep: Sweep) -> int:
        close_overtaken_years(session, moment, sweep.customer_id)
        return 0

    return [
        ("relations ended", lambda s, sweep: stop_where_ended(s, moment, sweep.customer_id)),
        ("pauses ended", lambda s, sweep: end_passed_holds(s, moment, sweep.customer_id)),
        ("holds", lambda session, sweep: follow_holds(session, moment, sweep.customer_id)),
        ("grants lapsed", lambda s, sweep: lapse_grants(s, moment, sweep.customer_id)),
        ("tasks closed", lambda s, sweep: close_overtaken_tasks(s, moment, sweep.customer_id)),
        ("statuses noted", lambda s, sweep: note_passed(s, sweep.customer_id, sweep.today)),
        ("notices", notices),
        ("next years closed", years),
    ]


def _due(look: Sweep) -> Sequence[Kind]:
    """The kinds that have something to owe: a transaction of its own for each of these only."""
    session = db.session()
    try:
        yearly = yearly_of(session, look.customer_id)
        next_years = ("next years", partial(offer_next_years, yearly))
        return due_kinds(look, (*KINDS, *CADENCES, next_years), yearly)
    finally:
        session.rollback()


def _looks(moment: Moment) -> list[Sweep]:
    """One for each customer, under the policy of the day."""
    session = db.session()
    customers = (
        select(OrganisationRow.id).where(OrganisationRow.is_customer).order_by(OrganisationRow.id)
    )
    try:
        return [
            Sweep(
                session=session,
                moment=moment,
                customer_id=customer_id,
                policy=policies_of(session, customer_id).on(moment.today),
            )
            for customer_id in session.scalars(customers).all()
        ]
    finally:
        session.rollback()


def _unrecorded() -> list[int]:
    session = db.session()
    try:
        return [row.id for row in ledger.unrecorded_hand_overs(session, HANDED_OVER)]
    finally:
        session.rollback()
