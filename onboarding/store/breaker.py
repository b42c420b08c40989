"""The breaker in the database: open or not, who may try, and what came of it."""

from datetime import datetime

from sqlalchemy import Table, func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from onboarding.store.database import insert_ignoring
from onboarding.store.tables import MailBreakerRow

THE_ONE = 1
BREAKER: Table = MailBreakerRow.__table__  # type: ignore[assignment]
OPENED = select(func.count(BREAKER.c.id)).where(BREAKER.c.opened_at.is_not(None))


def open_breaker(session: Session) -> MailBreakerRow | None:
    """The breaker, where it is open."""
    return session.scalar(
        select(MailBreakerRow)
        .where(MailBreakerRow.id == THE_ONE, MailBreakerRow.opened_at.is_not(None))
        .execution_options(populate_existing=True)
    )


def take_trial(session: Session, now: datetime, until: datetime) -> bool:
    """Take the one trial that is due; nobody else tries before `until`. False where none is due."""
    return _change(
        session,
        update(MailBreakerRow)
        .where(
            MailBreakerRow.id == THE_ONE,
            MailBreakerRow.opened_at.is_not(None),
            MailBreakerRow.next_trial_at <= now,
        )
        .values(next_trial_at=until),
    )


def open_it(session: Session, now: datetime, until: datetime, why: str) -> bool:
    """Open it; where another worker did so before, only `why` changes, and False comes back."""
    made = {"id": THE_ONE, "opened_at": None, "next_trial_at": None, "failures": 0, "why": None}
    insert_ignoring(session, MailBreakerRow.__table__, [made])
    is_new = _change(
        session,
        update(MailBreakerRow)
        .where(MailBreakerRow.id == THE_ONE, MailBreakerRow.opened_at.is_(None))
        .values(opened_at=now, next_trial_at=until, failures=1, why=why),
    )
    if not is_new:
        session.execute(
            update(MailBreakerRow).where(MailBreakerRow.id == THE_ONE).values(why=why),
            execution_options={"synchronize_session": False},
        )
    return is_new


def trial_failed(session: Session, failures: int, until: datetime, why: str) -> None:
    _change(
        session,
        update(MailBreakerRow)
        .where(MailBreakerRow.id == THE_ONE, MailBreakerRow.opened_at.is_not(None))
        .values(failures=failures, next_trial_at=until, why=why),
    )


def close_it(session: Session) -> bool:
    """The server takes mail. Returns whether it was open."""
    return _change(
        session,
        update(MailBreakerRow)
        .where(MailBreakerRow.id == THE_ONE, MailBreakerRow.opened_at.is_not(None))
        .values(opened_at=None, next_trial_at=None, failures=0, why=None),
    )


def try_at(session: Session, at: datetime) -> bool:
    """The next trial is at this instant; False where the breaker is closed."""
    return _change(
        session,
        update(MailBreakerRow)
        .where(MailBreakerRow.id == THE_ONE, MailBreakerRow.opened_at.is_not(None))
        .values(next_trial_at=at),
    )


def is_open(session: Session) -> bool:
    """Asked before each mail, so without reading more than whether there is such a row."""
    return bool(session.connection().execute(OPENED).scalar())


def _change(session: Session, statement: object) -> bool:
    result = session.execute(
        statement,  # type: ignore[call-overload]
        execution_options={"synchronize_session": False},
    )
    assert isinstance(result, CursorResult)
    return result.rowcount == 1
