"""All that is kept of one relation, for its dossier: a query per table, whatever there is of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from onboarding.domain.messages import MessageKind, is_task
from onboarding.store.published import known_from
from onboarding.store.tables import (
    AssessmentRow,
    CertificateNumberRow,
    CertificateRow,
    ContactRow,
    DecisionRow,
    EventRow,
    EvidenceRow,
    FormerKvkNumberRow,
    MailRow,
    MergedRelationRow,
    MessageRow,
    MilestoneRow,
    NoticeRow,
    OrganisationRow,
    PathwayRow,
    PathwayVersionRow,
    PersonRow,
    RecognitionRow,
    RelationRow,
    RenewalRow,
)

TASKS = tuple(kind for kind in MessageKind if is_task(kind))
# What people are sent to get in: keys, which nobody else needs to know of.
TO_GET_IN = (MessageKind.LOGIN_LINK, MessageKind.PASSWORD_LINK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The rows of a relation, in the order in which they came to be.

    `people` are names by number, empty where they were blanked; `contacts` the roles that people
    have or had on the supplier's side. `known_from` is by the number of the assessment's row.
    """

    relation: RelationRow
    customer: str
    former_numbers: Sequence[str]
    former_records: Sequence[MergedRelationRow]
    assessments: Sequence[AssessmentRow]
    known_from: dict[int, datetime]
    pathways: Sequence[PathwayRow]
    versions: Sequence[PathwayVersionRow]
    milestones: Sequence[MilestoneRow]
    certificates: Sequence[CertificateRow]
    covered: dict[int, list[str]]
    renewals: Sequence[RenewalRow]
    recognitions: Sequence[RecognitionRow]
    decisions: Sequence[DecisionRow]
    notices: Sequence[NoticeRow]
    files: Sequence[EvidenceRow]
    messages: Sequence[tuple[MessageRow, MailRow | None]]
    events: Sequence[EventRow]
    people: dict[int, str]
    contacts: dict[int, ContactRow]


def load_kept(session: Session, relation: RelationRow) -> Kept:
    """Everything of the relation; a person is loaded by name only."""

    def rows(table: Any) -> Sequence[Any]:
        query = select(table).where(table.relation_id == relation.id).order_by(table.id)
        return session.scalars(query).all()

    pathways, certificates, events = rows(PathwayRow), rows(CertificateRow), rows(EventRow)
    versions = session.scalars(
        select(PathwayVersionRow)
        .join(PathwayRow, PathwayRow.id == PathwayVersionRow.pathway_id)
        .where(PathwayRow.relation_id == relation.id)
        .order_by(PathwayVersionRow.agreed_at, PathwayVersionRow.id)
    ).all()
    covered: dict[int, list[str]] = {row.id: [] for row in certificates}
    for row in session.scalars(
        select(CertificateNumberRow)
        .where(CertificateNumberRow.certificate_id.in_(covered))
        .order_by(CertificateNumberRow.kvk_number)
    ):
        covered[row.certificate_id].append(row.kvk_number)
    messages = [
        (message, mail)
        for message, mail in session.execute(
            select(MessageRow, MailRow)
            .outerjoin(MailRow, MailRow.id == MessageRow.mail_id)
            .where(
                MessageRow.relation_id == relation.id,
                MessageRow.kind.not_in((*TASKS, *TO_GET_IN)),
            )
            .options(defer(MailRow.body))
            .order_by(MessageRow.owed_at, MessageRow.id)
        ).tuples()
    ]
    since = known_from(AssessmentRow)
    assessments = session.execute(
        select(AssessmentRow, since)
        .where(AssessmentRow.relation_id == relation.id, since.is_not(None))
        .order_by(AssessmentRow.number)
    ).all()
    decisions, recognitions, files = rows(DecisionRow), rows(RecognitionRow), rows(EvidenceRow)
    contacts = {row.person_id: row for row in rows(ContactRow)}
    named = {
        *contacts,
        *(one.person_id for one, _ in messages),
        *(id for one in certificates for id in (one.verified_by,)),
        *(id for one in recognitions for id in (one.checked_by,)),
        *(
            id
            for one in decisions
            for id in (one.decided_by, one.ended_by, one.asked_by, one.answered_by)
        ),
        *(one.uploaded_by for one in files),
        *(id for one in versions for id in _signed_by(one)),
    }
    return Kept(
        relation=relation,
        customer=session.get_one(OrganisationRow, relation.customer_id).name,
        former_numbers=[row.kvk_number for row in rows(FormerKvkNumberRow)],
        former_records=rows(MergedRelationRow),
        assessments=[row for row, _ in assessments],
        known_from={row.id: instant for row, instant in assessments},
        pathways=pathways,
        versions=versions,
        milestones=rows(MilestoneRow),
        certificates=certificates,
        covered=covered,
        renewals=rows(RenewalRow),
        recognitions=recognitions,
        decisions=decisions,
        notices=rows(NoticeRow),
        files=files,
        messages=messages,
        events=events,
        people=_names(session, named),
        contacts=contacts,
    )


def _signed_by(version: PathwayVersionRow) -> list[int | None]:
    return [
        one.get(who)
        for one in (version.for_buyer, version.for_supplier)
        for who in ("person_id", "recorded_by")
    ]


def _names(session: Session, ids: set[int | None]) -> dict[int, str]:
    rows = session.execute(
        select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_([id for id in ids if id]))
    )
    return dict(rows.tuples().all())
