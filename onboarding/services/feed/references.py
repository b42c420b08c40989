"""The supplier that a program means."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from sqlalchemy.orm import Session

from onboarding.domain.people import Actor
from onboarding.domain.references import Ref, RefAmbiguous, RefUnknown, own_ref
from onboarding.store.references import Found, with_reference


class Candidate(Protocol):
    """A supplier that a reference can mean."""

    @property
    def relation_id(self) -> int: ...
    @property
    def kvk_number(self) -> str | None: ...
    @property
    def name(self) -> str: ...
    @property
    def division(self) -> str | None: ...


Meant = TypeVar("Meant", bound=Candidate)


def find_supplier(session: Session, actor: Actor, ref: Ref) -> Found:
    """The one supplier of the actor's customer. Raises RefUnknown, RefAmbiguous."""
    return the_one(ref, with_reference(session, actor.customer_id, ref))


def the_one(ref: Ref, found: Sequence[Meant]) -> Meant:
    """The only one found. Raises RefUnknown, RefAmbiguous."""
    if not found:
        raise RefUnknown(ref=str(ref))
    if len(found) > 1:
        raise RefAmbiguous(
            ref=str(ref),
            candidates=[
                {
                    "ref": own_ref(one.relation_id),
                    "kvk_number": one.kvk_number,
                    "name": one.name,
                    "division": one.division,
                }
                for one in found
            ],
        )
    return found[0]
