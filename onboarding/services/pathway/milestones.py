"""Steps of an agreed pathway: started, handed in, accepted, returned, waived or reported done."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.changes import Change
from onboarding.domain.messages import MessageKind
from onboarding.domain.milestone_moves import (
    MilestoneAccepted,
    MilestoneReturned,
    MilestoneSubmitted,
    MilestoneWaived,
    PathwayCompleted,
    accept,
    return_for_rework,
    start,
    submit,
    take_back,
    waive,
)
from onboarding.domain.negotiation import check_seen
from onboarding.domain.people import Actor, Said, Side
from onboarding.services.mail.messages import Owed, owe_to_buyer, owe_to_supplier
from onboarding.services.opening import Opened, open_milestone
from onboarding.services.pathway.notice_upkeep import supersede_moot
from onboarding.services.statuses import reassess
from onboarding.services.tasks import close_tasks
from onboarding.store import milestones as milestone_store
from onboarding.store import pathways as pathway_store
from onboarding.store.tables import MilestoneRow

ABOUT_LATENESS = ("call", "bounced")


def start_milestone(
    session: Session,
    actor: Actor,
    moment: Moment,
    milestone_id: int,
    *,
    note: str | None = None,
    evidence_ids: Sequence[int] = (),
    on_behalf: Said | None = None,
) -> None:
    """Somebody works on it; `note` and uploads are kept with the step."""
    opened, row = open_milestone(session, actor, moment, milestone_id, on_behalf)
    change = start(opened.pathway, milestone_id, actor, moment.today, opened.said)
    row.last_note = note or row.last_note
    milestone_store.attach_evidence(session, row, evidence_ids)
    _record(session, moment, opened, row, (change,))


def submit_milestone(
    session: Session,
    actor: Actor,
    moment: Moment,
    milestone_id: int,
    *,
    note: str | None = None,
    evidence_ids: Sequence[int] = (),
    on_behalf: Said | None = None,
) -> None:
    """Report a step as done: for review where it is reviewed, else it is done.

    Also the buyer's own step, and an outside one, which either side reports.
    """
    opened, row = open_milestone(session, actor, moment, milestone_id, on_behalf)
    changes = submit(opened.pathway, milestone_id, actor, moment.today, note or None, opened.said)
    milestone_store.attach_evidence(session, row, evidence_ids)
    _record(session, moment, opened, row, changes)


def accept_milestone(
    session: Session,
    actor: Actor,
    moment: Moment,
    milestone_id: int,
    *,
    note: str | None = None,
    revision: int | None = None,
) -> None:
    """The buyer looked and it is good. `revision` is that of the step as it was seen."""
    opened, row = open_milestone(session, actor, moment, milestone_id)
    _check_seen(row, revision)
    changes = accept(opened.pathway, milestone_id, actor, moment.today, note or None)
    _record(session, moment, opened, row, changes)


def return_milestone(
    session: Session,
    actor: Actor,
    moment: Moment,
    milestone_id: int,
    *,
    note: str,
    revision: int | None = None,
) -> None:
    """The buyer asks to add to it, with a day for it; beyond the limit only a manager does."""
    opened, row = open_milestone(session, actor, moment, milestone_id)
    _check_seen(row, revision)
    change = return_for_rework(
        opened.pathway, milestone_id, note, actor, moment.today, opened.policy, opened.calendar
    )
    _record(session, moment, opened, row, (change,))


def take_back_milestone(session: Session, actor: Actor, moment: Moment, milestone_id: int) -> None:
    """It was not handed in after all; the supplier goes on with it, and hears by another mail."""
    opened, row = open_milestone(session, actor, moment, milestone_id)
    change = take_back(
        opened.pathway, milestone_id, actor, moment.today, opened.policy, opened.calendar
    )
    milestone_store.record(session, row, change, opened.under)
    reassess(session, moment, [opened.relation.id])


def waive_milestone(
    session: Session,
    actor: Actor,
    moment: Moment,
    milestone_id: int,
    *,
    reason: str,
    revision: int | None = None,
) -> None:
    """The step need not be done after all."""
    opened, row = open_milestone(session, actor, moment, milestone_id)
    _check_seen(row, revision)
    changes = waive(opened.pathway, milestone_id, reason, actor, moment.today)
    _record(session, moment, opened, row, changes)


def _check_seen(row: MilestoneRow, revision: int | None) -> None:
    if revision is not None:
        check_seen(revision, row.revision)


def _record(
    session: Session,
    moment: Moment,
    opened: Opened,
    row: MilestoneRow,
    changes: Sequence[Change],
) -> None:
    """Record each change, owe what it causes, and leave nothing behind that is moot now."""
    actor = opened.under.actor
    for change in changes:
        if isinstance(change, PathwayCompleted):
            pathway_store.record(session, opened.row, change, opened.under)
            facts = {"pathway_id": opened.row.id}
            owed = _owed(opened, row, MessageKind.COMPLETED, str(opened.row.id), facts)
            owe_to_buyer(session, moment, opened.relation, owed)
        else:
            milestone_store.record(session, row, change, opened.under)
            _owe(session, moment, opened, row, change)
    close_tasks(session, actor, moment, ABOUT_LATENESS, milestone_id=row.id)
    supersede_moot(session, moment, opened, row)
    reassess(session, moment, [opened.relation.id])


def _owe(
    session: Session, moment: Moment, opened: Opened, row: MilestoneRow, change: Change
) -> None:
    about = f"{row.id}:{row.revision}"
    match change:
        case MilestoneSubmitted() if row.is_reviewed:
            facts: dict[str, Any] = {"submitted_on": change.submitted_on}
            owed = _owed(opened, row, MessageKind.REVIEW, about, facts)
            owe_to_buyer(session, moment, opened.relation, owed)
        case MilestoneReturned():
            facts = {"note": change.note, "rework_on": change.rework_on}
            owed = _owed(opened, row, MessageKind.RETURNED, about, facts)
            owe_to_supplier(session, moment, opened.relation, owed)
        case MilestoneAccepted() if change.was_reviewed:
            owed = _owed(opened, row, MessageKind.ACCEPTED, about, {"note": change.note})
            owe_to_supplier(session, moment, opened.relation, owed)
        case MilestoneWaived() if row.owner != Side.BUYER:
            owed = _owed(opened, row, MessageKind.WAIVED, about, {"reason": change.reason})
            owe_to_supplier(session, moment, opened.relation, owed)


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
