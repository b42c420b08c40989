"""What a message of the ledger says: its reader, its sender and its facts, read from the rows."""

from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.access import LinkPurpose
from onboarding.domain.messages import MessageKind, is_for_colleague
from onboarding.domain.people import Role
from onboarding.i18n.steps import step_need
from onboarding.mail.envelope import plain_address
from onboarding.mail.messages import Line
from onboarding.mail.values import Colleague, Facts, Letter
from onboarding.mail.verp import InboxAddress, Purpose
from onboarding.services.mail.addresses import ACCOUNT, buyer_page, home, portal_page
from onboarding.services.mail.letter_facts import gather
from onboarding.services.mail.links import Links, links_of, paths_of
from onboarding.store.colleagues import reachable
from onboarding.store.contact_absences import stands_in_until
from onboarding.store.tables import (
    MembershipRow,
    MessageRow,
    MilestoneRow,
    OrganisationRow,
    PersonRow,
    RelationRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """What mails need of the settings: address, links, and the zone of the working day."""

    address: str
    public_url: str
    secret_key: str
    zone: tzinfo
    inbox: InboxAddress | None = None

    @property
    def envelope_address(self) -> str:
        return plain_address(self.address)

    def returns_to(self, message_id: str) -> str:
        """Where this mail comes back to when it cannot be delivered."""
        if self.inbox is None:
            return self.envelope_address
        return self.inbox.made_for(Purpose.BOUNCE, message_id)

    def answers_to(self, message_id: str) -> str | None:
        """Where the tool itself reads answers to this mail."""
        return self.inbox.made_for(Purpose.REPLY, message_id) if self.inbox else None


def line_of(
    session: Session, row: MessageRow, moment: Moment, sender: Sender, links: Links | None = None
) -> Line:
    """The message with all that its words need; `links` are those it holds, where they were read.

    Raises ValueError for an unknown kind.
    """
    kind = MessageKind(row.kind)
    person = session.get_one(PersonRow, row.person_id)
    customer = session.get_one(OrganisationRow, row.customer_id)
    relation = session.get(RelationRow, row.relation_id) if row.relation_id else None
    milestone = session.get(MilestoneRow, row.milestone_id) if row.milestone_id else None
    is_for_supplier = reads_as_supplier(row)
    extra = gather(session, kind, row, moment, sender.secret_key, person.locale)
    there = links if links is not None else links_of(session, [row])
    paths = paths_of(row, sender.secret_key, there) if is_for_supplier else {}
    path = extra.pop("path", None) or paths.get(LinkPurpose.STEP)
    if path is None:
        about = {**extra, **row.facts, "milestone_id": row.milestone_id}
        lead = portal_page if is_for_supplier else buyer_page
        path = lead(kind, row.relation_id, about)
    url = sender.public_url + path
    letter = Letter(
        locale=person.locale,
        name=given_name(person.name),
        customer=customer.name,
        supplier=relation.name if relation else "",
        today=moment.today,
        url=url,
        home=sender.public_url + home(row.relation_id, is_for_supplier=is_for_supplier),
        start=sender.public_url + home(None, is_for_supplier=is_for_supplier),
        step=milestone.title if milestone else "",
        asked=_asked(milestone, person.locale),
        buyer=colleague(session, row.customer_id, relation, moment.today),
        is_for_supplier=is_for_supplier,
        opens_step=LinkPurpose.STEP in paths,
        wrong_person_url=_below(sender, paths.get(LinkPurpose.WRONG_PERSON)),
        **_in_place(session, row, moment.today),
        choice_url=_below(
            sender, paths.get(LinkPurpose.MAIL_CHOICE) if is_for_supplier else ACCOUNT
        ),
    )
    return kind, letter, Facts({**extra, **row.facts})


def reads_as_supplier(row: MessageRow) -> bool:
    """Whether the reader gets it as a contact of the relation, not as a colleague.

    A supplier can invite anybody, a buyer too: what a buyer must do still comes as a colleague's.
    """
    if is_for_colleague(MessageKind(row.kind)):
        return False
    if row.relation_id is None:
        return MessageKind(row.kind) is not MessageKind.PASSWORD_LINK
    return row.contact is not None


def colleague(
    session: Session, customer_id: int, relation: RelationRow | None, today: date
) -> Colleague | None:
    """To whom a reader can answer: who has the relation in hand, or else the first manager.

    Answers by mail go to the team of the buyer, where it has an address.
    """
    found = reachable(session, customer_id, relation.buyer_id if relation else None, today)
    if found is not None:
        person = found.person
        return Colleague(name=person.name, email=found.reply_to or person.email, phone=person.phone)
    for manager in managers(session, customer_id):
        return Colleague(name=manager.name, email=manager.email, phone=manager.phone)
    return None


def managers(session: Session, customer_id: int) -> list[PersonRow]:
    """The customer's managers, the longest serving first."""
    return list(
        session.scalars(
            select(PersonRow)
            .join(MembershipRow, MembershipRow.person_id == PersonRow.id)
            .where(
                MembershipRow.organisation_id == customer_id,
                MembershipRow.role == Role.MANAGER,
                MembershipRow.ended_at.is_(None),
            )
            .order_by(MembershipRow.id)
        )
    )


def given_name(name: str) -> str:
    """The first name, for the greeting; the whole name where it begins with an initial."""
    first = name.split(" ")[0] if name else ""
    return name if first.endswith(".") or len(first) < 2 else first


def _in_place(session: Session, row: MessageRow, today: date) -> dict[str, Any]:
    """The colleague in whose place the reader gets it, and until when; nothing after that."""
    if row.stands_for is None:
        return {}
    until = stands_in_until(session, row, today)
    name = session.get_one(PersonRow, row.stands_for).name
    return {"in_place_of": name, "in_place_until": until} if until else {}


def _below(sender: Sender, path: str | None) -> str:
    return sender.public_url + path if path else ""


def _asked(milestone: MilestoneRow | None, locale: str) -> str:
    if milestone is None:
        return ""
    return milestone.description or step_need(milestone.title, locale) or ""
