"""Policies not published yet: what each would change, and what is prepared for its first moment."""

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onboarding.store.database import Base
from onboarding.store.tables.columns import (
    Code,
    Day,
    Instant,
    Json,
    Key,
    ToOrganisation,
    ToPerson,
    ToRelation,
)


class PolicyDraftRow(Base):
    """A next version as a manager drafted it; `content` and `starts_on` as in a policy.

    `seen` is the last version that was published then. Of `total` suppliers `looked_at` were
    looked at, in the order of their ids, up to `last_id`. `refusal` is a code and facts. What is
    prepared for it counts from `known_from`, which is later than `newest_at`: from then on the
    last assessment that any of it follows was known.
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
    newest_at: Mapped[Instant | None]
    known_from: Mapped[Instant | None]
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
    """That a relation's assessment under a draft that is being published was looked after.

    It is claimed first, and `is_ready` when the assessment is stored, if it tells anything new:
    then the relation points to it. One `is_stale` was claimed before something about the supplier
    was recorded.
    """

    __tablename__ = "prepared_assessments"
    __table_args__ = (UniqueConstraint("draft_id", "relation_id"),)

    id: Mapped[Key]
    draft_id: Mapped[int] = mapped_column(ForeignKey("policy_drafts.id"))
    relation_id: Mapped[ToRelation]
    starts_on: Mapped[Day]
    is_ready: Mapped[bool] = mapped_column(default=False)
    is_stale: Mapped[bool] = mapped_column(default=False)
