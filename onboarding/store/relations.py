"""Relations: finding one that the actor may see, and locking it for a change."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Boolean, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import GenericFunction

from onboarding.domain.errors import NotFound
from onboarding.domain.people import Actor, Side
from onboarding.store.database import IDS
from onboarding.store.tables import RelationRow

GATE = 7_215_004  # of PostgreSQL: all who lock a relation share it until they have committed
WAITS_AT_MOST = "200ms"  # for those who write: meanwhile all others wait as well
NOT_AVAILABLE = "55P03"  # what PostgreSQL calls a lock that did not come in time


class passed_gate(GenericFunction[bool]):  # noqa: N801 (it is written as it is called)
    """Takes part in the gate, once for the statement and before it locks a row.

    On SQLite there is one writer, and nothing to pass.
    """

    type = Boolean()
    inherit_cache = True


@compiles(passed_gate)
def _passed_gate(element: Any, compiler: Any, **given: Any) -> str:
    return f"(SELECT pg_advisory_xact_lock_shared({GATE})) IS NOT NULL"


@compiles(passed_gate, "sqlite")
def _passed_gate_on_sqlite(element: Any, compiler: Any, **given: Any) -> str:
    return "1"


# Built once: it runs with every change.
LOCKED = (
    select(RelationRow)
    .where(RelationRow.id.in_(IDS), passed_gate())
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


def shut_out_writers(session: Session, *rows: Any) -> bool:
    """Lock these rows, and wait until nobody is changing a relation; then nobody begins to.

    False where that took too long: the caller lets others go first and tries again. It is for
    what is over in a moment, and holds until the transaction ends.
    """
    if session.get_bind().dialect.name != "postgresql":
        return True
    session.execute(text(f"SET LOCAL lock_timeout = '{WAITS_AT_MOST}'"))
    try:
        with session.begin_nested():
            for query in rows:
                session.execute(query)
            session.execute(text(f"SELECT pg_advisory_xact_lock({GATE})"))
    except OperationalError as failed:
        if getattr(failed.orig, "sqlstate", None) != NOT_AVAILABLE:
            raise
        return False
    session.execute(text("SET LOCAL lock_timeout = DEFAULT"))
    return True
