"""Pathways: the negotiation as a value, and each change of one recorded."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.domain.agreements import canonical_json, content, sha256
from onboarding.domain.changes import Change, as_json
from onboarding.domain.milestone_moves import PathwayCompleted
from onboarding.domain.negotiation import (
    DraftDropped,
    PathwayAgreed,
    PathwayCountered,
    PathwayDeclined,
    PathwayDrafted,
    PathwayProposed,
    PathwayStopped,
    PathwayWithdrawn,
    WindowSet,
    WindowTakenBack,
)
from onboarding.domain.pathways import OVER, Negotiation, Pathway, PathwayState, Window
from onboarding.domain.people import Side
from onboarding.domain.plans import Plan, Step
from onboarding.store.facts import load_milestones, pathway_value
from onboarding.store.history import Record, append
from onboarding.store.milestones import add_milestones
from onboarding.store.plans import plan_on_table, signature_value, steps_value
from onboarding.store.tables import EventRow, PathwayRow, PathwayVersionRow


def open_pathway_row(session: Session, relation_id: int) -> PathwayRow | None:
    """The relation's pathway that is not over, if there is one."""
    return session.scalars(
        select(PathwayRow).where(
            PathwayRow.relation_id == relation_id, PathwayRow.state.not_in(OVER)
        )
    ).first()


def last_pathway_row(
    session: Session, relation_id: int, *, with_drafts: bool = True
) -> PathwayRow | None:
    """The pathway that is not over, else the one that ended last."""
    query = select(PathwayRow).where(PathwayRow.relation_id == relation_id)
    if not with_drafts:
        query = query.where(PathwayRow.state != PathwayState.DRAFT)
    return session.scalars(
        query.order_by(PathwayRow.state.in_(OVER), PathwayRow.id.desc()).limit(1)
    ).first()


def load_pathway(session: Session, row: PathwayRow) -> Pathway:
    """The pathway with its milestones, their requests and notices."""
    return pathway_value(row, load_milestones(session, [row.id])[row.id])


def negotiation_value(row: PathwayRow) -> Negotiation:
    return Negotiation(
        id=row.id,
        state=PathwayState(row.state),
        plan=plan_on_table(row),
        version=row.revision,
        signature=signature_value(row.signature) if row.signature else None,
        window=Window(remaining_days=row.window_left, ends_on=row.window_ends_on),
    )


def draft_plan(session: Session, pathway_id: int) -> Plan:
    """What lies on the table, as a plan."""
    return plan_on_table(session.get_one(PathwayRow, pathway_id))


def last_proposed(session: Session, pathway_id: int) -> tuple[Step, ...]:
    """The steps that the buyer proposed last, from the history; empty where it never did."""
    facts = session.scalars(
        select(EventRow.facts)
        .where(EventRow.pathway_id == pathway_id, EventRow.code == PathwayProposed.code)
        .order_by(EventRow.id.desc())
        .limit(1)
    ).first()
    return steps_value(facts["plan"]["steps"]) if facts else ()


def versions(session: Session, pathway_id: int) -> list[PathwayVersionRow]:
    """What was agreed, the first version first."""
    return list(
        session.scalars(
            select(PathwayVersionRow)
            .where(PathwayVersionRow.pathway_id == pathway_id)
            .order_by(PathwayVersionRow.number)
        )
    )


def add_pathway(
    session: Session, relation_id: int, change: PathwayDrafted, under: Record
) -> PathwayRow:
    """Record a new draft. A draft is the buyer's own: its history is not shared."""
    row = PathwayRow(
        relation_id=relation_id,
        state=PathwayState.DRAFT,
        revision=0,
        drafted_on=under.moment.today,
        turn_since_on=under.moment.today,
        **_plan_columns(change.plan),
    )
    session.add(row)
    session.flush()
    append(session, change, under.shared(False).about(pathway_id=row.id))
    return row


def remove_draft(session: Session, row: PathwayRow, change: DraftDropped, under: Record) -> None:
    """Take the draft's row away; the history tells that there was one."""
    append(session, change, under.shared(False).about(pathway_id=row.id))
    session.delete(row)
    session.flush()


