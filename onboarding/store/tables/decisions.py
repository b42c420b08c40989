"""Decisions that a person takes about a relation."""

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from onboarding.store.database import Base
from onboarding.store.tables.columns import Code, Day, JsonList, Key, Prose, ToPerson, ToRelation

WAITS = text("state = 'asked'")


class DecisionRow(Base):
    """A grant, block, exemption or equivalent proof, with its reason and days.

    One whose `state` is not `taken` is no decision: a grant that waits for a second signature, or
    did not get it. Until it is signed `decided_on` and `decided_by` are those of the asking.
    `times_told` is how often programs were answered by it.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        Index("ix_decisions_lapses_on", "lapses_on", sqlite_where=WAITS, postgresql_where=WAITS),
    )

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
    state: Mapped[Code] = mapped_column(default="taken", server_default="taken")
    limits: Mapped[JsonList | None]
    asked_on: Mapped[Day | None]
    asked_by: Mapped[ToPerson | None]
    lapses_on: Mapped[Day | None]
    answered_on: Mapped[Day | None]
    answered_by: Mapped[ToPerson | None]
    answer: Mapped[Prose | None]
    times_told: Mapped[int] = mapped_column(default=0, server_default="0")
