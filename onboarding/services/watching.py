"""Following suppliers: what changed of their status, on a page and in one mail a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import NotAllowed
from onboarding.domain.mail_choices import WatchRhythm
from onboarding.domain.messages import MessageKind
from onboarding.domain.people import Actor, Duty
from onboarding.domain.reminders import SENDS_FROM
from onboarding.domain.workdays import WorkingCalendar
from onboarding.services.mail.messages import Owed, owe_each
from onboarding.services.mail.piles import next_morning
from onboarding.services.statuses import policies_of
from onboarding.store import watches as store
from onboarding.store.relations import visible_relation
from onboarding.store.tables import PersonRow
from onboarding.store.watches import Change, Followed

SHOWN = timedelta(days=30)
NEW = timedelta(days=7)
MOST_CHANGES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """What somebody follows, and what changed of it in the last thirty days."""

    suppliers: Sequence[Followed]
    changes: Sequence[Change]
    rhythm: WatchRhythm


def follow(session: Session, actor: Actor, moment: Moment, relation_id: int) -> None:
    """Followed twice is followed once. Raises NotFound."""
    person_id = _person(actor)
    visible_relation(session, actor, relation_id)
    store.add_watches(session, actor.customer_id, person_id, [relation_id], moment.now)


def stop_following(session: Session, actor: Actor, relation_id: int) -> None:
    """Raises NotFound."""
    person_id = _person(actor)
    visible_relation(session, actor, relation_id)
    store.end_watch(session, person_id, relation_id)


def follow_own(session: Session, actor: Actor, moment: Moment) -> int:
    """All suppliers of this buyer, as they are now; returns how many were not followed yet."""
    actor.must(Duty.BUY)
    person_id = _person(actor)
    ids = store.in_hand_of(session, actor.customer_id, person_id, moment.today)
    return store.add_watches(session, actor.customer_id, person_id, ids, moment.now)


def follows(session: Session, actor: Actor, relation_id: int) -> bool:
    return store.is_watched(session, actor.person_id or 0, relation_id)


def choose_rhythm(session: Session, actor: Actor, rhythm: WatchRhythm) -> None:
    """The reader's own choice, from the next change on; who wants none does not get what waits."""
    person = session.get_one(PersonRow, _person(actor), populate_existing=True)
    person.watch_rhythm = rhythm.value


def read_watching(session: Session, actor: Actor, moment: Moment) -> Watching:
    person_id = _person(actor)
    since = moment.now - SHOWN
    return Watching(
        suppliers=store.followed(session, actor.customer_id, person_id, moment.today),
        changes=store.changes(session, actor.customer_id, person_id, since, MOST_CHANGES),
        rhythm=WatchRhythm(session.get_one(PersonRow, person_id).watch_rhythm),
    )


def new_changes(session: Session, actor: Actor, moment: Moment) -> int | None:
    """How many there were in the last week; None for who follows nobody."""
    person_id = actor.person_id or 0
    if not store.how_many(session, actor.customer_id, person_id):
        return None
    return store.number_of_changes(session, actor.customer_id, person_id, moment.now - NEW)


def owe_to_followers(
    session: Session, moment: Moment, zone: tzinfo, announcement_ids: Sequence[int]
) -> int:
    """Owe what has just got its place in the feed to who follows, for the next working morning.

    All that comes until then goes in that one mail. Returns how many were new.
    """
    found = store.whom_to_tell(session, announcement_ids) if announcement_ids else []
    mornings: dict[tuple[int, str], datetime] = {}
    each: list[tuple[int, Owed, int]] = []
    for one in found:
        when = one.customer_id, one.rhythm
        if when not in mornings:
            calendar = policies_of(session, one.customer_id).on(moment.today).calendar
            after = monday_after if one.rhythm == WatchRhythm.WEEKLY else morning_after
            mornings[when] = after(moment.now.astimezone(zone), calendar)
        facts = {
            "watch_id": one.watch_id,
            "supplier": one.change.name,
            "from_status": one.change.from_status,
            "to_status": one.change.to_status,
            "starts_on": one.change.starts_on,
        }
        owed = Owed(
            kind=MessageKind.WATCHED,
            about=str(one.announcement_id),
            facts=facts,
            due_at=mornings[when],
        )
        each.append((one.customer_id, owed, one.person_id))
    return owe_each(session, moment, each)


def morning_after(local: datetime, calendar: WorkingCalendar) -> datetime:
    """Eight o'clock of this working day, or of the next where it is past."""
    if calendar.is_working(local.date()) and local.time() < SENDS_FROM:
        return datetime.combine(local.date(), SENDS_FROM, local.tzinfo)
    return next_morning(local, calendar)


def monday_after(local: datetime, calendar: WorkingCalendar) -> datetime:
    """Eight o'clock on Monday, or on the first working day after; this Monday where it is to be."""
    first = morning_after(local, calendar)
    if local.weekday() == 0 and first.date() == local.date():
        return first
    monday = local + timedelta(days=7 - local.weekday())
    return morning_after(datetime.combine(monday.date(), time(), local.tzinfo), calendar)


def _person(actor: Actor) -> int:
    actor.must(Duty.READ)
    if actor.person_id is None:
        raise NotAllowed
    return actor.person_id
