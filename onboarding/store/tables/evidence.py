"""Files that somebody handed in; the bytes lie outside the web root under their SHA-256."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from onboarding.store.database import Base
from onboarding.store.tables.columns import (
    Code,
    Day,
    Hash,
    Instant,
    JsonList,
    Key,
    Line,
    ToPerson,
    ToRelation,
)


class EvidenceRow(Base):
    """One upload. `numbers_declared` holds what the sender said of nine-digit numbers found.

    `event_id` is the note, question or answer that it goes with; one that goes with an internal
    note is not shared, and the supplier never sees it.

    A file that held personal data is removed everywhere: `removed_at` and `removed_reason` stay.
    """

    __tablename__ = "evidence"

    id: Mapped[Key]
    relation_id: Mapped[ToRelation]
    milestone_id: Mapped[int | None] = mapped_column(ForeignKey("milestones.id"), index=True)
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id"))
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"), index=True)
    is_shared: Mapped[bool] = mapped_column(default=True)
    sha256: Mapped[Hash | None]
    media_type: Mapped[str | None] = mapped_column(String(60))
    file_name: Mapped[Line | None]
    size: Mapped[int | None]
    uploaded_by: Mapped[ToPerson | None]
    uploaded_side: Mapped[Code]
    uploaded_at: Mapped[Instant]
    uploaded_on: Mapped[Day]
    is_declared_clean: Mapped[bool] = mapped_column(default=False)
    numbers_declared: Mapped[JsonList]
    is_attached: Mapped[bool] = mapped_column(default=True)
    removed_at: Mapped[Instant | None]
    removed_reason: Mapped[Line | None]
