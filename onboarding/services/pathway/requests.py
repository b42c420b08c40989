"""Another date asked for, a certifying body's delay reported, and the buyer's answer."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain import requests, taking_back
from onboarding.domain.messages import MessageKind
from onboarding.domain.people import Actor, Said
from onboarding.services.mail.messages import Owed, owe_to_buyer, owe_to_supplier
from onboarding.services.opening import Opened, open_milestone, open_request
from onboarding.services.pathway.notice_upkeep import supersede_moot
from onboarding.services.statuses import reassess
from onboarding.services.tasks import close_tasks
from onboarding.store.requests import add_request, record_answer
from onboarding.store.tables import MilestoneRow


def ask_for_date(
    session: Session,
    actor: Actor,
    moment: Moment,
    milestone_id: int,
    *,
    wished_on: date,
    reason: str,
    on_behalf: Said | None = None,
) -> int:
    """Ask for a later day; returns the request. Until the answer the step does not fall due."""
    opened, row = open_milestone(session, actor, moment, milestone_id, on_behalf)
    change = requests.ask_date(
        opened.pathway, milestone_id, wished_on, reason, actor, moment.today, opened.said
    )
    return _add(session, moment, opened, row, change, MessageKind.DATE_ASKED)


def report_outside_delay(
    session: Session,
    actor: Actor,
    moment: Moment,
    milestone_id: int,
    *,
    new_day: date,
    reason: str,
    on_behalf: Said | None = None,
) -> int:
    """Tell that a certifying body is late, and the day it named; it never counts against anyone."""
    opened, row = open_milestone(session, actor, moment, milestone_id, on_behalf)
    change = requests.report_outside_delay(
        opened.pathway, milestone_id, new_day, reason, actor, moment.today, opened.said
    )
    return _add(session, moment, opened, row, change, MessageKind.DELAY_REPORTED)


def answer_request(
    session: Session,
    actor: Actor,
    moment: Moment,
    request_id: int,
    *,
    granted_on: date | None,
    note: str | None = None,
    is_told: bool = True,
) -> date | None:
    """Grant a day, which may move on to a working day, or refuse (None) with a note.

    Not `is_told` where another mail tells it.
    Returns the day granted. The supplier has five working days from the answer either way.
    Raises LimitReached where only a manager may grant more.
    """
    opened, milestone, row = open_request(session, actor, moment, request_id)
    change = requests.answer_request(
        opened.pathway,
        milestone.id,
        request_id,
        granted_on,
        actor,
        moment.today,
        opened.policy,
        opened.calendar,
        opened.row.starts_on,
        (note or "").strip() or None,
    )
    asked_due_on = row.asked_due_on
    record_answer(session, row, milestone, change, opened.under)
    facts = {
        "request_id": request_id,
        "asked_due_on": asked_due_on,
        "granted_due_on": change.granted_on,
        "answer": change.note,
        "grace_ends_on": change.grace_ends_on,
    }
    if is_told:
        owed = _owed(opened, milestone, MessageKind.DATE_ANSWERED, str(request_id), facts)
        owe_to_supplier(session, moment, opened.relation, owed)
    supersede_moot(session, moment, opened, milestone)
    reassess(session, moment, [opened.relation.id])
    return change.granted_on


def withdraw_request(
    session: Session,
    actor: Actor,
    moment: Moment,
    request_id: int,
    *,
    on_behalf: Said | None = None,
) -> None:
    """The supplier takes it back; it has five working days from now, as after a refusal."""
    opened, milestone, row = open_request(session, actor, moment, request_id, on_behalf)
    change = taking_back.withdraw_request(
        opened.pathway,
        milestone.id,
        request_id,
        row.asked_due_on,
        actor,
        moment.today,
        opened.calendar,
        opened.said,
    )
    record_answer(session, row, milestone, change, opened.under)
    facts = {"request_id": request_id, "asked_due_on": row.asked_due_on}
    owed = _owed(opened, milestone, MessageKind.DATE_TAKEN_BACK, str(request_id), facts)
    owe_to_buyer(session, moment, opened.relation, owed)
    supersede_moot(session, moment, opened, milestone)
    reassess(session, moment, [opened.relation.id])


def _add(
    session: Session,
    moment: Moment,
    opened: Opened,
    row: MilestoneRow,
    change: requests.DateRequested | requests.OutsideDelayReported,
    kind: MessageKind,
) -> int:
    request = add_request(session, row, change, opened.under)
    facts = {
        "request_id": request.id,
        "asked_due_on": change.wished_on,
        "reason": change.reason,
    }
    owed = _owed(opened, row, kind, str(request.id), facts)
    owe_to_buyer(session, moment, opened.relation, owed)
    close_tasks(session, opened.under.actor, moment, ("call",), milestone_id=row.id)
    supersede_moot(session, moment, opened, row)
    reassess(session, moment, [opened.relation.id])
    return request.id


def _owed(
    opened: Opened, row: MilestoneRow, kind: MessageKind, about: str, facts: dict[str, Any]
) -> Owed:
    return Owed(
        kind=kind,
        about=about,
        facts={name: value for name, value in facts.items() if value is not None},
        relation_id=opened.relation.id,
        milestone_id=row.id,
    )
