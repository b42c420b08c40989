"""One supplier's whole timeline as programs ask for it: every period, in one statement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, select
from sqlalchemy.engine import Connection

from onboarding.domain.eligibility import Period, Status, Verdict
from onboarding.domain.references import Ref, RefKind
from onboarding.store.assessments import reasons_value
from onboarding.store.eligibility import MEANT, SUPPLIERS_MEANT, meant
from onboarding.store.eligibility_rows import ASSESSMENTS, PERIODS, RELATIONS
from onboarding.store.published import known_from
from onboarding.store.status_history import Known, Told, cut_to_days
from onboarding.store.tokens import OF_PROGRAM, WORKS, Program, program_from


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineTold:
    """A supplier and the periods of its status; empty where nothing was known yet."""

    relation_id: int
    kvk_number: str | None
    name: str
    division: str | None
    told: Sequence[Told]


def _lookup(kind: RefKind) -> Select[Any]:
    """Token, supplier and timeline: a row for each period, or one with what there is."""
    known = and_(
        ASSESSMENTS.c.relation_id == RELATIONS.c.id,
        known_from(ASSESSMENTS.c) <= bindparam("known_at"),
    )
    return (
        select(
            *OF_PROGRAM,
            RELATIONS.c.id.label("relation_id"),
            RELATIONS.c.kvk_number,
            RELATIONS.c.name,
            RELATIONS.c.division,
            ASSESSMENTS.c.number,
            ASSESSMENTS.c.starts_on.label("answers_from"),
            known_from(ASSESSMENTS.c).label("known_from"),
            PERIODS.c.starts_on,
            PERIODS.c.ends_on,
            PERIODS.c.status,
            PERIODS.c.policy_version,
            PERIODS.c.reasons,
            PERIODS.c.warnings,
        )
        .select_from(
            SUPPLIERS_MEANT[kind]
            .outerjoin(ASSESSMENTS, known)
            .outerjoin(PERIODS, PERIODS.c.assessment_id == ASSESSMENTS.c.id)
        )
        .where(WORKS)
        .order_by(RELATIONS.c.id, ASSESSMENTS.c.number, PERIODS.c.starts_on)
    )


LOOKUPS = {kind: _lookup(kind) for kind in MEANT}


def look_up_timeline(
    connection: Connection, token_sha256: str, now: datetime, ref: Ref, known_at: datetime | None
) -> tuple[Program | None, list[TimelineTold]]:
    """As `eligibility.look_up`, with every period and its reasons."""
    values = meant(token_sha256, now, ref, known_at)
    rows = connection.execute(LOOKUPS[ref.kind], values).all()
    if not rows:
        return None, []
    suppliers = _suppliers(row for row in rows if row.relation_id is not None)
    return program_from(rows[0][:4]), suppliers


def _suppliers(rows: Iterable[Row[Any]]) -> list[TimelineTold]:
    """Rows in the order of relation, assessment and period, as values."""
    found = []
    for relation_id, of_one in groupby(rows, key=lambda row: row.relation_id):
        own = list(of_one)
        first = own[0]
        found.append(
            TimelineTold(
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
    verdict = Verdict(
        status=Status(row.status),
        reasons=reasons_value(row.reasons),
        warnings=reasons_value(row.warnings),
        policy_version=row.policy_version,
    )
    return Period(starts_on=row.starts_on, ends_on=row.ends_on, verdict=verdict)
