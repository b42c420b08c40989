"""Certificates: reported by either side, verified, rejected or revoked by a buyer."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain import certificate_moves, renewal_moves
from onboarding.domain.certificate_moves import CertificateVerified, Claim
from onboarding.domain.messages import MessageKind
from onboarding.domain.people import Actor, Said
from onboarding.services.mail.messages import Owed, owe_to_buyer, owe_to_supplier
from onboarding.services.opening import checked
from onboarding.services.statuses import reassess
from onboarding.store import proofs
from onboarding.store.facts import load_facts, renewal_value
from onboarding.store.history import Record, check_not_sent_twice
from onboarding.store.relations import lock_visible_relation
from onboarding.store.tables import CertificateRow, RelationRow


def report_certificate(
    session: Session,
    actor: Actor,
    moment: Moment,
    relation_id: int,
    claim: Claim,
    *,
    body: str | None = None,
    register_url: str | None = None,
    evidence_ids: Iterable[int] = (),
    on_behalf: Said | None = None,
) -> int:
    """Report what the supplier holds; it changes nothing until verified. Returns its id.

    Where it follows a certificate that counts and has not ended, a renewal waits for the buyer.
    """
    relation = lock_visible_relation(session, actor, relation_id)
    said = checked(session, relation.id, on_behalf)
    reported = certificate_moves.report(
        claim,
        body=body,
        register_url=register_url,
        actor=actor,
        today=moment.today,
        said=said,
    )
    held = load_facts(session, [relation.id])[relation.id].certificates
    record = Record(actor=actor, moment=moment, relation_id=relation.id, said=said)
    check_not_sent_twice(session, reported, record)
    certificate_id = proofs.add_certificate(session, reported, record)
    proofs.tie_evidence(session, relation.id, certificate_id, evidence_ids)
    renewal = renewal_moves.follow_up(
        held,
        kvk_number=relation.kvk_number,
        new=reported.claim,
        new_certificate_id=certificate_id,
        reported_on=reported.reported_on,
        by=reported.by,
        said=said,
    )
    if renewal is not None:
        proofs.add_renewal(session, renewal, record)
    if actor.person_id != relation.buyer_id:
        facts = {"certificate_id": certificate_id, "level": claim.level, "ends_on": claim.ends_on}
        owed = _owed(MessageKind.CERTIFICATE_REPORTED, relation, certificate_id, facts)
        owe_to_buyer(session, moment, relation, owed)
    reassess(session, moment, [relation.id])
    return certificate_id


def verify_certificate(
    session: Session,
    actor: Actor,
    moment: Moment,
    certificate_id: int,
    found: Claim,
    *,
    register_url: str,
    checked_on: date | None = None,
) -> CertificateVerified:
    """A buyer found it in the public register on `checked_on`, today if not told.

    `found` is what the register says, the covered KvK numbers included. The change tells whether
    the relation's own number is among them: if not, it does not count.
    """
    row, relation = _locked(session, actor, certificate_id)
    facts = load_facts(session, [relation.id])[relation.id]
    verified = certificate_moves.verify(
        proofs.load_certificate(session, row),
        found,
        checked_on=checked_on or moment.today,
        register_url=register_url,
        kvk_number=relation.kvk_number,
        pathways=facts.pathways,
        actor=actor,
        today=moment.today,
    )
    record = Record(actor=actor, moment=moment, relation_id=relation.id)
    proofs.record_certificate(session, row, verified, record)
    for renewal in proofs.renewals_with(session, row.id):
        accepted = renewal_moves.accept(renewal_value(renewal), actor, moment.today)
        proofs.record_renewal(session, renewal, accepted, record)
    _tell(session, moment, MessageKind.CERTIFICATE_VERIFIED, relation, row)
    reassess(session, moment, [relation.id])
    return verified


def reject_certificate(
    session: Session,
    actor: Actor,
    moment: Moment,
    certificate_id: int,
    *,
    reason: str,
    is_told: bool = True,
) -> None:
    """It is not what it should be; a renewal that came with it is refused for the same reason.

    Not `is_told` where another mail tells it.
    """
    row, relation = _locked(session, actor, certificate_id)
    certificate = proofs.load_certificate(session, row)
    rejected = certificate_moves.reject(certificate, reason, actor)
    record = Record(actor=actor, moment=moment, relation_id=relation.id)
    proofs.record_certificate(session, row, rejected, record)
    for renewal in proofs.renewals_with(session, row.id):
        refused = renewal_moves.refuse(renewal_value(renewal), rejected.reason, actor, moment.today)
        proofs.record_renewal(session, renewal, refused, record)
    if is_told:
        _tell(session, moment, MessageKind.CERTIFICATE_REJECTED, relation, row, rejected.reason)
    reassess(session, moment, [relation.id])


def revoke_certificate(
    session: Session,
    actor: Actor,
    moment: Moment,
    certificate_id: int,
    *,
    revoked_on: date,
    reason: str,
) -> None:
    """A verified certificate no longer counts, from a day."""
    row, relation = _locked(session, actor, certificate_id)
    certificate = proofs.load_certificate(session, row)
    revoked = certificate_moves.revoke(certificate, revoked_on, reason, actor)
    proofs.record_certificate(
        session, row, revoked, Record(actor=actor, moment=moment, relation_id=relation.id)
    )
    _tell(session, moment, MessageKind.CERTIFICATE_REVOKED, relation, row, revoked.reason)
    reassess(session, moment, [relation.id])


def _locked(
    session: Session, actor: Actor, certificate_id: int
) -> tuple[CertificateRow, RelationRow]:
    """The certificate, read after its relation was locked. Raises NotFound."""
    row = proofs.proof_row(session, CertificateRow, certificate_id)
    relation = lock_visible_relation(session, actor, row.relation_id)
    return proofs.proof_row(session, CertificateRow, certificate_id), relation


def _tell(
    session: Session,
    moment: Moment,
    kind: MessageKind,
    relation: RelationRow,
    row: CertificateRow,
    reason: str | None = None,
) -> None:
    facts: dict[str, Any] = {
        "level": row.level,
        "thirty_plus": row.thirty_plus,
        "ends_on": row.ends_on,
    }
    if reason is not None:
        facts["reason"] = reason
    owe_to_supplier(session, moment, relation, _owed(kind, relation, row.id, facts))


def _owed(
    kind: MessageKind, relation: RelationRow, certificate_id: int, facts: dict[str, Any]
) -> Owed:
    return Owed(
        kind=kind, about=f"certificate-{certificate_id}", relation_id=relation.id, facts=facts
    )
