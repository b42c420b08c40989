"""A contact who says that the mail is not for them, and the buyer who says that it is after all."""

from dataclasses import dataclass
from typing import ClassVar

from onboarding.domain.changes import Change
from onboarding.domain.errors import InputInvalid, NotAllowed
from onboarding.domain.identifiers import email_from
from onboarding.domain.moves import BUYER, check
from onboarding.domain.people import Actor, Duty, Side

LONGEST_NAME, LONGEST_PHONE = 200, 40


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDoubted(Change):
    """Somebody said not to be the right person; who would be is not kept in the history."""

    code: ClassVar[str] = "contact-doubted"
    relation_id: int
    person_id: int
    names_another: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactConfirmed(Change):
    """A buyer asked, and it is the right person after all."""

    code: ClassVar[str] = "contact-confirmed"
    relation_id: int
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Another:
    """Who would be the right person, as far as the reader knows."""

    name: str = ""
    email: str = ""
    phone: str = ""

    def __bool__(self) -> bool:
        return bool(self.name or self.email or self.phone)


def another(name: str, email: str, phone: str) -> Another:
    """Raises InputInvalid for what is no address, or too long."""
    name, phone = " ".join(name.split()), " ".join(phone.split())
    for field, text, longest in (("name", name, LONGEST_NAME), ("phone", phone, LONGEST_PHONE)):
        if len(text) > longest:
            raise InputInvalid(field=field, reason="too-long", longest=longest)
    return Another(name=name, email=email_from(email) if email.strip() else "", phone=phone)


def doubt(actor: Actor, relation_id: int, *, names_another: bool) -> ContactDoubted:
    """A contact says it, of itself only. Raises NotAllowed for anybody else."""
    actor.must(Duty.FILL_IN)
    if actor.side is not Side.SUPPLIER or actor.person_id is None:
        raise NotAllowed(duty=Duty.FILL_IN.value)
    return ContactDoubted(
        relation_id=relation_id, person_id=actor.person_id, names_another=names_another
    )


def confirm(actor: Actor, relation_id: int, person_id: int) -> ContactConfirmed:
    check(actor, BUYER)
    return ContactConfirmed(relation_id=relation_id, person_id=person_id)
