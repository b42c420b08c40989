"""Loads what decides the buying status: a query per table for any number of relations."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from onboarding.domain.certificates import (
    Certificate,
    CertificateState,
    Recognition,
    RecognitionKind,
    Renewal,
)
from onboarding.domain.decisions import Decision, DecisionKind
from onboarding.domain.eligibility import Facts
from onboarding.domain.grants import DecisionState
from onboarding.domain.milestones import (
    DateRequest,
    Milestone,
    MilestoneState,
    Notice,
    RequestKind,
)
from onboarding.domain.pathways import RUNNING, Pathway, PathwayState
from onboarding.domain.people import Side
from onboarding.domain.policy import Level
from onboarding.domain.statements import ENDS
from onboarding.domain.workdays import Span
from onboarding.store.database import IDS
from onboarding.store.tables import (
    CertificateNumberRow,
    CertificateRow,
    DateRequestRow,
    DecisionRow,
    FormerKvkNumberRow,
    MilestoneRow,
    NoticeRow,
    PathwayRow,
    RecognitionRow,
    RelationRow,
    RenewalRow,
    StatementRow,
)

Row = TypeVar("Row")

HANDED_OVER = ("handed-over",)
# What a service saw before it had the lock may be old by now: facts are read over it. Changes of
# its own are written first, by the session.
ANEW = {"populate_existing": True}
HELD = "held"
NOT_SENT = ("prepared", HELD)

# Built once: these run with every change.


def _of_relations(table: type[Any]) -> Select[tuple[Any]]:
    return select(table).where(table.relation_id.in_(IDS)).order_by(table.id)


OF_RELATIONS = {
    table: _of_relations(table)
    for table in (
        FormerKvkNumberRow,
        PathwayRow,
        CertificateRow,
        RecognitionRow,
        DecisionRow,
        RenewalRow,
    )
}
OF_RELATIONS[DecisionRow] = OF_RELATIONS[DecisionRow].where(
    DecisionRow.state == DecisionState.TAKEN
)
RELATIONS = select(RelationRow).where(RelationRow.id.in_(IDS))
MILESTONES = (
    select(MilestoneRow)
    .where(MilestoneRow.pathway_id.in_(IDS))
    .order_by(MilestoneRow.pathway_id, MilestoneRow.position, MilestoneRow.id)
)
REQUESTS = (
    select(DateRequestRow).where(DateRequestRow.milestone_id.in_(IDS)).order_by(DateRequestRow.id)
)
NOTICES = select(NoticeRow).where(NoticeRow.milestone_id.in_(IDS)).order_by(NoticeRow.id)
# The pathways of which the supplier says that it did not end them, unless that was wrong.
CONTESTED_ENDS = select(StatementRow.pathway_id).where(
    StatementRow.relation_id.in_(IDS),
    StatementRow.code.in_(ENDS),
    StatementRow.contested_on.is_not(None),
    StatementRow.stands.is_not(True),
)
COVERED_NUMBERS = (
    select(CertificateNumberRow.certificate_id, CertificateNumberRow.kvk_number)
    .join(CertificateRow, CertificateRow.id == CertificateNumberRow.certificate_id)
    .where(CertificateRow.relation_id.in_(IDS))
)


def load_facts(session: Session, relation_ids: Sequence[int]) -> dict[int, Facts]:
    """The facts of each relation, as known now."""
    asked = {"ids": list(relation_ids)}

    def rows(table: type[Any]) -> dict[int, list[Any]]:
        found = session.scalars(OF_RELATIONS[table], asked, execution_options=ANEW)
        return _grouped(found, lambda row: row.relation_id)

    relations = session.scalars(RELATIONS, asked)
    former, pathways = rows(FormerKvkNumberRow), rows(PathwayRow)
    milestones = load_milestones(
        session,
        [row.id for found in pathways.values() for row in found if row.state in RUNNING],
    )
    certificates, covered = rows(CertificateRow), _covered_numbers(session, asked)
    recognitions, decisions = rows(RecognitionRow), rows(DecisionRow)
    renewals = rows(RenewalRow)
    contested = frozenset(session.scalars(CONTESTED_ENDS, asked))
    return {
        relation.id: Facts(
            kvk_number=relation.kvk_number,
            former_kvk_numbers=tuple(row.kvk_number for row in former[relation.id]),
            enrolled_on=relation.enrolled_on,
            ended_on=relation.ended_on,
            certificates=tuple(
                certificate_value(row, covered[row.id]) for row in certificates[relation.id]
            ),
            recognitions=tuple(recognition_value(row) for row in recognitions[relation.id]),
            renewals=tuple(
                renewal_value(row) for row in renewals[relation.id] if row.refused_on is None
            ),
            decisions=tuple(decision_value(row) for row in decisions[relation.id]),
            pathways=tuple(
                pathway_value(row, milestones[row.id], end_stands=row.id not in contested)
                for row in pathways[relation.id]
            ),
        )
        for relation in relations
    }


def load_milestones(
    session: Session, pathway_ids: Sequence[int]
) -> defaultdict[int, tuple[Milestone, ...]]:
    """The milestones of each pathway, with their requests and notices."""
    asked = {"ids": list(pathway_ids)}
    rows = session.scalars(MILESTONES, asked, execution_options=ANEW).all()
    these = {"ids": [row.id for row in rows]}
    requests = _grouped(
        session.scalars(REQUESTS, these, execution_options=ANEW), lambda row: row.milestone_id
    )
    notices = _grouped(
        session.scalars(NOTICES, these, execution_options=ANEW), lambda row: row.milestone_id
    )
    found: defaultdict[int, tuple[Milestone, ...]] = defaultdict(tuple)
    for row in rows:
        found[row.pathway_id] += (milestone_value(row, requests[row.id], notices[row.id]),)
    return found


def milestone_value(
    row: MilestoneRow, requests: Iterable[DateRequestRow], notices: Iterable[NoticeRow]
) -> Milestone:
    last_standing, planned_on, is_held = None, None, False
    for notice in notices:
        if notice.state in HANDED_OVER:
            last_standing, planned_on, is_held = notice, None, False
        elif notice.state in NOT_SENT:
            planned_on, is_held = notice.planned_on, notice.state == HELD
    return Milestone(
        id=row.id,
        title=row.title,
        owner=Side(row.owner),
        state=MilestoneState(row.state),
        due_on=row.due_on,
        day_number=row.day_number,
        is_reviewed=row.is_reviewed,
        rework_on=row.rework_on,
        times_returned=row.rework_count,
        submitted_on=row.submitted_on,
        requests=tuple(request_value(request) for request in requests),
        notice=notice_value(last_standing) if last_standing else None,
        notice_planned_on=planned_on,
        notice_is_held=is_held,
    )


def request_value(row: DateRequestRow) -> DateRequest:
    return DateRequest(
        id=row.id,
        kind=RequestKind(row.kind),
        by=Side(row.made_by),
        made_on=row.made_on,
        day_number=row.day_number,
        answered_on=row.answered_on,
        granted_on=row.granted_due_on,
        grace_ends_on=row.grace_ends_on,
        is_withdrawn=row.is_withdrawn,
    )


def notice_value(row: NoticeRow) -> Notice:
    """A notice that was handed over, as the rules see it."""
    assert row.handed_over_on is not None and row.cure_ends_on is not None
    return Notice(
        id=row.id,
        missed_on=row.missed_on,
        handed_over_on=row.handed_over_on,
        cure_ends_on=row.cure_ends_on,
        clock_decides=row.clock_decides,
        reply_made_on=row.reply_made_on,
        reply_answered_on=row.reply_answered_on,
    )


def pathway_value(
    row: PathwayRow, milestones: tuple[Milestone, ...], *, end_stands: bool = True
) -> Pathway:
    hold = None
    if row.hold_starts_on is not None and row.hold_ends_on is not None:
        hold = Span(row.hold_starts_on, row.hold_ends_on)
    return Pathway(
        id=row.id,
        state=PathwayState(row.state),
        target=Level(row.target) if row.target else None,
        proposed_on=row.proposed_on,
        window_ends_on=row.window_ends_on,
        over_on=row.over_on,
        over_by=Side(row.over_by) if row.over_by else None,
        end_stands=end_stands,
        hold=hold,
        cure_working_days=row.cure_working_days or 0,
        milestones=milestones,
    )


def certificate_value(row: CertificateRow, covered: Iterable[str]) -> Certificate:
    return Certificate(
        id=row.id,
        state=CertificateState(row.state),
        level=Level(row.level),
        thirty_plus=row.thirty_plus,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        covered_kvk_numbers=frozenset(covered),
        verified_on=row.verified_on,
        revoked_on=row.revoked_on,
        pathway_target=Level(row.pathway_target) if row.pathway_target else None,
    )


def recognition_value(row: RecognitionRow) -> Recognition:
    return Recognition(
        id=row.id,
        kind=RecognitionKind(row.kind),
        checked_on=row.checked_on,
        recheck_on=row.recheck_on,
        ends_on=row.ends_on,
        revoked_on=row.revoked_on,
    )


def renewal_value(row: RenewalRow) -> Renewal:
    return Renewal(
        id=row.id,
        certificate_id=row.certificate_id,
        certificate_ends_on=row.certificate_ends_on,
        reported_on=row.reported_on,
        accepted_on=row.accepted_on,
        delayed_audit_on=row.delayed_audit_on,
    )


def decision_value(row: DecisionRow) -> Decision:
    return Decision(
        id=row.id,
        kind=DecisionKind(row.kind),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        ended_on=row.ended_on,
        is_urgent=row.is_urgent,
        announced_on=row.announced_on,
        reply_made_on=row.reply_made_on,
        reply_answered_on=row.reply_answered_on,
    )


def _covered_numbers(session: Session, asked: dict[str, Any]) -> dict[int, list[str]]:
    covered: defaultdict[int, list[str]] = defaultdict(list)
    for certificate_id, kvk_number in session.execute(COVERED_NUMBERS, asked):
        covered[certificate_id].append(kvk_number)
    return covered


def _grouped(rows: Iterable[Row], key: Callable[[Row], int]) -> defaultdict[int, list[Row]]:
    groups: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups
