"""Many suppliers to write to: a half is owed a mail, the others have steps due in two days."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.messages import MessageKind
from onboarding.services.mail.messages import Owed, owe
from onboarding.store.tables import (
    ContactRow,
    MilestoneRow,
    OrganisationRow,
    PathwayRow,
    PathwayVersionRow,
    PersonRow,
    RelationRow,
)
from tests import stage
from tests.jobs.storm import Filled

# A Tuesday, 09:00 in Amsterdam. What is due on Thursday does not wait for Monday's digest.
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
TODAY = date(2026, 11, 24)
MOMENT = Moment(now=NOW, today=TODAY)
DUE_ON = TODAY + timedelta(days=2)
IN_DIGEST = 3


def fill(session: Session, messages: int) -> Filled:
    """So many messages: a half owed at once, the others by the sweep, a fifth of those in digests
    of three.
    """
    at_once = messages // 2
    digests = (messages - at_once) // 5 // IN_DIGEST
    alone = messages - at_once - digests * IN_DIGEST
    customer = stage.a_customer(session)
    buyer = stage.a_user(session, customer, email=f"inkoop-{customer.id}@facilitair.example")
    total = at_once + digests + alone
    relations, people = suppliers(session, customer.id, buyer.id, total)
    for relation_id, person_id in zip(relations[:at_once], people[:at_once], strict=True):
        owed = Owed(kind=MessageKind.ACCEPTED, about=f"{relation_id}", relation_id=relation_id)
        owe(session, MOMENT, customer.id, owed, [person_id])
    steps = [IN_DIGEST] * digests + [1] * alone
    _pathways(session, list(zip(relations[at_once:], steps, strict=True)))
    return Filled(messages=messages, arrivals=total)


def suppliers(
    session: Session, customer_id: int, buyer_id: int, count: int
) -> tuple[Sequence[int], Sequence[int]]:
    """Relations, and the one contact of each."""
    made: dict[str, Any] = {"created_at": NOW}
    names = [f"Leverancier {n}" for n in range(count)]
    organisations = _ids(session, OrganisationRow, [{"name": name, **made} for name in names])
    known = {"customer_id": customer_id, "buyer_id": buyer_id, "created_on": TODAY, **made}
    known["enrolled_on"] = TODAY - timedelta(days=60)
    relations = _ids(
        session,
        RelationRow,
        [
            {"supplier_id": supplier_id, "name": name, "sort_name": name.lower(), **known}
            for supplier_id, name in zip(organisations, names, strict=True)
        ],
    )
    people = _ids(
        session,
        PersonRow,
        [{"name": "Sam", "email": f"sam-{customer_id}@l{n}.example", **made} for n in range(count)],
    )
    contact = {"role": "signatory", "invited_at": NOW, "is_main": True}
    _ids(
        session,
        ContactRow,
        [
            {"relation_id": relation_id, "person_id": person_id, **contact}
            for relation_id, person_id in zip(relations, people, strict=True)
        ],
    )
    return relations, people


def _pathways(session: Session, wanted: Sequence[tuple[int, int]]) -> None:
    """An agreed pathway for each relation, with so many steps that are due in two days."""
    then = TODAY - timedelta(days=30)
    pathway: dict[str, Any] = {"state": "agreed", "steps": [], "starts_on": then}
    pathway |= {"drafted_on": then, "turn_since_on": then, "agreed_on": then, "version_number": 1}
    pathways = _ids(session, PathwayRow, [{"relation_id": one, **pathway} for one, _ in wanted])
    version: dict[str, Any] = {"number": 1, "content": "{}", "agreed_at": NOW, "agreed_on": then}
    version |= {"for_buyer": {}, "for_supplier": {}}
    _ids(
        session,
        PathwayVersionRow,
        [{"pathway_id": one, "content_sha256": f"{one:064x}", **version} for one in pathways],
    )
    step: dict[str, Any] = {"owner": "supplier", "is_reviewed": False, "state": "planned"}
    step |= {"due_on": DUE_ON, "original_due_on": DUE_ON}
    step |= {"deadline_on": DUE_ON, "deadline_since_on": then}
    _ids(
        session,
        MilestoneRow,
        [
            {"pathway_id": one, "relation_id": relation_id, "position": place, **step}
            | {"title": f"Stap {place}"}
            for one, (relation_id, steps) in zip(pathways, wanted, strict=True)
            for place in range(steps)
        ],
    )


def _ids(session: Session, table: Any, rows: list[dict[str, Any]]) -> Sequence[int]:
    """Insert the rows in one statement; their ids in the same order."""
    query = insert(table).returning(table.id, sort_by_parameter_order=True)
    return session.scalars(query, rows).all() if rows else []
