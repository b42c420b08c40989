"""A file, a certificate and an announced block of a relation, for tests about who sees what."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.people import Actor
from onboarding.services.evidence import keep_upload
from onboarding.services.evidence_checks import check_upload
from onboarding.store.evidence import EvidenceFiles
from onboarding.store.tables import (
    CertificateNumberRow,
    CertificateRow,
    DecisionRow,
    EvidenceRow,
    RelationRow,
)
from tests import databases, stage
from tests.files import a_pdf, a_picture
from tests.settable_clock import NOW

DAY = timedelta(days=1)
TODAY = NOW.date()


def a_file(session: Session, relation: RelationRow) -> EvidenceRow:
    """A picture that a contact handed in."""
    kept = keep_upload(
        session,
        stage.contact_actor(session, relation),
        Moment(now=NOW, today=TODAY),
        EvidenceFiles(databases.SETTINGS["EVIDENCE_URL"]),
        relation.id,
        check_upload(a_picture(), "plan.png"),
        is_declared_clean=True,
    )
    return session.get_one(EvidenceRow, kept.id)


def a_waiting_file(session: Session, relation: RelationRow, sender: Actor) -> EvidenceRow:
    """A file with a number that could be a BSN, about which its sender has yet to say a word."""
    kept = keep_upload(
        session,
        sender,
        Moment(now=NOW, today=TODAY),
        EvidenceFiles(databases.SETTINGS["EVIDENCE_URL"]),
        relation.id,
        check_upload(a_pdf("Ref 111222333"), "brief.pdf"),
        is_declared_clean=True,
    )
    return session.get_one(EvidenceRow, kept.id)


def a_certificate(session: Session, relation: RelationRow, **fields: Any) -> CertificateRow:
    """A verified certificate of the relation's number that runs for another year."""
    given: dict[str, Any] = {
        "state": "verified",
        "level": "trede-1",
        "starts_on": TODAY - 300 * DAY,
        "ends_on": TODAY + 365 * DAY,
        "reported_by": "supplier",
        "reported_at": NOW,
        "reported_on": TODAY - 290 * DAY,
        "verified_on": TODAY - 280 * DAY,
        **fields,
    }
    row = CertificateRow(relation_id=relation.id, **given)
    session.add(row)
    session.flush()
    session.add(CertificateNumberRow(certificate_id=row.id, kvk_number=relation.kvk_number))
    session.flush()
    return row


def a_block(session: Session, relation: RelationRow, **fields: Any) -> DecisionRow:
    """A block, announced yesterday, that starts in a month."""
    given: dict[str, Any] = {
        "kind": "block",
        "reason": "De stappen staan al een half jaar stil.",
        "decided_on": TODAY - DAY,
        "decided_by": stage.a_person(session).id,
        "starts_on": date(2026, 12, 31),
        "announced_on": TODAY - DAY,
        **fields,
    }
    row = DecisionRow(relation_id=relation.id, **given)
    session.add(row)
    session.flush()
    return row
