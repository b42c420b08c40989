"""What we held of a supplier for a day at an instant, with all that was known then.

The status is the one that was stored; certificates, decisions, agreements and files are those of
which the history had told by then. Nothing is calculated anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import InputInvalid
from onboarding.domain.people import Actor, Duty
from onboarding.domain.policy import Policy
from onboarding.domain.seals import Head
from onboarding.services.dossier.known_then import (
    CERTIFICATE,
    DECISION,
    FILE,
    RECOGNITION,
    RENEWAL,
    Known,
    known_then,
    told_by,
)
from onboarding.services.status_reading import Reading, read_status
from onboarding.services.statuses import policies_of
from onboarding.services.supplier_reading import HistoryEvent, tell_events
from onboarding.store.contacts import names_of
from onboarding.store.policies import policy_rows
from onboarding.store.relations import visible_relation
from onboarding.store.seals import head_of
from onboarding.store.tables import (
    EventRow,
    EvidenceRow,
    MergedRelationRow,
    PathwayVersionRow,
    RelationRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyThen:
    """The version that counted for the day, with who published it."""

    policy: Policy
    published_at: datetime
    published_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedThen:
    """The last version of a pathway that both sides had agreed, and how the pathway stood."""

    version: PathwayVersionRow
    state: str
    for_buyer: str | None
    for_supplier: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofThen:
    """A certificate, recognition, renewal or decision; `told` is the event that told it last."""

    known: Known
    told: HistoryEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class FileThen:
    """A file that was there; `is_there_now` where it can still be opened."""

    id: int
    name: str | None
    known: Known
    told: HistoryEvent
    is_there_now: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AsOf:
    """The answer. `told` is the event that brought the status; None where a day or policy did."""

    relation: RelationRow
    reading: Reading
    known_at: datetime
    policy: PolicyThen
    told: HistoryEvent | None
    agreed: Sequence[AgreedThen]
    certificates: Sequence[ProofThen]
    renewals: Sequence[ProofThen]
    recognitions: Sequence[ProofThen]
    decisions: Sequence[ProofThen]
    files: Sequence[FileThen]
    events: int
    head: Head


def read_as_of(
    session: Session,
    actor: Actor,
    moment: Moment,
    zone: tzinfo,
    relation_id: int,
    *,
    on: date,
    known_at: datetime | None = None,
) -> AsOf:
    """The answer for the day, as known at the instant, else as known now.

    Raises InputInvalid on `at` for an instant to come or before anything was known, and on `on`
    for a day before the supplier was there. Raises NotFound.
    """
    actor.must(Duty.READ)
    relation = visible_relation(session, actor, relation_id)
    if known_at is not None and known_at > moment.now:
        raise InputInvalid(field="at", reason="instant-to-come")
    if known_at is not None and known_at < relation.created_at:
        since = relation.created_at.astimezone(zone).date()
        raise InputInvalid(field="at", reason="not-known-then", since_on=since.isoformat())
    reading = read_status(session, relation_id, on, known_at)
    if reading is None:
        since = relation.created_on
        raise InputInvalid(field="on", reason="no-relation-then", since_on=since.isoformat())
    known_at = known_at or max(moment.now, reading.known_from)
    events = events_known(session, relation_id, known_at)
    known = known_then(events)
    cause = told_by(events, reading.known_from)
    last = [one.last for one in known.things.values()]
    told = {one.id: one for one in tell_events(session, [*last, *([cause] if cause else [])])}

    def proofs(kind: str) -> list[ProofThen]:
        return [ProofThen(known=one, told=told[one.last.id]) for one in known.of(kind)]

    return AsOf(
        relation=relation,
        reading=reading,
        known_at=known_at,
        policy=_policy(session, actor, reading.policy_version),
        told=told[cause.id] if cause else None,
        agreed=_agreed(session, known.agreed, known.pathways, known_at),
        certificates=proofs(CERTIFICATE),
        renewals=proofs(RENEWAL),
        recognitions=proofs(RECOGNITION),
        decisions=proofs(DECISION),
        files=_files(session, known.of(FILE), told),
        events=len(events),
        head=head_of(session, relation_id),
    )


def events_known(session: Session, relation_id: int, known_at: datetime) -> list[EventRow]:
    """What was recorded of the relation until the instant, in its order.

    What happened to a record that went into it counts from the merge on: until then nobody knew
    it of this one.
    """
    merged = select(MergedRelationRow.former_id).where(
        MergedRelationRow.relation_id == relation_id, MergedRelationRow.merged_at <= known_at
    )
    later = select(MergedRelationRow.former_id).where(
        MergedRelationRow.relation_id == relation_id, MergedRelationRow.merged_at > known_at
    )
    query = select(EventRow).where(
        EventRow.relation_id == relation_id,
        EventRow.at <= known_at,
        or_(
            EventRow.chain.is_(None),
            EventRow.chain == relation_id,
            EventRow.chain.in_(merged),
            EventRow.chain.not_in(later),
        ),
    )
    return list(session.scalars(query.order_by(EventRow.at, EventRow.id)))


def _policy(session: Session, actor: Actor, version: int) -> PolicyThen:
    policies = policies_of(session, actor.customer_id)
    policy = next(one for one in policies.versions if one.version == version)
    row = next(r for r in policy_rows(session, actor.customer_id) if r.version == version)
    names = names_of(session, [row.published_by] if row.published_by else [])
    return PolicyThen(
        policy=policy,
        published_at=row.published_at,
        published_by=names.get(row.published_by or 0),
    )


def _agreed(
    session: Session, agreed: set[tuple[int, int]], states: dict[int, str], known_at: datetime
) -> list[AgreedThen]:
    rows = session.scalars(
        select(PathwayVersionRow)
        .where(
            PathwayVersionRow.pathway_id.in_({pathway_id for pathway_id, _ in agreed}),
            PathwayVersionRow.agreed_at <= known_at,
        )
        .order_by(PathwayVersionRow.pathway_id, PathwayVersionRow.number)
    )
    last = {row.pathway_id: row for row in rows}
    people = {
        s.get("person_id") for row in last.values() for s in (row.for_buyer, row.for_supplier)
    }
    names = names_of(session, [one for one in people if one])
    return [
        AgreedThen(
            version=row,
            state=states.get(row.pathway_id, "agreed"),
            for_buyer=names.get(row.for_buyer.get("person_id") or 0),
            for_supplier=names.get(row.for_supplier.get("person_id") or 0),
        )
        for row in sorted(last.values(), key=lambda row: row.agreed_at, reverse=True)
    ]


def _files(
    session: Session, known: Sequence[Known], told: dict[int, HistoryEvent]
) -> list[FileThen]:
    there = [one for one in known if one.state == "kept"]
    rows = session.scalars(select(EvidenceRow).where(EvidenceRow.id.in_([k.id for k in there])))
    by_id = {row.id: row for row in rows}
    return [
        FileThen(
            id=one.id,
            name=by_id[one.id].file_name if one.id in by_id else None,
            known=one,
            told=told[one.last.id],
            is_there_now=one.id in by_id
            and by_id[one.id].removed_at is None
            and by_id[one.id].is_attached
            and by_id[one.id].sha256 is not None,
        )
        for one in there
    ]
