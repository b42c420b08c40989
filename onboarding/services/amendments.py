"""Changing what was agreed: either side proposes, the other accepts, declines or counters."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain import amendments
from onboarding.domain.errors import NotFound
from onboarding.domain.milestone_moves import completion
from onboarding.domain.people import Actor, Said
from onboarding.domain.plans import Step
from onboarding.domain.policy import Level
from onboarding.services.opening import Opened, open_pathway
from onboarding.services.signatures import signature
from onboarding.services.statuses import reassess
from onboarding.store import amendments as amendment_store
from onboarding.store import pathways as pathway_store
from onboarding.store.tables import AmendmentRow


def propose_amendment(
    session: Session,
    actor: Actor,
    moment: Moment,
    pathway_id: int,
    *,
    steps: Sequence[Step],
    reason: str,
    target: Level | None = None,
    on_behalf: Said | None = None,
) -> int:
    """Propose other steps or another target; `steps` are all that are still open, and new ones.

    Returns the amendment's number. Raises AlreadyOpen where one lies open.
    """
    opened = open_pathway(session, actor, moment, pathway_id, on_behalf)
    there = amendment_store.open_amendment_row(session, pathway_id)
    agreed = amendment_store.agreed_plan(session, opened.row)
    plan = replace(agreed, steps=tuple(steps), target=target or agreed.target)
    change = amendments.propose_amendment(
        opened.pathway,
        agreed,
        0,
        plan,
        reason,
        actor,
        signature(actor, moment, said=opened.said),
        moment.today,
        opened.policy,
        amendment_store.amendment_value(session, there, opened.row) if there else None,
        opened.said,
    )
    row = amendment_store.add_amendment(session, opened.row, change, opened.under)
    reassess(session, moment, [opened.relation.id])
    return row.id


def counter_amendment(
    session: Session,
    actor: Actor,
    moment: Moment,
    amendment_id: int,
    *,
    revision: int,
    steps: Sequence[Step],
    reason: str,
    on_behalf: Said | None = None,
) -> None:
    opened, row = _open(session, actor, moment, amendment_id, on_behalf)
    value = amendment_store.amendment_value(session, row, opened.row)
    change = amendments.counter_amendment(
        value,
        opened.pathway,
        replace(value.plan, steps=tuple(steps)),
        revision,
        reason,
        actor,
        signature(actor, moment, said=opened.said),
        moment.today,
        opened.policy,
        opened.calendar,
        opened.said,
    )
    amendment_store.record(session, row, opened.row, change, opened.under)
    reassess(session, moment, [opened.relation.id])


def accept_amendment(
    session: Session,
    actor: Actor,
    moment: Moment,
    amendment_id: int,
    *,
    revision: int,
    function: str | None = None,
    on_behalf: Said | None = None,
) -> None:
    """The plan becomes the next agreed version; the last step may be dropped by it."""
    opened, row = _open(session, actor, moment, amendment_id, on_behalf)
    change = amendments.accept_amendment(
        amendment_store.amendment_value(session, row, opened.row),
        opened.pathway,
        revision,
        actor,
        signature(actor, moment, function, opened.said),
        moment.today,
        opened.calendar,
        opened.said,
    )
    amendment_store.record(session, row, opened.row, change, opened.under)
    session.flush()
    for completed in completion(pathway_store.load_pathway(session, opened.row), moment.today):
        pathway_store.record(session, opened.row, completed, opened.under)
    reassess(session, moment, [opened.relation.id])


def decline_amendment(
    session: Session,
    actor: Actor,
    moment: Moment,
    amendment_id: int,
    *,
    reason: str,
    on_behalf: Said | None = None,
) -> None:
    """What was agreed stays."""
    opened, row = _open(session, actor, moment, amendment_id, on_behalf)
    change = amendments.decline_amendment(
        amendment_store.amendment_value(session, row, opened.row),
        opened.pathway,
        reason,
        actor,
        moment.today,
        opened.calendar,
        opened.said,
    )
    amendment_store.record(session, row, opened.row, change, opened.under)
    reassess(session, moment, [opened.relation.id])


def _open(
    session: Session, actor: Actor, moment: Moment, amendment_id: int, on_behalf: Said | None
) -> tuple[Opened, AmendmentRow]:
    row = session.get(AmendmentRow, amendment_id)
    if row is None:
        raise NotFound(what="amendment")
    opened = open_pathway(session, actor, moment, row.pathway_id, on_behalf)
    session.refresh(row)
    return opened, row
