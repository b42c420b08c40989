"""Whose turn it is with a supplier, since when, and what comes next: for any number at once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onboarding.domain.certificates import CertificateState
from onboarding.domain.milestones import Milestone, MilestoneState
from onboarding.domain.pathways import OVER, RUNNING, PathwayState
from onboarding.domain.people import Side
from onboarding.store.batches import planned_days
from onboarding.store.facts import load_milestones
from onboarding.store.tables import (
    CertificateRow,
    MilestoneRow,
    PathwayRow,
    RelationRow,
    StatementRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """`step` says what comes next: a code of `i18n.turns`, or `milestone` with its title.

    `due_on` is the day by which, where there is one. Nobody's turn: `side` is None.
    """

    side: Side | None = None
    since: date | None = None
    step: str = ""
    title: str | None = None
    due_on: date | None = None


def turns_of(session: Session, relation_ids: Sequence[int]) -> dict[int, Turn]:
    """The turn of each relation, in a constant number of statements."""
    pathways = {
        row.relation_id: row
        for row in session.scalars(
            select(PathwayRow).where(
                PathwayRow.relation_id.in_(relation_ids),
                PathwayRow.state.not_in([state.value for state in OVER]),
            )
        )
    }
    running = [row.id for row in pathways.values() if row.state in RUNNING]
    drafts = [row.id for row in pathways.values() if row.state == PathwayState.DRAFT]
    planned = planned_days(session, drafts) if drafts else {}
    milestones = load_milestones(session, running)
    accepted = _last_accepted(session, running)
    reported = _reported_since(session, relation_ids)
    contested = _contested_since(session, relation_ids)
    waiting = _enrolled_since(session, relation_ids)
    turns: defaultdict[int, Turn] = defaultdict(Turn)
    for relation_id in relation_ids:
        pathway = pathways.get(relation_id)
        if relation_id in contested:
            since = contested[relation_id]
            turns[relation_id] = Turn(side=Side.BUYER, since=since, step="answer-contest")
        elif relation_id in reported:
            since = reported[relation_id]
            turns[relation_id] = Turn(side=Side.BUYER, since=since, step="check-certificate")
        elif pathway is not None and pathway.state in RUNNING:
            turns[relation_id] = _running(pathway, milestones[pathway.id], accepted)
        elif pathway is not None:
            turns[relation_id] = _negotiated(pathway, planned.get(pathway.id))
        elif relation_id in waiting:
            since = waiting[relation_id]
            turns[relation_id] = Turn(side=Side.BUYER, since=since, step="propose")
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


def _running(
    pathway: PathwayRow, milestones: Iterable[Milestone], accepted: dict[int, date]
) -> Turn:
    """What waits for the buyer goes first; else the open step that is due first."""
    milestones = list(milestones)
    waits = [(day, step, m) for m in milestones for day, step in _waits_for_buyer(m)]
    if waits:
        since, step, milestone = min(waits, key=lambda one: one[0])
        due_on = milestone.due_on if step == "review" else milestone.falls_due_on()
        return Turn(side=Side.BUYER, since=since, step=step, title=milestone.title, due_on=due_on)
    still_open = [m for m in milestones if m.is_open()]
    if not still_open:
        return Turn()
    following = min(still_open, key=lambda m: m.falls_due_on() or m.due_on)
    days = [pathway.agreed_on, accepted.get(pathway.id), *_answers(milestones)]
    return Turn(
        side=following.owner,
        since=max((day for day in days if day is not None), default=pathway.turn_since_on),
        step="milestone",
        title=following.title,
        due_on=following.falls_due_on() or following.due_on,
    )


def _waits_for_buyer(milestone: Milestone) -> Iterable[tuple[date, str]]:
    if not milestone.is_open():
        return  # what was asked about it needs no answer any more
    if milestone.state is MilestoneState.SUBMITTED and milestone.submitted_on is not None:
        yield milestone.submitted_on, "review"
    for request in milestone.requests:
        if request.waits():
            yield request.made_on, "answer-request"
    notice = milestone.standing_notice()
    if notice is not None and notice.reply_waits() and notice.reply_made_on is not None:
        yield notice.reply_made_on, "answer-reply"


def _answers(milestones: Iterable[Milestone]) -> Iterable[date | None]:
    return (request.answered_on for m in milestones for request in m.requests)


def _last_accepted(session: Session, pathway_ids: Sequence[int]) -> dict[int, date]:
    rows = session.execute(
        select(MilestoneRow.pathway_id, func.max(MilestoneRow.accepted_on))
        .where(MilestoneRow.pathway_id.in_(pathway_ids), MilestoneRow.accepted_on.is_not(None))
        .group_by(MilestoneRow.pathway_id)
    )
    return {pathway_id: day for pathway_id, day in rows}


def _reported_since(session: Session, relation_ids: Sequence[int]) -> dict[int, date]:
    rows = session.execute(
        select(CertificateRow.relation_id, func.min(CertificateRow.reported_on))
        .where(
            CertificateRow.relation_id.in_(relation_ids),
            CertificateRow.state == CertificateState.REPORTED.value,
        )
        .group_by(CertificateRow.relation_id)
    )
    return {relation_id: day for relation_id, day in rows}


def _contested_since(session: Session, relation_ids: Sequence[int]) -> dict[int, date]:
    rows = session.execute(
        select(StatementRow.relation_id, func.min(StatementRow.contested_on))
        .where(
            StatementRow.relation_id.in_(relation_ids),
            StatementRow.contested_on.is_not(None),
            StatementRow.answered_on.is_(None),
        )
        .group_by(StatementRow.relation_id)
    )
    return {relation_id: day for relation_id, day in rows}


def _enrolled_since(session: Session, relation_ids: Sequence[int]) -> dict[int, date]:
    """Enrolled without anything under way or a certificate of its own: the buyer proposes."""
    certified = select(CertificateRow.relation_id).where(
        CertificateRow.state == CertificateState.VERIFIED.value
    )
    over = (
        select(PathwayRow.relation_id, func.max(PathwayRow.over_on).label("over_on"))
        .group_by(PathwayRow.relation_id)
        .subquery()
    )
    rows = session.execute(
        select(RelationRow.id, RelationRow.enrolled_on, over.c.over_on)
        .outerjoin(over, over.c.relation_id == RelationRow.id)
        .where(
            RelationRow.id.in_(relation_ids),
            RelationRow.enrolled_on.is_not(None),
            RelationRow.ended_on.is_(None),
            RelationRow.id.not_in(certified),
        )
    )
    return {
        relation_id: max(day for day in (enrolled_on, over_on) if day is not None)
        for relation_id, enrolled_on, over_on in rows
    }
