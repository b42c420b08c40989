"""Certificates, recognitions and renewals: loading one, and recording what was decided on it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from onboarding.domain.certificate_moves import (
    CertificateCorrected,
    CertificateRejected,
    CertificateReported,
    CertificateRevoked,
    CertificateVerified,
    Claim,
)
from onboarding.domain.certificates import Certificate, CertificateState
from onboarding.domain.errors import NotFound
from onboarding.domain.recognition_moves import (
    RecognitionRechecked,
    RecognitionRecorded,
    RecognitionRevoked,
)
from onboarding.domain.renewal_moves import (
    RenewalAccepted,
    RenewalDelayed,
    RenewalRefused,
    RenewalReported,
)
from onboarding.store.facts import certificate_value
from onboarding.store.history import Record, append, append_all
from onboarding.store.tables import (
    CertificateNumberRow,
    CertificateRow,
    EvidenceRow,
    RecognitionRow,
    RenewalRow,
)

ProofRow = TypeVar("ProofRow", CertificateRow, RecognitionRow, RenewalRow)


def proof_row(session: Session, table: type[ProofRow], row_id: int) -> ProofRow:
    """The row as it stands now. Raises NotFound; whether the actor may see it is not asked here."""
    row = session.get(table, row_id, populate_existing=True)
    if row is None:
        raise NotFound(id=row_id)
    return row


def covered_numbers(session: Session, certificate_id: int) -> list[str]:
    return list(
        session.scalars(
            select(CertificateNumberRow.kvk_number)
            .where(CertificateNumberRow.certificate_id == certificate_id)
            .order_by(CertificateNumberRow.kvk_number)
        )
    )


def load_certificate(session: Session, row: CertificateRow) -> Certificate:
    return certificate_value(row, covered_numbers(session, row.id))


def renewals_with(session: Session, certificate_id: int) -> list[RenewalRow]:
    """The waiting renewals that came with the report of this certificate."""
    return list(
        session.scalars(
            select(RenewalRow)
            .where(
                RenewalRow.new_certificate_id == certificate_id,
                RenewalRow.accepted_on.is_(None),
                RenewalRow.refused_on.is_(None),
            )
            .order_by(RenewalRow.id)
        )
    )


def add_certificate(session: Session, change: CertificateReported, record: Record) -> int:
    """The new certificate's id."""
    return add_certificates(session, [(change, record)])[0]


def add_certificates(
    session: Session, reported: Sequence[tuple[CertificateReported, Record]]
) -> list[int]:
    """Any number of new certificates, in sets; their ids in the same order."""
    if not reported:
        return []
    rows = [
        {
            "relation_id": record.relation_id,
            "state": CertificateState.REPORTED,
            "level": change.claim.level,
            "thirty_plus": change.claim.thirty_plus,
            "starts_on": change.claim.starts_on,
            "ends_on": change.claim.ends_on,
            "body": change.body,
            "register_url": change.register_url,
            "reported_by": change.by,
            "reported_at": record.moment.now,
            "reported_on": change.reported_on,
        }
        for change, record in reported
    ]
    query = insert(CertificateRow).returning(CertificateRow.id, sort_by_parameter_order=True)
    ids = list(session.scalars(query, rows))
    numbers = [
        {"certificate_id": certificate_id, "kvk_number": number}
        for certificate_id, (change, _) in zip(ids, reported, strict=True)
        for number in change.claim.kvk_numbers
    ]
    if numbers:
        session.execute(insert(CertificateNumberRow), numbers)
    append_all(
        session,
        [
            (replace(change, certificate_id=certificate_id), record)
            for certificate_id, (change, record) in zip(ids, reported, strict=True)
        ],
    )
    return ids


