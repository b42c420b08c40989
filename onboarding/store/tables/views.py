"""Filters of the supplier list that somebody gave a name."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onboarding.store.database import Base
from onboarding.store.tables.columns import Instant, Key, Line, Prose, ToOrganisation, ToPerson


class SavedViewRow(Base):
    """An address of the list by name: `query` is what stands behind its question mark."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("customer_id", "person_id", "name"),)

    id: Mapped[Key]
    customer_id: Mapped[ToOrganisation]
    person_id: Mapped[ToPerson]
    name: Mapped[Line]
    query: Mapped[Prose]
    is_shared: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[Instant]
