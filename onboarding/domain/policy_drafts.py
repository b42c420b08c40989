"""A policy that is not published: counted for what it would change, then prepared or dropped."""

from enum import StrEnum

from onboarding.domain.policy import Policies, Policy


class DraftState(StrEnum):
    """How far a draft is; the last three are its end."""

    COUNTING = "counting"  # whose status would change is being looked up
    COUNTED = "counted"
    PREPARING = "preparing"  # it is being published
    PUBLISHED = "published"
    REFUSED = "refused"  # meanwhile its day had come, or somebody else published
    DROPPED = "dropped"


BUSY = frozenset({DraftState.COUNTING, DraftState.PREPARING})
ENDED = frozenset({DraftState.PUBLISHED, DraftState.REFUSED, DraftState.DROPPED})


def with_draft(policies: Policies, draft: Policy) -> Policies:
    """The policies as they would be with the draft published."""
    versions = sorted(
        (*policies.versions, draft), key=lambda policy: (policy.starts_on, policy.version)
    )
    return Policies(tuple(versions))
