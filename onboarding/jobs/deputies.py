"""Before mail goes: reminders of who is away go to the deputy, and back when that is over."""

from onboarding.clock import Clock
from onboarding.services import contact_absences
from onboarding.store.database import db, unit_of_work


def move_reminders(clock: Clock) -> None:
    """As today has it; mostly a look, and no transaction that writes."""
    moment, session = clock.moment(), db.session()
    is_needed = contact_absences.is_anything_to_move(session, moment)
    session.rollback()
    if is_needed:
        with unit_of_work() as writing:
            contact_absences.move_reminders(writing, moment)
