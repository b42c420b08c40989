"""Whose turn it is with a supplier, since when, and what comes next: for any number at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onboarding.domain.certificates import CertificateState
from onboarding.domain.milestones import ABOUT_THE_DAY, Milestone, MilestoneState
from onboarding.domain.pathways import OVER, RUNNING, PathwayState
from onboarding.domain.people import Side
from onboarding.domain.workdays import DAY
from onboarding.services.waiting import Turn, waiting_for_buyer
from onboarding.store.batches import planned_days
from onboarding.store.database import IDS
from onboarding.store.facts import load_milestones
from onboarding.store.tables import (
    AmendmentRow,
    CertificateRow,
    MilestoneRow,
    PathwayRow,
    RelationRow,
)

# Built once: they run with every change.
NOT_OVER = select(PathwayRow).where(PathwayRow.relation_id.in_(IDS), PathwayRow.state.not_in(OVER))
STEP_DAYS = select(
    MilestoneRow.pathway_id,
    MilestoneRow.id,
    MilestoneRow.accepted_on,
    MilestoneRow.deadline_since_on,
).where(MilestoneRow.pathway_id.in_(IDS))
OUR_CHANGES = select(AmendmentRow.pathway_id, AmendmentRow.turn_since_on).where(
    AmendmentRow.pathway_id.in_(IDS),
    AmendmentRow.answered_on.is_(None),
    AmendmentRow.proposed_by == Side.BUYER,
)
CERTIFIED = select(CertificateRow.relation_id).where(
    CertificateRow.relation_id.in_(IDS), CertificateRow.state == CertificateState.VERIFIED
)
LAST_OVER = (
    select(PathwayRow.relation_id, func.max(PathwayRow.over_on).label("over_on"))
    .where(PathwayRow.relation_id.in_(IDS))
    .group_by(PathwayRow.relation_id)
    .subquery()
)
# Enrolled without anything under way or a certificate of its own: the buyer proposes.
ENROLLED = (
    select(RelationRow.id, RelationRow.enrolled_on, LAST_OVER.c.over_on)
    .outerjoin(LAST_OVER, LAST_OVER.c.relation_id == RelationRow.id)
    .where(
        RelationRow.id.in_(IDS),
        RelationRow.enrolled_on.is_not(None),
        RelationRow.ended_on.is_(None),
        RelationRow.id.not_in(CERTIFIED),
    )
)


@dataclass(frozen=True, slots=True)
class StepDays:
    """When a step was accepted last, by pathway; since when a deadline counts, by milestone."""

    accepted: dict[int, date]
    since: dict[int, date]


def turns_of(
    session: Session,
    relation_ids: Sequence[int],
    on: date,
    milestones: Mapping[int, Sequence[Milestone]] | None = None,
) -> dict[int, Turn]:
    """The turn of each relation on a day, in a constant number of statements.

    What waits for the buyer goes first, the longest waiting of all; else the open step that is
    due first. `milestones` are those of the running pathways, where the caller has them.
    """
    asked = {"ids": list(relation_ids)}
    pathways = {row.relation_id: row for row in session.scalars(NOT_OVER, asked)}
    running = [row.id for row in pathways.values() if row.state in RUNNING]
    drafts = [row.id for row in pathways.values() if row.state == PathwayState.DRAFT]
    planned = planned_days(session, drafts) if drafts else {}
    if milestones is None:
        milestones = load_milestones(session, running)
    days, changes = _step_days(session, running), _our_changes(session, running)
    enrolled = {
        relation_id: max(day for day in (enrolled_on, over_on) if day is not None)
        for relation_id, enrolled_on, over_on in session.execute(ENROLLED, asked)
    }
    waiting = waiting_for_buyer(session, relation_ids, on)
    turns: dict[int, Turn] = {}
    for relation_id in relation_ids:
        waits, pathway = list(waiting.get(relation_id, ())), pathways.get(relation_id)
        theirs: Turn | None = None
        if pathway is not None and pathway.state in RUNNING:
            steps = milestones[pathway.id]
            waits += [turn for milestone in steps for turn in _waits_for_buyer(milestone)]
            theirs = _theirs(pathway, steps, days, changes.get(pathway.id), on)
        elif pathway is not None:
            theirs = _negotiated(pathway, planned.get(pathway.id))
            waits += [theirs] if pathway.state == PathwayState.COUNTERED else []
        elif relation_id in enrolled:
            theirs = Turn(side=Side.BUYER, since=enrolled[relation_id], step="propose")
        if waits:
            first = min(waits, key=lambda turn: turn.since or date.max)
            is_ours = theirs is None or theirs.side is Side.BUYER
            turns[relation_id] = replace(first, meanwhile=None if is_ours else theirs)
        else:
            turns[relation_id] = theirs or Turn()
    return turns


def _negotiated(pathway: PathwayRow, planned_on: date | None) -> Turn:
    since = pathway.turn_since_on
    match pathway.state:
        case PathwayState.DRAFT if planned_on is not None:
            return Turn(step="proposal-planned", due_on=planned_on)
        case PathwayState.PROPOSED:
            return Turn(
                side=Side.SUPPLIER,
                since=since,
                step="answer-proposal",
                due_on=pathway.window_ends_on,
            )
        case PathwayState.COUNTERED:
            return Turn(side=Side.BUYER, since=since, step="answer-counter")
        case _:
            return Turn(side=Side.BUYER, since=since, step="propose")


def _theirs(
    pathway: PathwayRow,
    milestones: Iterable[Milestone],
    days: StepDays,
    changed_on: date | None,
    on: date,
) -> Turn | None:
    """What comes next where nothing waits for the buyer: a pause, our change, or a step."""
    starts_on, ends_on = pathway.hold_starts_on, pathway.hold_ends_on
    if starts_on is not None and ends_on is not None and starts_on <= on <= ends_on:
        return Turn(since=starts_on, step="paused", due_on=ends_on)
    if changed_on is not None:
        return Turn(side=Side.SUPPLIER, since=changed_on, step="answer-change")
    milestones = list(milestones)
    to_do = [m for m in milestones if _is_to_do(m)]
    if not to_do:
        return None
    following = min(to_do, key=lambda m: m.falls_due_on() or m.due_on)
    since = [
        pathway.agreed_on,
        days.accepted.get(pathway.id),
        days.since.get(following.id),
        *(request.answered_on for m in milestones for request in m.requests),
        ends_on + DAY if ends_on is not None and ends_on < on else None,
    ]
    return Turn(
        side=following.owner,
        since=max((day for day in since if day is not None), default=pathway.turn_since_on),
        step="milestone",
        title=following.title,
        due_on=following.falls_due_on() or following.due_on,
    )


def _is_to_do(milestone: Milestone) -> bool:
    is_with_buyer = milestone.state is MilestoneState.SUBMITTED or milestone.request_waits()
    return milestone.is_open() and not is_with_buyer


def _waits_for_buyer(milestone: Milestone) -> Iterable[Turn]:
    """What waits of one step; an amendment, a pause or a contest waits once for all of them."""
    if not milestone.is_open():
        return  # what was asked about it needs no answer any more
    ours = Turn(side=Side.BUYER, title=milestone.title, due_on=milestone.falls_due_on())
    if milestone.state is MilestoneState.SUBMITTED and milestone.submitted_on is not None:
        since, due_on = milestone.submitted_on, milestone.due_on
        yield replace(ours, since=since, step="review", due_on=due_on)
    for request in milestone.requests:
        if request.waits() and request.kind in ABOUT_THE_DAY:
            yield replace(ours, since=request.made_on, step="answer-request")
    notice = milestone.standing_notice()
    if notice is not None and notice.reply_waits():
        yield replace(ours, since=notice.reply_made_on, step="answer-reply")


def _step_days(session: Session, pathway_ids: Sequence[int]) -> StepDays:
    days = StepDays({}, {})
    for pathway_id, milestone_id, accepted_on, since_on in session.execute(
        STEP_DAYS, {"ids": list(pathway_ids)}
    ):
        if accepted_on is not None:
            days.accepted[pathway_id] = max(accepted_on, days.accepted.get(pathway_id, accepted_on))
        if since_on is not None:
            days.since[milestone_id] = since_on
    return days


def _our_changes(session: Session, pathway_ids: Sequence[int]) -> dict[int, date]:
    """Since when a change that we proposed lies with the supplier."""
    rows = session.execute(OUR_CHANGES, {"ids": list(pathway_ids)})
    return {pathway_id: day for pathway_id, day in rows}


__all__ = ["Turn", "turns_of"]
