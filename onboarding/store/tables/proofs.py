"""Certificates, the numbers they cover, recognitions and renewals."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onboarding.store.database import Base
from onboarding.store.tables.columns import (
    Code,
    Day,
    Instant,
    Key,
    Line,
    Prose,
    ToPerson,
    ToRelation,
)


class CertificateRow(Base):
    """A PSO certificate as known to one relation; it changes nothing until verified."""

    __tablename__ = "certificates"

    id: Mapped[Key]
    relation_id: Mapped[ToRelation]
    state: Mapped[Code] = mapped_column(index=True)
    level: Mapped[Code]
    thirty_plus: Mapped[bool] = mapped_column(default=False)
    starts_on: Mapped[Day]
    ends_on: Mapped[Day] = mapped_column(index=True)
    body: Mapped[Line | None]
    register_url: Mapped[str | None] = mapped_column(String(500))
    reported_by: Mapped[Code]
    reported_at: Mapped[Instant]
    reported_on: Mapped[Day]
    verified_on: Mapped[Day | None]
    verified_by: Mapped[ToPerson | None]
    revoked_on: Mapped[Day | None]
    reason: Mapped[Prose | None]
    pathway_id: Mapped[int | None] = mapped_column(ForeignKey("pathways.id"))
    pathway_target: Mapped[Code | None]


class CertificateNumberRow(Base):
    """A KvK number that a certificate covers."""

    __tablename__ = "certificate_numbers"
    __table_args__ = (UniqueConstraint("certificate_id", "kvk_number"),)

    id: Mapped[Key]
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"))
    kvk_number: Mapped[str] = mapped_column(String(8))


class RecognitionRow(Base):
    """Proof that a supplier is a social enterprise."""

    __tablename__ = "recognitions"

    id: Mapped[Key]
    relation_id: Mapped[ToRelation]
    kind: Mapped[Code]
    register_url: Mapped[str | None] = mapped_column(String(500))
    checked_on: Mapped[Day]
    checked_by: Mapped[ToPerson | None]
    recheck_on: Mapped[Day | None]
    ends_on: Mapped[Day | None]
    revoked_on: Mapped[Day | None]
    reason: Mapped[Prose | None]


class RenewalRow(Base):
    """A follow-up of a certificate: waiting for the buyer, accepted or refused.

    `new_certificate_id` is set where the new certificate itself was reported.
    """

    __tablename__ = "renewals"

    id: Mapped[Key]
    relation_id: Mapped[ToRelation]
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"))
    new_certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id"))
    certificate_ends_on: Mapped[Day]
    reported_by: Mapped[Code]
    reported_on: Mapped[Day]
    note: Mapped[Prose | None]
    accepted_on: Mapped[Day | None]
    refused_on: Mapped[Day | None]
    answer: Mapped[Prose | None]
    delayed_audit_on: Mapped[Day | None]
