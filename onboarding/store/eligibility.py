"""One supplier's buying status as programs ask for it: token, supplier and status in one row."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import product
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, func, select
from sqlalchemy.engine import Connection

from onboarding.domain.references import Ref, RefKind
from onboarding.store.database import as_instant
from onboarding.store.eligibility_rows import (
    ANSWERING,
    ASSESSMENTS,
    RELATIONS,
    STATUS_ON,
    Written,
    as_one_text,
    with_status,
)
from onboarding.store.prebuilt import OneText
from onboarding.store.published import known_from
from onboarding.store.references import leads_to
from onboarding.store.tables import ApiTokenRow, CreditorNumberRow, FormerKvkNumberRow
from onboarding.store.tokens import OF_PROGRAM, WORKS, Program, program_from

TOKENS = ApiTokenRow.__table__
FORMER, CREDITORS = FormerKvkNumberRow.__table__.c, CreditorNumberRow.__table__.c
NAMESAKES = RELATIONS.alias("namesakes").c
END_OF_INSTANTS = datetime(9999, 12, 31, tzinfo=UTC)

MEANT: dict[RefKind, ColumnElement[bool]] = {
    RefKind.OWN: RELATIONS.c.id == leads_to(bindparam("value", type_=Integer)),
    # As one value, which the database looks up: of a set it would ask each relation.
    RefKind.KVK: RELATIONS.c.id
    == func.coalesce(
        select(NAMESAKES.id)
        .where(
            NAMESAKES.customer_id == TOKENS.c.customer_id,
            NAMESAKES.kvk_number == bindparam("value"),
        )
        .correlate(TOKENS)
        .scalar_subquery(),
        select(func.min(NAMESAKES.id))
        .where(
            NAMESAKES.customer_id == TOKENS.c.customer_id,
            NAMESAKES.id == FORMER.relation_id,
            FORMER.kvk_number == bindparam("value"),
        )
        .correlate(TOKENS)
        .scalar_subquery(),
    ),
    RefKind.CREDITOR: RELATIONS.c.id.in_(
        select(CREDITORS.relation_id).where(CREDITORS.number == bindparam("value"))
    ),
}
# Of the token's own customer, by whatever a program calls a supplier.
SUPPLIERS_MEANT = {
    kind: TOKENS.outerjoin(
        RELATIONS, and_(RELATIONS.c.customer_id == TOKENS.c.customer_id, is_meant)
    )
    for kind, is_meant in MEANT.items()
}
OF_SUPPLIER = (RELATIONS.c.id, RELATIONS.c.kvk_number, RELATIONS.c.name)


class SupplierTold(NamedTuple):
    """A supplier with its status on the day, as a row of `eligibility_rows`; None if not known."""

    relation_id: int
    kvk_number: str | None
    name: str
    division: str | None
    known_from: datetime | None
    row: Written | None


def _lookup(kind: RefKind, *, has_passed: bool) -> Select[Any]:
    """A row for each supplier that is meant, or one with the program alone."""
    status = STATUS_ON[has_passed]
    found = (
        select(
            as_one_text(
                *OF_PROGRAM, RELATIONS.c.division, known_from(ASSESSMENTS.c), *OF_SUPPLIER, *status
            )
        )
        .select_from(with_status(SUPPLIERS_MEANT[kind], ANSWERING))
        .where(WORKS)
    )
    return found.order_by(RELATIONS.c.id) if kind is RefKind.CREDITOR else found


# By what is asked with, and whether the day had passed.
LOOKUPS = {
    (kind, has_passed): OneText(_lookup(kind, has_passed=has_passed))
    for kind, has_passed in product(MEANT, (False, True))
}
PROGRAM, DIVISION, KNOWN_FROM, TOLD = slice(0, 4), 4, 5, slice(6, None)


def look_up(
    connection: Connection,
    token_sha256: str,
    now: datetime,
    ref: Ref,
    on: date,
    known_at: datetime | None,
    today: date,
) -> tuple[Program | None, list[SupplierTold]]:
    """The program with this token, if it works at `now`, and the suppliers that `ref` can mean.

    More than one only for a creditor number. A KvK number that a supplier had before leads to it,
    unless another has it now.
    """
    values = meant(token_sha256, now, ref, known_at)
    values["on"] = on
    rows = [json.loads(told) for told in LOOKUPS[ref.kind, on < today].texts(connection, values)]
    if not rows:
        return None, []
    return program_from(rows[0][PROGRAM]), [told for row in rows if (told := _told(row))]


def meant(token_sha256: str, now: datetime, ref: Ref, known_at: datetime | None) -> dict[str, Any]:
    """The values that a lookup asks with."""
    return {
        "token_sha256": token_sha256,
        "now": now,
        "value": int(ref.value) if ref.kind is RefKind.OWN else ref.value,
        "known_at": known_at or END_OF_INSTANTS,
    }


def _told(row: Sequence[Any]) -> SupplierTold | None:
    told = row[TOLD]
    relation_id, kvk_number, name, status = told[:4]
    if relation_id is None:
        return None
    known_from = row[KNOWN_FROM]
    return SupplierTold(
        relation_id=relation_id,
        kvk_number=kvk_number,
        name=name,
        division=row[DIVISION],
        known_from=as_instant(known_from) if known_from is not None else None,
        row=told if status is not None else None,
    )
