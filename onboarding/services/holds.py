"""Pauses of a pathway: asked for by either side, granted or refused by the buyer, and ended."""

from typing import Any

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import AlreadyOpen, MoveRefused, NotFound
from onboarding.domain.holds import ask_hold, end_hold, grant_hold, refuse_hold
from onboarding.domain.messages import MessageKind
from onboarding.domain.people import Actor, Said, Side
from onboarding.domain.workdays import Span
from onboarding.services.messages import Owed, owe_to_buyer, owe_to_supplier
from onboarding.services.opening import Opened, open_pathway
from onboarding.services.statuses import reassess
from onboarding.store import holds
from onboarding.store.tables import HoldRow


def ask_for_hold(
    session: Session,
    actor: Actor,
    moment: Moment,
    pathway_id: int,
    *,
    span: Span,
    reason: str,
    on_behalf: Said | None = None,
) -> int:
    """Ask for a pause; returns its number. Nothing stands still before the buyer grants it."""
    opened = open_pathway(session, actor, moment, pathway_id, on_behalf)
    if holds.open_hold(session, pathway_id) is not None:
        raise AlreadyOpen(what="hold")
    change = ask_hold(opened.pathway, span, reason, actor, moment.today, opened.said)
    row = holds.add_hold(session, change, opened.under)
    if change.by is Side.SUPPLIER:
        facts = {"starts_on": change.starts_on, "ends_on": change.ends_on, "reason": change.reason}
        owed = _owed(opened, row, MessageKind.HOLD_ASKED, facts)
        owe_to_buyer(session, moment, opened.relation, owed)
    reassess(session, moment, [opened.relation.id])
    return row.id


def grant_asked_hold(
    session: Session, actor: Actor, moment: Moment, hold_id: int, *, answer: str | None = None
) -> None:
    """Grant the pause: each open day and each unexpired cure end moves by the days held."""
    opened, row = _open_hold(session, actor, moment, hold_id)
    span = Span(max(row.starts_on, moment.today), row.ends_on)
    change = grant_hold(opened.pathway, hold_id, span, actor, moment.today, opened.calendar)
    row.starts_on = span.starts_on
    holds.record(session, opened.row, row, change, opened.under, answer)
    _tell(session, moment, opened, row, granted=True)


def refuse_asked_hold(
    session: Session,
    actor: Actor,
    moment: Moment,
    hold_id: int,
    *,
    reason: str,
    is_told: bool = True,
) -> None:
    """Everything goes on as agreed; the supplier hears why, if not from another mail."""
    opened, row = _open_hold(session, actor, moment, hold_id)
    change = refuse_hold(opened.pathway, hold_id, reason, actor)
    holds.record(session, opened.row, row, change, opened.under)
    if is_told:
        _tell(session, moment, opened, row, granted=False)


def end_running_hold(session: Session, actor: Actor, moment: Moment, pathway_id: int) -> None:
    """The pause is over: its last day has passed, or the buyer ends it earlier."""
    opened = open_pathway(session, actor, moment, pathway_id)
    row = holds.granted_hold(session, pathway_id)
    if row is None:
        raise NotFound(what="hold")
    change = end_hold(opened.pathway, holds.moved_days(row), actor, moment.today, opened.calendar)
    holds.record(session, opened.row, row, change, opened.under)
    reassess(session, moment, [opened.relation.id])


def _open_hold(
    session: Session, actor: Actor, moment: Moment, hold_id: int
) -> tuple[Opened, HoldRow]:
    row = session.get(HoldRow, hold_id)
    if row is None:
        raise NotFound(what="hold")
    opened = open_pathway(session, actor, moment, row.pathway_id)
    session.refresh(row)
    if row.state != holds.ASKED:
        raise MoveRefused(from_state=row.state, to_state="answered")
    return opened, row


def _tell(session: Session, moment: Moment, opened: Opened, row: HoldRow, *, granted: bool) -> None:
    facts = {
        "granted": granted,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "answer": row.answer,
    }
    owed = _owed(opened, row, MessageKind.HOLD_ANSWERED, facts)
    owe_to_supplier(session, moment, opened.relation, owed)
    reassess(session, moment, [opened.relation.id])


def _owed(opened: Opened, row: HoldRow, kind: MessageKind, facts: dict[str, Any]) -> Owed:
    return Owed(
        kind=kind,
        about=str(row.id),
        facts={name: value for name, value in facts.items() if value is not None},
        relation_id=opened.relation.id,
    )