def record(session: Session, row: PathwayRow, change: Change, under: Record) -> None:
    """Update the pathway's row and append the change to the history."""
    today = under.moment.today
    is_shared = under.is_shared
    match change:
        case PathwayDrafted():
            _set(row, revision=row.revision + 1, **_plan_columns(change.plan))
            is_shared = False
        case PathwayProposed():
            _put_on_table(row, change, PathwayState.PROPOSED, under)
            row.proposed_on = row.proposed_on or change.proposed_on
            row.note = change.message
        case PathwayCountered():
            _put_on_table(row, change, PathwayState.COUNTERED, under)
            row.note = change.reason
        case WindowSet():
            _set_window(row, change.window)
            is_shared = False
        case WindowTakenBack():
            _set_window(row, Window())
            is_shared = False
        case PathwayWithdrawn():
            _set(row, state=PathwayState.DRAFT, turn_since_on=today, signature=None)
            row.revision += 1
            _set_window(row, change.window)
        case PathwayAgreed():
            _agree(session, row, change, under)
        case PathwayDeclined() | PathwayStopped():
            state = (
                PathwayState.DECLINED
                if isinstance(change, PathwayDeclined)
                else PathwayState.STOPPED
            )
            _set(row, state=state, over_on=change.over_on, over_by=change.over_by)
            _set(row, over_reason=change.reason, window_ends_on=None)
        case PathwayCompleted():
            _set(row, state=PathwayState.COMPLETED, over_on=change.over_on, over_by=Side.BUYER)
        case _:
            raise TypeError(f"not a change of a pathway: {change.code}")
    append(session, change, under.shared(is_shared).about(pathway_id=row.id))


def add_version(
    session: Session,
    row: PathwayRow,
    plan: Plan,
    signatures: tuple[Any, ...],
    under: Record,
) -> PathwayVersionRow:
    """Store the next agreed version: canonical JSON and its hash, and who agreed."""
    row.version_number += 1
    text = canonical_json(
        content(pathway_id=row.id, version=row.version_number, plan=plan, signatures=signatures)
    )
    by_side = {signature.side: as_json(signature) for signature in signatures}
    version = PathwayVersionRow(
        pathway_id=row.id,
        number=row.version_number,
        content=text,
        content_sha256=sha256(text),
        agreed_at=under.moment.now,
        agreed_on=under.moment.today,
        for_buyer=by_side.get(Side.BUYER, {}),
        for_supplier=by_side.get(Side.SUPPLIER, {}),
    )
    session.add(version)
    session.flush()
    return version


def _agree(session: Session, row: PathwayRow, change: PathwayAgreed, under: Record) -> None:
    _set(row, **_plan_columns(change.plan))
    _set(row, state=PathwayState.AGREED, agreed_on=change.agreed_on, window_ends_on=None)
    row.turn_since_on = change.agreed_on
    add_version(session, row, change.plan, change.signatures, under)
    add_milestones(session, row, change.plan.steps)


def _put_on_table(
    row: PathwayRow,
    change: PathwayProposed | PathwayCountered,
    state: PathwayState,
    under: Record,
) -> None:
    _set(row, **_plan_columns(change.plan))
    _set(row, state=state, revision=change.version, signature=as_json(change.signature))
    row.turn_since_on = under.moment.today
    _set_window(row, change.window)


def _set_window(row: PathwayRow, window: Window) -> None:
    _set(row, window_left=window.remaining_days, window_ends_on=window.ends_on)


def _plan_columns(plan: Plan) -> dict[str, Any]:
    return {
        "starts_on": plan.starts_on,
        "steps": as_json(plan.steps),
        "target": plan.target,
        "template": plan.template,
        "template_version": plan.template_version,
        "cure_working_days": plan.cure_working_days or None,
        "contract": plan.contract,
    }


def _set(row: Any, **columns: Any) -> None:
    for name, value in columns.items():
        setattr(row, name, value)
