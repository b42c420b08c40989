"""Changing what was agreed: either side proposes, the other accepts, declines or counters."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain import amendments, taking_back
from onboarding.domain.amendments import Amendment
from onboarding.domain.errors import NotFound
from onboarding.domain.messages import MessageKind
from onboarding.domain.milestone_moves import completion
from onboarding.domain.people import Actor, Said, Side
from onboarding.domain.plans import Plan, Step
from onboarding.domain.policy import Level
from onboarding.services.mail.messages import Owed, owe_to_buyer, owe_to_supplier
from onboarding.services.opening import Opened, open_pathway
from onboarding.services.pathway.notice_upkeep import supersede_moot
from onboarding.services.pathway.signatures import signature
from onboarding.services.statuses import reassess
from onboarding.services.tasks import close_tasks
from onboarding.store import amendments as amendment_store
from onboarding.store import pathways as pathway_store
from onboarding.store.tables import AmendmentRow, MilestoneRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """To what the steps lead, and from which version of which template they come."""

    target: Level | None
    template: str | None
    template_version: int | None = None


def propose_amendment(
    session: Session,
    actor: Actor,
    moment: Moment,
    pathway_id: int,
    *,
    steps: Sequence[Step],
    reason: str,
    terms: Terms | None = None,
    function: str | None = None,
    on_behalf: Said | None = None,
) -> int:
    """Propose other steps or terms; `steps` are all that are still open, and new ones.

    Returns the amendment's number. Raises AlreadyOpen where one lies open.
    """
    opened = open_pathway(session, actor, moment, pathway_id, on_behalf)
    there = amendment_store.open_amendment_row(session, pathway_id)
    agreed = amendment_store.agreed_plan(session, opened.row)
    change = amendments.propose_amendment(
        opened.pathway,
        agreed,
        0,
        wished(agreed, steps, terms),
        reason,
        actor,
        signature(actor, moment, function, opened.said),
        moment.today,
        opened.policy,
        amendment_store.amendment_value(session, there, opened.row) if there else None,
        opened.said,
    )
    row = amendment_store.add_amendment(session, opened.row, change, opened.under)
    _tell_of_version(session, moment, opened, row)
    _follow_up(session, moment, opened, change.touches)
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
    terms: Terms | None = None,
    function: str | None = None,
    on_behalf: Said | None = None,
) -> None:
    """Answer with other steps or terms; the turn passes to the other side."""
    opened, row, value = _open(session, actor, moment, amendment_id, on_behalf)
    change = amendments.counter_amendment(
        value,
        opened.pathway,
        wished(value.plan, steps, terms),
        revision,
        reason,
        actor,
        signature(actor, moment, function, opened.said),
        moment.today,
        opened.policy,
        opened.calendar,
        opened.said,
    )
    amendment_store.record(session, row, opened.row, change, opened.under)
    grace_ends_on = opened.binding(session, change.grace_ends_on)
    _tell_of_version(session, moment, opened, row, grace_ends_on)
    _follow_up(session, moment, opened, {*value.touches, *change.touches})


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
    opened, row, value = _open(session, actor, moment, amendment_id, on_behalf)
    change = amendments.accept_amendment(
        value,
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
        about, over = str(opened.row.id), {"pathway_id": opened.row.id}
        owe_to_buyer(
            session, moment, opened.relation, _owed(opened, MessageKind.COMPLETED, about, over)
        )
    version = opened.row.version_number
    about = f"{opened.row.id}:{version}"
    facts = {"pathway_id": opened.row.id, "version": version, "is_change": True}
    owed = _owed(opened, MessageKind.AGREEMENT, about, facts)
    owe_to_supplier(session, moment, opened.relation, owed)
    owe_to_buyer(session, moment, opened.relation, owed)
    _follow_up(session, moment, opened, value.touches)


def decline_amendment(
    session: Session,
    actor: Actor,
    moment: Moment,
    amendment_id: int,
    *,
    reason: str,
    is_told: bool = True,
    on_behalf: Said | None = None,
) -> None:
    """What was agreed stays. Not `is_told` where another mail tells it."""
    opened, row, value = _open(session, actor, moment, amendment_id, on_behalf)
    change = amendments.decline_amendment(
        value, opened.pathway, reason, actor, moment.today, opened.calendar, opened.said
    )
    amendment_store.record(session, row, opened.row, change, opened.under)
    facts: dict[str, Any] = {"amendment_id": row.id, "reason": change.reason}
    if change.by is Side.BUYER and is_told:
        facts["grace_ends_on"] = opened.binding(session, change.grace_ends_on)
        owed = _owed(opened, MessageKind.AMENDMENT_DECLINED, str(row.id), facts)
        owe_to_supplier(session, moment, opened.relation, owed)
    elif change.by is Side.SUPPLIER:
        owed = _owed(opened, MessageKind.AMENDMENT_REFUSED, str(row.id), facts)
        owe_to_buyer(session, moment, opened.relation, owed)
    _follow_up(session, moment, opened, value.touches)


def withdraw_amendment(
    session: Session,
    actor: Actor,
    moment: Moment,
    amendment_id: int,
    *,
    revision: int,
    note: str | None = None,
    on_behalf: Said | None = None,
) -> None:
    """Who made the version that lies open takes it back; the other side is told."""
    opened, row, value = _open(session, actor, moment, amendment_id, on_behalf)
    note = (note or "").strip() or None
    change = taking_back.withdraw_amendment(
        value, opened.pathway, revision, note, actor, moment.today, opened.calendar, opened.said
    )
    amendment_store.record(session, row, opened.row, change, opened.under)
    facts: dict[str, Any] = {"amendment_id": row.id, "note": change.note}
    if change.by is Side.BUYER:
        owed = _owed(opened, MessageKind.AMENDMENT_WITHDRAWN, str(row.id), facts)
        owe_to_supplier(session, moment, opened.relation, owed)
    else:
        owed = _owed(opened, MessageKind.AMENDMENT_TAKEN_BACK, str(row.id), facts)
        owe_to_buyer(session, moment, opened.relation, owed)
    _follow_up(session, moment, opened, value.touches)


def wished(before: Plan, steps: Sequence[Step], terms: Terms | None) -> Plan:
    """The plan with these steps, and with its own terms where no others are asked."""
    if terms is None:
        return replace(before, steps=tuple(steps))
    return replace(
        before,
        steps=tuple(steps),
        target=terms.target,
        template=terms.template,
        template_version=terms.template_version,
    )


def _open(
    session: Session, actor: Actor, moment: Moment, amendment_id: int, on_behalf: Said | None
) -> tuple[Opened, AmendmentRow, Amendment]:
    row = session.get(AmendmentRow, amendment_id)
    if row is None:
        raise NotFound(what="amendment")
    opened = open_pathway(session, actor, moment, row.pathway_id, on_behalf)
    session.refresh(row)
    return opened, row, amendment_store.amendment_value(session, row, opened.row)


def _tell_of_version(
    session: Session,
    moment: Moment,
    opened: Opened,
    row: AmendmentRow,
    grace_ends_on: date | None = None,
) -> None:
    """The other side hears of the version that lies open for it, and until when it has anyhow."""
    about = f"{row.id}:{row.revision}"
    facts = {
        "amendment_id": row.id,
        "revision": row.revision,
        "reason": row.reason,
        "is_counter": row.revision > 1,
        "grace_ends_on": grace_ends_on,
    }
    if row.proposed_by == Side.BUYER:
        owed = _owed(opened, MessageKind.AMENDMENT_PROPOSED, about, facts)
        owe_to_supplier(session, moment, opened.relation, owed)
    else:
        owed = _owed(opened, MessageKind.AMENDMENT_ASKED, about, facts)
        owe_to_buyer(session, moment, opened.relation, owed)


def _follow_up(
    session: Session, moment: Moment, opened: Opened, milestone_ids: Iterable[int]
) -> None:
    """Calls and warnings about the touched steps that are moot by now, and the status."""
    for milestone_id in sorted(set(milestone_ids)):
        row = session.get_one(MilestoneRow, milestone_id)
        if opened.under.actor.side is Side.SUPPLIER or opened.said is not None:
            close_tasks(session, opened.under.actor, moment, ("call",), milestone_id=milestone_id)
        supersede_moot(session, moment, opened, row)
    reassess(session, moment, [opened.relation.id])


def _owed(opened: Opened, kind: MessageKind, about: str, facts: dict[str, Any]) -> Owed:
    return Owed(
        kind=kind,
        about=about,
        facts={name: value for name, value in facts.items() if value is not None},
        relation_id=opened.relation.id,
    )
