"""A proposal that came back, or was given by letter or by hand, on a day that a buyer records."""

from datetime import date

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import InputInvalid, MoveRefused
from onboarding.domain.negotiation import take_window_back
from onboarding.domain.people import Actor, Duty
from onboarding.services.opening import open_pathway
from onboarding.services.pathway.negotiation import proposal_handed_over, tool_for
from onboarding.services.statuses import reassess
from onboarding.services.tasks import Task, close_tasks_of_relation, owe_task
from onboarding.store.pathways import negotiation_value, record


def give_proposal(
    session: Session, actor: Actor, moment: Moment, pathway_id: int, *, given_on: date
) -> None:
    """The time to answer counts from the day on which it was given.

    Raises InputInvalid for a day to come or before it was proposed, MoveRefused where the time
    counts already.
    """
    actor.must(Duty.BUY)
    opened = open_pathway(session, actor, moment, pathway_id)
    if given_on > moment.today:
        given = given_on.isoformat()
        raise InputInvalid(field="given_on", reason="in-the-future", given=given)
    proposed_on = opened.row.proposed_on
    if proposed_on is not None and given_on < proposed_on:
        start = proposed_on.isoformat()
        raise InputInvalid(field="given_on", reason="before-start", start=start)
    if not proposal_handed_over(session, moment, pathway_id, on=given_on):
        raise MoveRefused(from_state=opened.row.state, to_state="handed-over")
    close_tasks_of_relation(session, actor, moment, opened.relation.id)


def proposal_bounced(session: Session, moment: Moment, pathway_id: int, revision: int) -> bool:
    """The only proposal that was sent came back: the time to answer does not run, and a buyer
    gives it otherwise. Returns False where it was answered, or replaced by another.
    """
    opened = open_pathway(session, tool_for(session, pathway_id), moment, pathway_id)
    change = take_window_back(negotiation_value(opened.row), revision)
    if change is None:
        return False
    record(session, opened.row, change, opened.under)
    task = Task(
        kind="give-proposal",
        about=f"{pathway_id}:{revision}",
        due_on=moment.today,
        facts={"pathway_id": pathway_id},
    )
    owe_task(session, moment, opened.relation, task)
    reassess(session, moment, [opened.relation.id])
    return True
