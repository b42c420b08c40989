"""One thing of a relation that proves or decides, as a row: for tests that ask for it by its id."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from onboarding.store.tables import (
    CertificateNumberRow,
    CertificateRow,
    DecisionRow,
    OrganisationRow,
    RecognitionRow,
    RelationRow,
    RenewalRow,
)
from tests import stage
from tests.stage import BEFORE, BEFORE_ON


def a_certificate(session: Session, relation: RelationRow, **fields: Any) -> CertificateRow:
    """A verified one that covers the relation's number."""
    row = CertificateRow(
        **{
            "relation_id": relation.id,
            "state": "verified",
            "level": "trede-1",
            "thirty_plus": False,
            "starts_on": BEFORE_ON,
            "ends_on": BEFORE_ON + timedelta(days=729),
            "reported_by": "supplier",
            "reported_at": BEFORE,
            "reported_on": BEFORE_ON,
            "verified_on": BEFORE_ON,
            **fields,
        }
    )
    session.add(row)
    session.flush()
    if relation.kvk_number:
        session.add(CertificateNumberRow(certificate_id=row.id, kvk_number=relation.kvk_number))
        session.flush()
    return row


def a_renewal(session: Session, relation: RelationRow) -> RenewalRow:
    """One that waits for the buyer."""
    certificate = a_certificate(session, relation)
    row = RenewalRow(
        relation_id=relation.id,
        certificate_id=certificate.id,
        certificate_ends_on=certificate.ends_on,
        reported_by="supplier",
        reported_on=BEFORE_ON,
        note="Audit op 4 mei",
    )
    session.add(row)
    session.flush()
    return row


def a_recognition(session: Session, relation: RelationRow) -> RecognitionRow:
    row = RecognitionRow(
        relation_id=relation.id,
        kind="code-sociale-ondernemingen",
        register_url="https://register.example/1",
        checked_on=BEFORE_ON,
    )
    session.add(row)
    session.flush()
    return row


def a_decision(session: Session, relation: RelationRow, **fields: Any) -> DecisionRow:
    """A block to which the supplier replied."""
    customer = session.get_one(OrganisationRow, relation.customer_id)
    row = DecisionRow(
        **{
            "relation_id": relation.id,
            "kind": "block",
            "reason": "Geen voortgang",
            "decided_on": BEFORE_ON,
            "decided_by": stage.a_user(session, customer).id,
            "starts_on": BEFORE_ON + timedelta(days=14),
            "announced_on": BEFORE_ON,
            "reply": "Wij zijn het er niet mee eens",
            "reply_made_on": BEFORE_ON + timedelta(days=3),
            **fields,
        }
    )
    session.add(row)
    session.flush()
    return row
