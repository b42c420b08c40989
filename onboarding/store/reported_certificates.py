"""Certificates that wait to be checked in the public register, a page of them at a time."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from onboarding.domain.certificates import CertificateState
from onboarding.domain.policy import Level
from onboarding.store.tables import CertificateNumberRow, CertificateRow, RelationRow

PER_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A reported certificate, and whose it is; `covers` tells whether it names our number."""

    id: int
    relation_id: int
    name: str
    level: Level
    thirty_plus: bool
    starts_on: date
    ends_on: date
    body: str | None
    register_url: str | None
    reported_on: date
    kvk_numbers: tuple[str, ...]
    covers: bool


def count_reported(session: Session, customer_id: int, buyer_id: int | None) -> int:
    """How many wait, of all suppliers or of one buyer's."""
    query = select(func.count()).select_from(CertificateRow)
    query = query.join(RelationRow, RelationRow.id == CertificateRow.relation_id)
    return session.scalar(query.where(*_waits(customer_id, buyer_id))) or 0


def reported(session: Session, customer_id: int, buyer_id: int | None, page: int) -> list[Reported]:
    """One page of those that wait, by supplier."""
    rows = session.execute(
        select(CertificateRow, RelationRow.name, RelationRow.kvk_number)
        .join(RelationRow, RelationRow.id == CertificateRow.relation_id)
        .where(*_waits(customer_id, buyer_id))
        .order_by(RelationRow.sort_name, CertificateRow.relation_id, CertificateRow.id)
        .offset((page - 1) * PER_PAGE)
        .limit(PER_PAGE)
    ).all()
    numbers = _numbers(session, [row.id for row, *_ in rows])
    return [
        Reported(
            id=row.id,
            relation_id=row.relation_id,
            name=name,
            level=Level(row.level),
            thirty_plus=row.thirty_plus,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            body=row.body,
            register_url=row.register_url,
            reported_on=row.reported_on,
            kvk_numbers=tuple(numbers[row.id]),
            covers=own is None or own in numbers[row.id],
        )
        for row, name, own in rows
    ]


def relations_of(session: Session, certificate_ids: Sequence[int]) -> dict[int, int]:
    """To which relation each of these certificates belongs."""
    rows = session.execute(
        select(CertificateRow.id, CertificateRow.relation_id).where(
            CertificateRow.id.in_(certificate_ids)
        )
    )
    return {certificate_id: relation_id for certificate_id, relation_id in rows}


def _waits(customer_id: int, buyer_id: int | None) -> list[ColumnElement[bool]]:
    waits = [
        RelationRow.customer_id == customer_id,
        CertificateRow.state == CertificateState.REPORTED,
    ]
    return waits if buyer_id is None else [*waits, RelationRow.buyer_id == buyer_id]


def _numbers(session: Session, certificate_ids: Sequence[int]) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    rows = session.execute(
        select(CertificateNumberRow.certificate_id, CertificateNumberRow.kvk_number)
        .where(CertificateNumberRow.certificate_id.in_(certificate_ids))
        .order_by(CertificateNumberRow.kvk_number)
    )
    for certificate_id, number in rows:
        found[certificate_id].append(number)
    return found
