"""The buying status as programs ask for it: prebuilt statements, without the ORM.

One statement finds the token, the supplier and every period that tells its status. Reasons and
warnings come with the period that covers the day only, unless the whole timeline is asked for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    case,
    func,
    null,
    select,
)
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from onboarding.domain.eligibility import Period, Status, Verdict
from onboarding.domain.references import Ref, RefKind
from onboarding.store.assessments import reasons_value
from onboarding.store.references import leads_to
from onboarding.store.status_history import Known, Told, cut_to_days
from onboarding.store.tables import (
    ApiTokenRow,
    AssessmentRow,
    CreditorNumberRow,
    FormerKvkNumberRow,
    RelationRow,
    StatusPeriodRow,
)
from onboarding.store.tokens import Program, program_from

TOKENS, RELATIONS = ApiTokenRow.__table__, RelationRow.__table__
ASSESSMENTS, PERIODS = AssessmentRow.__table__, StatusPeriodRow.__table__
FORMER, CREDITORS = FormerKvkNumberRow.__table__.c, CreditorNumberRow.__table__.c
NAMESAKES = RelationRow.__table__.alias("namesakes").c
END_OF_INSTANTS = datetime(9999, 12, 31, tzinfo=UTC)

COVERS = and_(PERIODS.c.starts_on <= bindparam("on"), PERIODS.c.ends_on >= bindparam("on"))
OF_PERIOD = (
    ASSESSMENTS.c.number,
    ASSESSMENTS.c.starts_on.label("answers_from"),
    ASSESSMENTS.c.known_from,
    PERIODS.c.starts_on,
    PERIODS.c.ends_on,
    PERIODS.c.status,
    PERIODS.c.policy_version,
)
TOLD = (
    *OF_PERIOD,
    case((COVERS, PERIODS.c.reasons), else_=null()).label("reasons"),
    case((COVERS, PERIODS.c.warnings), else_=null()).label("warnings"),
)
TOLD_WHOLE = (*OF_PERIOD, PERIODS.c.reasons, PERIODS.c.warnings)
SUPPLIER = (
    RELATIONS.c.id.label("relation_id"),
    RELATIONS.c.kvk_number,
    RELATIONS.c.name,
    RELATIONS.c.division,
)
OF_RELATION = and_(
    ASSESSMENTS.c.relation_id == RELATIONS.c.id,
    ASSESSMENTS.c.known_from <= bindparam("known_at"),
)
OF_ASSESSMENT = PERIODS.c.assessment_id == ASSESSMENTS.c.id
IN_ORDER = (RELATIONS.c.id, ASSESSMENTS.c.number, PERIODS.c.starts_on)


def _lookup(is_meant: ColumnElement[bool], told: Sequence[Any]) -> Select[Any]:
    """Token, supplier and status in one: a row for each period, or one with what there is."""
    meant = and_(RELATIONS.c.customer_id == TOKENS.c.customer_id, is_meant)
    return (
        select(
            TOKENS.c.id,
            TOKENS.c.customer_id,
            TOKENS.c.name.label("program"),
            TOKENS.c.scopes,
            TOKENS.c.ends_at,
            TOKENS.c.revoked_at,
            *SUPPLIER,
            *told,
        )
        .select_from(
            TOKENS.outerjoin(RELATIONS, meant)
            .outerjoin(ASSESSMENTS, OF_RELATION)
            .outerjoin(PERIODS, OF_ASSESSMENT)
        )
        .where(TOKENS.c.token_sha256 == bindparam("token_sha256"))
        .order_by(*IN_ORDER)
    )


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
LOOKUPS = {kind: _lookup(is_meant, TOLD) for kind, is_meant in MEANT.items()}
WHOLE_LOOKUPS = {kind: _lookup(is_meant, TOLD_WHOLE) for kind, is_meant in MEANT.items()}
PERIODS_OF = (
    select(*SUPPLIER, *TOLD)
    .select_from(RELATIONS.join(ASSESSMENTS, OF_RELATION).join(PERIODS, OF_ASSESSMENT))
    .where(RELATIONS.c.id.in_(bindparam("relation_ids", expanding=True)))
    .order_by(*IN_ORDER)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierTold:
    """A supplier and the periods of its status; empty where nothing was known yet."""

    relation_id: int
    kvk_number: str | None
    name: str
    division: str | None
    told: Sequence[Told]


def look_up(
    connection: Connection,
    token_sha256: str,
    now: datetime,
    ref: Ref,
    on: date,
    known_at: datetime | None,
    *,
    is_whole: bool = False,
) -> tuple[Program | None, list[SupplierTold]]:
    """The program with this token, if it works at `now`, and the suppliers that `ref` can mean.

    More than one only for a creditor number. A KvK number that a supplier had before leads to it,
    unless another has it now. Every period comes with its reasons where the `is_whole` timeline
    is asked for, else the one that covers `on`.
    """
    rows = connection.execute(
        (WHOLE_LOOKUPS if is_whole else LOOKUPS)[ref.kind],
        {
            "token_sha256": token_sha256,
            "value": int(ref.value) if ref.kind is RefKind.OWN else ref.value,
            "on": on,
            "known_at": known_at or END_OF_INSTANTS,
        },
    ).all()
    if not rows:
        return None, []
    suppliers = _suppliers(row for row in rows if row.relation_id is not None)
    return program_from(rows[0], rows[0].program, now), suppliers


def suppliers_told(
    session: Session, relation_ids: Sequence[int], on: date, known_at: datetime
) -> list[SupplierTold]:
    """The suppliers with these ids, in the order of their ids; no more than a page of them."""
    rows = session.execute(
        PERIODS_OF, {"relation_ids": relation_ids, "on": on, "known_at": known_at}
    )
    return _suppliers(rows)


def _suppliers(rows: Iterable[Row[Any]]) -> list[SupplierTold]:
    """Rows in the order of relation, assessment and period, as values."""
    found = []
    for relation_id, of_one in groupby(rows, key=lambda row: row.relation_id):
        own = list(of_one)
        first = own[0]
        found.append(
            SupplierTold(
                relation_id=relation_id,
                kvk_number=first.kvk_number,
                name=first.name,
                division=first.division,
                told=cut_to_days(_assessments(own)) if first.number is not None else (),
            )
        )
    return found


def _assessments(rows: Sequence[Row[Any]]) -> Iterable[Known]:
    for number, of_one in groupby(rows, key=lambda row: row.number):
        own = list(of_one)
        yield Known(
            number=number,
            starts_on=own[0].answers_from,
            known_from=own[0].known_from,
            periods=[_period(row) for row in own],
        )


def _period(row: Row[Any]) -> Period:
    verdict = _verdict(row.status, row.policy_version)
    if row.reasons or row.warnings:
        verdict = replace(
            verdict,
            reasons=reasons_value(row.reasons or ()),
            warnings=reasons_value(row.warnings or ()),
        )
    return Period(starts_on=row.starts_on, ends_on=row.ends_on, verdict=verdict)


@lru_cache
def _verdict(status: str, policy_version: int) -> Verdict:
    """Without reasons, as most periods of an answer are."""
    return Verdict(status=Status(status), reasons=(), warnings=(), policy_version=policy_version)
