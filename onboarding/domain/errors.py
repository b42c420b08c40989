"""What can go wrong by somebody's doing: a permanent code, facts, and no words."""

from typing import Any, ClassVar


class DomainError(Exception):
    """Something asked for cannot be done; `code` and `facts` say why."""

    code: ClassVar[str] = "refused"

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.code, facts)
        self.facts = facts


class NotFound(DomainError):
    """There is no such thing, or not for whoever asks."""

    code = "not-found"


class NotAllowed(DomainError):
    """The actor's role does not allow this."""

    code = "not-allowed"


class VersionOutdated(DomainError):
    """Somebody changed it since the actor looked; facts: `seen`, `current`."""

    code = "version-outdated"


class InputInvalid(DomainError):
    """A value cannot be used; facts: `field`, `reason`, and what the reason names."""

    code = "input-invalid"


class MoveRefused(DomainError):
    """A state does not lead to the other; facts: `from_state`, `to_state`."""

    code = "move-refused"


class LimitReached(DomainError):
    """Only a manager goes beyond a limit of the policy; facts: `limit` and what it limits."""

    code = "limit-reached"


class AlreadyOpen(DomainError):
    """There is one already, and there can be only one; facts: `what`."""

    code = "already-open"


class SentTwice(DomainError):
    """Just this was recorded a moment ago, as by a second click; it is not recorded again."""

    code = "sent-twice"
