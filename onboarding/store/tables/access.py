"""How people and programs get in: sessions, mailed links, attempts, API tokens and feeds.

All of these live on real time, also where the demo's date runs ahead.
"""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from onboarding.store.database import Base
from onboarding.store.tables.columns import (
    Code,
    Hash,
    Instant,
    JsonList,
    Key,
    Line,
    ToOrganisation,
    ToPerson,
)


class LoginSessionRow(Base):
    """A log-in: the cookie holds a random token, this row its hash; log-out deletes the row."""

    __tablename__ = "login_sessions"

    id: Mapped[Key]
    token_sha256: Mapped[Hash] = mapped_column(unique=True)
    person_id: Mapped[ToPerson]
    side: Mapped[Code]
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    relation_id: Mapped[int | None] = mapped_column(ForeignKey("relations.id"))
    started_at: Mapped[Instant]
    seen_at: Mapped[Instant]
    ends_at: Mapped[Instant]


class LoginLinkRow(Base):
    """A mailed link: shown by GET, spent by POST, once.

    One that opens a page without a log-in is about one relation, and one step of it where
    `milestone_id` is set; it works until it ends or is spent by what closes the door.
    """

    __tablename__ = "login_links"

    id: Mapped[Key]
    token_sha256: Mapped[Hash] = mapped_column(unique=True)
    person_id: Mapped[ToPerson]
    purpose: Mapped[Code]
    relation_id: Mapped[int | None] = mapped_column(ForeignKey("relations.id"))
    milestone_id: Mapped[int | None] = mapped_column(ForeignKey("milestones.id"), index=True)
    made_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    spent_at: Mapped[Instant | None]


class LoginAttemptRow(Base):
    """One attempt to get in, for throttling; `subject` is a hash of an address or a client."""

    __tablename__ = "login_attempts"
    __table_args__ = (Index("ix_login_attempts_subject_at", "subject", "at"),)

    id: Mapped[Key]
    subject: Mapped[Hash]
    at: Mapped[Instant]
    has_failed: Mapped[bool]


class ApiTokenRow(Base):
    """A program's key: shown once, stored as a hash; `prefix` is what a page can show of it."""

    __tablename__ = "api_tokens"

    id: Mapped[Key]
    customer_id: Mapped[ToOrganisation]
    name: Mapped[Line]
    prefix: Mapped[str] = mapped_column(String(16))
    token_sha256: Mapped[Hash] = mapped_column(unique=True)
    scopes: Mapped[JsonList]
    created_at: Mapped[Instant]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    ends_at: Mapped[Instant | None]
    revoked_at: Mapped[Instant | None]
    used_at: Mapped[Instant | None]


class CalendarFeedRow(Base):
    """The secret address under which somebody's own calendar asks for the days; one at a time.

    On the customer's side `customer_id` is set; on the supplier's side it holds the days of all
    relations of which the person is a contact when it is asked for.
    """

    __tablename__ = "calendar_feeds"

    id: Mapped[Key]
    token_sha256: Mapped[Hash] = mapped_column(unique=True)
    person_id: Mapped[ToPerson]
    side: Mapped[Code]
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    made_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
