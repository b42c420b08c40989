"""Views of the supplier list: a name for an address, for oneself or for all colleagues."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import InputInvalid, NotAllowed
from onboarding.domain.identifiers import name_from
from onboarding.domain.people import Actor, Duty
from onboarding.store.saved_views import visible_view, visible_views, write_view
from onboarding.store.suppliers import lock_customer
from onboarding.store.tables import SavedViewRow

LONGEST_NAME = 60  # it stands on a chip
LONGEST_QUERY = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """A view as a page shows it; `owner` is None for one's own."""

    id: int
    name: str
    query: str
    is_shared: bool
    owner: str | None
    may_remove: bool


def list_views(session: Session, actor: Actor) -> list[SavedView]:
    """One's own and those that colleagues share, by name."""
    actor.must(Duty.READ)
    return [
        SavedView(
            id=row.id,
            name=row.name,
            query=row.query,
            is_shared=row.is_shared,
            owner=None if row.person_id == actor.person_id else owner,
            may_remove=_may_remove(actor, row),
        )
        for row, owner in visible_views(session, actor)
    ]


def save_view(
    session: Session, actor: Actor, moment: Moment, name: str, query: str, *, is_shared: bool
) -> SavedViewRow:
    """Give an address of the list a name; under a name that is one's own already it replaces it.

    Raises InputInvalid.
    """
    actor.must(Duty.READ)
    name = name_from(name)
    if len(name) > LONGEST_NAME:
        raise InputInvalid(field="name", reason="too-long", longest=LONGEST_NAME)
    if len(query) > LONGEST_QUERY:
        raise InputInvalid(field="query", reason="too-long", longest=LONGEST_QUERY)
    lock_customer(session, actor.customer_id)  # so that two at once do not make it twice
    return write_view(session, actor, moment, name, query, is_shared)


def remove_view(session: Session, actor: Actor, view_id: int) -> str:
    """Whose it is removes it; a manager also one that is shared, as of somebody who left."""
    actor.must(Duty.READ)
    row = visible_view(session, actor, view_id)
    if not _may_remove(actor, row):
        raise NotAllowed(duty=Duty.GOVERN.value)
    session.delete(row)
    return row.name


def _may_remove(actor: Actor, row: SavedViewRow) -> bool:
    return row.person_id == actor.person_id or actor.may(Duty.GOVERN)
