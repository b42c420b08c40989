"""What is done to many suppliers in one go, and how far each of them is."""

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


class BatchRow(Base):
    """One action on many suppliers, in the name of who asked for it.

    `facts` hold what it needs: a reason, a buyer, the template and target of a proposal; and
    `left_out`, how many suppliers were not taken along, by reason. `finished_at` is None while
    something is left to do, be it on a later day; `undone_at` tells that it is to be taken back.
    """

    __tablename__ = "batches"
    __table_args__ = (Index("ix_batches_finished_at", "finished_at"),)

    id: Mapped[Key]
    customer_id: Mapped[ToOrganisation]
    person_id: Mapped[ToPerson]
    kind: Mapped[Code]
    facts: Mapped[Json]
    made_at: Mapped[Instant]
    finished_at: Mapped[Instant | None]
    undone_at: Mapped[Instant | None]
    undone_by: Mapped[ToPerson | None]


class BatchItemRow(Base):
    """One supplier of a batch: claimed and finished under the lock of its relation.

    `due_on` is the day of its wave. `facts` hold what taking it back needs; `refusal` a code and
    facts. `pathway_id` is the draft that was made for it; a draft may be dropped again.
    """

    __tablename__ = "batch_items"
    __table_args__ = (
        UniqueConstraint("batch_id", "relation_id"),
        Index("ix_batch_items_batch_id_state", "batch_id", "state", "due_on"),
        Index("ix_batch_items_pathway_id", "pathway_id"),
    )

    id: Mapped[Key]
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"))
    relation_id: Mapped[ToRelation]
    state: Mapped[Code]
    due_on: Mapped[Day]
    pathway_id: Mapped[int | None]
    facts: Mapped[Json]
    refusal: Mapped[Json | None]
    ended_at: Mapped[Instant | None]
