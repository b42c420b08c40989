"""The buying status: numbered assessments and their periods, insert-only."""

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onboarding.store.database import Base
from onboarding.store.tables.columns import (
    Code,
    Day,
    Hash,
    Instant,
    JsonList,
    Key,
    Salt,
    ToRelation,
)


class AssessmentRow(Base):
    """What was known at `known_from` of all days from `starts_on` on.

    `sha256` is its seal, over that of the one before (`domain/seals.py`). One that was prepared
    for the policy of `draft_id` has no `known_from` yet; nobody reads it before that is published
    (`store/published.py`).
    """

    __tablename__ = "assessments"
    __table_args__ = (UniqueConstraint("relation_id", "number"),)

    id: Mapped[Key]
    relation_id: Mapped[ToRelation]
    number: Mapped[int]
    starts_on: Mapped[Day]
    known_from: Mapped[Instant | None]
    rules_version: Mapped[int]
    salt: Mapped[Salt | None]
    periods_sha256: Mapped[Hash | None]
    sha256: Mapped[Hash | None]
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("policy_drafts.id"))


class StatusPeriodRow(Base):
    """One period of an assessment; together they cover its days without gap or overlap.

    `reasons` and `warnings` are lists of `{"code", "facts"}`.
    """

    __tablename__ = "status_periods"
    __table_args__ = (
        UniqueConstraint("assessment_id", "starts_on"),
        Index("ix_status_periods_status_starts_on", "status", "starts_on", "ends_on"),
        Index("ix_status_periods_days", "assessment_id", "starts_on", "ends_on", "status"),
    )

    id: Mapped[Key]
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    starts_on: Mapped[Day]
    ends_on: Mapped[Day]
    status: Mapped[Code]
    reasons: Mapped[JsonList]
    warnings: Mapped[JsonList]
    policy_version: Mapped[int]
