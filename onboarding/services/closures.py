"""When a supplier is closed: told, called off, and what falls in it."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain import closures
from onboarding.domain.closures import Closure, falls_in
from onboarding.domain.errors import NotFound
from onboarding.domain.milestones import Milestone
from onboarding.domain.people import Actor, Said
from onboarding.domain.workdays import Span
from onboarding.services.opening import checked
from onboarding.store import closures as store
from onboarding.store.history import Record
from onboarding.store.pathways import load_pathway, open_pathway_row
from onboarding.store.relations import lock_visible_relation, visible_relation
from onboarding.store.tables import ClosureRow


def add_closure(
    session: Session,
    actor: Actor,
    moment: Moment,
    relation_id: int,
    *,
    span: Span,
    on_behalf: Said | None = None,
) -> int:
    """The supplier is closed on these days; returns the closure's number.

    Promised days stay as they are; cure periods that begin later run past it.
    """
    lock_visible_relation(session, actor, relation_id)
    said = checked(session, relation_id, on_behalf)
    known = store.closures_of(session, relation_id)
    change = closures.add_closure(span, known, actor, moment.today, said)
    row = store.record_added(session, change, _under(actor, moment, relation_id, said))
    session.flush()
    return row.id


def call_off_closure(session: Session, actor: Actor, moment: Moment, closure_id: int) -> None:
    """Open after all, from today. Raises NotFound, or MoveRefused for one that is over."""
    row = session.get(ClosureRow, closure_id)
    if row is None:
        raise NotFound(what="closure")
    lock_visible_relation(session, actor, row.relation_id)
    session.refresh(row)
    change = closures.call_off_closure(store.closure_value(row), actor, moment.today)
    under = _under(actor, moment, row.relation_id, None)
    store.record_called_off(session, row, change, under)


def closures_ahead(
    session: Session, actor: Actor, moment: Moment, relation_id: int
) -> tuple[Sequence[Closure], list[Milestone]]:
    """The closures that are not over, and the agreed steps that fall due in one."""
    visible_relation(session, actor, relation_id)
    ahead = store.closures_of(session, relation_id, moment.today)
    row = open_pathway_row(session, relation_id)
    if row is None or not ahead:
        return ahead, []
    pathway = load_pathway(session, row)
    if not pathway.is_running():
        return ahead, []
    return ahead, falls_in(pathway.milestones, [one.span for one in ahead])


def _under(actor: Actor, moment: Moment, relation_id: int, said: Said | None) -> Record:
    return Record(actor=actor, moment=moment, relation_id=relation_id, said=said)
