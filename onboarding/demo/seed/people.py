"""The customer's own people: one for each role, and a second buyer. All made up."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.people import Actor, Role, Side
from onboarding.services.passwords import hash_password
from onboarding.store.tables import MembershipRow, PersonRow

DOMAIN = "rijnland-facilitair.example"
PASSWORD = "leverancier-welkom"  # of a demo on this machine only; the demo prints it


@dataclass(frozen=True, slots=True)
class Colleague:
    key: str
    name: str
    role: Role
    phone: str

    @property
    def email(self) -> str:
        return f"{self.key}@{DOMAIN}"


COLLEAGUES = (
    Colleague("ilse", "Ilse Verhagen", Role.ADMIN, "070 555 01 10"),
    Colleague("marit", "Marit van Dongen", Role.MANAGER, "070 555 01 11"),
    Colleague("bram", "Bram Kuipers", Role.BUYER, "070 555 01 12"),
    Colleague("joost", "Joost Peeters", Role.READER, "070 555 01 13"),
    Colleague("fatima", "Fatima el Amrani", Role.BUYER, "070 555 01 14"),
)


def add_colleagues(session: Session, moment: Moment, customer_id: int) -> dict[str, Actor]:
    """Rows with the demo's password, and each as the actor of what it will do.

    A service would mail them a link to choose a password, which a demo prints instead.
    """
    hashed = hash_password(PASSWORD)
    actors = {}
    for one in COLLEAGUES:
        person = PersonRow(
            email=one.email,
            name=one.name,
            phone=one.phone,
            locale="nl",
            password_hash=hashed,
            created_at=moment.now,
        )
        session.add(person)
        session.flush()
        session.add(
            MembershipRow(
                person_id=person.id,
                organisation_id=customer_id,
                role=one.role,
                started_at=moment.now,
            )
        )
        actors[one.key] = Actor(
            customer_id=customer_id,
            person_id=person.id,
            side=Side.BUYER,
            roles=frozenset({one.role}),
        )
    session.flush()
    return actors
