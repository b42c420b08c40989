"""Policies not published yet: what each would change, and what is prepared for its first moment."""

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onboarding.store.database import Base
from onboarding.store.tables.columns import (
    Code,
    Day,
    Hash,
    Instant,
    Json,
    JsonList,
    Key,
    ToOrganisation,
    ToPerson,
    ToRelation,
)


class PolicyDraftRow(Base):
    """A next version as a manager drafted it; `content` and `starts_on` as in a policy.

    `seen` is the last version that was published then. Of `total` suppliers `looked_at` were
    looked at, in the order of their ids, up to `last_id`. `refusal` is a code and facts.
    """

    __tablename__ = "policy_drafts"
    __table_args__ = (Index("ix_policy_drafts_state", "state"),)

    id: Mapped[Key]
    customer_id: Mapped[ToOrganisation]
    person_id: Mapped[ToPerson]
    state: Mapped[Code]
    content: Mapped[Json]
    starts_on: Mapped[Day]
    seen: Mapped[int]
    made_at: Mapped[Instant]
    total: Mapped[int] = mapped_column(default=0)
    looked_at: Mapped[int] = mapped_column(default=0)
    last_id: Mapped[int] = mapped_column(default=0)
    counted_at: Mapped[Instant | None]
    ended_at: Mapped[Instant | None]
    refusal: Mapped[Json | None]


class PolicyDraftChangeRow(Base):
    """A supplier whose status would change: on which day first, from what, to what."""

    __tablename__ = "policy_draft_changes"
    __table_args__ = (
        UniqueConstraint("draft_id", "relation_id"),
        Index("ix_policy_draft_changes_draft_id", "draft_id", "changes_on"),
    )

    id: Mapped[Key]
    draft_id: Mapped[int] = mapped_column(ForeignKey("policy_drafts.id"))
    relation_id: Mapped[ToRelation]
    changes_on: Mapped[Day]
    from_status: Mapped[Code]
    to_status: Mapped[Code]


class PreparedAssessmentRow(Base):
    """An assessment under a draft that is being published; nobody reads it as the status.

    It is claimed first, and `is_ready` when its periods are there. `is_new` is False where it
    would tell the same as the one that is stored. One `is_stale` was claimed before something
    about the supplier was recorded. `salt` and `periods_sha256` are for its seal;
    `status_changes_on` is the first day to come that brings another status.
    """

    __tablename__ = "prepared_assessments"
    __table_args__ = (UniqueConstraint("draft_id", "relation_id"),)

    id: Mapped[Key]
    draft_id: Mapped[int] = mapped_column(ForeignKey("policy_drafts.id"))
    relation_id: Mapped[ToRelation]
    starts_on: Mapped[Day]
    is_ready: Mapped[bool] = mapped_column(default=False)
    is_new: Mapped[bool] = mapped_column(default=False)
    is_stale: Mapped[bool] = mapped_column(default=False)
    salt: Mapped[str | None] = mapped_column(String(32))
    periods_sha256: Mapped[Hash | None]
    status_changes_on: Mapped[Day | None]


class PreparedPeriodRow(Base):
    """One period of a prepared assessment, as it will be stored."""

    __tablename__ = "prepared_periods"
    __table_args__ = (Index("ix_prepared_periods_prepared_id", "prepared_id"),)

    id: Mapped[Key]
    prepared_id: Mapped[int] = mapped_column(ForeignKey("prepared_assessments.id"))
    starts_on: Mapped[Day]
    ends_on: Mapped[Day]
    status: Mapped[Code]
    reasons: Mapped[JsonList]
    warnings: Mapped[JsonList]
    policy_version: Mapped[int]
