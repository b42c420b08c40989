"""How much mail a person or a domain gets, and how long delivery waits for a server in trouble."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from onboarding.domain.messages import ACCESS, MessageKind
from onboarding.domain.reminders import SENDS_FROM

MINUTE = timedelta(minutes=1)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=30)

# Somebody waits for it, or days are counted from it: never held back for the number of mails.
UNLIMITED = ACCESS | {MessageKind.FORMAL_NOTICE, MessageKind.BLOCK_ANNOUNCED}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailLimits:
    """The most mails to one person in a day, and to one domain in a minute; 0 is without limit."""

    per_person: int = 20
    per_domain: int = 60


USUAL = MailLimits()


def day_of(local: datetime) -> datetime:
    """The first instant of the day."""
    return datetime.combine(local.date(), time.min, local.tzinfo)


def next_morning(local: datetime) -> datetime:
    """When what is too much for today may go."""
    return datetime.combine(local.date() + timedelta(days=1), SENDS_FROM, local.tzinfo)


def minute_of(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0)


def pause_after(failures: int) -> timedelta:
    """Until the next trial mail: twice as long after each that failed, up to half an hour."""
    doubled: int = 2 ** min(max(failures, 1) - 1, 10)
    return min(FIRST_PAUSE * doubled, LONGEST_PAUSE)
