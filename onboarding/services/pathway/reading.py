"""Reading a pathway for a page: steps, states, days, and whose turn it is since when."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import NotFound
from onboarding.domain.milestones import ABOUT_THE_DAY, MilestoneState
from onboarding.domain.pathways import NEGOTIATED, OVER, RUNNING, PathwayState
from onboarding.domain.people import Actor, Side
from onboarding.domain.plans import as_agreed_on, lateness
from onboarding.domain.policy import Level
from onboarding.domain.workdays import Span
from onboarding.services.pathway.amendment_reading import open_amendment
from onboarding.services.pathway.hold_reading import last_hold
from onboarding.services.pathway.turns import turns_of
from onboarding.services.pathway.views import (
    FileView,
    NoticeView,
    PathwayView,
    RequestView,
    StepView,
)
from onboarding.services.statuses import policies_of
from onboarding.store.batches import planned_days
from onboarding.store.facts import milestone_value
from onboarding.store.milestones import evidence_codes, evidence_of, rows_of_pathway
from onboarding.store.pathways import last_pathway_row
from onboarding.store.plans import plan_on_table
from onboarding.store.relations import visible_relation
from onboarding.store.tables import (
    DateRequestRow,
    EvidenceRow,
    MilestoneRow,
    NoticeRow,
    PathwayRow,
)


def pathway_panel(
    session: Session, actor: Actor, moment: Moment, relation_id: int
) -> PathwayView | None:
    """The relation's pathway that is not over, else the last one; None where there is none.

    A supplier sees no draft, nor that there is one: what it saw before stays.
    """
    visible_relation(session, actor, relation_id)
    row = last_pathway_row(session, relation_id, with_drafts=actor.side is not Side.SUPPLIER)
    return _view(session, actor, moment, row) if row is not None else None


def read_pathway(session: Session, actor: Actor, moment: Moment, pathway_id: int) -> PathwayView:
    """The pathway with this id. Raises NotFound."""
    row = session.get(PathwayRow, pathway_id)
    if row is None:
        raise NotFound(what="pathway")
    visible_relation(session, actor, row.relation_id)
    if actor.side is Side.SUPPLIER and row.state == PathwayState.DRAFT:
        raise NotFound(what="pathway")
    return _view(session, actor, moment, row)


def read_step(
    session: Session, actor: Actor, moment: Moment, milestone_id: int
) -> tuple[PathwayView, StepView]:
    """The step with this id and its pathway. Raises NotFound."""
    row = session.get(MilestoneRow, milestone_id)
    if row is None:
        raise NotFound(what="milestone")
    pathway = read_pathway(session, actor, moment, row.pathway_id)
    step = pathway.step(milestone_id)
    if step is None:
        raise NotFound(what="milestone")
    return pathway, step


def _view(session: Session, actor: Actor, moment: Moment, row: PathwayRow) -> PathwayView:
    state = PathwayState(row.state)
    is_draft = state is PathwayState.DRAFT
    is_on_table = is_draft or (state in OVER and not row.version_number)
    days_moved = 0
    if state in NEGOTIATED or is_on_table:
        steps, days_moved = _steps_on_table(session, actor, moment, row)
    else:
        steps = _agreed_steps(session, actor, moment, row)
    planned_on = planned_days(session, [row.id]).get(row.id) if is_draft else None
    asked = last_hold(session, actor, row.id) if state in RUNNING else None
    return PathwayView(
        id=row.id,
        relation_id=row.relation_id,
        state=state,
        revision=row.revision,
        version_number=row.version_number,
        target=Level(row.target) if row.target else None,
        template=row.template,
        template_version=row.template_version,
        was_proposed=row.proposed_on is not None,
        starts_on=row.starts_on,
        note=row.note,
        contract=row.contract,
        cure_working_days=row.cure_working_days or 0,
        turn=turns_of(session, [row.relation_id], moment.today)[row.relation_id],
        countered_on=row.turn_since_on if state is PathwayState.COUNTERED else None,
        window_ends_on=row.window_ends_on,
        agreed_on=row.agreed_on,
        hold=_hold(row, moment.today),
        asked_hold=asked if asked is not None and asked.is_asked else None,
        amendment=open_amendment(session, actor, row.id) if state in RUNNING else None,
        over_on=row.over_on,
        over_by=Side(row.over_by) if row.over_by else None,
        over_reason=row.over_reason,
        days_moved=days_moved,
        steps=steps,
        planned_on=planned_on,
    )


def _hold(row: PathwayRow, today: date) -> Span | None:
    """The pause in force or to come."""
    starts_on, ends_on = row.hold_starts_on, row.hold_ends_on
    if starts_on is None or ends_on is None or ends_on < today:
        return None
    return Span(starts_on, ends_on)


def _steps_on_table(
    session: Session, actor: Actor, moment: Moment, row: PathwayRow
) -> tuple[tuple[StepView, ...], int]:
    """The steps as they lie on the table, and by how many days agreeing today would move them."""
    plan = plan_on_table(row)
    calendar = policies_of(session, actor.customer_id).on(moment.today).calendar
    moved = as_agreed_on(plan, moment.today, calendar)
    views = tuple(
        StepView(
            id=None,
            title=step.title,
            explanation=step.explanation,
            evidence=step.evidence,
            owner=step.owner,
            is_reviewed=step.is_reviewed,
            state=MilestoneState.PLANNED,
            code="planned",
            due_on=step.due_on,
            agreed_due_on=step.due_on,
            original_due_on=step.due_on,
            moved_due_on=later.due_on,
            moves_back=step.moves_back,
        )
        for step, later in zip(plan.steps, moved.steps, strict=True)
    )
    return views, lateness(plan, moment.today)


def _agreed_steps(
    session: Session, actor: Actor, moment: Moment, row: PathwayRow
) -> tuple[StepView, ...]:
    rows = rows_of_pathway(session, row.id)
    ids = [milestone.id for milestone in rows]
    requests = _by_milestone(session, DateRequestRow, ids)
    notices = _by_milestone(session, NoticeRow, ids)
    files: defaultdict[int | None, list[EvidenceRow]] = defaultdict(list)
    for evidence in evidence_of(session, ids):
        files[evidence.milestone_id].append(evidence)
    sees_unsent = actor.side is Side.BUYER
    return tuple(
        _step_view(
            row,
            moment.today,
            requests[row.id],
            [n for n in notices[row.id] if sees_unsent or n.handed_over_on is not None],
            files[row.id],
            planned=notices[row.id],
        )
        for row in rows
    )


def _by_milestone(session: Session, table: Any, ids: Sequence[int]) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in session.scalars(select(table).where(table.milestone_id.in_(ids)).order_by(table.id)):
        found[row.milestone_id].append(row)
    return found


def _step_view(
    row: MilestoneRow,
    today: date,
    requests: Iterable[DateRequestRow],
    notices: Iterable[NoticeRow],
    files: Iterable[EvidenceRow],
    planned: Iterable[NoticeRow],
) -> StepView:
    requests = list(requests)
    milestone = milestone_value(row, requests, planned)
    is_overdue = milestone.is_overdue(today)
    code = row.state
    if is_overdue:
        code = "overdue"
    elif milestone.state is MilestoneState.STARTED and row.rework_count:
        code = "returned"
    return StepView(
        id=row.id,
        title=row.title,
        explanation=row.description,
        evidence=evidence_codes(row),
        owner=Side(row.owner),
        is_reviewed=row.is_reviewed,
        state=milestone.state,
        code=str(code),
        due_on=milestone.falls_due_on() or row.due_on,
        agreed_due_on=row.due_on,
        original_due_on=row.original_due_on,
        rework_on=row.rework_on,
        submitted_on=row.submitted_on,
        accepted_on=row.accepted_on,
        note=row.last_note,
        times_returned=row.rework_count,
        revision=row.revision,
        is_overdue=is_overdue,
        is_owed=milestone.is_owed_by_supplier(),
        stands_still=milestone.is_owed_by_supplier() and milestone.falls_due_on() is None,
        moves_back=row.moves_back,
        requests=tuple(
            _request_view(request) for request in requests if request.kind in ABOUT_THE_DAY
        ),
        notices=tuple(_notice_view(notice, today) for notice in notices),
        files=tuple(_file_view(file) for file in files),
    )


def _request_view(row: DateRequestRow) -> RequestView:
    return RequestView(
        id=row.id,
        kind=row.kind,
        by=Side(row.made_by),
        made_on=row.made_on,
        asked_due_on=row.asked_due_on,
        reason=row.reason,
        answered_on=row.answered_on,
        granted_on=row.granted_due_on,
        answer=row.answer,
        is_withdrawn=row.is_withdrawn,
    )


def _notice_view(row: NoticeRow, today: date) -> NoticeView:
    return NoticeView(
        id=row.id,
        state=row.state,
        missed_on=row.missed_on,
        planned_on=row.planned_on,
        is_on_its_way=row.state == "prepared" and row.text_on == today,
        hold_reason=row.hold_reason,
        added_line=row.added_line,
        handed_over_on=row.handed_over_on,
        given_by=row.given_by,
        cure_ends_on=row.cure_ends_on,
        clock_decides=row.clock_decides,
        reply=row.reply,
        reply_made_on=row.reply_made_on,
        reply_answered_on=row.reply_answered_on,
        reply_answer=row.reply_answer,
    )


def _file_view(row: EvidenceRow) -> FileView:
    return FileView(
        id=row.id,
        file_name=row.file_name or "",
        uploaded_on=row.uploaded_on,
        by=Side(row.uploaded_side),
    )
