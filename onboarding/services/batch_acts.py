"""What a batch does to one supplier, through the same services as a person, and takes back again.

Each function works on an item that is claimed; a DomainError is the reason why nothing was done.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.batches import BatchKind, BulkRefused, ItemState
from onboarding.domain.pathways import PathwayState
from onboarding.domain.people import Actor
from onboarding.domain.plans import Plan
from onboarding.domain.policy import Level, Policy
from onboarding.domain.templates import Template, schedule
from onboarding.services.pathway.drafts import draft_pathway, drop_draft
from onboarding.services.pathway.negotiation import propose_pathway
from onboarding.services.pathway.templates import chosen_template
from onboarding.services.relations import enrol_supplier, take_supplier_out
from onboarding.services.statuses import policies_of
from onboarding.services.suppliers import change_suppliers, usable
from onboarding.store.batches import Claimed
from onboarding.store.bulk import Reason, reason_now, reasons_against, reasons_against_proposing
from onboarding.store.tables import PathwayRow

IN_BULK = "bulk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What came of it: the item's next state, what taking it back needs, and a remark."""

    state: ItemState = ItemState.DONE
    facts: dict[str, Any] = field(default_factory=dict)
    pathway_id: int | None = None
    remark: BulkRefused | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """A claimed item, and who does it when."""

    session: Session
    actor: Actor
    moment: Moment
    claimed: Claimed

    @property
    def relation_id(self) -> int:
        return self.claimed.relation.id

    def asked(self, name: str) -> Any:
        """What whoever began the batch asked for."""
        return self.claimed.batch.facts.get(name)

    def check(self, reasons: Iterable[Reason]) -> None:
        """Raises BulkRefused where a reason speaks against it by now."""
        on, customer_id = self.moment.today, self.actor.customer_id
        reason = reason_now(self.session, customer_id, self.relation_id, on, reasons)
        if reason:
            raise BulkRefused(reason=reason)


def enrol(doing: Doing) -> Came:
    doing.check(reasons_against(BatchKind.ENROL))
    row = enrol_supplier(doing.session, doing.actor, doing.moment, doing.relation_id)
    return Came(facts={"enrolled_on": row.enrolled_on and row.enrolled_on.isoformat()})


def leave_again(doing: Doing) -> Came:
    """Take back `enrol`."""
    enrolled_on = doing.claimed.relation.enrolled_on
    if enrolled_on is None or enrolled_on.isoformat() != doing.claimed.item.facts["enrolled_on"]:
        raise BulkRefused(reason="changed-since")
    _take_out(doing, doing.asked("undo_reason"))
    return Came(state=ItemState.UNDONE)


def take_out(doing: Doing) -> Came:
    _take_out(doing, doing.asked("reason"))
    return Came()


def enrol_again(doing: Doing) -> Came:
    """Take back `take_out`, from today."""
    if doing.claimed.relation.enrolled_on is not None:
        raise BulkRefused(reason="changed-since")
    enrol(doing)
    return Came(state=ItemState.UNDONE)


def assign(doing: Doing) -> Came:
    was, becomes = doing.claimed.relation.buyer_id, doing.asked("buyer_id")
    doing.check(reasons_against(BatchKind.ASSIGN, becomes))
    _give_to(doing, becomes)
    return Came(facts={"was": was})


def give_back(doing: Doing) -> Came:
    """Take back `assign`."""
    if doing.claimed.relation.buyer_id != doing.asked("buyer_id"):
        raise BulkRefused(reason="changed-since")
    _give_to(doing, doing.claimed.item.facts["was"])
    return Came(state=ItemState.UNDONE)


def plan_proposal(doing: Doing) -> Came:
    """Make the draft that is proposed on the day of its wave."""
    doing.check(reasons_against(BatchKind.PROPOSE))
    policy = policies_of(doing.session, doing.actor.customer_id).on(doing.moment.today)
    template = chosen_template(doing.session, doing.actor, doing.asked("template"))
    plan = plan_from(policy, template, doing.asked("target"), doing.claimed.item.due_on)
    row = draft_pathway(doing.session, doing.actor, doing.moment, doing.relation_id, plan)
    return Came(
        state=ItemState.PLANNED,
        facts={
            "revision": row.revision,
            "was_enrolled": doing.claimed.relation.enrolled_on is not None,
        },
        pathway_id=row.id,
    )


