"""Rows of the work list that have a day of their own: what ends soon, and what is late."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.domain.certificates import CertificateState
from onboarding.domain.decisions import DecisionKind
from onboarding.domain.grants import DecisionState
from onboarding.domain.pathways import RUNNING
from onboarding.store.tables import (
    CertificateRow,
    DecisionRow,
    MilestoneRow,
    PathwayRow,
    RecognitionRow,
)
from onboarding.store.work_items import Section, Sight, find

ENDING_WITHIN = timedelta(days=90)


def ending(session: Session, sight: Sight) -> tuple[Section, Section, Section]:
    """Certificates and decisions that end, and recognitions to check again, within 90 days."""
    until = sight.today + ENDING_WITHIN
    later = select(CertificateRow.relation_id).where(
        CertificateRow.state == CertificateState.VERIFIED, CertificateRow.ends_on > until
    )
    certificates = find(
        session,
        sight,
        CertificateRow,
        "certificate-ends",
        CertificateRow.state == CertificateState.VERIFIED,
        CertificateRow.ends_on.between(sight.today, until),
        CertificateRow.relation_id.not_in(later),
        due_on=CertificateRow.ends_on,
        detail=CertificateRow.level,
    )
    decisions = find(
        session,
        sight,
        DecisionRow,
        "decision-ends",
        DecisionRow.kind != DecisionKind.BLOCK,
        DecisionRow.state == DecisionState.TAKEN,
        DecisionRow.ended_on.is_(None),
        DecisionRow.ends_on.between(sight.today, until),
        due_on=DecisionRow.ends_on,
        detail=DecisionRow.kind,
    )
    rechecks = find(
        session,
        sight,
        RecognitionRow,
        "recheck",
        RecognitionRow.revoked_on.is_(None),
        RecognitionRow.recheck_on <= until,
        due_on=RecognitionRow.recheck_on,
        detail=RecognitionRow.kind,
    )
    return certificates, decisions, rechecks


def late_steps(session: Session, sight: Sight) -> Section:
    """Suppliers with a step that is late, by the one that is the latest."""
    return find(
        session,
        sight,
        MilestoneRow,
        "late",
        MilestoneRow.deadline_on < sight.today,
        PathwayRow.state.in_(RUNNING),
        due_on=MilestoneRow.deadline_on,
        detail=MilestoneRow.title,
        joins=((PathwayRow, PathwayRow.id == MilestoneRow.pathway_id),),
        one_each=True,
    )
