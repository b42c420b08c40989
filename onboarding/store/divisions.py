"""The divisions that buy from suppliers: read and written in sets, and named when asked for."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select
from sqlalchemy.orm import Session

from onboarding.domain.divisions import DivisionLine, Lines, Spend, in_order
from onboarding.store.tables import CreditorNumberRow, DivisionRow, RelationRow, SpendRow

AT_ONCE = 1000
COLUMNS = ("division", "site", "buyer_id", "contract", "contract_ends_on")


def lines_of(session: Session, relation_ids: Sequence[int]) -> defaultdict[int, Lines]:
    """The lines of each supplier in their order, two statements for a thousand suppliers."""
    found: defaultdict[int, Lines] = defaultdict(tuple)
    for start in range(0, len(relation_ids), AT_ONCE):
        ids = relation_ids[start : start + AT_ONCE]
        found |= _lines_where(session, DivisionRow.relation_id.in_(ids))
    return found


def lines_of_customer(session: Session, customer_id: int) -> defaultdict[int, Lines]:
    """The lines of all of the customer's suppliers, two statements in all."""
    return _lines_where(session, DivisionRow.customer_id == customer_id)


def lines_by_id(session: Session, relation_id: int) -> dict[int, DivisionLine]:
    """The lines of one supplier in their order, by the ids that its pages name them by."""
    found = list(_rows_where(session, DivisionRow.relation_id == relation_id))
    ids = {line.key: division_id for _, division_id, line in found}
    return {ids[line.key]: line for line in in_order(line for _, _, line in found)}


def add_lines(session: Session, customer_id: int, added: Mapping[int, Lines]) -> None:
    """Lines of suppliers by the id of their relation, in sets."""
    given = [(relation_id, line) for relation_id, lines in added.items() for line in lines]
    if not given:
        return
    ids = session.scalars(
        insert(DivisionRow).returning(DivisionRow.id, sort_by_parameter_order=True),
        [{**_row(line), "customer_id": customer_id, "relation_id": one} for one, line in given],
    ).all()
    _add_spend(session, zip(ids, (line for _, line in given), strict=True))


def write_lines(session: Session, relation: RelationRow, lines: Lines) -> None:
    """The lines of a locked relation as they are from now on."""
    rows = {
        (row.division, row.site): row
        for row in session.scalars(
            select(DivisionRow)
            .where(DivisionRow.relation_id == relation.id)
            .execution_options(populate_existing=True)
        )
    }
    wanted = {line.key: line for line in lines}
    ids = [row.id for row in rows.values()]
    session.execute(delete(SpendRow).where(SpendRow.division_id.in_(ids)))
    for key in rows.keys() - wanted.keys():
        session.delete(rows[key])
    for key in rows.keys() & wanted.keys():
        for name, value in _row(wanted[key]).items():
            setattr(rows[key], name, value)
    session.flush()
    _add_spend(session, [(rows[key].id, wanted[key]) for key in rows.keys() & wanted.keys()])
    new = tuple(line for key, line in wanted.items() if key not in rows)
    add_lines(session, relation.customer_id, {relation.id: new})


def division_names_of(session: Session, relation_ids: Sequence[int]) -> defaultdict[int, list[str]]:
    """The divisions that buy from each supplier, by name; those told of as a whole have none."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    rows = session.execute(
        select(DivisionRow.relation_id, DivisionRow.division)
        .where(DivisionRow.relation_id.in_(relation_ids), DivisionRow.division != "")
        .distinct()
        .order_by(DivisionRow.division)
    )
    for relation_id, division in rows:
        found[relation_id].append(division)
    return found


def divisions_of(session: Session, customer_id: int) -> list[str]:
    """The divisions that buy, or whose books know a supplier, by name."""
    buying = session.scalars(
        select(DivisionRow.division).where(DivisionRow.customer_id == customer_id).distinct()
    ).all()
    # All there are, from the index, and then only one supplier of each: not every number.
    known = select(CreditorNumberRow.division).distinct().subquery()
    paying = session.scalars(
        select(known.c.division).where(
            select(CreditorNumberRow.id)
            .join(RelationRow, RelationRow.id == CreditorNumberRow.relation_id)
            .where(
                CreditorNumberRow.division == known.c.division,
                RelationRow.customer_id == customer_id,
            )
            .exists()
        )
    ).all()
    return sorted({one for one in (*buying, *paying) if one}, key=str.casefold)


def sites_of(session: Session, customer_id: int) -> list[str]:
    found = session.scalars(
        select(DivisionRow.site).where(DivisionRow.customer_id == customer_id).distinct()
    )
    return sorted((site for site in found if site), key=str.casefold)


def years_of(session: Session, customer_id: int) -> list[int]:
    """The years of which some spend is known, the latest first."""
    return sorted(
        session.scalars(
            select(SpendRow.year)
            .join(DivisionRow, DivisionRow.id == SpendRow.division_id)
            .where(DivisionRow.customer_id == customer_id)
            .distinct()
        ),
        reverse=True,
    )


def _lines_where(session: Session, which: ColumnElement[bool]) -> defaultdict[int, Lines]:
    grouped: defaultdict[int, list[DivisionLine]] = defaultdict(list)
    for relation_id, _, line in _rows_where(session, which):
        grouped[relation_id].append(line)
    return defaultdict(tuple, {one: in_order(lines) for one, lines in grouped.items()})


def _rows_where(
    session: Session, which: ColumnElement[bool]
) -> Iterator[tuple[int, int, DivisionLine]]:
    """The relation, the id and the value of each line."""
    spend: defaultdict[int, list[Spend]] = defaultdict(list)
    for division_id, year, amount in session.execute(
        select(SpendRow.division_id, SpendRow.year, SpendRow.amount)
        .join(DivisionRow, DivisionRow.id == SpendRow.division_id)
        .where(which)
    ):
        spend[division_id].append(Spend(year, amount))
    columns = [getattr(DivisionRow, name) for name in ("id", "relation_id", *COLUMNS)]
    for division_id, relation_id, *values in session.execute(select(*columns).where(which)):
        told = dict(zip(COLUMNS, values, strict=True))
        years = tuple(sorted(spend[division_id], reverse=True))
        yield relation_id, division_id, DivisionLine(**told, spend=years)


def _row(line: DivisionLine) -> dict[str, Any]:
    return {column: getattr(line, column) for column in COLUMNS}


def _add_spend(session: Session, lines: Iterable[tuple[int, DivisionLine]]) -> None:
    rows = [
        {"division_id": division_id, "year": one.year, "amount": one.amount}
        for division_id, line in lines
        for one in line.spend
    ]
    if rows:
        session.execute(insert(SpendRow), rows)
