"""Filters of the supplier list that have a name: whose they are, and who sees them."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import NotFound
from onboarding.domain.people import Actor
from onboarding.store.tables import PersonRow, SavedViewRow


def visible_views(session: Session, actor: Actor) -> list[tuple[SavedViewRow, str]]:
    """The actor's own views and the shared ones of the customer, by name, with their owners'."""
    query = (
        select(SavedViewRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == SavedViewRow.person_id)
        .where(
            SavedViewRow.customer_id == actor.customer_id,
            or_(SavedViewRow.person_id == actor.person_id, SavedViewRow.is_shared),
        )
        .order_by(SavedViewRow.name, SavedViewRow.id)
    )
    return [(view, owner) for view, owner in session.execute(query)]


def visible_view(session: Session, actor: Actor, view_id: int) -> SavedViewRow:
    """Raises NotFound for one that the actor does not see."""
    row = session.get(SavedViewRow, view_id)
    is_seen = row is not None and (row.person_id == actor.person_id or row.is_shared)
    if row is None or row.customer_id != actor.customer_id or not is_seen:
        raise NotFound(view=view_id)
    return row


def own_view(session: Session, actor: Actor, name: str) -> SavedViewRow | None:
    """The actor's view of this name."""
    return session.scalars(
        select(SavedViewRow).where(
            SavedViewRow.customer_id == actor.customer_id,
            SavedViewRow.person_id == actor.person_id,
            SavedViewRow.name == name,
        )
    ).first()


def write_view(
    session: Session, actor: Actor, moment: Moment, name: str, query: str, is_shared: bool
) -> SavedViewRow:
    row = own_view(session, actor, name)
    if row is None:
        row = SavedViewRow(customer_id=actor.customer_id, person_id=actor.person_id, name=name)
        session.add(row)
    row.query, row.is_shared, row.made_at = query, is_shared, moment.now
    session.flush()
    return row
