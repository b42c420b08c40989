"""Recognitions of social enterprises: recorded, checked again and revoked by a buyer."""

from datetime import date

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain import recognition_moves
from onboarding.domain.certificates import RecognitionKind
from onboarding.domain.people import Actor
from onboarding.services.statuses import reassess
from onboarding.store import proofs
from onboarding.store.facts import recognition_value
from onboarding.store.history import Record, check_not_sent_twice
from onboarding.store.relations import lock_visible_relation
from onboarding.store.tables import RecognitionRow, RelationRow


def record_recognition(
    session: Session,
    actor: Actor,
    moment: Moment,
    relation_id: int,
    *,
    kind: RecognitionKind,
    register_url: str,
    checked_on: date | None = None,
    recheck_on: date | None = None,
    ends_on: date | None = None,
) -> int:
    """A buyer saw the proof on `checked_on`, today if not told. Returns its id."""
    relation = lock_visible_relation(session, actor, relation_id)
    recorded = recognition_moves.record(
        kind=kind,
        register_url=register_url,
        checked_on=checked_on or moment.today,
        recheck_on=recheck_on,
        ends_on=ends_on,
        actor=actor,
        today=moment.today,
    )
    record = Record(actor=actor, moment=moment, relation_id=relation.id)
    check_not_sent_twice(session, recorded, record)
    recognition_id = proofs.add_recognition(session, recorded, record)
    reassess(session, moment, [relation.id])
    return recognition_id


def recheck_recognition(
    session: Session,
    actor: Actor,
    moment: Moment,
    recognition_id: int,
    *,
    register_url: str,
    checked_on: date | None = None,
    recheck_on: date | None = None,
    ends_on: date | None = None,
) -> None:
    """The proof still stands; the days for the next check and its end are told anew."""
    row, relation = _locked(session, actor, recognition_id)
    rechecked = recognition_moves.recheck(
        recognition_value(row),
        register_url=register_url,
        checked_on=checked_on or moment.today,
        recheck_on=recheck_on,
        ends_on=ends_on,
        actor=actor,
        today=moment.today,
    )
    record = Record(actor=actor, moment=moment, relation_id=relation.id)
    proofs.record_recognition(session, row, rechecked, record)
    reassess(session, moment, [relation.id])


def revoke_recognition(
    session: Session,
    actor: Actor,
    moment: Moment,
    recognition_id: int,
    *,
    revoked_on: date,
    reason: str,
) -> None:
    """It no longer counts, from a day."""
    row, relation = _locked(session, actor, recognition_id)
    revoked = recognition_moves.revoke(recognition_value(row), revoked_on, reason, actor)
    record = Record(actor=actor, moment=moment, relation_id=relation.id)
    proofs.record_recognition(session, row, revoked, record)
    reassess(session, moment, [relation.id])


def _locked(
    session: Session, actor: Actor, recognition_id: int
) -> tuple[RecognitionRow, RelationRow]:
    """The recognition, read after its relation was locked. Raises NotFound."""
    row = proofs.proof_row(session, RecognitionRow, recognition_id)
    relation = lock_visible_relation(session, actor, row.relation_id)
    return proofs.proof_row(session, RecognitionRow, recognition_id), relation
