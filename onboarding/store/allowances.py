"""Counts what went to whom in a day or a minute, for all workers together."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from onboarding.store.database import INSERTS
from onboarding.store.tables import MailAllowanceRow


def take_one(session: Session, who: str, starts_at: datetime, most: int) -> bool:
    """Use one of the `most` of this day or minute; False, and nothing counted, where none is left.

    One statement: two workers that count at once cannot both have the last.
    """
    insert = INSERTS[session.get_bind().dialect.name]
    made = insert(MailAllowanceRow.__table__).values(who=who[:250], starts_at=starts_at, used=1)
    used = MailAllowanceRow.__table__.c.used
    statement = made.on_conflict_do_update(
        index_elements=["who", "starts_at"], set_={"used": used + 1}, where=used < most
    ).returning(used)
    return most > 0 and session.execute(statement).first() is not None


def forget_before(session: Session, starts_at: datetime) -> None:
    """Days and minutes that are over count for nothing."""
    session.execute(
        delete(MailAllowanceRow).where(MailAllowanceRow.starts_at < starts_at),
        execution_options={"synchronize_session": False},
    )
