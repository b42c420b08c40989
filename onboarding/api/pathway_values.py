"""A pathway as JSON: its steps with their days, and whose turn it is."""

from datetime import date
from typing import Any

from onboarding.domain.references import own_ref
from onboarding.domain.workdays import Span
from onboarding.services.feed.pathway_records import PathwayRecord
from onboarding.services.pathway.views import PathwayView, StepView
from onboarding.services.waiting import Turn


def pathway(record: PathwayRecord, told: PathwayView) -> dict[str, Any]:
    """The pathway of a supplier; no names of people and none of their notes are in it."""
    return {
        "ref": own_ref(record.relation_id),
        "kvk_number": record.kvk_number,
        "supplier": record.name,
        "state": told.state.value,
        "version": told.version_number or None,
        "target": told.target.value if told.target else None,
        "template": told.template,
        "contract": told.contract,
        "starts_on": told.starts_on.isoformat(),
        "last_day": _day(told.last_day),
        "agreed_on": _day(told.agreed_on),
        "window_ends_on": _day(told.window_ends_on),
        "hold": _span(told.hold),
        "over_on": _day(told.over_on),
        "over_by": told.over_by.value if told.over_by else None,
        "turn": _turn(told.turn),
        "milestones": [_milestone(step) for step in told.steps],
    }


def _milestone(step: StepView) -> dict[str, Any]:
    """`deadline_on` is the day after which it is overdue; None while none binds."""
    binds = step.is_open() and not step.stands_still
    return {
        "id": step.id,
        "milestone": step.title,
        "owner": step.owner.value,
        "is_reviewed": step.is_reviewed,
        "state": step.state.value,
        "is_overdue": step.is_overdue,
        "due_on": step.agreed_due_on.isoformat(),
        "first_due_on": step.original_due_on.isoformat(),
        "deadline_on": step.due_on.isoformat() if binds else None,
        "rework_on": _day(step.rework_on),
        "submitted_on": _day(step.submitted_on),
        "accepted_on": _day(step.accepted_on),
    }


def _turn(turn: Turn) -> dict[str, Any]:
    return {
        "side": turn.side.value if turn.side else None,
        "since": _day(turn.since),
        "step": turn.step or None,
        "milestone": turn.title,
        "due_on": _day(turn.due_on),
    }


def _span(span: Span | None) -> dict[str, str] | None:
    if span is None:
        return None
    return {"starts_on": span.starts_on.isoformat(), "ends_on": span.ends_on.isoformat()}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
