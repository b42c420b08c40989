"""Reads the sealed history and what was agreed in pages, for whoever checks them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select, tuple_
from sqlalchemy.orm import Session

from onboarding.domain.amendments import AmendmentAccepted
from onboarding.domain.merging import SuppliersMerged
from onboarding.domain.negotiation import PathwayAgreed
from onboarding.domain.redaction import TextRedacted
from onboarding.domain.seals import GENESIS, WHOLE, Head
from onboarding.store.published import LAST_ASSESSMENT, known_from
from onboarding.store.tables import (
    AssessmentRow,
    EventRow,
    MergedRelationRow,
    OrganisationRow,
    PathwayRow,
    PathwayVersionRow,
    RelationRow,
)

AT_ONCE = 1000
PATHWAYS_AT_ONCE = 200  # each with the whole text of each version
Columns = dict[str, Any]

EVENTS, ASSESSMENTS = EventRow.__table__, AssessmentRow.__table__
IN_CHAIN = (EVENTS.c.chain, EVENTS.c.position)
IN_TIME = (ASSESSMENTS.c.relation_id, ASSESSMENTS.c.number)


def heads_of(session: Session, customer_id: int) -> dict[int, Head]:
    """Where each chain of the customer ends, by the relation it is of; 0 is its own."""
    own = session.execute(
        select(OrganisationRow.history_length, OrganisationRow.history_sha256).where(
            OrganisationRow.id == customer_id
        )
    ).one()
    rows = session.execute(
        select(RelationRow.id, RelationRow.history_length, RelationRow.history_sha256).where(
            RelationRow.id.in_(relation_ids(customer_id))
        )
    )
    found = {id: _head(length, last) for id, length, last in rows}
    return {WHOLE: _head(*own), **dict(sorted(found.items()))}


def head_now(session: Session, customer_id: int, chain: int) -> Head:
    owner: type[OrganisationRow] | type[RelationRow]
    owner = OrganisationRow if chain == WHOLE else RelationRow
    query = select(owner.history_length, owner.history_sha256)
    length, last = session.execute(query.where(owner.id == (chain or customer_id))).one()
    return _head(length, last)


def _head(length: int, last: str | None) -> Head:
    return Head(length=length, sha256=last or GENESIS)


def relation_ids(customer_id: int) -> Select[tuple[int]]:
    """The customer's relations, also those that went into another."""
    former = select(MergedRelationRow.former_id).where(MergedRelationRow.customer_id == customer_id)
    return select(RelationRow.id).where(
        or_(RelationRow.customer_id == customer_id, RelationRow.id.in_(former))
    )


def merges(session: Session, customer_id: int) -> dict[int, int]:
    """Which relation each one that went has gone into."""
    query = select(MergedRelationRow.former_id, MergedRelationRow.relation_id)
    rows = session.execute(query.where(MergedRelationRow.customer_id == customer_id))
    return {former_id: relation_id for former_id, relation_id in rows}


def last_assessments(session: Session, customer_id: int) -> dict[int, int | None]:
    """The assessment that each relation points to."""
    rows = session.execute(
        select(RelationRow.id, LAST_ASSESSMENT).where(RelationRow.id.in_(relation_ids(customer_id)))
    )
    return {id: assessment_id for id, assessment_id in rows}


def telling_events(session: Session, customer_id: int) -> list[tuple[str, dict[str, Any]]]:
    """Code and facts of the events that tell something of a chain, in their order."""
    rows = session.execute(
        select(EventRow.code, EventRow.facts)
        .where(
            EventRow.customer_id == customer_id,
            EventRow.code.in_((TextRedacted.code, SuppliersMerged.code)),
        )
        .order_by(EventRow.id)
    )
    return [(code, facts) for code, facts in rows]


