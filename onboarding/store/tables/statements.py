"""What suppliers said outside the portal, as a buyer recorded it, and their "this is not right"."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from onboarding.store.database import Base
from onboarding.store.tables.columns import (
    Code,
    Day,
    JsonList,
    Key,
    Prose,
    ToPerson,
    ToRelation,
)


class StatementRow(Base):
    """One thing recorded on a supplier's behalf; its event tells what, by whom, and who said it.

    `code` is that of the event. `evidence_id` is the mail or letter itself. `contest` is what the
    supplier said is not right, `waiting` the requests that stop the clock of steps until the
    answer; `stands` tells whether the record stayed as it was.
    """

    __tablename__ = "statements"

    id: Mapped[Key]
    relation_id: Mapped[ToRelation]
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), unique=True)
    code: Mapped[Code]
    pathway_id: Mapped[int | None] = mapped_column(ForeignKey("pathways.id"))
    milestone_id: Mapped[int | None] = mapped_column(ForeignKey("milestones.id"))
    recorded_on: Mapped[Day]
    contest_until_on: Mapped[Day]
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("evidence.id"))
    contest: Mapped[Prose | None]
    contested_on: Mapped[Day | None]
    contested_by: Mapped[ToPerson | None]
    waiting: Mapped[JsonList]
    answer: Mapped[Prose | None]
    answered_on: Mapped[Day | None]
    answered_by: Mapped[ToPerson | None]
    stands: Mapped[bool | None]
