"""A supplier's certificates as it sees them itself, with how far a renewal is."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.domain.certificates import CertificateState
from onboarding.store.facts import certificate_value, renewal_value
from onboarding.store.tables import CertificateNumberRow, CertificateRow, RelationRow, RenewalRow


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalView:
    """The follow-up of a certificate: it waits for the buyer, or is under way until a day."""

    reported_on: date
    answer: str | None
    carries_until: date | None
    audit_on: date | None

    def waits(self) -> bool:
        return self.carries_until is None


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateView:
    """A certificate as the supplier sees it; `code` is what a pill shows."""

    id: int
    code: str
    level: str
    thirty_plus: bool
    starts_on: date
    ends_on: date
    reported_on: date
    kvk_numbers: tuple[str, ...]
    reason: str | None
    covers_relation: bool
    renewal: RenewalView | None = None

    def may_renew(self) -> bool:
        waits = self.renewal is not None and self.renewal.waits()
        return self.code == "verified" and self.covers_relation and not waits


def certificates_of(session: Session, relation_id: int, today: date) -> tuple[CertificateView, ...]:
    """What the relation knows of certificates, latest first."""
    rows = list(
        session.scalars(
            select(CertificateRow)
            .where(CertificateRow.relation_id == relation_id)
            .order_by(CertificateRow.ends_on.desc(), CertificateRow.id.desc())
        )
    )
    numbers: dict[int, list[str]] = {}
    for certificate_id, number in session.execute(
        select(CertificateNumberRow.certificate_id, CertificateNumberRow.kvk_number)
        .where(CertificateNumberRow.certificate_id.in_([row.id for row in rows]))
        .order_by(CertificateNumberRow.kvk_number)
    ):
        numbers.setdefault(certificate_id, []).append(number)
    kvk_number = session.get_one(RelationRow, relation_id).kvk_number
    renewals = _renewals(session, relation_id, today)
    return tuple(
        CertificateView(
            id=row.id,
            code=_certificate_code(row, today),
            level=row.level,
            thirty_plus=row.thirty_plus,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            reported_on=row.reported_on,
            kvk_numbers=tuple(numbers.get(row.id, ())),
            reason=row.reason,
            covers_relation=certificate_value(row, numbers.get(row.id, ())).covers(kvk_number),
            renewal=renewals.get(row.id),
        )
        for row in rows
    )


def _certificate_code(row: CertificateRow, today: date) -> str:
    if row.state == CertificateState.VERIFIED and row.ends_on < today:
        return "ended"
    return row.state


def _renewals(session: Session, relation_id: int, today: date) -> dict[int, RenewalView]:
    """By certificate, the renewal that waits or still carries."""
    rows = session.scalars(
        select(RenewalRow)
        .where(RenewalRow.relation_id == relation_id, RenewalRow.refused_on.is_(None))
        .order_by(RenewalRow.id)
    )
    found = {}
    for row in rows:
        last_day = renewal_value(row).last_day()
        if last_day is None or today <= last_day:
            found[row.certificate_id] = RenewalView(
                reported_on=row.reported_on,
                answer=row.answer,
                carries_until=last_day,
                audit_on=row.delayed_audit_on,
            )
    return found
