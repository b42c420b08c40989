"""Reads proofs and decisions for a buyer's pages: one of them, or all of a relation."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.certificates import CertificateState
from onboarding.domain.grants import DecisionState
from onboarding.domain.people import Actor, Side
from onboarding.domain.policy import Level
from onboarding.services.proof_views import (
    CertificateView,
    DecisionView,
    FileView,
    ProofsPanel,
    RecognitionView,
    RenewalView,
    SigningView,
)
from onboarding.store.decisions import decision_row
from onboarding.store.facts import (
    certificate_value,
    decision_value,
    recognition_value,
    renewal_value,
)
from onboarding.store.grants import asked_value
from onboarding.store.proofs import covered_numbers, proof_row
from onboarding.store.relations import visible_relation
from onboarding.store.tables import (
    CertificateRow,
    DecisionRow,
    EvidenceRow,
    PersonRow,
    RecognitionRow,
    RelationRow,
    RenewalRow,
)

NOT_TAKEN = {"refused": "not-signed", "withdrawn": "taken-back"}
CLOSED = frozenset(
    {"rejected", "revoked", "ended", "refused", "over", "not-signed", "taken-back", "lapsed"}
)


def proofs_panel(session: Session, actor: Actor, moment: Moment, relation_id: int) -> ProofsPanel:
    """Everything that proves or decides for a relation. Raises NotFound."""
    relation = visible_relation(session, actor, relation_id)
    today = moment.today

    def rows(table: type[Any]) -> list[Any]:
        found = select(table).where(table.relation_id == relation.id).order_by(table.id.desc())
        return list(session.scalars(found))

    return ProofsPanel(
        relation_id=relation.id,
        kvk_number=relation.kvk_number,
        certificates=_open_first(
            _certificate(session, row, relation, today) for row in rows(CertificateRow)
        ),
        renewals=_open_first(_renewal(row, today) for row in rows(RenewalRow)),
        recognitions=_open_first(_recognition(session, row, today) for row in rows(RecognitionRow)),
        decisions=_open_first(_decisions(session, rows(DecisionRow), today)),
    )


def read_certificate(
    session: Session, actor: Actor, moment: Moment, certificate_id: int
) -> CertificateView:
    row = proof_row(session, CertificateRow, certificate_id)
    relation = visible_relation(session, actor, row.relation_id)
    return _certificate(session, row, relation, moment.today)


def read_renewal(session: Session, actor: Actor, moment: Moment, renewal_id: int) -> RenewalView:
    row = proof_row(session, RenewalRow, renewal_id)
    visible_relation(session, actor, row.relation_id)
    return _renewal(row, moment.today)


def read_recognition(
    session: Session, actor: Actor, moment: Moment, recognition_id: int
) -> RecognitionView:
    row = proof_row(session, RecognitionRow, recognition_id)
    visible_relation(session, actor, row.relation_id)
    return _recognition(session, row, moment.today)


def read_decision(session: Session, actor: Actor, moment: Moment, decision_id: int) -> DecisionView:
    row = decision_row(session, decision_id)
    visible_relation(session, actor, row.relation_id)
    return _decisions(session, [row], moment.today)[0]


def _certificate(
    session: Session, row: CertificateRow, relation: RelationRow, today: date
) -> CertificateView:
    numbers = covered_numbers(session, row.id)
    value = certificate_value(row, numbers)
    is_over = value.state is CertificateState.VERIFIED and value.last_day() < today
    files = session.scalars(
        select(EvidenceRow)
        .where(
            EvidenceRow.certificate_id == row.id,
            EvidenceRow.removed_at.is_(None),
            EvidenceRow.is_attached,
        )
        .order_by(EvidenceRow.id)
    )
    return CertificateView(
        id=row.id,
        relation_id=row.relation_id,
        code="ended" if is_over else value.state.value,
        level=value.level,
        thirty_plus=row.thirty_plus,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        kvk_numbers=tuple(numbers),
        covers_relation=value.covers(relation.kvk_number),
        body=row.body,
        register_url=row.register_url,
        reported_by=Side(row.reported_by),
        reported_on=row.reported_on,
        verified_on=row.verified_on,
        verified_by=_name(session, row.verified_by),
        revoked_on=row.revoked_on,
        reason=row.reason,
        pathway_target=Level(row.pathway_target) if row.pathway_target else None,
        files=tuple(FileView(id=file.id, name=file.file_name or "") for file in files),
    )


def _renewal(row: RenewalRow, today: date) -> RenewalView:
    value = renewal_value(row)
    last_day = value.last_day()
    if row.refused_on is not None:
        code = "refused"
    elif value.waits():
        code = "waiting"
    else:
        code = "over" if last_day is not None and last_day < today else "under-way"
    return RenewalView(
        id=row.id,
        relation_id=row.relation_id,
        certificate_id=row.certificate_id,
        new_certificate_id=row.new_certificate_id,
        code=code,
        certificate_ends_on=row.certificate_ends_on,
        reported_by=Side(row.reported_by),
        reported_on=row.reported_on,
        note=row.note,
        answer=row.answer,
        accepted_on=row.accepted_on,
        delayed_audit_on=row.delayed_audit_on,
        last_day=None if row.refused_on is not None else last_day,
    )


def _recognition(session: Session, row: RecognitionRow, today: date) -> RecognitionView:
    value = recognition_value(row)
    code = "counts" if value.counts(today) else "ended"
    if row.revoked_on is not None and row.revoked_on <= today:
        code = "revoked"
    elif code == "counts" and row.recheck_on is not None and row.recheck_on < today:
        code = "recheck-due"
    return RecognitionView(
        id=row.id,
        relation_id=row.relation_id,
        code=code,
        kind=value.kind,
        register_url=row.register_url,
        checked_on=row.checked_on,
        checked_by=_name(session, row.checked_by),
        recheck_on=row.recheck_on,
        ends_on=row.ends_on,
        revoked_on=row.revoked_on,
        reason=row.reason,
    )


def _decisions(session: Session, rows: list[DecisionRow], today: date) -> list[DecisionView]:
    files: dict[int | None, list[FileView]] = {}
    ids = [row.id for row in rows]
    for file in session.scalars(
        select(EvidenceRow)
        .where(EvidenceRow.decision_id.in_(ids), EvidenceRow.removed_at.is_(None))
        .order_by(EvidenceRow.id)
    ):
        view = FileView(id=file.id, name=file.file_name or "", is_waiting=not file.is_attached)
        files.setdefault(file.decision_id, []).append(view)
    return [_decision(session, row, today, tuple(files.get(row.id, ()))) for row in rows]


def _decision(
    session: Session, row: DecisionRow, today: date, files: tuple[FileView, ...]
) -> DecisionView:
    value = decision_value(row)
    first_day = value.first_day()
    is_over = (row.ended_on is not None and row.ended_on <= today) or (
        row.ends_on is not None and row.ends_on < today
    )
    if row.state != DecisionState.TAKEN:
        asked = asked_value(row)
        waits = asked is not None and asked.waits(today)
        code = NOT_TAKEN.get(row.state, "lapsed")
        code, first_day = ("asked" if waits else code), None
    elif is_over:
        code = "over"
    elif value.waits_for_answer():
        code = "reply-waits"
    elif first_day is None:
        code = "to-announce"
    else:
        code = "in-force" if value.covers(today) else "to-come"
    return DecisionView(
        id=row.id,
        relation_id=row.relation_id,
        code=code,
        kind=value.kind,
        reason=row.reason,
        decided_on=row.decided_on,
        decided_by=_name(session, row.decided_by),
        starts_on=row.starts_on,
        first_day=first_day,
        ends_on=row.ends_on,
        is_urgent=row.is_urgent,
        announced_on=row.announced_on,
        reply=row.reply,
        reply_made_on=row.reply_made_on,
        reply_answer=row.reply_answer,
        reply_answered_on=row.reply_answered_on,
        ended_on=row.ended_on,
        end_reason=row.end_reason,
        times_told=row.times_told,
        signing=_signing(session, row),
        files=files,
    )


def _signing(session: Session, row: DecisionRow) -> SigningView | None:
    if row.asked_by is None or row.asked_on is None or row.lapses_on is None:
        return None
    return SigningView(
        asked_by_id=row.asked_by,
        asked_by=_name(session, row.asked_by),
        asked_on=row.asked_on,
        limits=tuple(row.limits or ()),
        lapses_on=row.lapses_on,
        answered_on=row.answered_on,
        answered_by=_name(session, row.answered_by),
        answer=row.answer,
    )


def _name(session: Session, person_id: int | None) -> str | None:
    person = session.get(PersonRow, person_id) if person_id is not None else None
    return person.name if person else None


def _open_first(views: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(views, key=lambda view: view.code in CLOSED))
