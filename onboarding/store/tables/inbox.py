"""Mail that came in: what became of each, once."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from onboarding.store.database import Base
from onboarding.store.tables.columns import Code, Instant, Key, Line


class IncomingMailRow(Base):
    """One mail that was read; its Message-ID is unique, so that it is handled once.

    `mail_id` is the mail of ours that it answers or that came back. The mail itself stays in the
    mailbox; what it says stands where it was brought.
    """

    __tablename__ = "incoming_mails"

    id: Mapped[Key]
    message_id: Mapped[Line] = mapped_column(unique=True)
    kind: Mapped[Code]
    received_at: Mapped[Instant]
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("mails.id"), index=True)
    relation_id: Mapped[int | None] = mapped_column(ForeignKey("relations.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), index=True)
    why: Mapped[Line | None]
