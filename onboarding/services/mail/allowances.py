"""Whether one more mail may go to a person or a domain now; if not, from when on."""

from datetime import datetime, timedelta, tzinfo

from sqlalchemy.orm import Session

from onboarding.domain.mail_limits import (
    MINUTE,
    UNLIMITED,
    MailLimits,
    day_of,
    minute_of,
    next_morning,
)
from onboarding.store import allowances as store

KEPT = timedelta(days=2)


def person_waits_until(
    session: Session, now: datetime, zone: tzinfo, limits: MailLimits, person_id: int, kind: str
) -> datetime | None:
    """None where the mail may go, and is counted; else the morning on which it may."""
    if kind in UNLIMITED or not limits.per_person:
        return None
    local = now.astimezone(zone)
    if store.take_one(session, f"person:{person_id}", day_of(local), limits.per_person):
        return None
    return next_morning(local)


def domain_waits_until(
    session: Session, now: datetime, limits: MailLimits, recipient: str, kind: str
) -> datetime | None:
    """None where the mail may go, and is counted; else the minute in which it may."""
    if kind in UNLIMITED or not limits.per_domain:
        return None
    domain = recipient.rpartition("@")[2].lower()
    starts_at = minute_of(now)
    if store.take_one(session, f"domain:{domain}", starts_at, limits.per_domain):
        return None
    return starts_at + MINUTE


def forget_old(session: Session, now: datetime) -> None:
    store.forget_before(session, now - KEPT)
