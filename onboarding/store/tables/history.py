"""Everything that happened, in order, never rewritten."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from onboarding.store.database import Base
from onboarding.store.tables.columns import (
    Code,
    Day,
    Hash,
    Instant,
    Json,
    Key,
    Salt,
    ToOrganisation,
)


class EventRow(Base):
    """One change, as decided: its code and facts, who did it, when and through which channel.

    `said_on`, `said_by` and `channel` are set where a buyer recorded what a supplier said. People
    are named by id only. `is_shared` tells whether the supplier may see it.

    `chain` is the relation that it happened to, also after that went into another, or 0; `position`
    its place there; `sha256` its seal, over the one before (`domain/seals.py`).
    """

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_relation_id_id", "relation_id", "id"),
        Index("uq_events_chain", "customer_id", "chain", "position", unique=True),
    )

    id: Mapped[Key]
    customer_id: Mapped[ToOrganisation]
    relation_id: Mapped[int | None] = mapped_column(ForeignKey("relations.id"))
    pathway_id: Mapped[int | None]
    milestone_id: Mapped[int | None] = mapped_column(index=True)
    code: Mapped[Code]
    facts: Mapped[Json]
    at: Mapped[Instant]
    on: Mapped[Day]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    actor_side: Mapped[Code]
    channel: Mapped[Code | None]
    said_on: Mapped[Day | None]
    said_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    is_shared: Mapped[bool] = mapped_column(default=True)
    chain: Mapped[int | None]
    position: Mapped[int | None]
    salt: Mapped[Salt | None]
    facts_sha256: Mapped[Hash | None]
    sha256: Mapped[Hash | None]
