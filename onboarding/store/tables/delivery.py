"""How delivery fares, for every worker to know: the mail server's trouble, and what was used."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onboarding.store.database import Base
from onboarding.store.tables.columns import Code, Instant, Key, Line, Prose


class MailBreakerRow(Base):
    """The one breaker of an installation: open while the mail server is away or refuses us.

    `failures` counts the trials since it opened; before `next_trial_at` nobody tries. The row is
    made when it first opens; closed it has no `opened_at`.
    """

    __tablename__ = "mail_breaker"

    id: Mapped[Key]
    opened_at: Mapped[Instant | None]
    next_trial_at: Mapped[Instant | None]
    failures: Mapped[int] = mapped_column(default=0)
    why: Mapped[Prose | None]


class MailAllowanceRow(Base):
    """How many mails went to somebody, or to a domain, in the day or minute from `starts_at`."""

    __tablename__ = "mail_allowances"
    __table_args__ = (UniqueConstraint("who", "starts_at"),)

    id: Mapped[Key]
    who: Mapped[Line]
    starts_at: Mapped[Instant]
    used: Mapped[int]


class WorkerRow(Base):
    """A worker's process that runs: when it was last seen, and what it is at since when.

    It tells of itself each minute and takes its row away when it ends as asked; instants are those
    of the system's clock, also in a demo.
    """

    __tablename__ = "workers"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(80), unique=True)
    started_at: Mapped[Instant]
    seen_at: Mapped[Instant]
    job: Mapped[Code | None]
    job_since: Mapped[Instant | None]
