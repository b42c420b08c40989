"""Suppliers as a customer records them: looking up, adding and changing, in sets."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, delete, exists, insert, or_, select, update
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.divisions import Lines, the_whole
from onboarding.domain.people import DUTIES, Duty
from onboarding.domain.suppliers import CreditorNumber, folded
from onboarding.store.divisions import add_lines, write_lines
from onboarding.store.references import keep_former_number
from onboarding.store.tables import (
    CreditorNumberRow,
    FormerKvkNumberRow,
    MembershipRow,
    OrganisationRow,
    PersonRow,
    RelationRow,
)

AT_ONCE = 1000
COLUMNS = (
    "name",
    "kvk_number",
    "country",
    "foreign_number",
    "city",
    "category",
    "division",
    "spend",
    "contract",
    "alternative",
    "has_no_alternative",
    "buyer_id",
)
BUYERS = [role.value for role, duties in DUTIES.items() if Duty.BUY in duties]


def lock_customer(session: Session, customer_id: int) -> None:
    """Whoever adds suppliers or users does so after the other, so that nobody is added twice.

    What happens to a supplier meanwhile names the customer, and waits for nothing.
    """
    session.execute(locked_customer(customer_id))


def locked_customer(customer_id: int) -> Select[tuple[int]]:
    return (
        select(OrganisationRow.id)
        .where(OrganisationRow.id == customer_id)
        .with_for_update(key_share=True)
    )


def supplier_values(
    row: RelationRow, creditor_numbers: tuple[CreditorNumber, ...], lines: Lines
) -> dict[str, Any]:
    """The fields as they stand."""
    values = {column: getattr(row, column) for column in COLUMNS}
    return {**values, "creditor_numbers": creditor_numbers, "divisions": lines}


def creditor_numbers_of(
    session: Session, relation_ids: Sequence[int]
) -> defaultdict[int, tuple[CreditorNumber, ...]]:
    found: defaultdict[int, tuple[CreditorNumber, ...]] = defaultdict(tuple)
    for start in range(0, len(relation_ids), AT_ONCE):
        for row in session.scalars(
            select(CreditorNumberRow)
            .where(CreditorNumberRow.relation_id.in_(relation_ids[start : start + AT_ONCE]))
            .order_by(CreditorNumberRow.division, CreditorNumberRow.number)
        ):
            found[row.relation_id] += (CreditorNumber(row.division, row.number),)
    return found


def add_relations(
    session: Session, customer_id: int, moment: Moment, added: Sequence[Mapping[str, Any]]
) -> list[int]:
    """New relations, each to a supplier of its own; returns their ids in the same order.

    What concerns divisions stands in `divisions`; the whole follows from it.
    """
    supplier_ids = session.scalars(
        insert(OrganisationRow).returning(OrganisationRow.id, sort_by_parameter_order=True),
        [
            {"name": values["name"], "is_customer": False, "created_at": moment.now}
            for values in added
        ],
    ).all()
    relation_ids = session.scalars(
        insert(RelationRow).returning(RelationRow.id, sort_by_parameter_order=True),
        [
            {
                "customer_id": customer_id,
                "supplier_id": supplier_id,
                "sort_name": folded(values["name"]),
                "sort_city": folded(values.get("city") or "") or None,
                "revision": 1,
                "created_at": moment.now,
                "created_on": moment.today,
                **{column: values.get(column) for column in COLUMNS},
                **the_whole(values.get("divisions") or ()),
                "country": values.get("country") or "NL",
                "has_no_alternative": bool(values.get("has_no_alternative")),
            }
            for supplier_id, values in zip(supplier_ids, added, strict=True)
        ],
    ).all()
    add_creditor_numbers(
        session,
        [
            (relation_id, number)
            for relation_id, values in zip(relation_ids, added, strict=True)
            for number in values.get("creditor_numbers") or ()
        ],
    )
    lines = {
        relation_id: values.get("divisions") or ()
        for relation_id, values in zip(relation_ids, added, strict=True)
    }
    add_lines(session, customer_id, lines)
    return list(relation_ids)


def add_creditor_numbers(session: Session, numbers: Sequence[tuple[int, CreditorNumber]]) -> None:
    rows = [
        {"relation_id": relation_id, "division": one.division, "number": one.number}
        for relation_id, one in numbers
    ]
    if rows:
        session.execute(insert(CreditorNumberRow), rows)


def write_values(
    session: Session,
    row: RelationRow,
    before: Mapping[str, Any],
    values: Mapping[str, Any],
    moment: Moment,
) -> None:
    """Put the values in a locked row, and keep a KvK number that was left behind."""
    was = before["kvk_number"]
    if "kvk_number" in values and was and values["kvk_number"] != was:
        keep_former_number(session, row.id, was, moment.today, becomes=values["kvk_number"])
    for column in COLUMNS:
        if column in values:
            setattr(row, column, values[column])
    if "city" in values:
        row.sort_city = folded(values["city"] or "") or None
    if "name" in values:
        row.sort_name = folded(values["name"])
        session.execute(
            update(OrganisationRow)
            .where(OrganisationRow.id == row.supplier_id, OrganisationRow.is_customer.is_(False))
            .values(name=values["name"])
        )
    if "creditor_numbers" in values:
        wanted, held = set(values["creditor_numbers"]), set(before["creditor_numbers"])
        for gone in held - wanted:
            session.execute(
                delete(CreditorNumberRow).where(
                    CreditorNumberRow.relation_id == row.id,
                    CreditorNumberRow.division == gone.division,
                    CreditorNumberRow.number == gone.number,
                )
            )
        add_creditor_numbers(session, [(row.id, one) for one in sorted(wanted - held)])
    if "divisions" in values:
        write_lines(session, row, values["divisions"])
        for column, value in the_whole(values["divisions"]).items():
            setattr(row, column, value)
    row.revision += 1


def holder_of(session: Session, customer_id: int, kvk_number: str) -> RelationRow | None:
    """The relation that has the number, or had it before."""
    former = exists().where(
        FormerKvkNumberRow.relation_id == RelationRow.id,
        FormerKvkNumberRow.kvk_number == kvk_number,
    )
    return session.scalars(
        select(RelationRow)
        .where(
            RelationRow.customer_id == customer_id,
            or_(RelationRow.kvk_number == kvk_number, former),
        )
        .order_by((RelationRow.kvk_number == kvk_number).desc(), RelationRow.id)
    ).first()


def holder_of_foreign(
    session: Session, customer_id: int, country: str, number: str
) -> RelationRow | None:
    """The relation with this number in the register of this country."""
    return session.scalars(
        select(RelationRow).where(
            RelationRow.customer_id == customer_id,
            RelationRow.country == country,
            RelationRow.foreign_number == number,
        )
    ).first()


def buyers_of(session: Session, customer_id: int) -> list[PersonRow]:
    """Who can be the buyer of a supplier: people whose role here is to buy, by name."""
    memberships = exists().where(
        MembershipRow.person_id == PersonRow.id,
        MembershipRow.organisation_id == customer_id,
        MembershipRow.role.in_(BUYERS),
        MembershipRow.ended_at.is_(None),
    )
    return list(session.scalars(select(PersonRow).where(memberships).order_by(PersonRow.name)))


def former_numbers_of(session: Session, relation_id: int) -> tuple[str, ...]:
    """The KvK numbers that the supplier had before, the first one first."""
    return tuple(
        session.scalars(
            select(FormerKvkNumberRow.kvk_number)
            .where(FormerKvkNumberRow.relation_id == relation_id)
            .order_by(FormerKvkNumberRow.id)
        )
    )
