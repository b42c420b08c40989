"""What is owed to whom: written in the transaction of what caused it, under a unique key."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.changes import as_json
from onboarding.store.colleagues import reachable
from onboarding.store.contact_absences import deputies_today
from onboarding.store.contacts import takes_mail
from onboarding.store.database import insert_ignoring
from onboarding.store.tables import ContactRow, MessageRow, PersonRow, RelationRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One message for one or more people.

    `kind` names the e-mail; `about` makes it unique together with kind and person: what it is
    about and, where there is one, the deadline. `due_at` is None for one that goes at once.
    """

    kind: str
    about: str
    facts: dict[str, Any] = field(default_factory=dict)
    relation_id: int | None = None
    milestone_id: int | None = None
    due_at: datetime | None = None


def owe(
    session: Session,
    moment: Moment,
    customer_id: int,
    owed: Owed,
    person_ids: Iterable[int],
    stands_for: Mapping[int, int] | None = None,
) -> int:
    """Owe the message to each person, once; returns how many were new.

    `stands_for` says of a reader in whose place it gets the message.
    """
    each = [(customer_id, owed, person_id) for person_id in set(person_ids)]
    return owe_each(session, moment, each, stands_for)


def owe_each(
    session: Session,
    moment: Moment,
    each: Iterable[tuple[int, Owed, int]],
    stands_for: Mapping[int, int] | None = None,
) -> int:
    """Owe many at once: the customer, what, and to which person; returns how many were new."""
    rows = [
        {
            "key": f"{owed.kind}:{owed.about}:{person_id}",
            "customer_id": customer_id,
            "relation_id": owed.relation_id,
            "milestone_id": owed.milestone_id,
            "person_id": person_id,
            "stands_for": (stands_for or {}).get(person_id),
            "kind": owed.kind,
            "facts": {name: as_json(value) for name, value in owed.facts.items()},
            "state": "queued" if owed.due_at is None else "planned",
            "owed_at": moment.now,
            "due_at": owed.due_at or moment.now,
        }
        for customer_id, owed, person_id in each
    ]
    rows.sort(key=lambda row: str(row["key"]))
    return insert_ignoring(session, MessageRow.__table__, rows)


def owe_to_supplier(session: Session, moment: Moment, relation: RelationRow, owed: Owed) -> int:
    """Owe it to the supplier's contacts: the main one, or all where none is marked.

    Of who is away the deputy gets it too: an answer, a proposal or a warning goes to both.
    """
    readers = contacts_to_write(session, relation.id)
    away = deputies_today(session, relation.id, moment.today)
    deputies = {
        deputy_id: person_id
        for person_id, deputy_id in away.items()
        if person_id in readers and deputy_id not in readers
    }
    everybody = [*readers, *deputies]
    return owe(session, moment, relation.customer_id, owed, everybody, stands_for=deputies)


def owe_to_buyer(session: Session, moment: Moment, relation: RelationRow, owed: Owed) -> int:
    """Owe it to who has the relation in hand; without anybody it stands on the work list only."""
    found = reachable(session, relation.customer_id, relation.buyer_id, moment.today)
    buyers = [found.person.id] if found else []
    return owe(session, moment, relation.customer_id, owed, buyers)


def contacts_to_write(session: Session, relation_id: int) -> list[int]:
    """The people to write to on the supplier's side, whose address takes mail.

    Where the main one says not to be the right person, the others get it too.
    """
    rows = list(
        session.scalars(
            select(ContactRow)
            .join(PersonRow, PersonRow.id == ContactRow.person_id)
            .where(ContactRow.relation_id == relation_id, *takes_mail())
            .order_by(ContactRow.id)
        )
    )
    main = [row.person_id for row in rows if row.is_main and row.doubted_at is None]
    return main or [row.person_id for row in rows]
