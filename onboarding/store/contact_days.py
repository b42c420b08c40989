"""When somebody last called: what a formal notice says of it."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.domain.conversations import ContactNoted
from onboarding.domain.people import Channel
from onboarding.store.tables import EventRow


def last_contact_on(session: Session, relation_id: int, since: date) -> dict[str, Any]:
    """`called_on` and `reached` of the last call noted since a day; empty where nobody called."""
    notes = session.scalars(
        select(EventRow)
        .where(
            EventRow.relation_id == relation_id,
            EventRow.code == ContactNoted.code,
            EventRow.on >= since,
        )
        .order_by(EventRow.id.desc())
    )
    for note in notes:
        called_on = date.fromisoformat(note.facts["contact_on"])
        if note.facts["channel"] == Channel.PHONE and called_on >= since:
            return {"called_on": called_on, "reached": note.facts["was_reached"]}
    return {}
