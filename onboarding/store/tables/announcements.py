"""What is announced to whoever follows suppliers: programs, webhooks and people."""

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from onboarding.store.database import Base
from onboarding.store.tables.columns import (
    Code,
    Day,
    Instant,
    JsonList,
    Key,
    ToOrganisation,
    ToRelation,
)

WAITS = text("position IS NULL")


class AnnouncementRow(Base):
    """A change of a supplier's status, or of its data; written in the transaction that causes it.

    Insert-only. A change of data has no status, and the length of the history as its number.

    `position` is its place in the customer's feed, without gap from 1. It is given when the change
    can be seen by everybody, so that whoever read up to a position never misses one before it.
    """

    __tablename__ = "announcements"
    __table_args__ = (
        UniqueConstraint("relation_id", "kind", "number", "starts_on"),
        UniqueConstraint("customer_id", "position"),
        Index("ix_announcements_waits", "id", postgresql_where=WAITS, sqlite_where=WAITS),
    )

    id: Mapped[Key]
    customer_id: Mapped[ToOrganisation]
    relation_id: Mapped[ToRelation]
    kind: Mapped[Code]
    number: Mapped[int]
    starts_on: Mapped[Day]
    from_status: Mapped[Code | None]
    to_status: Mapped[Code | None]
    reasons: Mapped[JsonList]
    occurred_at: Mapped[Instant]
    position: Mapped[int | None] = mapped_column()
