"""Where in the customer's organisation a supplier belongs, and what was bought there in a year."""

from decimal import Decimal

from sqlalchemy import ForeignKey, Index, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onboarding.store.database import Base
from onboarding.store.tables.columns import Day, Key, Line, ToPerson, ToRelation


class DivisionRow(Base):
    """What one division buys from a supplier; an empty `site` is all of its sites.

    An empty `division` is the customer as a whole. The customer stands here too, so that its
    divisions are found without its suppliers.
    """

    __tablename__ = "relation_divisions"
    __table_args__ = (
        UniqueConstraint("relation_id", "division", "site"),
        Index("ix_relation_divisions_customer_id_division", "customer_id", "division", "site"),
    )

    id: Mapped[Key]
    customer_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    relation_id: Mapped[ToRelation]
    division: Mapped[Line] = mapped_column(default="")
    site: Mapped[Line] = mapped_column(default="")
    buyer_id: Mapped[ToPerson | None]
    contract: Mapped[Line | None]
    contract_ends_on: Mapped[Day | None]


class SpendRow(Base):
    """What a division bought from a supplier in a calendar year, in euros."""

    __tablename__ = "division_spends"
    __table_args__ = (UniqueConstraint("division_id", "year"),)

    id: Mapped[Key]
    division_id: Mapped[int] = mapped_column(ForeignKey("relation_divisions.id"))
    year: Mapped[int]
    amount: Mapped[Decimal] = mapped_column(Numeric(14, 2))
