"""Announces every change of a status or of a supplier's data, in a feed that skips nothing."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.announcements import (
    StatusChanged,
    brought_by_days,
    brought_by_record,
    next_change_on,
)
from onboarding.domain.eligibility import Period
from onboarding.store.announcements import (
    Announcement as Announcement,
)
from onboarding.store.announcements import (
    add_announcements,
    add_data_changes,
    changing_by,
    feed,
    give_positions,
    is_waiting,
    keep_next_changes,
)
from onboarding.store.assessments import NewTimeline, last_assessments
from onboarding.store.relations import lock_relations

BATCH = 500


def announce_records(
    session: Session,
    moment: Moment,
    customer_id: int,
    timelines: Sequence[NewTimeline],
    before: Mapping[int, Sequence[Period]],
) -> None:
    """What new assessments change today, after what days brought that nobody announced yet.

    `before` has the periods of the assessments before them. Part of the transaction that adds
    them, which holds the lock of each relation.
    """
    changes: list[StatusChanged] = []
    for one in timelines:
        stored, number = before.get(one.relation_id, ()), 0
        if one.last is not None:
            number = one.last.number
            changes += brought_by_days(one.relation_id, number, stored, moment.today)
        changes += brought_by_record(one.relation_id, number + 1, stored, one.periods)
    add_announcements(session, customer_id, changes, moment.now)
    keep_next_changes(
        session, {one.relation_id: next_change_on(one.periods, moment.today) for one in timelines}
    )


def announce_days(session: Session, moment: Moment) -> int:
    """One batch of the statuses that change because a day came; returns how many were announced.

    As long as `is_day_to_announce` there is another batch.
    """
    ids = changing_by(session, moment.today, BATCH)
    announced = 0
    relations = [
        relation
        for relation in lock_relations(session, ids)
        if relation.status_changes_on is not None and relation.status_changes_on <= moment.today
    ]
    last = last_assessments(session, [relation.id for relation in relations])
    for customer_id in sorted({relation.customer_id for relation in relations}):
        own = [relation.id for relation in relations if relation.customer_id == customer_id]
        changes = [
            change
            for relation_id in own
            for change in brought_by_days(
                relation_id, last[relation_id][0].number, last[relation_id][1], moment.today
            )
        ]
        announced += add_announcements(session, customer_id, changes, moment.now)
    keep_next_changes(
        session,
        {one.id: next_change_on(last[one.id][1], moment.today) for one in relations},
    )
    return announced


def is_day_to_announce(session: Session, moment: Moment) -> bool:
    """Whether a day came that brings a supplier another status."""
    return bool(changing_by(session, moment.today, 1))


def awaits_place(session: Session, moment: Moment) -> bool:
    """Whether something was announced that stands in no feed yet, and whose day has come."""
    return is_waiting(session, moment.today)


def put_in_feed(session: Session, moment: Moment) -> list[int]:
    """Give what was announced its place in the feed of its customer; returns what it was.

    Nothing of a day that has not come: a sweep that lives in it (`flask sweep --on`) records ahead.
    """
    return give_positions(session, moment.today)


def list_announcements(
    session: Session,
    customer_id: int,
    after: int,
    limit: int,
    kinds: Sequence[str] = (StatusChanged.code,),
) -> Sequence[Announcement]:
    """The next changes in the feed, after this position; those of statuses, or what is asked."""
    return feed(session, customer_id, after, limit, kinds)


def announce_data(session: Session, moment: Moment, relation_ids: Sequence[int]) -> None:
    """The data of suppliers changed, and their history tells it; part of that transaction."""
    add_data_changes(session, relation_ids, moment)
