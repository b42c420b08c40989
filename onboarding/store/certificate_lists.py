"""What a list of certificates is compared with: numbers of suppliers, and what each has already."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from onboarding.domain.certificate_lists import KnownCertificate
from onboarding.domain.certificate_moves import Claim
from onboarding.domain.certificates import CertificateState
from onboarding.domain.policy import Level
from onboarding.store.tables import (
    CertificateNumberRow,
    CertificateRow,
    FormerKvkNumberRow,
    RelationRow,
)


@dataclass(slots=True)
class KnownHolders:
    """The customer's suppliers by the numbers that lead to them, and what each has already.

    `by_number` maps a KvK number to the relations that have it, or had it before.
    """

    names: dict[int, str] = field(default_factory=dict)
    by_number: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    certificates: defaultdict[int, list[KnownCertificate]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def holders(self, numbers: Iterable[str]) -> list[int]:
        """Whom a certificate for these numbers is about."""
        return sorted({one for number in numbers for one in self.by_number.get(number, ())})


def load_holders(session: Session, customer_id: int, today: date) -> KnownHolders:
    """All suppliers with a number whose relation has not ended, in four statements."""
    known = KnownHolders()
    is_ours = (
        RelationRow.customer_id == customer_id,
        or_(RelationRow.ended_on.is_(None), RelationRow.ended_on > today),
    )
    for relation_id, name, number in session.execute(
        select(RelationRow.id, RelationRow.name, RelationRow.kvk_number).where(*is_ours)
    ):
        known.names[relation_id] = name
        if number:
            known.by_number[number].add(relation_id)
    for relation_id, number in session.execute(
        select(FormerKvkNumberRow.relation_id, FormerKvkNumberRow.kvk_number)
        .join(RelationRow, RelationRow.id == FormerKvkNumberRow.relation_id)
        .where(*is_ours)
    ):
        known.by_number[number].add(relation_id)
    covered: defaultdict[int, list[str]] = defaultdict(list)
    for certificate_id, number in session.execute(
        select(CertificateNumberRow.certificate_id, CertificateNumberRow.kvk_number)
        .join(CertificateRow, CertificateRow.id == CertificateNumberRow.certificate_id)
        .join(RelationRow, RelationRow.id == CertificateRow.relation_id)
        .where(*is_ours)
        .order_by(CertificateNumberRow.kvk_number)
    ):
        covered[certificate_id].append(number)
    for row in session.execute(
        select(
            CertificateRow.id,
            CertificateRow.relation_id,
            CertificateRow.state,
            CertificateRow.level,
            CertificateRow.thirty_plus,
            CertificateRow.starts_on,
            CertificateRow.ends_on,
            CertificateRow.body,
            CertificateRow.register_url,
        )
        .join(RelationRow, RelationRow.id == CertificateRow.relation_id)
        .where(*is_ours)
        .order_by(CertificateRow.id)
    ):
        claim = Claim(
            level=Level(row.level),
            thirty_plus=row.thirty_plus,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            kvk_numbers=tuple(covered[row.id]),
        )
        certificate = KnownCertificate(
            id=row.id,
            state=CertificateState(row.state),
            claim=claim,
            body=row.body,
            register_url=row.register_url,
        )
        known.certificates[row.relation_id].append(certificate)
    return known
