"""Users of the customer's side: who is let in, in which role, and who is let out again."""

from dataclasses import dataclass
from typing import ClassVar

from onboarding.domain.access import LastAdministrator
from onboarding.domain.changes import Change
from onboarding.domain.errors import InputInvalid
from onboarding.domain.people import CUSTOMER_ROLES, Actor, Duty, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGiven(Change):
    """Somebody got a role in the customer's organisation."""

    code: ClassVar[str] = "role-given"
    person_id: int
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleTaken(Change):
    code: ClassVar[str] = "role-taken"
    person_id: int
    role: Role


def change_roles(
    person_id: int,
    held: frozenset[Role],
    wanted: frozenset[Role],
    actor: Actor,
    administrators: frozenset[int],
) -> tuple[RoleGiven | RoleTaken, ...]:
    """What it takes to have `wanted` in place of `held`; nothing wanted ends the membership.

    `administrators` are the people who administer now; one of them stays.
    """
    actor.must(Duty.ADMINISTER)
    if not wanted <= set(CUSTOMER_ROLES):
        raise InputInvalid(field="roles", reason="unknown")
    if Role.ADMIN in held - wanted and administrators <= {person_id}:
        raise LastAdministrator
    given = (RoleGiven(person_id=person_id, role=role) for role in sorted(wanted - held))
    taken = (RoleTaken(person_id=person_id, role=role) for role in sorted(held - wanted))
    return (*given, *taken)
