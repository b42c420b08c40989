"""One supplier of the demo, as the stories tell about it: each verb is one call of a service."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from onboarding.demo.seed.companies import Company, kvk_number
from onboarding.demo.seed.replay import Scene, Story
from onboarding.domain.certificate_moves import Claim
from onboarding.domain.notices import NoticeState
from onboarding.domain.people import Actor, Channel, Role, Said, Side
from onboarding.domain.plans import Plan
from onboarding.domain.policy import Level
from onboarding.domain.templates import schedule
from onboarding.services import contacts, conversations, relations
from onboarding.services.certificates import report_certificate, verify_certificate
from onboarding.services.on_behalf import Heard, Recorded, record_on_behalf
from onboarding.services.pathway import drafts, negotiation
from onboarding.services.pathway.templates import chosen_template
from onboarding.store.milestones import rows_of_pathway
from onboarding.store.pathways import open_pathway_row
from onboarding.store.tables import CertificateRow, ContactRow, MilestoneRow, NoticeRow, PathwayRow

REGISTER = "https://register.example/pso"


class Supplier:
    """`buyer` and `manager` act for the customer, `contact` for the supplier once invited."""

    def __init__(
        self, scene: Scene, company: Company, relation_id: int, buyer: Actor, manager: Actor
    ) -> None:
        self.scene, self.company, self.relation_id = scene, company, relation_id
        self.buyer, self.manager = buyer, manager
        self.contact: Actor

    @property
    def today(self) -> date:
        return self.scene.moment.today

    def act(self, service: Callable[..., object], actor: Actor, *args: object, **facts: object):  # type: ignore[no-untyped-def]
        """Call a service with the session, somebody, and the moment of this event."""
        return service(self.scene.session, actor, self.scene.moment, *args, **facts)

    # --- getting acquainted ---

    def enrol(self) -> None:
        self.act(relations.enrol_supplier, self.buyer, self.relation_id)

    def invite(self, *, has_mail: bool = True) -> None:
        """Let the one person in whom we know there; without mail everything goes by phone."""
        company = self.company
        row: ContactRow = self.act(
            contacts.invite_contact,
            self.buyer,
            self.relation_id,
            name=company.contact,
            email=company.email if has_mail else "",
            role=Role.SIGNATORY,
            function=company.function,
            phone=f"06 555 {self.relation_id:05d}",
        )
        self.contact = Actor(
            customer_id=self.buyer.customer_id,
            person_id=row.person_id,
            side=Side.SUPPLIER,
            roles=frozenset({Role.SIGNATORY}),
            relation_id=self.relation_id,
        )

    def told(
        self,
        service: Callable[..., object],
        *args: object,
        on: date | None = None,
        channel: Channel = Channel.PHONE,
        **facts: object,
    ) -> int:
        """Says it by phone, mail or letter, and the buyer records it; the number of the record."""
        assert self.contact.person_id is not None
        heard = Heard(said_on=on or self.today, channel=channel, by=self.contact.person_id)

        def doing(said: Said) -> object:
            return self.act(service, self.buyer, *args, on_behalf=said, **facts)

        recorded: Recorded = self.act(record_on_behalf, self.buyer, self.relation_id, heard, doing)
        return recorded.statement_id

    def call(self, note: str, *, was_reached: bool = True) -> None:
        self.act(
            conversations.record_contact,
            self.buyer,
            self.relation_id,
            channel=Channel.PHONE,
            contact_on=self.today,
            was_reached=was_reached,
            note=note,
        )

    # --- the pathway ---

    def plan(self, starts_on: date, template: str, target: Level | None) -> Plan:
        chosen = chosen_template(self.scene.session, self.buyer, template)
        return schedule(chosen, starts_on, self.scene.days.calendar, target)

    def draft(self, plan: Plan) -> None:
        contract = f"RF-{2000 + self.relation_id}"
        plan = replace(plan, contract=contract)
        self.act(drafts.draft_pathway, self.buyer, self.relation_id, plan)

    def propose(self, message: str | None = None) -> None:
        revision = self.pathway.revision
        self.act(
            negotiation.propose_pathway, self.buyer, self.relation_id, revision, message=message
        )

    def agree(self, *, by_phone: bool = False) -> None:
        """The supplier agrees to what lies open, itself or as the buyer recorded it."""
        pathway, function = self.pathway, self.company.function
        known: dict[str, Any] = {"revision": pathway.revision, "function": function}
        if by_phone:
            self.told(negotiation.agree_pathway, pathway.id, **known)
        else:
            self.act(negotiation.agree_pathway, self.contact, pathway.id, **known)

    @property
    def pathway(self) -> PathwayRow:
        row = open_pathway_row(self.scene.session, self.relation_id)
        assert row is not None, f"{self.company.name} has no open pathway on {self.today}"
        return row

    @property
    def steps(self) -> list[MilestoneRow]:
        return rows_of_pathway(self.scene.session, self.pathway.id)

    def step(self, title: str) -> MilestoneRow:
        return next(row for row in self.steps if row.title == title)

    def notice(self, *states: NoticeState) -> NoticeRow | None:
        """The last notice to this supplier, where it is in one of these states."""
        row = self.scene.session.scalars(
            select(NoticeRow)
            .where(NoticeRow.relation_id == self.relation_id)
            .order_by(NoticeRow.id.desc())
        ).first()
        return row if row is not None and row.state in states else None

    def until_notice(self, state: NoticeState) -> Story:
        """Wait, a working day at a time, for the worker to get that far."""
        while self.notice(state) is None:
            yield self.scene.days.after(self.today)

    # --- certificates ---

    def certificate_ids(self) -> list[int]:
        rows = select(CertificateRow.id).where(CertificateRow.relation_id == self.relation_id)
        return list(self.scene.session.scalars(rows.order_by(CertificateRow.id)))

    def certificate(
        self,
        level: Level,
        starts_on: date,
        *,
        thirty_plus: bool = False,
        ends_on: date | None = None,
        numbers: tuple[str, ...] | None = None,
    ) -> Claim:
        own = kvk_number(self.company)
        last = starts_on + timedelta(days=729)
        return Claim(
            level=level,
            thirty_plus=thirty_plus,
            starts_on=starts_on,
            ends_on=ends_on or last,
            kvk_numbers=numbers or ((own,) if own else ()),
        )

    def report(self, claim: Claim, actor: Actor | None = None) -> int:
        reported: int = self.act(
            report_certificate,
            actor or self.buyer,
            self.relation_id,
            claim,
            body="Keurmerk Instituut Oost",
        )
        return reported

    def verify(self, certificate_id: int, claim: Claim) -> None:
        self.act(
            verify_certificate,
            self.buyer,
            certificate_id,
            claim,
            register_url=f"{REGISTER}/{certificate_id}",
        )
