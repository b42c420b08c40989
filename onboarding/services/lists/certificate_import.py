"""Importing certificates: reported in sets, for a buyer to check afterwards."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain import certificate_moves, renewal_moves
from onboarding.domain.certificate_moves import CertificateReported
from onboarding.domain.imports import ImportPlan, Outcome, Sheet
from onboarding.domain.messages import MessageKind
from onboarding.domain.people import Actor
from onboarding.services.lists.certificate_columns import CERTIFICATE_COLUMNS
from onboarding.services.lists.certificate_planning import CertificatePlan, plan_certificates
from onboarding.services.lists.importing import ListKind, import_list
from onboarding.services.mail.messages import Owed, owe_to_buyer
from onboarding.services.statuses import reassess
from onboarding.store import proofs
from onboarding.store.certificate_lists import load_holders
from onboarding.store.facts import load_facts
from onboarding.store.history import Record
from onboarding.store.relations import lock_relations
from onboarding.store.tables import CertificateRow


def import_certificates(
    session: Session,
    actor: Actor,
    moment: Moment,
    sheet: Sheet,
    choices: Mapping[str, str],
    *,
    dry_run: bool = False,
) -> ImportPlan:
    """Take a list at once. Raises ColumnsUnclear, ColumnUnknown."""
    return import_list(CERTIFICATES, session, actor, moment, sheet, choices, dry_run=dry_run)


def _plan(
    session: Session, actor: Actor, moment: Moment, sheet: Sheet, places: Mapping[str, int]
) -> ImportPlan:
    known = load_holders(session, actor.customer_id, moment.today)
    return plan_certificates(sheet, places, known, moment.today)


def _take(session: Session, actor: Actor, moment: Moment, plan: ImportPlan) -> None:
    """Report what is new, and put right what nobody checked yet."""
    rows = [
        row
        for row in (*plan.of(Outcome.NEW), *plan.of(Outcome.CHANGED))
        if isinstance(row, CertificatePlan)
    ]
    ids = sorted({row.relation_id for row in rows if row.relation_id is not None})
    relations = {row.id: row for row in lock_relations(session, ids)}
    for row in rows:
        if row.corrects is not None:
            _correct(session, actor, moment, row)
    facts = load_facts(session, ids)
    reported = [
        (
            _report(row, actor, moment),
            Record(actor=actor, moment=moment, relation_id=row.relation_id),
        )
        for row in rows
        if row.corrects is None
    ]
    for certificate_id, (change, record) in zip(
        proofs.add_certificates(session, reported), reported, strict=True
    ):
        assert record.relation_id is not None
        relation = relations[record.relation_id]
        renewal = renewal_moves.follow_up(
            facts[relation.id].certificates,
            kvk_number=relation.kvk_number,
            new=change.claim,
            new_certificate_id=certificate_id,
            reported_on=change.reported_on,
            by=change.by,
        )
        if renewal is not None:
            proofs.add_renewal(session, renewal, record)
        if actor.person_id != relation.buyer_id:
            owe_to_buyer(session, moment, relation, _owed(certificate_id, relation.id, change))
    reassess(session, moment, ids)


def _report(row: CertificatePlan, actor: Actor, moment: Moment) -> CertificateReported:
    return certificate_moves.report(
        row.claim,
        body=row.values.get("body"),
        register_url=row.values.get("register_url"),
        actor=actor,
        today=moment.today,
    )


def _correct(session: Session, actor: Actor, moment: Moment, row: CertificatePlan) -> None:
    known = row.corrects
    assert known is not None
    held = proofs.proof_row(session, CertificateRow, known.id)
    change = certificate_moves.correct(
        proofs.load_certificate(session, held),
        row.claim,
        body=row.values.get("body") or known.body,
        register_url=row.values.get("register_url") or known.register_url,
        actor=actor,
    )
    record = Record(actor=actor, moment=moment, relation_id=held.relation_id)
    proofs.record_certificate(session, held, change, record)


def _owed(certificate_id: int, relation_id: int, change: CertificateReported) -> Owed:
    facts: dict[str, Any] = {
        "certificate_id": certificate_id,
        "level": change.claim.level,
        "ends_on": change.claim.ends_on,
    }
    return Owed(
        kind=MessageKind.CERTIFICATE_REPORTED,
        about=f"certificate-{certificate_id}",
        relation_id=relation_id,
        facts=facts,
    )


CERTIFICATES = ListKind(name="certificates", columns=CERTIFICATE_COLUMNS, plan=_plan, take=_take)