def record_certificate(
    session: Session,
    row: CertificateRow,
    change: CertificateCorrected | CertificateVerified | CertificateRejected | CertificateRevoked,
    record: Record,
) -> None:
    match change:
        case CertificateCorrected():
            row.body = change.body
            row.register_url = change.register_url
            _describe(row, change.claim)
            _cover(session, row.id, change.claim.kvk_numbers)
        case CertificateVerified():
            row.state = CertificateState.VERIFIED
            row.verified_on = change.verified_on
            row.verified_by = record.actor.person_id
            row.register_url = change.register_url
            row.pathway_id = change.pathway_id
            row.pathway_target = change.pathway_target
            _describe(row, change.claim)
            _cover(session, row.id, change.claim.kvk_numbers)
        case CertificateRejected():
            row.state = CertificateState.REJECTED
            row.reason = change.reason
        case CertificateRevoked():
            row.state = CertificateState.REVOKED
            row.revoked_on = change.revoked_on
            row.reason = change.reason
    append(session, change, record)


def add_recognition(session: Session, change: RecognitionRecorded, record: Record) -> int:
    """The new recognition's id."""
    assert record.relation_id is not None
    row = RecognitionRow(
        relation_id=record.relation_id,
        kind=change.kind,
        register_url=change.register_url,
        checked_on=change.checked_on,
        checked_by=record.actor.person_id,
        recheck_on=change.recheck_on,
        ends_on=change.ends_on,
    )
    session.add(row)
    session.flush()
    append(session, replace(change, recognition_id=row.id), record)
    return row.id


def record_recognition(
    session: Session,
    row: RecognitionRow,
    change: RecognitionRechecked | RecognitionRevoked,
    record: Record,
) -> None:
    match change:
        case RecognitionRechecked():
            row.register_url = change.register_url
            row.checked_on = change.checked_on
            row.checked_by = record.actor.person_id
            row.recheck_on = change.recheck_on
            row.ends_on = change.ends_on
        case RecognitionRevoked():
            row.revoked_on = change.revoked_on
            row.reason = change.reason
    append(session, change, record)


def add_renewal(session: Session, change: RenewalReported, record: Record) -> int:
    """The new renewal's id."""
    assert record.relation_id is not None
    row = RenewalRow(
        relation_id=record.relation_id,
        certificate_id=change.certificate_id,
        new_certificate_id=change.new_certificate_id,
        certificate_ends_on=change.certificate_ends_on,
        reported_by=change.by,
        reported_on=change.reported_on,
        note=change.note,
    )
    session.add(row)
    session.flush()
    append(session, replace(change, renewal_id=row.id), record)
    return row.id


def record_renewal(
    session: Session,
    row: RenewalRow,
    change: RenewalAccepted | RenewalRefused | RenewalDelayed,
    record: Record,
) -> None:
    match change:
        case RenewalAccepted():
            row.accepted_on = change.accepted_on
            row.answer = change.answer
        case RenewalRefused():
            row.refused_on = change.refused_on
            row.answer = change.answer
        case RenewalDelayed():
            row.delayed_audit_on = change.delayed_audit_on
    append(session, change, record)


def tie_evidence(
    session: Session, relation_id: int, certificate_id: int, evidence_ids: Iterable[int]
) -> None:
    """Let uploads of the relation belong to a certificate. Raises NotFound for others.

    Also for one that is removed, or with a number that waits for its sender's word.
    """
    wanted = sorted(set(evidence_ids))
    if not wanted:
        return
    tied = session.scalars(
        update(EvidenceRow)
        .where(
            EvidenceRow.id.in_(wanted),
            EvidenceRow.relation_id == relation_id,
            EvidenceRow.removed_at.is_(None),
            EvidenceRow.is_attached,
        )
        .values(certificate_id=certificate_id)
        .returning(EvidenceRow.id)
    ).all()
    if sorted(tied) != wanted:
        raise NotFound(evidence=wanted)


def _describe(row: CertificateRow, claim: Claim) -> None:
    row.level = claim.level
    row.thirty_plus = claim.thirty_plus
    row.starts_on = claim.starts_on
    row.ends_on = claim.ends_on


def _cover(session: Session, certificate_id: int, kvk_numbers: Iterable[str]) -> None:
    session.execute(
        delete(CertificateNumberRow).where(CertificateNumberRow.certificate_id == certificate_id)
    )
    session.add_all(
        CertificateNumberRow(certificate_id=certificate_id, kvk_number=number)
        for number in kvk_numbers
    )
    session.flush()
