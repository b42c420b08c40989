"""The workers that run, as they tell of themselves."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from onboarding.store.database import INSERTS
from onboarding.store.tables import WorkerRow


def tell_of(
    session: Session,
    name: str,
    *,
    started_at: datetime,
    now: datetime,
    job: str | None,
    job_since: datetime | None,
) -> None:
    """This worker is there; `job` is what it is at."""
    insert = INSERTS[session.get_bind().dialect.name]
    seen = {"seen_at": now, "job": job, "job_since": job_since}
    made = insert(WorkerRow.__table__).values(name=name, started_at=started_at, **seen)
    session.execute(made.on_conflict_do_update(index_elements=["name"], set_=seen))


def forget(session: Session, name: str) -> None:
    """It ended as it was asked to."""
    session.execute(delete(WorkerRow).where(WorkerRow.name == name))


def forget_before(session: Session, seen_at: datetime) -> None:
    """Workers that vanished long ago."""
    session.execute(
        delete(WorkerRow).where(WorkerRow.seen_at < seen_at),
        execution_options={"synchronize_session": False},
    )


def last_seen(session: Session) -> WorkerRow | None:
    """The worker that was seen last."""
    return session.scalar(select(WorkerRow).order_by(WorkerRow.seen_at.desc()).limit(1))
