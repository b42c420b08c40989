"""Pauses of a pathway: asked for by either side, granted or refused by the buyer, and ended."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import AlreadyOpen, MoveRefused, NotFound
from onboarding.domain.holds import (
    PathwayHeld,
    ask_hold,
    end_hold,
    grant_hold,
    moved_days,
    refuse_hold,
)
from onboarding.domain.messages import MessageKind
from onboarding.domain.people import Actor, Said, Side
from onboarding.domain.workdays import Span
from onboarding.services.mail.messages import Owed, owe_to_buyer, owe_to_supplier
from onboarding.services.opening import Opened, open_pathway
from onboarding.services.pathway.notice_upkeep import supersede_moot
from onboarding.services.statuses import reassess
from onboarding.services.tasks import close_tasks
from onboarding.store import holds
from onboarding.store.tables import HoldRow, MilestoneRow


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
    """Ask for a pause; returns its number.

    Asked by the supplier, the steps that it would move do not fall due before the answer.
    """
    opened, row = _ask(session, actor, moment, pathway_id, span, reason, on_behalf)
    if row.asked_by == Side.SUPPLIER:
        facts = {
            "hold_id": row.id,
            "starts_on": row.starts_on,
            "ends_on": row.ends_on,
            "reason": row.reason,
        }
        owed = _owed(opened, str(row.id), MessageKind.HOLD_ASKED, facts)
        owe_to_buyer(session, moment, opened.relation, owed)
    reassess(session, moment, [opened.relation.id])
    return row.id


def hold_pathway(
    session: Session, actor: Actor, moment: Moment, pathway_id: int, *, span: Span, reason: str
) -> int:
    """The buyer pauses a pathway without having been asked; returns the pause."""
    _, row = _ask(session, actor, moment, pathway_id, span, reason, None)
    grant_asked_hold(session, actor, moment, row.id)
    return row.id


def grant_asked_hold(
    session: Session,
    actor: Actor,
    moment: Moment,
    hold_id: int,
    *,
    ends_on: date | None = None,
    answer: str | None = None,
) -> None:
    """Grant the pause, with another end day where the buyer says so.

    Each open day and each unexpired cure end moves by the days held. One that the supplier asked
    for counts from the day that it asked, also when the answer comes later.
    """
    opened, row = _open_hold(session, actor, moment, hold_id)
    asked_until = row.ends_on
    starts_on = row.starts_on
    if row.asked_by != Side.SUPPLIER:
        starts_on = max(starts_on, moment.today)
    span = Span(starts_on, ends_on or row.ends_on)
    change = grant_hold(opened.pathway, hold_id, span, actor, moment.today, opened.calendar)
    holds.record(session, opened.row, row, change, opened.under, answer)
    facts = _granted(row, change, asked_until)
    owed = _owed(opened, str(row.id), MessageKind.HOLD_ANSWERED, facts)
    owe_to_supplier(session, moment, opened.relation, owed)
    _supersede(session, moment, opened, (move.milestone_id for move in change.moved))
    reassess(session, moment, [opened.relation.id])


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
    change = refuse_hold(opened.pathway, hold_id, reason, actor, moment.today, opened.calendar)
    holds.record(session, opened.row, row, change, opened.under)
    if is_told:
        facts = {
            "pathway_id": row.pathway_id,
            "granted": False,
            "answer": row.answer,
            "grace_ends_on": opened.binding(session, change.grace_ends_on),
        }
        owed = _owed(opened, str(row.id), MessageKind.HOLD_ANSWERED, facts)
        owe_to_supplier(session, moment, opened.relation, owed)
    reassess(session, moment, [opened.relation.id])


def end_running_hold(session: Session, actor: Actor, moment: Moment, pathway_id: int) -> None:
    """The pause is over: its last day has passed, or the buyer ends it earlier."""
    opened = open_pathway(session, actor, moment, pathway_id)
    row = holds.granted_hold(session, pathway_id)
    if row is None:
        raise NotFound(what="hold")
    promised_until = row.ends_on
    change = end_hold(opened.pathway, holds.moved_days(row), actor, moment.today, opened.calendar)
    holds.record(session, opened.row, row, change, opened.under)
    facts = {
        "pathway_id": pathway_id,
        "last_day": change.last_day,
        "promised_until": promised_until,
        "is_early": change.last_day != promised_until,
    }
    owed = _owed(opened, str(row.id), MessageKind.HOLD_ENDED, facts)
    owe_to_supplier(session, moment, opened.relation, owed)
    reassess(session, moment, [opened.relation.id])


def _ask(
    session: Session,
    actor: Actor,
    moment: Moment,
    pathway_id: int,
    span: Span,
    reason: str,
    on_behalf: Said | None,
) -> tuple[Opened, HoldRow]:
    opened = open_pathway(session, actor, moment, pathway_id, on_behalf)
    if holds.open_hold(session, pathway_id) is not None:
        raise AlreadyOpen(what="hold")
    change = ask_hold(
        opened.pathway, span, reason, actor, moment.today, opened.calendar, opened.said
    )
    moves = moved_days(opened.pathway, span, opened.calendar)
    wished = {move.milestone_id: move.becomes for move in moves if move.field == "due_on"}
    row = holds.add_hold(session, change, wished, opened.under)
    for milestone_id in change.touches:
        close_tasks(session, actor, moment, ("call",), milestone_id=milestone_id)
    _supersede(session, moment, opened, change.touches)
    return opened, row


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


def _granted(row: HoldRow, change: PathwayHeld, asked_until: date) -> dict[str, Any]:
    by_buyer = row.asked_by == Side.BUYER
    return {
        "pathway_id": row.pathway_id,
        "granted": True,
        "starts_on": change.starts_on,
        "ends_on": change.ends_on,
        "asked_until": None if by_buyer or asked_until == change.ends_on else asked_until,
        "answer": row.reason if by_buyer else row.answer,
    }


def _supersede(
    session: Session, moment: Moment, opened: Opened, milestone_ids: Iterable[int]
) -> None:
    """Warnings that were not sent and must not go out while the steps stand still."""
    for milestone_id in sorted(set(milestone_ids)):
        supersede_moot(session, moment, opened, session.get_one(MilestoneRow, milestone_id))


def _owed(opened: Opened, about: str, kind: MessageKind, facts: dict[str, Any]) -> Owed:
    return Owed(
        kind=kind,
        about=about,
        facts={name: value for name, value in facts.items() if value is not None},
        relation_id=opened.relation.id,
    )
