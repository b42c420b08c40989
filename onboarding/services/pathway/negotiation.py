"""Negotiating a pathway: proposing, countering, agreeing, declining, withdrawing and stopping."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import NotFound
from onboarding.domain.messages import MessageKind
from onboarding.domain.moves import text_given
from onboarding.domain.negotiation import (
    agree,
    begin_window,
    check_seen,
    counter,
    decline,
    propose,
    stop,
    withdraw,
)
from onboarding.domain.pathways import PathwayState
from onboarding.domain.people import Actor, Said, Side, the_tool
from onboarding.domain.plans import Step
from onboarding.services.mail.messages import Owed, owe_to_buyer, owe_to_supplier
from onboarding.services.opening import Opened, open_pathway
from onboarding.services.pathway.signatures import signature
from onboarding.services.statuses import reassess
from onboarding.services.tasks import Task, close_tasks_of_relation, owe_task
from onboarding.store.pathways import negotiation_value, open_pathway_row, record
from onboarding.store.relations import visible_relation
from onboarding.store.tables import PathwayRow, RelationRow


def propose_pathway(
    session: Session,
    actor: Actor,
    moment: Moment,
    relation_id: int,
    revision: int,
    *,
    message: str | None = None,
) -> None:
    """Put the relation's draft before the supplier; `revision` is the draft as it was checked."""
    visible_relation(session, actor, relation_id)
    row = open_pathway_row(session, relation_id)
    if row is None:
        raise NotFound(what="pathway")
    opened = open_pathway(session, actor, moment, row.id)
    on_table = negotiation_value(opened.row)
    check_seen(revision, on_table.version)
    _propose(session, actor, moment, opened, on_table.plan.steps, message)


def counter_pathway(
    session: Session,
    actor: Actor,
    moment: Moment,
    pathway_id: int,
    *,
    revision: int,
    steps: Sequence[Step],
    message: str,
    on_behalf: Said | None = None,
) -> None:
    """Answer with other days or steps: the supplier's counter-proposal, or the buyer's next one.

    `steps` are all the steps as they should be. The turn passes to the other side.
    """
    opened = open_pathway(session, actor, moment, pathway_id, on_behalf)
    on_table = negotiation_value(opened.row)
    if actor.side is Side.BUYER and on_behalf is None:
        check_seen(revision, on_table.version)
        _propose(session, actor, moment, opened, steps, text_given(message, "message"))
        return
    change = counter(
        on_table,
        replace(on_table.plan, steps=tuple(steps)),
        revision,
        message,
        actor,
        signature(actor, moment, said=opened.said),
        moment.today,
        opened.policy,
        opened.said,
    )
    _begin_window(session, opened, moment.today)
    record(session, opened.row, change, opened.under)
    facts = {"pathway_id": pathway_id, "revision": change.version, "reason": change.reason}
    about = f"{pathway_id}:{change.version}"
    _owe_buyer(session, opened, moment, MessageKind.COUNTER_PROPOSAL, about, facts)
    reassess(session, moment, [opened.relation.id])


def agree_pathway(
    session: Session,
    actor: Actor,
    moment: Moment,
    pathway_id: int,
    *,
    revision: int,
    function: str | None = None,
    on_behalf: Said | None = None,
) -> None:
    """Agree to the revision seen: the supplier to a proposal, the buyer to a counter-proposal.

    Agreed later than planned, every day moves by as many days, onto working days. Raises
    VersionOutdated where something else lies on the table by now.
    """
    opened = open_pathway(session, actor, moment, pathway_id, on_behalf)
    change = agree(
        negotiation_value(opened.row),
        revision,
        actor,
        signature(actor, moment, function, opened.said),
        moment.today,
        opened.policy,
        opened.said,
    )
    record(session, opened.row, change, opened.under)
    version = opened.row.version_number
    facts = {"pathway_id": pathway_id, "version": version, "days_moved": change.days_moved}
    owed = _owed(opened, MessageKind.AGREEMENT, f"{pathway_id}:{version}", facts)
    owe_to_supplier(session, moment, opened.relation, owed)
    owe_to_buyer(session, moment, opened.relation, owed)
    reassess(session, moment, [opened.relation.id])


def decline_pathway(
    session: Session,
    actor: Actor,
    moment: Moment,
    pathway_id: int,
    *,
    reason: str,
    on_behalf: Said | None = None,
) -> None:
    """The supplier does not want it, and says why."""
    opened = open_pathway(session, actor, moment, pathway_id, on_behalf)
    on_table = negotiation_value(opened.row)
    record(
        session,
        opened.row,
        decline(on_table, reason, actor, moment.today, opened.said),
        opened.under,
    )
    facts = {"pathway_id": pathway_id, "reason": reason}
    _owe_buyer(session, opened, moment, MessageKind.DECLINED, str(pathway_id), facts)
    close_tasks_of_relation(session, actor, moment, opened.relation.id)
    reassess(session, moment, [opened.relation.id])


