"""A buyer holds a reminder, foretold or owed, and releases it."""

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import MoveRefused, NotFound
from onboarding.domain.mail_holds import hold_mail, release_mail
from onboarding.domain.people import Actor, Duty
from onboarding.services.mail.foretelling import Coming, foretold_of, horizon
from onboarding.services.mail.piles import stage_of
from onboarding.store import mail_holds as store
from onboarding.store.history import Record, append
from onboarding.store.relations import lock_visible_relation
from onboarding.store.tables import MessageRow


def hold(
    session: Session, actor: Actor, moment: Moment, relation_id: int, key: str, *, reason: str
) -> None:
    """It is not sent until it is released. Raises MoveRefused for what is on its way already."""
    actor.must(Duty.BUY)
    lock_visible_relation(session, actor, relation_id)
    row, foretold = store.message_with_key(session, key), None
    if row is None:
        foretold = _foretold(session, actor, moment, relation_id, key)
        row = foretold.row
    if row.relation_id != relation_id:
        raise NotFound(what="message")
    change = hold_mail(row.kind, row.person_id, reason, actor)
    if foretold is not None:
        store.owe_ahead(session, row, foretold.falls_at)
    if not store.hold(session, key, change.reason):
        raise MoveRefused(from_state=row.state or "sending", to_state="held")
    append(session, change, _under(actor, moment, row))


def release(session: Session, actor: Actor, moment: Moment, relation_id: int, key: str) -> None:
    """It goes on its day, or on the next morning on which reminders go."""
    actor.must(Duty.BUY)
    lock_visible_relation(session, actor, relation_id)
    row = store.message_with_key(session, key)
    if row is None or row.relation_id != relation_id:
        raise NotFound(what="message")
    change = release_mail(row.kind, row.person_id, row.state, actor)
    under = _under(actor, moment, row)
    store.release(session, key, moment.now, _overtaken(session, row))
    append(session, change, under)


def _overtaken(session: Session, row: MessageRow) -> str | None:
    """While it was held, a later reminder about the same day may have gone."""
    others = store.siblings(session, row)
    same = [one for one in others if one.facts.get("deadline_on") == row.facts.get("deadline_on")]
    is_step = row.milestone_id is not None
    newer = is_step and any(stage_of(one) > stage_of(row) for one in same)
    return "newer-stage" if newer else None


def _foretold(session: Session, actor: Actor, moment: Moment, relation_id: int, key: str) -> Coming:
    until = horizon(moment.today)
    coming = foretold_of(session, moment, actor.customer_id, [relation_id], until)
    found = next((one for one in coming if one.row.key == key), None)
    if found is None:
        raise NotFound(what="message")
    return found


def _under(actor: Actor, moment: Moment, row: MessageRow) -> Record:
    return Record(
        actor=actor,
        moment=moment,
        relation_id=row.relation_id,
        milestone_id=row.milestone_id,
        is_shared=False,
    )
