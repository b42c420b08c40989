"""The ledger of what is owed to whom, the mails that carry it, and tasks for people."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, and_, text
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from onboarding.store.database import Base, UtcInstant
from onboarding.store.tables.columns import (
    Code,
    Day,
    Instant,
    Json,
    Key,
    Line,
    Prose,
    ToOrganisation,
    ToPerson,
    ToRelation,
)
from onboarding.store.tables.organisations import ContactRow

LEFT = text("end_reason = 'hand-over-unrecorded'")


class MessageRow(Base):
    """One thing owed to one person, once: `key` says what, about what, which deadline, to whom.

    `state`: planned, queued, held, sending, sent, superseded, failed, dead. `facts` are codes and
    facts; words come when it is first sent. Several reminders may travel in one mail. A buyer holds
    a reminder, with `hold_reason`, also before its day: then it is owed as held. `stands_for` is
    the contact who is away and in whose place the person gets it.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_messages_state_due_at_id", "state", "due_at", "id"),
        Index("ix_messages_unrecorded", "id", sqlite_where=LEFT, postgresql_where=LEFT),
    )

    id: Mapped[Key]
    key: Mapped[Line]
    customer_id: Mapped[ToOrganisation]
    relation_id: Mapped[int | None] = mapped_column(ForeignKey("relations.id"), index=True)
    milestone_id: Mapped[int | None] = mapped_column(ForeignKey("milestones.id"), index=True)
    person_id: Mapped[ToPerson]
    stands_for: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), index=True)
    kind: Mapped[Code]
    facts: Mapped[Json]
    state: Mapped[Code]
    owed_at: Mapped[Instant]
    due_at: Mapped[Instant]
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("mails.id"), index=True)
    ended_at: Mapped[Instant | None]
    end_reason: Mapped[Line | None]
    hold_reason: Mapped[Prose | None]
    # The reader on the supplier's side, where that is what the person is, or was.
    contact: Mapped[ContactRow | None] = relationship(
        primaryjoin=lambda: and_(
            foreign(MessageRow.relation_id) == ContactRow.relation_id,
            foreign(MessageRow.person_id) == ContactRow.person_id,
        ),
        viewonly=True,
    )


class MailRow(Base):
    """One e-mail: rendered once, when first sent; retries send the same bytes.

    `lease_owner` and `lease_until` belong to the worker that has it in hand; `next_at` is the
    next attempt.
    """

    __tablename__ = "mails"
    __table_args__ = (
        Index("ix_mails_state_next_at_id", "state", "next_at", "id"),
        Index(
            "ix_mails_created_at_with_text",
            "created_at",
            sqlite_where=text("body IS NOT NULL"),
            postgresql_where=text("body IS NOT NULL"),
        ),
    )

    id: Mapped[Key]
    customer_id: Mapped[ToOrganisation]
    relation_id: Mapped[int | None] = mapped_column(ForeignKey("relations.id"), index=True)
    person_id: Mapped[ToPerson]
    message_id: Mapped[Line] = mapped_column(unique=True)
    kind: Mapped[Code]
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[Line]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[Code]
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[Instant]
    lease_owner: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[datetime | None] = mapped_column(UtcInstant)
    created_at: Mapped[Instant]
    sent_at: Mapped[Instant | None]
    last_error: Mapped[Prose | None]


class TaskRow(Base):
    """Something a person on the customer's side must do that no other row already says.

    `key` is unique like a message's. `for_role` is who does it when nobody is named: call, decide
    and the like are read by buyer or manager on the work list.
    """

    __tablename__ = "tasks"
    __table_args__ = (UniqueConstraint("key"),)

    id: Mapped[Key]
    key: Mapped[Line]
    customer_id: Mapped[ToOrganisation]
    relation_id: Mapped[ToRelation]
    milestone_id: Mapped[int | None] = mapped_column(ForeignKey("milestones.id"), index=True)
    kind: Mapped[Code]
    for_role: Mapped[Code]
    facts: Mapped[Json]
    due_on: Mapped[Day]
    owed_at: Mapped[Instant]
    done_at: Mapped[Instant | None]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    outcome: Mapped[Code | None]
