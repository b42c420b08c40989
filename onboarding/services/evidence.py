"""Evidence: handed in with a promise, explained where a number looks like a BSN, and removed."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import InputInvalid, MoveRefused
from onboarding.domain.evidence import (
    EvidenceUploaded,
    EvidenceWithdrawn,
    FoundNumber,
    NumberKind,
    NumbersDeclared,
    PersonalDataRemoved,
)
from onboarding.domain.messages import MessageKind
from onboarding.domain.milestones import MilestoneState
from onboarding.domain.moves import text_given
from onboarding.domain.people import Actor, Duty, Side
from onboarding.services.evidence_checks import Upload, masked
from onboarding.services.mail.messages import Owed, owe
from onboarding.services.personal_data import close_what_is_gone
from onboarding.store.evidence import (
    EvidenceFiles,
    own_numbers,
    rows_with_content,
    same_upload,
    visible_evidence,
)
from onboarding.store.history import A_MOMENT, Record, append
from onboarding.store.relations import lock_visible_relation
from onboarding.store.tables import (
    DecisionRow,
    EventRow,
    EvidenceRow,
    MilestoneRow,
    RelationRow,
)

FILLED_IN = (MilestoneState.PLANNED, MilestoneState.STARTED)
ABANDONED_AFTER = timedelta(days=7)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An upload that was kept; while `numbers` wait for a word it is not handed in."""

    id: int
    file_name: str
    numbers: tuple[FoundNumber, ...] = ()


def keep_upload(
    session: Session,
    actor: Actor,
    moment: Moment,
    files: EvidenceFiles,
    relation_id: int,
    upload: Upload,
    *,
    is_declared_clean: bool,
    milestone_id: int | None = None,
    decision_id: int | None = None,
    event: EventRow | None = None,
) -> Kept:
    """Keep a file that was checked; one that is there already, as by a second click, stays one.

    One that goes with an event is seen by whoever sees that. Raises InputInvalid without the
    sender's promise, MoveRefused where a supplier can add nothing to the step any more.
    """
    actor.must(Duty.BUY if actor.side is Side.BUYER else Duty.FILL_IN)
    relation = lock_visible_relation(session, actor, relation_id)
    if not is_declared_clean:
        raise InputInvalid(field="is_clean", reason="promise-needed")
    if milestone_id is not None:
        milestone = session.get(MilestoneRow, milestone_id)
        if milestone is None or milestone.relation_id != relation_id:
            raise MoveRefused(from_state="gone", to_state="uploaded")
        hands_in = actor.side is Side.SUPPLIER and event is None
        if hands_in and milestone.state not in FILLED_IN:
            raise MoveRefused(from_state=milestone.state, to_state="uploaded")
    if decision_id is not None:
        decision = session.get(DecisionRow, decision_id)
        if decision is None or decision.relation_id != relation_id:
            raise MoveRefused(from_state="gone", to_state="uploaded")
    event_id = event.id if event is not None else None
    there = same_upload(
        session, actor.person_id, relation_id, milestone_id, decision_id, event_id, upload.sha256
    )
    has_place = any(one is not None for one in (milestone_id, decision_id, event_id))
    if there is not None and (has_place or moment.now - there.uploaded_at < A_MOMENT):
        return Kept(id=there.id, file_name=there.file_name or "", numbers=waiting_numbers(there))
    found = upload.found(own_numbers(session, relation_id))
    files.keep(relation.customer_id, upload.sha256, upload.content)
    row = EvidenceRow(
        relation_id=relation_id,
        milestone_id=milestone_id,
        decision_id=decision_id,
        event_id=event_id,
        is_shared=event is None or event.is_shared,
        sha256=upload.sha256,
        media_type=upload.media_type,
        file_name=upload.file_name,
        size=len(upload.content),
        uploaded_by=actor.person_id,
        uploaded_side=actor.side,
        uploaded_at=moment.now,
        uploaded_on=moment.today,
        is_declared_clean=True,
        is_attached=not found,
        numbers_declared=[
            {"masked": number.masked, "page": number.page, "kind": None} for number in found
        ],
    )
    session.add(row)
    session.flush()
    if not found:
        _tell(session, actor, moment, row)
    return Kept(id=row.id, file_name=upload.file_name, numbers=found)


def waiting_numbers(row: EvidenceRow) -> tuple[FoundNumber, ...]:
    """What the sender has yet to explain."""
    told = [] if row.is_attached else row.numbers_declared
    return tuple(FoundNumber(masked=str(one["masked"]), page=int(one["page"])) for one in told)


def declare_numbers(
    session: Session,
    actor: Actor,
    moment: Moment,
    evidence_id: int,
    upload: Upload,
    kinds: Sequence[NumberKind],
) -> None:
    """The sender says what each number is, in their order; then the file is handed in.

    `upload` is the kept file, read and checked again outside of this transaction. Of an RSIN of
    the own organisation the number is remembered, so that it is not asked again; of others not.
    """
    row = _own_pending(session, actor, evidence_id)
    if upload.sha256 != row.sha256 or len(kinds) != len(row.numbers_declared):
        raise InputInvalid(field="kind", reason="required")
    full = {(masked(number), page): number for number, page in upload.numbers}
    row.numbers_declared = [
        {**told, "kind": kind.value}
        | ({"number": full[told["masked"], told["page"]]} if kind is NumberKind.RSIN else {})
        for told, kind in zip(row.numbers_declared, kinds, strict=True)
    ]
    row.is_attached = True
    session.flush()
    _tell(session, actor, moment, row)
    change = NumbersDeclared(
        evidence_id=row.id,
        numbers=tuple(str(told["masked"]) for told in row.numbers_declared),
        kinds=tuple(kinds),
    )
    append(session, change, _record(actor, moment, row))


