"""The history: each change leaves its row here, from the same object that updated the state."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.changes import Change
from onboarding.domain.errors import SentTwice
from onboarding.domain.people import Actor, Said
from onboarding.store.seals import sealed
from onboarding.store.tables import EventRow

A_MOMENT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Under which a change is recorded: who, when, about which relation, on whose behalf.

    `said` tells what a supplier said and a buyer records: how, on which day, and who said it.
    """

    actor: Actor
    moment: Moment
    relation_id: int | None = None
    pathway_id: int | None = None
    milestone_id: int | None = None
    said: Said | None = None
    is_shared: bool = True

    def about(self, *, pathway_id: int | None = None, milestone_id: int | None = None) -> "Record":
        return replace(
            self,
            pathway_id=pathway_id or self.pathway_id,
            milestone_id=milestone_id or self.milestone_id,
        )

    def shared(self, is_shared: bool) -> "Record":
        """The same, told to both sides or kept to the buyer's."""
        return replace(self, is_shared=is_shared)


def append(session: Session, change: Change, record: Record) -> EventRow:
    """Add the change to the history, sealed; what it happens to is locked from then on."""
    session.flush()
    [event] = sealed(session, [_event(change, record)])
    row = EventRow(**event)
    session.add(row)
    session.flush()
    return row


def check_not_sent_twice(session: Session, change: Change, record: Record) -> None:
    """Raises SentTwice where the same person recorded the same about the same a moment ago.

    For what may be done again, but not by a second click. The caller holds the lock of what it is
    about; a change about no relation yet is compared with those about any.
    """
    query = select(EventRow.facts).where(
        EventRow.customer_id == record.actor.customer_id,
        EventRow.code == change.code,
        EventRow.actor_id == record.actor.person_id,
        EventRow.at > record.moment.now - A_MOMENT,
    )
    if record.relation_id is not None:
        query = query.where(
            EventRow.relation_id == record.relation_id,
            EventRow.milestone_id == record.milestone_id,
        )
    facts = change.facts()
    for before in session.scalars(query):
        # The number that the store gave it is no difference.
        told = {k: v for k, v in before.items() if k in facts or not k.endswith("_id")}
        if told == facts:
            raise SentTwice


def append_all(session: Session, changes: Sequence[tuple[Change, Record]]) -> None:
    """Add many changes in one statement, in their order."""
    if changes:
        session.flush()
        events = sealed(session, [_event(change, record) for change, record in changes])
        session.execute(insert(EventRow), events)


def _event(change: Change, record: Record) -> dict[str, Any]:
    said = record.said
    return {
        "customer_id": record.actor.customer_id,
        "relation_id": record.relation_id,
        "pathway_id": record.pathway_id,
        "milestone_id": record.milestone_id,
        "code": change.code,
        "facts": change.facts(),
        "at": record.moment.now,
        "on": record.moment.today,
        "actor_id": record.actor.person_id,
        "actor_side": record.actor.side.value,
        "channel": said.channel.value if said else None,
        "said_on": said.said_on if said else None,
        "said_by": said.person_id if said else None,
        "is_shared": record.is_shared,
    }


def of_relation(
    session: Session,
    relation_id: int,
    *,
    shared_only: bool,
    before_id: int | None = None,
    limit: int = 50,
) -> list[EventRow]:
    """The latest events of a relation, newest first; `before_id` pages back."""
    query = select(EventRow).where(EventRow.relation_id == relation_id)
    if shared_only:
        query = query.where(EventRow.is_shared)
    if before_id is not None:
        query = query.where(EventRow.id < before_id)
    return list(session.scalars(query.order_by(EventRow.id.desc()).limit(limit)))
