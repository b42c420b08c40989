"""What ends in a pathway because a day has come: a pause whose last day has passed."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.pathways import RUNNING
from onboarding.domain.people import the_tool
from onboarding.services.pathway.holds import end_running_hold
from onboarding.store.holds import GRANTED
from onboarding.store.stages import not_first
from onboarding.store.tables import HoldRow, PathwayRow, RelationRow


def end_passed_holds(session: Session, moment: Moment, customer_id: int) -> int:
    """End each pause whose last day has passed; the status knew that day already.

    Returns how many ended; a second time on a day there are none.
    """
    passed = session.scalars(
        select(PathwayRow.id)
        .join(HoldRow, HoldRow.pathway_id == PathwayRow.id)
        .join(RelationRow, RelationRow.id == not_first(PathwayRow.relation_id))
        .where(
            not_first(RelationRow.customer_id) == customer_id,
            PathwayRow.state.in_(RUNNING),
            HoldRow.state == GRANTED,
            HoldRow.ends_on < moment.today,
        )
        .order_by(RelationRow.id)
    ).all()
    for pathway_id in passed:
        end_running_hold(session, the_tool(customer_id), moment, pathway_id)
    return len(passed)
