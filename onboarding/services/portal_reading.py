"""What a supplier sees first: its next step, what we are reading, its status and its buyer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.certificates import CertificateState
from onboarding.domain.decisions import DecisionKind
from onboarding.domain.eligibility import Status
from onboarding.domain.errors import NotFound
from onboarding.domain.people import Actor
from onboarding.services.pathway_reading import pathway_panel
from onboarding.services.pathway_views import NoticeView, PathwayView, StepView
from onboarding.services.statement_reading import StatementView, open_statements
from onboarding.services.status_reading import read_status
from onboarding.store.colleagues import reachable
from onboarding.store.facts import decision_value
from onboarding.store.relations import visible_relation
from onboarding.store.tables import (
    CertificateNumberRow,
    CertificateRow,
    ContactRow,
    DecisionRow,
    OrganisationRow,
    RelationRow,
    RenewalRow,
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
class CertificateView:
    """A certificate as the supplier sees it; `code` is what a pill shows."""

    id: int
    code: str
    level: str
    thirty_plus: bool
    starts_on: date
    ends_on: date
    reported_on: date
    kvk_numbers: tuple[str, ...]
    reason: str | None
    renewal_waits_since: date | None = None

    def may_renew(self) -> bool:
        return self.code == "verified" and self.renewal_waits_since is None


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


def certificates_of(session: Session, relation_id: int, today: date) -> tuple[CertificateView, ...]:
    """What the relation knows of certificates, latest first."""
    rows = list(
        session.scalars(
            select(CertificateRow)
            .where(CertificateRow.relation_id == relation_id)
            .order_by(CertificateRow.ends_on.desc(), CertificateRow.id.desc())
        )
    )
    numbers: dict[int, list[str]] = {}
    for certificate_id, number in session.execute(
        select(CertificateNumberRow.certificate_id, CertificateNumberRow.kvk_number)
        .where(CertificateNumberRow.certificate_id.in_([row.id for row in rows]))
        .order_by(CertificateNumberRow.kvk_number)
    ):
        numbers.setdefault(certificate_id, []).append(number)
    renewals = {
        row.certificate_id: row.reported_on
        for row in session.scalars(
            select(RenewalRow).where(
                RenewalRow.relation_id == relation_id,
                RenewalRow.accepted_on.is_(None),
                RenewalRow.refused_on.is_(None),
            )
        )
    }
    return tuple(
        CertificateView(
            id=row.id,
            code=_certificate_code(row, today),
            level=row.level,
            thirty_plus=row.thirty_plus,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            reported_on=row.reported_on,
            kvk_numbers=tuple(numbers.get(row.id, ())),
            reason=row.reason,
            renewal_waits_since=renewals.get(row.id),
        )
        for row in rows
    )


def _certificate_code(row: CertificateRow, today: date) -> str:
    if row.state == CertificateState.VERIFIED and row.ends_on < today:
        return "ended"
    return row.state


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
        Waiting(kind="renewal", title="", since=one.renewal_waits_since)
        for one in certificates
        if one.renewal_waits_since is not None
    ]
    found += [
        Waiting(kind="contest", title="", since=one.contested_on)
        for one in statements
        if one.waits and one.contested_on is not None
    ]
    if pathway is None:
        return found
    if pathway.state.value == "countered" and pathway.turn_since is not None:
        found.append(Waiting(kind="counter-proposal", title="", since=pathway.turn_since))
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
