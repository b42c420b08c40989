"""The days of relations, for people's own calendars: one statement per kind, however many."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, or_, select
from sqlalchemy.orm import Session

from onboarding.domain.agendas import AgendaDay, DayKind, sequence_of, step_sequence
from onboarding.domain.certificates import CertificateState
from onboarding.domain.decisions import DecisionKind
from onboarding.domain.grants import DecisionState
from onboarding.domain.milestones import MilestoneState
from onboarding.domain.notices import NoticeState
from onboarding.domain.pathways import RUNNING
from onboarding.domain.people import Side
from onboarding.store.colleagues import acting_buyers
from onboarding.store.database import IDS
from onboarding.store.tables import (
    CertificateRow,
    ContactRow,
    DecisionRow,
    MilestoneRow,
    NoticeRow,
    OrganisationRow,
    PathwayRow,
    RecognitionRow,
    RelationRow,
)

DONE = (MilestoneState.ACCEPTED, MilestoneState.WAIVED)
Relations = ColumnElement[bool]
# Built once, and of no more than is told: asked for each mail that names days.
STEPS = (
    select(
        MilestoneRow.id,
        MilestoneRow.state,
        MilestoneRow.submitted_on,
        MilestoneRow.calendar_on,
        MilestoneRow.deadline_on,
        MilestoneRow.due_on,
        MilestoneRow.calendar_number,
        MilestoneRow.calendar_since_on,
        MilestoneRow.title,
        MilestoneRow.description,
        MilestoneRow.owner,
        MilestoneRow.relation_id,
        PathwayRow.state.label("pathway_state"),
        PathwayRow.agreed_on,
        PathwayRow.drafted_on,
        RelationRow.name.label("supplier"),
        OrganisationRow.name.label("customer"),
    )
    .join(PathwayRow, PathwayRow.id == MilestoneRow.pathway_id)
    .join(RelationRow, RelationRow.id == MilestoneRow.relation_id)
    .join(OrganisationRow, OrganisationRow.id == RelationRow.customer_id)
    .order_by(MilestoneRow.relation_id, MilestoneRow.position, MilestoneRow.id)
)
ALL_STEPS = STEPS.where(MilestoneRow.pathway_id.in_(IDS))


def of_contact(person_id: int, today: date) -> Relations:
    """The relations of which somebody is a contact, and which have not ended."""
    theirs = select(ContactRow.relation_id).where(
        ContactRow.person_id == person_id, ContactRow.retired_at.is_(None)
    )
    return RelationRow.id.in_(theirs) & _goes_on(today)


def in_hand_of(customer_id: int, person_id: int, today: date) -> Relations:
    """The relations that somebody has in hand today, as their buyer or its deputy."""
    acting = acting_buyers(today)
    theirs = select(acting.c.relation_id).where(acting.c.person_id == person_id)
    return (RelationRow.customer_id == customer_id) & RelationRow.id.in_(theirs) & _goes_on(today)


def _goes_on(today: date) -> ColumnElement[bool]:
    return or_(RelationRow.ended_on.is_(None), RelationRow.ended_on > today)


def steps(session: Session, which: Relations) -> list[tuple[date | None, AgendaDay]]:
    """The open steps of pathways that run; with each when it was handed in, where it waits."""
    query = STEPS.where(which, PathwayRow.state.in_(RUNNING), MilestoneRow.state.not_in([*DONE]))
    return [
        (row.submitted_on if row.state == MilestoneState.SUBMITTED else None, _step(row))
        for row in session.execute(query)
    ]


def all_steps(session: Session, pathway_ids: Sequence[int]) -> list[AgendaDay]:
    """Every step of these pathways, also those that are over."""
    return [_step(row) for row in session.execute(ALL_STEPS, {"ids": list(pathway_ids)})]


def _step(row: Row[Any]) -> AgendaDay:
    is_over = row.state in DONE or row.pathway_state not in RUNNING
    return AgendaDay(
        kind=DayKind.STEP,
        thing_id=row.id,
        day=row.calendar_on or row.deadline_on or row.due_on,
        sequence=step_sequence(row.calendar_number, is_over=is_over),
        known_on=row.calendar_since_on or row.agreed_on or row.drafted_on,
        relation_id=row.relation_id,
        customer=row.customer,
        supplier=row.supplier,
        title=row.title,
        asked=row.description or "",
        owner=Side(row.owner),
        is_over=is_over,
        is_done=row.state == MilestoneState.ACCEPTED,
    )


def warnings(session: Session, which: Relations) -> list[AgendaDay]:
    """The formal notices that wait for the day on which they go out."""
    query = (
        select(NoticeRow, NoticeRow.planned_on, NoticeRow.prepared_on, MilestoneRow.title)
        .join(MilestoneRow, MilestoneRow.id == NoticeRow.milestone_id)
        .where(NoticeRow.state == NoticeState.PREPARED)
    )
    return _days(session, DayKind.WARNING, NoticeRow, query, which)


def certificates_ending(session: Session, which: Relations, today: date) -> list[AgendaDay]:
    """The last days of certificates that no other one of that supplier goes beyond."""
    later = select(CertificateRow.relation_id, CertificateRow.ends_on).where(
        CertificateRow.state == CertificateState.VERIFIED
    )
    beyond = later.subquery()
    query = select(CertificateRow, CertificateRow.ends_on, CertificateRow.reported_on).where(
        CertificateRow.state == CertificateState.VERIFIED,
        CertificateRow.ends_on >= today,
        ~select(beyond.c.relation_id)
        .where(
            beyond.c.relation_id == CertificateRow.relation_id,
            beyond.c.ends_on > CertificateRow.ends_on,
        )
        .exists(),
    )
    return _days(session, DayKind.CERTIFICATE, CertificateRow, query, which)


def rechecks(session: Session, which: Relations) -> list[AgendaDay]:
    """The days on which recognitions are looked up again."""
    query = select(RecognitionRow, RecognitionRow.recheck_on, RecognitionRow.checked_on).where(
        RecognitionRow.revoked_on.is_(None), RecognitionRow.recheck_on.is_not(None)
    )
    return _days(session, DayKind.RECHECK, RecognitionRow, query, which)


def decisions_ending(session: Session, which: Relations, today: date) -> list[AgendaDay]:
    """The last days of decisions by which a supplier may be bought from."""
    query = select(DecisionRow, DecisionRow.ends_on, DecisionRow.starts_on).where(
        DecisionRow.kind != DecisionKind.BLOCK,
        DecisionRow.state == DecisionState.TAKEN,
        DecisionRow.ended_on.is_(None),
        DecisionRow.ends_on >= today,
    )
    return _days(session, DayKind.DECISION, DecisionRow, query, which)


def _days(
    session: Session, kind: DayKind, table: Any, query: Select[Any], which: Relations
) -> list[AgendaDay]:
    """From rows of a thing, its day, since when that is known and, where there is one, a step."""
    query = (
        query.join(RelationRow, RelationRow.id == table.relation_id)
        .join(OrganisationRow, OrganisationRow.id == RelationRow.customer_id)
        .add_columns(RelationRow, OrganisationRow.name)
        .where(which)
        .order_by(table.id)
    )
    found = []
    for thing, day, known_on, *title, relation, name in session.execute(query):
        found.append(
            AgendaDay(
                kind=kind,
                thing_id=thing.id,
                day=day,
                sequence=sequence_of(day),
                known_on=known_on,
                relation_id=relation.id,
                customer=name,
                supplier=relation.name,
                title=title[0] if title else "",
            )
        )
    return found
