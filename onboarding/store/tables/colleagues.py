"""How a buyer can be reached: where answers go, and who stands in while away."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onboarding.store.database import Base
from onboarding.store.tables.columns import Day, Key, ToOrganisation, ToPerson


class BuyerSettingsRow(Base):
    """One buyer of one customer. `reply_to` is an address of a team, where it has one.

    From `away_from` to `away_until` the deputy has the work in hand; the three are set together.
    """

    __tablename__ = "buyer_settings"
    __table_args__ = (UniqueConstraint("customer_id", "person_id"),)

    id: Mapped[Key]
    customer_id: Mapped[ToOrganisation]
    person_id: Mapped[ToPerson]
    reply_to: Mapped[str | None] = mapped_column(String(254))
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    away_from: Mapped[Day | None]
    away_until: Mapped[Day | None]
