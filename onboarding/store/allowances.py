"""Counts what went to whom in a day or a minute, for all workers together."""

from datetime import datetime

from sqlalchemy import Dialect, Integer, bindparam, delete
from sqlalchemy.engine import Compiled
from sqlalchemy.orm import Session

from onboarding.store.database import INSERTS
from onboarding.store.tables import MailAllowanceRow


def take_one(session: Session, who: str, starts_at: datetime, most: int) -> bool:
    """Use one of the `most` of this day or minute; False, and nothing counted, where none is left.

    One statement: two workers that count at once cannot both have the last.
    """
    if most <= 0:
        return False
    dialect = session.get_bind().dialect
    if dialect.name not in _taking:
        _taking[dialect.name] = _take(dialect)
    values = {"who": who[:250], "starts_at": starts_at, "most": most}
    taken = session.connection().execute(
        _taking[dialect.name],  # type: ignore[call-overload]
        values,
    )
    return taken.first() is not None


def _take(dialect: Dialect) -> Compiled:
    """Asked twice for each mail, and SQLAlchemy keeps no INSERT … ON CONFLICT: kept here."""
    used = MailAllowanceRow.__table__.c.used
    insert = INSERTS[dialect.name](MailAllowanceRow.__table__)
    return (  # type: ignore[no-any-return]
        insert.values(who=bindparam("who"), starts_at=bindparam("starts_at"), used=1)
        .on_conflict_do_update(
            index_elements=["who", "starts_at"],
            set_={"used": used + 1},
            where=used < bindparam("most", type_=Integer),
        )
        .returning(used)
        .compile(dialect=dialect)
    )


_taking: dict[str, Compiled] = {}


def forget_before(session: Session, starts_at: datetime) -> None:
    """Days and minutes that are over count for nothing."""
    session.execute(
        delete(MailAllowanceRow).where(MailAllowanceRow.starts_at < starts_at),
        execution_options={"synchronize_session": False},
    )
