"""Which suppliers somebody follows."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from onboarding.store.database import Base
from onboarding.store.tables.columns import Instant, Key, ToOrganisation, ToPerson, ToRelation


class WatchRow(Base):
    """Somebody on the customer's side is told of each change of this supplier's status."""

    __tablename__ = "watches"
    __table_args__ = (UniqueConstraint("relation_id", "person_id"),)

    id: Mapped[Key]
    customer_id: Mapped[ToOrganisation]
    relation_id: Mapped[ToRelation]
    person_id: Mapped[ToPerson]
    made_at: Mapped[Instant]
