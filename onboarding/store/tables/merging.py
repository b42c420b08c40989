"""Records of suppliers that went into another one."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from onboarding.store.database import Base
from onboarding.store.tables.columns import Day, Instant, Key, ToOrganisation, ToPerson, ToRelation


class MergedRelationRow(Base):
    """`former_id` went into `relation_id`, and its number leads there.

    The row of the former relation stays as it stood, with its assessments: its number must not be
    given out again, and what was held of it on a day can still be told. It belongs to no customer
    any more but to its own supplier, so that no list of a customer holds it.
    """

    __tablename__ = "merged_relations"

    id: Mapped[Key]
    customer_id: Mapped[ToOrganisation]
    relation_id: Mapped[ToRelation]
    former_id: Mapped[int] = mapped_column(ForeignKey("relations.id"), unique=True)
    merged_at: Mapped[Instant]
    merged_on: Mapped[Day]
    merged_by: Mapped[ToPerson | None]