def withdraw_upload(
    session: Session, actor: Actor, moment: Moment, files: EvidenceFiles, evidence_id: int
) -> None:
    """The sender takes a file back that is not handed in yet; its bytes go."""
    row = _own_pending(session, actor, evidence_id)
    relation = session.get_one(RelationRow, row.relation_id)
    forget_file(session, files, moment, row, relation.customer_id, "withdrawn")
    append(session, EvidenceWithdrawn(evidence_id=row.id), _record(actor, moment, row))


def remove_personal_data(
    session: Session,
    actor: Actor,
    moment: Moment,
    files: EvidenceFiles,
    evidence_id: int,
    *,
    reason: str,
) -> int:
    """A buyer saw personal data: the file goes everywhere; time and reason stay.

    Tells the senders, records a possible data leak and returns how many uploads it was. The bytes
    go first: were the rest to fail, the file would be gone and the button still there.
    """
    actor.must(Duty.BUY)
    row = visible_evidence(session, actor, evidence_id)
    reason = text_given(reason, "reason")
    if row.removed_at is not None or row.sha256 is None:
        raise MoveRefused(from_state="removed", to_state="removed")
    if not (rows := rows_with_content(session, actor.customer_id, row.sha256)):  # was overtaken
        raise MoveRefused(from_state="removed", to_state="removed")
    files.remove(actor.customer_id, row.sha256)
    for one in rows:
        _blank(one, moment, reason)
        removed = PersonalDataRemoved(evidence_id=one.id, reason=reason)
        append(session, removed, _record(actor, moment, one))
        if one.uploaded_by is not None:
            owed = Owed(
                kind=MessageKind.EVIDENCE_REMOVED,
                about=str(one.id),
                facts={"evidence_id": one.id, "reason": reason},
                relation_id=one.relation_id,
                milestone_id=one.milestone_id,
            )
            owe(session, moment, actor.customer_id, owed, [one.uploaded_by])
    close_what_is_gone(session, actor, moment, {one.relation_id for one in rows})
    log.warning("possible data leak: evidence %s was removed", [one.id for one in rows])
    return len(rows)


def pending_uploads(
    session: Session, actor: Actor, relation_id: int, milestone_id: int | None
) -> list[EvidenceRow]:
    """The actor's own files to hand in about which a number waits for a word."""
    return list(
        session.scalars(
            select(EvidenceRow)
            .where(
                EvidenceRow.relation_id == relation_id,
                EvidenceRow.milestone_id == milestone_id,
                EvidenceRow.event_id.is_(None),
                EvidenceRow.uploaded_by == actor.person_id,
                EvidenceRow.removed_at.is_(None),
                ~EvidenceRow.is_attached,
            )
            .order_by(EvidenceRow.id)
        )
    )


def drop_abandoned(session: Session, files: EvidenceFiles, moment: Moment) -> int:
    """Remove files that waited a week for a word of their sender; returns how many."""
    rows = session.execute(
        select(EvidenceRow, RelationRow.customer_id)
        .join(RelationRow, RelationRow.id == EvidenceRow.relation_id)
        .where(
            ~EvidenceRow.is_attached,
            EvidenceRow.removed_at.is_(None),
            EvidenceRow.uploaded_at < moment.now - ABANDONED_AFTER,
        )
        .order_by(EvidenceRow.id)
    ).all()
    for row, customer_id in rows:
        forget_file(session, files, moment, row, customer_id, "abandoned")
    return len(rows)


def _own_pending(session: Session, actor: Actor, evidence_id: int) -> EvidenceRow:
    row = visible_evidence(session, actor, evidence_id)
    lock_visible_relation(session, actor, row.relation_id)
    session.refresh(row)
    if row.is_attached or row.removed_at is not None:
        raise MoveRefused(from_state="handed-in", to_state="handed-in")
    return row


def forget_file(
    session: Session,
    files: EvidenceFiles,
    moment: Moment,
    row: EvidenceRow,
    customer_id: int,
    reason: str,
) -> None:
    """Blank the row, and remove the bytes where no other row has them."""
    sha256 = row.sha256 or ""
    _blank(row, moment, reason)
    session.flush()
    if not rows_with_content(session, customer_id, sha256):
        files.remove(customer_id, sha256)


def _blank(row: EvidenceRow, moment: Moment, reason: str) -> None:
    row.sha256 = row.media_type = row.file_name = row.size = None
    row.numbers_declared = []
    row.removed_at, row.removed_reason = moment.now, reason[:250]


def _tell(session: Session, actor: Actor, moment: Moment, row: EvidenceRow) -> None:
    change = EvidenceUploaded(
        evidence_id=row.id, media_type=row.media_type or "", size=row.size or 0
    )
    append(session, change, _record(actor, moment, row))


def _record(actor: Actor, moment: Moment, row: EvidenceRow) -> Record:
    return Record(
        actor=actor,
        moment=moment,
        relation_id=row.relation_id,
        milestone_id=row.milestone_id,
        is_shared=row.is_shared,
    )
