"""What both sides agreed, as it stands in an immutable version."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.domain.errors import NotFound
from onboarding.domain.people import Actor
from onboarding.store.relations import visible_relation
from onboarding.store.tables import (
    OrganisationRow,
    PathwayRow,
    PathwayVersionRow,
    PersonRow,
    RelationRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One side of an agreement and who agreed for it; `recorded_by` wrote it down, if another."""

    organisation: str
    kvk_number: str | None
    name: str
    function: str
    channel: str
    signed_at: datetime
    recorded_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """One version: `content` is the canonical JSON that `sha256` seals; `plan` is read from it.

    Since `redacted_at` a text that held personal data is no longer in it, and the seal does not
    fit any more: it stays that of what both sides agreed.
    """

    pathway_id: int
    relation_id: int
    number: int
    agreed_on: date
    content: str
    sha256: str
    plan: dict[str, Any]
    customer: Party
    supplier: Party
    redacted_at: datetime | None = None


def visible_agreement(session: Session, actor: Actor, pathway_id: int, number: int) -> Agreement:
    """A version of a pathway of the actor's own relation. Raises NotFound for any other."""
    pathway = session.get(PathwayRow, pathway_id)
    if pathway is None:
        raise NotFound(what="pathway")
    visible_relation(session, actor, pathway.relation_id)
    found = agreement(session, pathway_id, number)
    if found is None:
        raise NotFound(what="version")
    return found


def agreement(session: Session, pathway_id: int, number: int) -> Agreement | None:
    """The version with that number, with the names of today: those that were blanked are gone."""
    found = session.execute(
        select(PathwayVersionRow, RelationRow, OrganisationRow.name)
        .join(PathwayRow, PathwayRow.id == PathwayVersionRow.pathway_id)
        .join(RelationRow, RelationRow.id == PathwayRow.relation_id)
        .join(OrganisationRow, OrganisationRow.id == RelationRow.customer_id)
        .where(PathwayVersionRow.pathway_id == pathway_id, PathwayVersionRow.number == number)
    ).first()
    if found is None:
        return None
    version, relation, customer = found
    names = _names(session, (version.for_buyer, version.for_supplier))
    return Agreement(
        pathway_id=pathway_id,
        relation_id=relation.id,
        number=number,
        agreed_on=version.agreed_on,
        content=version.content,
        sha256=version.content_sha256,
        plan=json.loads(version.content)["plan"],
        customer=_party(customer, None, version.for_buyer, names),
        supplier=_party(relation.name, relation.kvk_number, version.for_supplier, names),
        redacted_at=version.redacted_at,
    )


def _names(session: Session, signatures: Iterable[dict[str, Any]]) -> dict[int, str]:
    ids = {
        signature[who]
        for signature in signatures
        for who in ("person_id", "recorded_by")
        if signature.get(who)
    }
    rows = session.execute(select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_(ids)))
    return dict(rows.tuples().all())


def _party(
    organisation: str, kvk_number: str | None, signature: dict[str, Any], names: dict[int, str]
) -> Party:
    return Party(
        organisation=organisation,
        kvk_number=kvk_number,
        name=names.get(signature["person_id"], ""),
        function=signature["function"],
        channel=signature["channel"],
        signed_at=datetime.fromisoformat(signature["signed_at"]),
        recorded_by=names.get(signature.get("recorded_by") or 0),
    )