def propose(doing: Doing) -> Came:
    """Propose the draft as it stands on its day: a buyer may have changed it meanwhile."""
    item = doing.claimed.item
    row = _draft(doing)
    if row is None or row.state != PathwayState.DRAFT:
        raise BulkRefused(reason="proposed-already")
    if item.facts["was_enrolled"] and doing.claimed.relation.enrolled_on is None:
        raise BulkRefused(reason="taken-out")
    doing.check(reasons_against_proposing())
    propose_pathway(
        doing.session,
        doing.actor,
        doing.moment,
        doing.relation_id,
        row.revision,
        message=doing.asked("message"),
    )
    return Came(facts=item.facts, pathway_id=row.id)


def drop_plan(doing: Doing) -> Came:
    """Take back `plan_proposal`; a draft that somebody worked on stays, but goes nowhere."""
    row = _draft(doing)
    if row is not None and row.state != PathwayState.DRAFT:
        raise BulkRefused(reason="sent")
    is_changed = row is not None and row.revision != doing.claimed.item.facts["revision"]
    if is_changed:
        return Came(state=ItemState.UNDONE, remark=BulkRefused(reason="draft-changed"))
    if row is not None:
        drop_draft(doing.session, doing.actor, doing.moment, row.id)
    return Came(state=ItemState.UNDONE)


def leave(doing: Doing) -> Came:
    """What was not begun is not begun."""
    return Came(state=ItemState.UNDONE)


def keep_sent(doing: Doing) -> Came:
    raise BulkRefused(reason="sent")


Act = Callable[[Doing], Came]
Step = tuple[BatchKind, ItemState]

DOES: dict[Step, Act] = {
    (BatchKind.ENROL, ItemState.WAITING): enrol,
    (BatchKind.TAKE_OUT, ItemState.WAITING): take_out,
    (BatchKind.ASSIGN, ItemState.WAITING): assign,
    (BatchKind.PROPOSE, ItemState.WAITING): plan_proposal,
    (BatchKind.PROPOSE, ItemState.PLANNED): propose,
}
TAKES_BACK: dict[Step, Act] = {
    **{(kind, ItemState.WAITING): leave for kind in BatchKind},
    (BatchKind.ENROL, ItemState.DONE): leave_again,
    (BatchKind.TAKE_OUT, ItemState.DONE): enrol_again,
    (BatchKind.ASSIGN, ItemState.DONE): give_back,
    (BatchKind.PROPOSE, ItemState.PLANNED): drop_plan,
    (BatchKind.PROPOSE, ItemState.DONE): keep_sent,
}


def plan_from(policy: Policy, template: Template, target: str | None, starts_on: date) -> Plan:
    """The template's steps from a day, with the goal that was chosen; without one: no goal."""
    level = Level(target) if target else None
    plan = schedule(template, starts_on, policy.calendar, level)
    return replace(plan, target=level, cure_working_days=policy.cure_working_days)


def _take_out(doing: Doing, reason: str) -> None:
    doing.check(reasons_against(BatchKind.TAKE_OUT))
    take_supplier_out(doing.session, doing.actor, doing.moment, doing.relation_id, reason)


def _give_to(doing: Doing, buyer_id: int | None) -> None:
    values = usable(doing.session, doing.actor, {"buyer_id": buyer_id})
    change_suppliers(doing.session, doing.actor, doing.moment, {doing.relation_id: values}, IN_BULK)


def _draft(doing: Doing) -> PathwayRow | None:
    """The draft that was made for the item, as it stands now."""
    pathway_id = doing.claimed.item.pathway_id
    if pathway_id is None:
        return None
    return doing.session.get(PathwayRow, pathway_id, populate_existing=True)