def events_after(session: Session, customer_id: int, after: tuple[int, int]) -> list[Columns]:
    """The next sealed events by chain and position."""
    query = select(EVENTS).where(EVENTS.c.customer_id == customer_id, tuple_(*IN_CHAIN) > after)
    return _mappings(session, query.order_by(*IN_CHAIN).limit(AT_ONCE))


def unsealed_events(session: Session, customer_id: int) -> list[Columns]:
    """Events that the tool did not write: without a place in a chain."""
    query = select(EVENTS).where(
        EVENTS.c.customer_id == customer_id,
        or_(EVENTS.c.chain.is_(None), EVENTS.c.position.is_(None)),
    )
    return _mappings(session, query.order_by(EVENTS.c.id).limit(AT_ONCE))


def assessments_after(session: Session, customer_id: int, after: tuple[int, int]) -> list[Columns]:
    """The next assessments by relation and number, with the instant `since` which each counts.

    One that was published just now is sealed without it, until it is written into the row.
    """
    since = known_from(ASSESSMENTS.c)
    query = select(ASSESSMENTS, since.label("since")).where(
        ASSESSMENTS.c.relation_id.in_(relation_ids(customer_id)),
        tuple_(*IN_TIME) > after,
        since.is_not(None),
    )
    return _mappings(session, query.order_by(*IN_TIME).limit(AT_ONCE))


def _mappings(session: Session, query: Select[Any]) -> list[Columns]:
    return [dict(row) for row in session.execute(query).mappings()]


def names_of(session: Session, ids: Collection[int]) -> dict[int, str]:
    rows = session.execute(select(RelationRow.id, RelationRow.name).where(RelationRow.id.in_(ids)))
    return {id: name for id, name in rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """An agreed version as it is stored."""

    pathway_id: int
    number: int
    content: str
    content_sha256: str
    for_buyer: dict[str, Any]
    for_supplier: dict[str, Any]
    redacted_at: datetime | None


VERSIONS = select(*(getattr(PathwayVersionRow, one.name) for one in fields(Version)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """A pathway with its agreed versions by number, and what the history tells of each in turn."""

    pathway_id: int
    relation_id: int
    name: str
    length: int
    versions: dict[int, Version]
    told: list[dict[str, Any]] = field(default_factory=list)


def agreed_after(session: Session, customer_id: int, after: int) -> Sequence[Agreed]:
    """The next pathways by id of which something was agreed."""
    pathways = session.execute(
        select(PathwayRow.id, PathwayRow.relation_id, PathwayRow.version_number, RelationRow.name)
        .join(RelationRow, RelationRow.id == PathwayRow.relation_id)
        .where(PathwayRow.relation_id.in_(relation_ids(customer_id)), PathwayRow.id > after)
        .order_by(PathwayRow.id)
        .limit(PATHWAYS_AT_ONCE)
    ).all()
    ids = [one.id for one in pathways]
    versions: defaultdict[int, dict[int, Version]] = defaultdict(dict)
    for row in session.execute(VERSIONS.where(PathwayVersionRow.pathway_id.in_(ids))).mappings():
        versions[row["pathway_id"]][row["number"]] = Version(**row)
    told: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for pathway_id, facts in session.execute(
        select(EventRow.pathway_id, EventRow.facts)
        .where(
            EventRow.pathway_id.in_(ids),
            EventRow.code.in_((PathwayAgreed.code, AmendmentAccepted.code)),
        )
        .order_by(EventRow.id)
    ):
        told[pathway_id].append(facts)
    return [
        Agreed(
            pathway_id=one.id,
            relation_id=one.relation_id,
            name=one.name,
            length=one.version_number,
            versions=versions[one.id],
            told=told[one.id],
        )
        for one in pathways
    ]


def redactions_at(session: Session, customer_id: int) -> set[datetime]:
    """The instants at which a text was removed, on record."""
    query = select(EventRow.at).where(
        EventRow.customer_id == customer_id, EventRow.code == TextRedacted.code
    )
    return set(session.scalars(query))
