"""Who agrees for a side: by id and function, when and through which channel."""

from onboarding.clock import Moment
from onboarding.domain.agreements import Signature
from onboarding.domain.errors import NotAllowed
from onboarding.domain.people import Actor, Channel, Role, Said, Side


def signature(
    actor: Actor, moment: Moment, function: str | None = None, said: Said | None = None
) -> Signature:
    """For the supplier when something it said is recorded, else for the actor's own side.

    A buyer's function is its role.
    """
    if said is not None:
        return Signature(
            side=Side.SUPPLIER,
            person_id=said.person_id,
            function=function or Role.SIGNATORY.value,
            signed_at=moment.now,
            channel=said.channel,
            recorded_by=actor.person_id,
        )
    if actor.person_id is None:
        raise NotAllowed(needs=["person"])
    return Signature(
        side=actor.side,
        person_id=actor.person_id,
        function=function or _role(actor),
        signed_at=moment.now,
        channel=Channel.PORTAL,
    )


def _role(actor: Actor) -> str:
    """The role that lets the actor agree, the highest first."""
    return next((role.value for role in Role if role in actor.roles), actor.side.value)
