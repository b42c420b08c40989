"""Relations: finding one that the actor may see, and locking it for a change."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.domain.errors import NotFound
from onboarding.domain.people import Actor, Side
from onboarding.store.database import IDS
from onboarding.store.tables import RelationRow

# Built once: it runs with every change.
LOCKED = (
    select(RelationRow)
    .where(RelationRow.id.in_(IDS))
    .order_by(RelationRow.id)
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)


def visible_relation(session: Session, actor: Actor, relation_id: int) -> RelationRow:
    """The relation, if the actor's organisation is on the side it acts for.

    Raises NotFound for one that is not there and for one of somebody else, alike.
    """
    row = session.get(RelationRow, relation_id)
    if row is None or row.customer_id != actor.customer_id:
        raise NotFound(relation=relation_id)
    if actor.side is Side.SUPPLIER and actor.relation_id != relation_id:
        raise NotFound(relation=relation_id)
    return row


def lock_relations(session: Session, relation_ids: Sequence[int]) -> list[RelationRow]:
    """Lock the rows in id order, before their facts are loaded, until the transaction ends.

    Rows that refer to the relation can be added meanwhile: that waits for no lock, and cannot
    deadlock with one. On SQLite the writer already holds the only lock there is.
    """
    return list(session.scalars(LOCKED, {"ids": list(relation_ids)}))


def lock_visible_relation(session: Session, actor: Actor, relation_id: int) -> RelationRow:
    """`visible_relation`, locked and read anew: how every change of a relation begins.

    While it waited for the lock the record may have gone into another one.
    """
    visible_relation(session, actor, relation_id)
    lock_relations(session, [relation_id])
    return visible_relation(session, actor, relation_id)
