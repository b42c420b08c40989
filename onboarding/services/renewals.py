"""Renewals: a certificate's follow-up, reported before it ends and answered by the buyer."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain import renewal_moves
from onboarding.domain.messages import MessageKind
from onboarding.domain.people import Actor, Said
from onboarding.services.mail.messages import Owed, owe_to_buyer, owe_to_supplier
from onboarding.services.opening import checked
from onboarding.services.statuses import reassess
from onboarding.store import proofs
from onboarding.store.facts import renewal_value
from onboarding.store.history import Record
from onboarding.store.relations import lock_visible_relation
from onboarding.store.tables import CertificateRow, RelationRow, RenewalRow


def report_renewal(
    session: Session,
    actor: Actor,
    moment: Moment,
    certificate_id: int,
    *,
    note: str,
    on_behalf: Said | None = None,
) -> int:
    """Either side tells how far the follow-up is (application sent, audit planned).

    Returns its id. It waits for the buyer, and until answered it carries the status.
    """
    certificate = proofs.proof_row(session, CertificateRow, certificate_id)
    relation = lock_visible_relation(session, actor, certificate.relation_id)
    certificate = proofs.proof_row(session, CertificateRow, certificate_id)
    said = checked(session, relation.id, on_behalf)
    waiting = session.scalars(
        select(RenewalRow).where(
            RenewalRow.relation_id == relation.id, RenewalRow.refused_on.is_(None)
        )
    )
    reported = renewal_moves.report(
        proofs.load_certificate(session, certificate),
        kvk_number=relation.kvk_number,
        note=note,
        waiting=[renewal_value(row) for row in waiting],
        actor=actor,
        today=moment.today,
        said=said,
    )
    record = Record(actor=actor, moment=moment, relation_id=relation.id, said=said)
    renewal_id = proofs.add_renewal(session, reported, record)
    if actor.person_id != relation.buyer_id:
        facts = {"renewal_id": renewal_id, "note": reported.note}
        owed = _owed(MessageKind.RENEWAL_REPORTED, relation, renewal_id, facts)
        owe_to_buyer(session, moment, relation, owed)
    reassess(session, moment, [relation.id])
    return renewal_id


def accept_renewal(
    session: Session, actor: Actor, moment: Moment, renewal_id: int, *, answer: str = ""
) -> None:
    """The application or audit date is in order: the renewal is under way."""
    row, relation = _locked(session, actor, renewal_id)
    accepted = renewal_moves.accept(renewal_value(row), actor, moment.today, answer)
    record = Record(actor=actor, moment=moment, relation_id=relation.id)
    proofs.record_renewal(session, row, accepted, record)
    _tell(session, moment, relation, row.id, {"accepted": True, "answer": accepted.answer})
    reassess(session, moment, [relation.id])


def refuse_renewal(
    session: Session,
    actor: Actor,
    moment: Moment,
    renewal_id: int,
    *,
    answer: str,
    is_told: bool = True,
) -> None:
    """What was reported is no renewal; the supplier hears why, if not from another mail."""
    row, relation = _locked(session, actor, renewal_id)
    refused = renewal_moves.refuse(renewal_value(row), answer, actor, moment.today)
    record = Record(actor=actor, moment=moment, relation_id=relation.id)
    proofs.record_renewal(session, row, refused, record)
    if is_told:
        _tell(session, moment, relation, row.id, {"accepted": False, "answer": refused.answer})
    reassess(session, moment, [relation.id])


def record_delayed_audit(
    session: Session,
    actor: Actor,
    moment: Moment,
    renewal_id: int,
    *,
    delayed_audit_on: date,
    reason: str,
) -> None:
    """The certifying body is late and named a new audit day."""
    row, relation = _locked(session, actor, renewal_id)
    delayed = renewal_moves.delay(renewal_value(row), delayed_audit_on, reason, actor, moment.today)
    record = Record(actor=actor, moment=moment, relation_id=relation.id)
    proofs.record_renewal(session, row, delayed, record)
    reassess(session, moment, [relation.id])


def _locked(session: Session, actor: Actor, renewal_id: int) -> tuple[RenewalRow, RelationRow]:
    """The renewal, read after its relation was locked. Raises NotFound."""
    row = proofs.proof_row(session, RenewalRow, renewal_id)
    relation = lock_visible_relation(session, actor, row.relation_id)
    return proofs.proof_row(session, RenewalRow, renewal_id), relation


def _tell(
    session: Session,
    moment: Moment,
    relation: RelationRow,
    renewal_id: int,
    facts: Mapping[str, object],
) -> None:
    owed = _owed(MessageKind.RENEWAL_ANSWERED, relation, renewal_id, facts)
    owe_to_supplier(session, moment, relation, owed)


def _owed(
    kind: MessageKind, relation: RelationRow, renewal_id: int, facts: Mapping[str, object]
) -> Owed:
    return Owed(
        kind=kind, about=f"renewal-{renewal_id}", relation_id=relation.id, facts=dict(facts)
    )
