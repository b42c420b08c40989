"""What a supplier sees first: its next step, what we are reading, its status and its buyer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.decisions import DecisionKind
from onboarding.domain.eligibility import Status
from onboarding.domain.errors import NotFound
from onboarding.domain.people import Actor, Side
from onboarding.services.pathway.reading import pathway_panel
from onboarding.services.pathway.turns import Turn, turns_of
from onboarding.services.pathway.views import NoticeView, PathwayView, StepView
from onboarding.services.portal_certificates import CertificateView, certificates_of
from onboarding.services.statement_reading import StatementView, open_statements
from onboarding.services.status_reading import read_status
from onboarding.store.colleagues import reachable
from onboarding.store.facts import decision_value
from onboarding.store.relations import visible_relation
from onboarding.store.tables import (
    ContactRow,
    DecisionRow,
    OrganisationRow,
    RelationRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyerView:
    """With whom the supplier can talk."""

    name: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockView:
    """An announced block: no new orders from its first day."""

    id: int
    reason: str
    starts_on: date | None
    is_in_force: bool
    reply: str | None
    reply_made_on: date | None
    reply_answered_on: date | None
    reply_answer: str | None

    def may_reply(self) -> bool:
        return self.reply_made_on is None or self.reply_answered_on is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Something that lies with the buyer; `kind` says what."""

    kind: str
    title: str
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Everything on the first page of one relation."""

    relation_id: int
    supplier: str
    customer: str
    kvk_number: str | None
    is_ended: bool
    status: Status | None
    buyer: BuyerView | None
    pathway: PathwayView | None
    turn: Turn
    blocks: tuple[BlockView, ...]
    certificates: tuple[CertificateView, ...]
    waiting: tuple[Waiting, ...]
    statements: tuple[StatementView, ...] = ()

    def notices(self) -> list[tuple[StepView, NoticeView]]:
        """The standing notices, each with its step."""
        steps = self.pathway.steps if self.pathway else ()
        found = ((step, step.standing_notice()) for step in steps)
        return [(step, notice) for step, notice in found if notice is not None]

    def answer_by(self) -> date | None:
        """The first end of a cure period."""
        days = [n.cure_ends_on for _, n in self.notices() if n.cure_ends_on is not None]
        return min(days, default=None)


def read_home(session: Session, actor: Actor, moment: Moment, relation_id: int) -> Home:
    """The first page of a relation. Raises NotFound for one that is not the actor's."""
    relation = visible_relation(session, actor, relation_id)
    reading = read_status(session, relation_id, moment.today)
    pathway = pathway_panel(session, actor, moment, relation_id)
    certificates = certificates_of(session, relation_id, moment.today)
    statements = open_statements(session, moment, relation_id)
    return Home(
        relation_id=relation.id,
        supplier=relation.name,
        customer=session.get_one(OrganisationRow, relation.customer_id).name,
        kvk_number=relation.kvk_number,
        is_ended=relation.ended_on is not None and relation.ended_on <= moment.today,
        status=reading.status if reading else None,
        buyer=buyer_of(session, relation, moment.today),
        pathway=pathway,
        turn=turns_of(session, [relation_id], moment.today)[relation_id],
        blocks=_blocks(session, relation_id, moment.today),
        certificates=certificates,
        waiting=tuple(
            sorted(_waiting(pathway, certificates, statements), key=lambda one: one.since)
        ),
        statements=tuple(statements),
    )


def buyer_of(session: Session, relation: RelationRow, today: date) -> BuyerView | None:
    """With whom to talk today."""
    found = reachable(session, relation.customer_id, relation.buyer_id, today)
    if found is None:
        return None
    person = found.person
    email = found.reply_to or person.email or ""
    return BuyerView(name=person.name, phone=person.phone or "", email=email)


def function_of(session: Session, actor: Actor) -> str:
    """What the acting contact is at the supplier, as far as known."""
    found = session.scalar(
        select(ContactRow.function).where(
            ContactRow.relation_id == actor.relation_id, ContactRow.person_id == actor.person_id
        )
    )
    return found or ""


def read_block(session: Session, actor: Actor, moment: Moment, decision_id: int) -> BlockView:
    """An announced block of the actor's relation. Raises NotFound."""
    row = session.get(DecisionRow, decision_id)
    if row is None or row.kind != DecisionKind.BLOCK:
        raise NotFound(what="decision")
    visible_relation(session, actor, row.relation_id)
    found = next(
        (b for b in _blocks(session, row.relation_id, moment.today) if b.id == row.id), None
    )
    if found is None:
        raise NotFound(what="decision")
    return found


def _blocks(session: Session, relation_id: int, today: date) -> tuple[BlockView, ...]:
    """Blocks that were announced or hold, and are not over."""
    rows = session.scalars(
        select(DecisionRow)
        .where(DecisionRow.relation_id == relation_id, DecisionRow.kind == DecisionKind.BLOCK)
        .order_by(DecisionRow.id)
    )
    found = []
    for row in rows:
        decision = decision_value(row)
        is_over = any(
            end is not None and end < today for end in (decision.ends_on, decision.ended_on)
        ) or (decision.ended_on is not None and decision.ended_on <= today)
        if is_over or (row.announced_on is None and not decision.covers(today)):
            continue
        found.append(
            BlockView(
                id=row.id,
                reason=row.reason,
                starts_on=decision.first_day(),
                is_in_force=decision.covers(today),
                reply=row.reply,
                reply_made_on=row.reply_made_on,
                reply_answered_on=row.reply_answered_on,
                reply_answer=row.reply_answer,
            )
        )
    return tuple(found)


def _waiting(
    pathway: PathwayView | None,
    certificates: tuple[CertificateView, ...],
    statements: Iterable[StatementView],
) -> list[Waiting]:
    """What lies with the buyer, and since when."""
    found = [
        Waiting(kind="certificate", title="", since=one.reported_on)
        for one in certificates
        if one.code == "reported"
    ]
    found += [
        Waiting(kind="renewal", title="", since=one.renewal.reported_on)
        for one in certificates
        if one.renewal is not None and one.renewal.waits()
    ]
    found += [
        Waiting(kind="contest", title="", since=one.contested_on)
        for one in statements
        if one.waits and one.contested_on is not None
    ]
    if pathway is None:
        return found
    if pathway.countered_on is not None:
        found.append(Waiting(kind="counter-proposal", title="", since=pathway.countered_on))
    amendment, hold = pathway.amendment, pathway.asked_hold
    if amendment is not None and amendment.waits_for is Side.BUYER:
        found.append(Waiting(kind="amendment", title="", since=amendment.since))
    if hold is not None and hold.by is Side.SUPPLIER:
        found.append(Waiting(kind="hold", title="", since=hold.asked_on))
    for step in pathway.steps:
        if step.code == "submitted" and step.submitted_on is not None:
            found.append(Waiting(kind="step", title=step.title, since=step.submitted_on))
        request = step.waiting_request()
        if request is not None and step.id is not None:
            kind = "delay" if request.kind == "outside-delay" else "date"
            found.append(Waiting(kind=kind, title=step.title, since=request.made_on))
        notice = step.standing_notice()
        if notice is not None and notice.reply_waits() and notice.reply_made_on:
            found.append(Waiting(kind="reply", title=step.title, since=notice.reply_made_on))
    return found
