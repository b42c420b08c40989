"""Decisions that a person takes about a relation."""

from sqlalchemy.orm import Mapped, mapped_column

from onboarding.store.database import Base
from onboarding.store.tables.columns import Code, Day, Key, Prose, ToPerson, ToRelation


class DecisionRow(Base):
    """A grant, block, exemption or equivalent proof, with its reason and days."""

    __tablename__ = "decisions"

    id: Mapped[Key]
    relation_id: Mapped[ToRelation]
    kind: Mapped[Code]
    reason: Mapped[Prose]
    decided_on: Mapped[Day]
    decided_by: Mapped[ToPerson]
    starts_on: Mapped[Day]
    ends_on: Mapped[Day | None] = mapped_column(index=True)
    is_urgent: Mapped[bool] = mapped_column(default=False)
    announced_on: Mapped[Day | None]
    reply: Mapped[Prose | None]
    reply_made_on: Mapped[Day | None]
    reply_answered_on: Mapped[Day | None]
    reply_answer: Mapped[Prose | None]
    ended_on: Mapped[Day | None]
    ended_by: Mapped[ToPerson | None]
    end_reason: Mapped[Prose | None]
