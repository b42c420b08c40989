"""The rows of a work list: one thing that waits about one supplier, and how to find such."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.orm import Session

from onboarding.store.tables import RelationRow

MOST_ROWS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that waits about one supplier; `id` is that of the thing.

    `what` tells the kind and, with `detail` (a title, or reasons), what the row says. `since` is
    how long it waits already; `due_on` a day that still comes or was missed. `alike` is how many
    such things the supplier has, where the row stands for all of them.
    """

    what: str
    id: int
    relation_id: int
    name: str
    division: str | None
    spend: Decimal | None
    since: date | None = None
    due_on: date | None = None
    detail: Any = None
    alike: int = 1


@dataclass(frozen=True, slots=True)
class Section:
    """The first rows of a section, and how many there are in all."""

    items: tuple[Item, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Whose work: the customer's, or of some buyers (`mine`: and what is nobody's), today."""

    customer_id: int
    today: date
    mine: tuple[int, ...] | None = None

    def where(self) -> ColumnElement[bool]:
        in_sight = and_(
            RelationRow.customer_id == self.customer_id,
            or_(RelationRow.ended_on.is_(None), RelationRow.ended_on > self.today),
        )
        if self.mine is None:
            return in_sight
        mine = or_(RelationRow.buyer_id.in_(self.mine), RelationRow.buyer_id.is_(None))
        return and_(in_sight, mine)


def find(
    session: Session,
    sight: Sight,
    table: Any,
    what: Any,
    *where: ColumnElement[bool],
    since: Any = None,
    due_on: Any = None,
    detail: Any = None,
    joins: tuple[tuple[Any, ColumnElement[bool]], ...] = (),
    on: ColumnElement[bool] | None = None,
    one_each: bool = False,
) -> Section:
    """Rows of `table` in sight, the longest waiting first.

    With `one_each` a supplier has one row for each `what`: its longest waiting.
    """
    what = literal(what) if isinstance(what, str) else what
    order = (since if since is not None else due_on, table.id)
    columns: list[ColumnElement[Any]] = [
        what.label("what"),
        table.id.label("id"),
        RelationRow.id.label("relation_id"),
        RelationRow.name.label("name"),
        RelationRow.division.label("division"),
        RelationRow.spend.label("spend"),
    ]
    for name, column in (("since", since), ("due_on", due_on), ("detail", detail)):
        if column is not None:
            columns.append(column.label(name))
    if one_each:
        alike = (RelationRow.id, what)
        columns.append(func.row_number().over(partition_by=alike, order_by=order).label("place"))
        columns.append(func.count().over(partition_by=alike).label("alike"))
    query: Select[Any] = select(*columns).select_from(table)
    query = query.join(RelationRow, on if on is not None else RelationRow.id == table.relation_id)
    for joined, condition in joins:
        query = query.join(joined, condition)
    found = query.where(sight.where(), *where).subquery()
    shown = [column for column in found.c if column.key != "place"]
    listed = select(*shown, func.count().over().label("total"))
    if one_each:
        listed = listed.where(found.c.place == 1)
    waits = found.c.since if since is not None else found.c.due_on
    rows = session.execute(listed.order_by(waits, found.c.id).limit(MOST_ROWS)).mappings().all()
    items = tuple(Item(**{k: v for k, v in row.items() if k != "total"}) for row in rows)
    return Section(items, rows[0]["total"] if rows else 0)
