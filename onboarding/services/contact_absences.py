"""Contacts who are away: planned, ended, and their reminders with the deputy meanwhile.

What is owed to who is away stays one row of the ledger. On each day, before mail goes, an unsent
reminder moves to the deputy, and back when nobody stands in any more; one that the deputy has
already is superseded. So nothing goes twice, and nothing is lost.
"""

from sqlalchemy import update
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.contact_absences import come_back, go_away
from onboarding.domain.errors import NotFound
from onboarding.domain.people import Actor, Said
from onboarding.domain.workdays import Span
from onboarding.services.opening import checked
from onboarding.store import contact_absences as store
from onboarding.store.contact_absences import Absence, Moving
from onboarding.store.history import Record
from onboarding.store.messages import end
from onboarding.store.relations import lock_visible_relation, visible_relation
from onboarding.store.tables import ContactAbsenceRow, MessageRow


def plan_absence(
    session: Session,
    actor: Actor,
    moment: Moment,
    relation_id: int,
    person_id: int,
    *,
    deputy_id: int,
    span: Span,
    on_behalf: Said | None = None,
) -> ContactAbsenceRow:
    """A contact is away on these days; it takes the place of what was planned for that contact.

    Raises InputInvalid for a deputy who is no contact here, takes no mail or is away then too.
    """
    lock_visible_relation(session, actor, relation_id)
    said = checked(session, relation_id, on_behalf)
    known = store.ahead(session, [relation_id], moment.today)
    away_too = {
        one.row.person_id
        for one in known
        if one.row.starts_on <= span.ends_on and span.starts_on <= one.row.ends_on
    }
    possible = {one.id for one in store.possible_deputies(session, relation_id, person_id)}
    change = go_away(
        actor,
        relation_id,
        person_id,
        deputy_id,
        span,
        frozenset(possible - away_too),
        moment.today,
        said,
    )
    for one in known:
        if one.row.person_id == person_id:
            one.row.ended_on = moment.today
    record = Record(actor=actor, moment=moment, relation_id=relation_id, said=said)
    row = store.record_away(session, change, record)
    session.flush()
    return row


def end_absence(
    session: Session, actor: Actor, moment: Moment, relation_id: int, person_id: int
) -> None:
    """Back before the last day. Raises NotFound where nothing is planned."""
    lock_visible_relation(session, actor, relation_id)
    known = store.ahead(session, [relation_id], moment.today)
    rows = [one.row for one in known if one.row.person_id == person_id]
    if not rows:
        raise NotFound(what="absence")
    for row in rows:
        change = come_back(actor, relation_id, person_id, row.ends_on, moment.today)
        record = Record(actor=actor, moment=moment, relation_id=relation_id)
        store.record_back(session, row, change, record)


def absences_ahead(
    session: Session, actor: Actor, moment: Moment, relation_id: int
) -> list[Absence]:
    """What is not over, for either side."""
    visible_relation(session, actor, relation_id)
    return store.ahead(session, [relation_id], moment.today)


def is_anything_to_move(session: Session, moment: Moment) -> bool:
    """A look without a lock: mostly nothing is."""
    return store.is_anything_to_move(session, moment.today)


def move_reminders(session: Session, moment: Moment, relation_id: int | None = None) -> int:
    """Bring each unsent reminder to who must get it today; returns how many moved."""
    back = store.back_from_deputies(session, moment.today, relation_id)
    moved = _move(session, moment, back, is_back=True)
    forth = store.to_deputies(session, moment.today, relation_id)
    return moved + _move(session, moment, forth, is_back=False)


def _move(session: Session, moment: Moment, moving: list[Moving], *, is_back: bool) -> int:
    if not moving:
        return 0
    taken = store.keys_there(session, (one.new_key for one in moving))
    going: list[Moving] = []
    double: list[Moving] = []
    for one in moving:
        (double if one.new_key in taken else going).append(one)
        taken.add(one.new_key)
    end(session, [one.id for one in double], "superseded", moment.now, "deputy-has-it")
    session.execute(
        update(MessageRow),
        [
            {
                "id": one.id,
                "key": one.new_key,
                "person_id": one.to_id,
                "stands_for": None if is_back else one.from_id,
                "due_at": moment.now,  # sorted anew, as the other reader wants it
            }
            for one in going
        ],
    )
    return len(going)
