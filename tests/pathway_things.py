"""One thing of a relation around a pathway, as a row: for tests that ask for it by its id."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.domain.agreements import sha256
from onboarding.store.tables import (
    AmendmentRow,
    DateRequestRow,
    EventRow,
    HoldRow,
    MilestoneRow,
    NoticeRow,
    PathwayRow,
    PathwayVersionRow,
    RelationRow,
    StatementRow,
    TaskRow,
)
from tests.stage import BEFORE, BEFORE_ON, a_contact


def a_pathway(session: Session, relation: RelationRow) -> PathwayRow:
    """The relation's running pathway, made where there is none."""
    there = session.scalars(select(PathwayRow).where(PathwayRow.relation_id == relation.id)).first()
    if there is not None:
        return there
    row = PathwayRow(
        relation_id=relation.id,
        state="agreed",
        starts_on=BEFORE_ON,
        steps=[],
        drafted_on=BEFORE_ON,
        turn_since_on=BEFORE_ON,
        agreed_on=BEFORE_ON,
        version_number=1,
    )
    session.add(row)
    session.flush()
    return row


def a_version(session: Session, relation: RelationRow) -> PathwayVersionRow:
    """What was agreed of the relation's running pathway."""
    pathway = a_pathway(session, relation)
    signed = {"person_id": 0, "function": "eigenaar", "channel": "portal"}
    signed["signed_at"] = BEFORE.isoformat()
    content = '{"plan":{"cure_working_days":10,"starts_on":"2026-11-02","steps":[]}}'
    row = PathwayVersionRow(
        pathway_id=pathway.id,
        number=pathway.version_number,
        content=content,
        content_sha256=sha256(content),
        agreed_at=BEFORE,
        agreed_on=BEFORE_ON,
        for_buyer=signed,
        for_supplier=signed,
    )
    session.add(row)
    session.flush()
    return row


def a_milestone(session: Session, relation: RelationRow) -> MilestoneRow:
    row = MilestoneRow(
        pathway_id=a_pathway(session, relation).id,
        relation_id=relation.id,
        position=1,
        title="plan",
        owner="supplier",
        is_reviewed=True,
        state="planned",
        original_due_on=BEFORE_ON,
        due_on=BEFORE_ON,
    )
    session.add(row)
    session.flush()
    return row


def a_request(session: Session, relation: RelationRow) -> DateRequestRow:
    row = DateRequestRow(
        relation_id=relation.id,
        milestone_id=a_milestone(session, relation).id,
        kind="another-date",
        made_by="supplier",
        made_on=BEFORE_ON,
        recorded_on=BEFORE_ON,
        day_number=1,
        asked_due_on=BEFORE_ON,
        reason="Ziek",
    )
    session.add(row)
    session.flush()
    return row


def a_notice(session: Session, relation: RelationRow) -> NoticeRow:
    """One that was handed over, so that both sides may see it."""
    row = NoticeRow(
        relation_id=relation.id,
        milestone_id=a_milestone(session, relation).id,
        missed_on=BEFORE_ON,
        state="handed-over",
        prepared_on=BEFORE_ON,
        planned_on=BEFORE_ON,
        handed_over_on=BEFORE_ON,
        handed_over_at=BEFORE,
        given_by="mail",
        cure_ends_on=BEFORE_ON,
    )
    session.add(row)
    session.flush()
    return row


def a_note(session: Session, relation: RelationRow) -> EventRow:
    """What a buyer wrote down and shares."""
    row = EventRow(
        customer_id=relation.customer_id,
        relation_id=relation.id,
        code="note-written",
        facts={"text": "Wij bellen u na vieren."},
        at=BEFORE,
        on=BEFORE_ON,
        actor_side="buyer",
        is_shared=True,
    )
    session.add(row)
    session.flush()
    return row


def a_statement(session: Session, relation: RelationRow) -> StatementRow:
    """What a supplier said on the phone; nobody has said that it is not right."""
    milestone = a_milestone(session, relation)
    event = EventRow(
        customer_id=relation.customer_id,
        relation_id=relation.id,
        pathway_id=milestone.pathway_id,
        milestone_id=milestone.id,
        code="milestone-submitted",
        facts={"submitted_on": "2026-01-05"},
        at=BEFORE,
        on=BEFORE_ON,
        actor_side="buyer",
        channel="phone",
        said_on=BEFORE_ON,
        said_by=a_contact(session, relation).person_id,
    )
    session.add(event)
    session.flush()
    row = StatementRow(
        relation_id=relation.id,
        event_id=event.id,
        code=event.code,
        pathway_id=milestone.pathway_id,
        milestone_id=milestone.id,
        recorded_on=BEFORE_ON,
        contest_until_on=BEFORE_ON + timedelta(days=7),
        waiting=[],
    )
    session.add(row)
    session.flush()
    return row


def a_hold(session: Session, relation: RelationRow) -> HoldRow:
    """A pause that the supplier asked for and that waits."""
    row = HoldRow(
        pathway_id=a_pathway(session, relation).id,
        state="asked",
        asked_by="supplier",
        asked_on=BEFORE_ON,
        reason="Verhuizing",
        starts_on=BEFORE_ON,
        ends_on=BEFORE_ON,
        moved=[],
    )
    session.add(row)
    session.flush()
    return row


def an_amendment(session: Session, relation: RelationRow) -> AmendmentRow:
    """One that the supplier proposed and that waits."""
    person = {"person_id": 1, "function": "directeur", "signed_at": BEFORE.isoformat()}
    row = AmendmentRow(
        pathway_id=a_pathway(session, relation).id,
        state="open",
        proposed_by="supplier",
        proposed_on=BEFORE_ON,
        turn_since_on=BEFORE_ON,
        reason="Later",
        steps=[],
        touches=[],
        signature={"side": "supplier", "channel": "portal", **person},
    )
    session.add(row)
    session.flush()
    return row


def a_report(session: Session, relation: RelationRow) -> TaskRow:
    """A text that a contact reported as personal data, and that waits for a manager."""
    note = a_note(session, relation)
    person = a_contact(session, relation)
    row = TaskRow(
        key=f"personal-data:{note.id}",
        customer_id=relation.customer_id,
        relation_id=relation.id,
        kind="personal-data",
        for_role="manager",
        facts={"event_id": note.id, "person_id": person.id, "seen": "Namen"},
        due_on=BEFORE_ON,
        owed_at=BEFORE,
    )
    session.add(row)
    session.flush()
    return row


def a_question(session: Session, relation: RelationRow) -> TaskRow:
    """A question that waits, with its event."""
    event = EventRow(
        customer_id=relation.customer_id,
        relation_id=relation.id,
        code="question-asked",
        facts={"text": "Mag het ook later?"},
        at=BEFORE,
        on=BEFORE_ON,
        actor_side="supplier",
    )
    session.add(event)
    session.flush()
    row = TaskRow(
        key=f"question:{event.id}",
        customer_id=relation.customer_id,
        relation_id=relation.id,
        kind="question",
        for_role="buyer",
        facts={"question_id": event.id, "question": "Mag het ook later?"},
        due_on=BEFORE_ON,
        owed_at=BEFORE,
    )
    session.add(row)
    session.flush()
    return row