def withdraw_proposal(session: Session, actor: Actor, moment: Moment, pathway_id: int) -> None:
    """The buyer takes a proposal back to its draft."""
    opened = open_pathway(session, actor, moment, pathway_id)
    on_table = negotiation_value(opened.row)
    record(session, opened.row, withdraw(on_table, actor, moment.today), opened.under)
    about, facts = f"{pathway_id}:{on_table.version}", {"pathway_id": pathway_id}
    owed = _owed(opened, MessageKind.PROPOSAL_WITHDRAWN, about, facts)
    owe_to_supplier(session, moment, opened.relation, owed)
    reassess(session, moment, [opened.relation.id])


def stop_pathway(
    session: Session,
    actor: Actor,
    moment: Moment,
    pathway_id: int,
    *,
    reason: str,
    on_behalf: Said | None = None,
    is_told: bool = True,
) -> None:
    """The supplier ends an agreed pathway, or a manager does and has it announced.

    Not `is_told` where another mail tells the supplier.
    """
    opened = open_pathway(session, actor, moment, pathway_id, on_behalf)
    change = stop(opened.pathway, reason, actor, moment.today, opened.said)
    record(session, opened.row, change, opened.under)
    facts = {"pathway_id": pathway_id, "reason": change.reason}
    if change.over_by is Side.SUPPLIER:
        _owe_buyer(session, opened, moment, MessageKind.STOPPED, str(pathway_id), facts)
    elif is_told:
        owed = _owed(opened, MessageKind.STOP_ANNOUNCED, str(pathway_id), facts)
        owe_to_supplier(session, moment, opened.relation, owed)
    close_tasks_of_relation(session, actor, moment, opened.relation.id)
    reassess(session, moment, [opened.relation.id])


def proposal_handed_over(
    session: Session, moment: Moment, pathway_id: int, *, on: date | None = None
) -> bool:
    """The first proposal reached the mail server, or was given otherwise `on` a day: the window
    runs from that day. Returns False where it runs already or nothing is on the table.
    """
    opened = _open_by_tool(session, moment, pathway_id)
    begun = _begin_window(session, opened, on or moment.today)
    if begun:
        reassess(session, moment, [opened.relation.id])
    return begun


def _propose(
    session: Session,
    actor: Actor,
    moment: Moment,
    opened: Opened,
    steps: Sequence[Step],
    message: str | None,
) -> None:
    on_table = negotiation_value(opened.row)
    change = propose(
        on_table,
        replace(on_table.plan, steps=tuple(steps)),
        actor,
        signature(actor, moment),
        moment.today,
        opened.policy,
        message,
    )
    if opened.relation.enrolled_on is None:
        opened.relation.enrolled_on = moment.today
    record(session, opened.row, change, opened.under)
    pathway_id = opened.row.id
    facts = {
        "pathway_id": pathway_id,
        "revision": change.version,
        "window_ends_on": change.window.ends_on,
        "note": message,
    }
    owed = _owed(opened, MessageKind.PROPOSAL, f"{pathway_id}:{change.version}", facts)
    if not owe_to_supplier(session, moment, opened.relation, owed):
        # Nobody there reads mail: a person gives it, and records that.
        about = f"{pathway_id}:{change.version}"
        task = Task(
            kind="give-proposal",
            about=about,
            due_on=moment.today,
            facts={"pathway_id": pathway_id},
        )
        owe_task(session, moment, opened.relation, task)
    reassess(session, moment, [opened.relation.id])


def _begin_window(session: Session, opened: Opened, on: date) -> bool:
    """Let the window run from the first hand-over; what a supplier answers, it was handed."""
    if opened.row.state not in (PathwayState.PROPOSED, PathwayState.COUNTERED):
        return False
    change = begin_window(negotiation_value(opened.row), on, opened.policy)
    if change is None:
        return False
    record(session, opened.row, change, opened.under)
    return True


def _open_by_tool(session: Session, moment: Moment, pathway_id: int) -> Opened:
    return open_pathway(session, tool_for(session, pathway_id), moment, pathway_id)


def tool_for(session: Session, pathway_id: int) -> Actor:
    """The tool itself, for the customer whose pathway it is."""
    row = session.get(PathwayRow, pathway_id)
    relation = session.get(RelationRow, row.relation_id) if row else None
    if relation is None:
        raise NotFound(what="pathway")
    return the_tool(relation.customer_id)


def _owed(opened: Opened, kind: MessageKind, about: str, facts: dict[str, Any]) -> Owed:
    return Owed(kind=kind, about=about, facts=facts, relation_id=opened.relation.id)


def _owe_buyer(
    session: Session,
    opened: Opened,
    moment: Moment,
    kind: MessageKind,
    about: str,
    facts: dict[str, Any],
) -> None:
    owe_to_buyer(session, moment, opened.relation, _owed(opened, kind, about, facts))
