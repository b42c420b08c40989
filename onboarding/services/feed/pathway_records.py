"""The pathway of a supplier as other programs read it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.people import Actor
from onboarding.domain.references import Ref
from onboarding.services.feed.references import find_supplier
from onboarding.services.pathway.reading import pathway_panel
from onboarding.services.pathway.views import PathwayView


@dataclass(frozen=True, slots=True, kw_only=True)
class PathwayRecord:
    """A supplier with its pathway that is not over, else its last one; None where it has none."""

    relation_id: int
    kvk_number: str | None
    name: str
    pathway: PathwayView | None


def read_pathway_of(session: Session, actor: Actor, moment: Moment, ref: Ref) -> PathwayRecord:
    """Raises RefUnknown, RefAmbiguous."""
    found = find_supplier(session, actor, ref)
    return PathwayRecord(
        relation_id=found.relation_id,
        kvk_number=found.kvk_number,
        name=found.name,
        pathway=pathway_panel(session, actor, moment, found.relation_id),
    )
