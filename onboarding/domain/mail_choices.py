"""How often a contact wants to be reminded: its own choice; notices and answers pass it by."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from onboarding.domain.changes import Change
from onboarding.domain.errors import NotAllowed
from onboarding.domain.messages import REMINDERS, MessageKind
from onboarding.domain.people import Actor, Duty, Side


class MailRhythm(StrEnum):
    """When reminders go to one person, of all suppliers that the person is a contact of."""

    USUAL = "usual"  # on Monday, sooner where something is late or due within three days
    WEEKLY = "weekly"  # on Monday only
    URGENT = "urgent"  # only about a step that is late or due within three days
    NONE = "none"  # none at all: the buyer calls


class WatchRhythm(StrEnum):
    """When a colleague hears of changes at suppliers that it follows; they stand on a page too."""

    DAILY = "daily"  # on the next working morning
    WEEKLY = "weekly"  # on Monday morning, or the first working day after
    NONE = "none"  # not by mail


# Nobody is late with these: who wants to hear of urgent steps only does not get them.
NEVER_URGENT = REMINDERS - {MessageKind.MILESTONE_REMINDER}


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindersDeclined(Change):
    """A contact wants no reminders any more; what it must know still goes."""

    code: ClassVar[str] = "reminders-declined"
    relation_id: int
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindersChosen(Change):
    """A contact wants reminders, in this rhythm."""

    code: ClassVar[str] = "reminders-chosen"
    relation_id: int
    person_id: int
    rhythm: str


def is_wanted(kind: str, rhythm: str) -> bool:
    """Whether a message of this kind goes to who chose this; only reminders can be declined."""
    if rhythm == MailRhythm.NONE:
        return kind not in REMINDERS
    return rhythm != MailRhythm.URGENT or kind not in NEVER_URGENT


def choose(
    actor: Actor, relation_id: int, rhythm: MailRhythm
) -> RemindersDeclined | RemindersChosen:
    """A contact chooses, for itself only. Raises NotAllowed for anybody else."""
    actor.must(Duty.FILL_IN)
    if actor.side is not Side.SUPPLIER or actor.person_id is None:
        raise NotAllowed(duty=Duty.FILL_IN.value)
    if rhythm is MailRhythm.NONE:
        return RemindersDeclined(relation_id=relation_id, person_id=actor.person_id)
    return RemindersChosen(relation_id=relation_id, person_id=actor.person_id, rhythm=rhythm.value)
