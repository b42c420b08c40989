"""Who acts: sides, roles, and what each role may do."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from onboarding.domain.errors import NotAllowed


class Side(StrEnum):
    """A side of a relation, or the outside world (a certifying body)."""

    BUYER = "buyer"
    SUPPLIER = "supplier"
    OUTSIDE = "outside"


class Role(StrEnum):
    """Held per person and side of a relation."""

    ADMIN = "admin"
    MANAGER = "manager"
    BUYER = "buyer"
    READER = "reader"
    SIGNATORY = "signatory"
    CONTACT = "contact"
    ADVISER = "adviser"


CUSTOMER_ROLES = (Role.ADMIN, Role.MANAGER, Role.BUYER, Role.READER)
SUPPLIER_ROLES = (Role.SIGNATORY, Role.CONTACT, Role.ADVISER)


class Duty(StrEnum):
    """What a role is for."""

    ADMINISTER = "administer"  # users, tokens, settings
    GOVERN = "govern"  # policy, block, stop, end a relation, beyond limits, hand-over
    BUY = "buy"  # suppliers, enrol, pathways, review, waive, verify, grant, exempt, on behalf
    READ = "read"
    AGREE = "agree"  # for the supplier, with a function
    REPORT = "report"  # report, upload, ask, reply, submit, invite colleagues
    FILL_IN = "fill-in"  # prepare without submitting


DUTIES: dict[Role, frozenset[Duty]] = {
    Role.ADMIN: frozenset({Duty.ADMINISTER, Duty.READ}),
    Role.MANAGER: frozenset({Duty.GOVERN, Duty.BUY, Duty.READ}),
    Role.BUYER: frozenset({Duty.BUY, Duty.READ}),
    Role.READER: frozenset({Duty.READ}),
    Role.SIGNATORY: frozenset({Duty.AGREE, Duty.REPORT, Duty.FILL_IN}),
    Role.CONTACT: frozenset({Duty.REPORT, Duty.FILL_IN}),
    Role.ADVISER: frozenset({Duty.FILL_IN}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who does something, and in which capacity.

    `customer_id` is the customer organisation whose relations are in sight. A supplier's actor
    sees one relation, `relation_id`. The tool itself acts with no person.
    """

    customer_id: int
    person_id: int | None
    side: Side
    roles: frozenset[Role] = frozenset()
    relation_id: int | None = None

    @property
    def duties(self) -> frozenset[Duty]:
        return frozenset().union(*(DUTIES[role] for role in self.roles))

    def may(self, duty: Duty) -> bool:
        return duty in self.duties

    def must(self, duty: Duty) -> None:
        """Raises NotAllowed where the actor's roles lack the duty."""
        if not self.may(duty):
            raise NotAllowed(duty=duty.value)


def the_tool(customer_id: int) -> Actor:
    """The tool itself: what happens because a day has come."""
    return Actor(customer_id=customer_id, person_id=None, side=Side.BUYER)


class Channel(StrEnum):
    """How something was said."""

    PORTAL = "portal"
    PHONE = "phone"
    MAIL = "mail"
    MEETING = "meeting"
    LETTER = "letter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a supplier said outside the portal and a buyer records on its behalf.

    `person_id` is the contact who said it. The day it was said decides whether it was in time;
    the status changes from the day of recording.
    """

    said_on: date
    channel: Channel
    person_id: int
