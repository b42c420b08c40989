"""Who follows which suppliers, what changed of those, and who is to be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from onboarding.domain.announcements import StatusChanged
from onboarding.domain.mail_choices import WatchRhythm
from onboarding.store.database import insert_ignoring
from onboarding.store.published import LAST_ASSESSMENT
from onboarding.store.tables import (
    AnnouncementRow,
    MembershipRow,
    PersonRow,
    RelationRow,
    StatusPeriodRow,
    WatchRow,
)

OF_STATUS = AnnouncementRow.kind == StatusChanged.code


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of status of a supplier that somebody follows."""

    relation_id: int
    name: str
    from_status: str | None
    to_status: str
    starts_on: date
    occurred_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A supplier that somebody follows, with its status today."""

    relation_id: int
    name: str
    city: str | None
    status: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToTell:
    """A change that somebody is to be told of."""

    announcement_id: int
    customer_id: int
    person_id: int
    watch_id: int
    rhythm: str
    change: Change


def add_watches(
    session: Session, customer_id: int, person_id: int, relation_ids: Sequence[int], now: datetime
) -> int:
    """Those that were not followed yet; returns how many."""
    rows = [
        {
            "customer_id": customer_id,
            "relation_id": relation_id,
            "person_id": person_id,
            "made_at": now,
        }
        for relation_id in sorted(relation_ids)
    ]
    return insert_ignoring(session, WatchRow.__table__, rows)


def end_watch(session: Session, person_id: int, relation_id: int) -> None:
    session.execute(
        delete(WatchRow)
        .where(WatchRow.person_id == person_id, WatchRow.relation_id == relation_id)
        .execution_options(synchronize_session=False)
    )


def is_watched(session: Session, person_id: int, relation_id: int) -> bool:
    query = select(WatchRow.id).where(
        WatchRow.person_id == person_id, WatchRow.relation_id == relation_id
    )
    return session.scalar(query) is not None


def in_hand_of(session: Session, customer_id: int, person_id: int, today: date) -> Sequence[int]:
    """The relations of which somebody is the buyer, and which have not ended."""
    return session.scalars(
        select(RelationRow.id).where(
            RelationRow.customer_id == customer_id,
            RelationRow.buyer_id == person_id,
            or_(RelationRow.ended_on.is_(None), RelationRow.ended_on > today),
        )
    ).all()


def followed(session: Session, customer_id: int, person_id: int, today: date) -> list[Followed]:
    """By name."""
    rows = session.execute(
        select(RelationRow.id, RelationRow.name, RelationRow.city, StatusPeriodRow.status)
        .join(WatchRow, WatchRow.relation_id == RelationRow.id)
        .outerjoin(
            StatusPeriodRow,
            (StatusPeriodRow.assessment_id == LAST_ASSESSMENT)
            & (StatusPeriodRow.starts_on <= today)
            & (StatusPeriodRow.ends_on >= today),
        )
        .where(*_theirs(customer_id, person_id))
        .order_by(RelationRow.sort_name, RelationRow.id)
    )
    return [
        Followed(relation_id=row.id, name=row.name, city=row.city, status=row.status)
        for row in rows
    ]


def how_many(session: Session, customer_id: int, person_id: int) -> int:
    query = select(func.count()).select_from(WatchRow).where(*_theirs(customer_id, person_id))
    return session.scalar(query) or 0


def changes(
    session: Session, customer_id: int, person_id: int, since: datetime, limit: int
) -> list[Change]:
    """The latest first."""
    rows = session.execute(
        select(AnnouncementRow, RelationRow.name)
        .join(RelationRow, RelationRow.id == AnnouncementRow.relation_id)
        .join(WatchRow, WatchRow.relation_id == RelationRow.id)
        .where(*_theirs(customer_id, person_id), OF_STATUS, AnnouncementRow.occurred_at >= since)
        .order_by(AnnouncementRow.id.desc())
        .limit(limit)
    )
    return [_change(row, name) for row, name in rows]


def number_of_changes(session: Session, customer_id: int, person_id: int, since: datetime) -> int:
    query = (
        select(func.count())
        .select_from(AnnouncementRow)
        .join(WatchRow, WatchRow.relation_id == AnnouncementRow.relation_id)
        .where(*_theirs(customer_id, person_id), OF_STATUS, AnnouncementRow.occurred_at >= since)
    )
    return session.scalar(query) or 0


def whom_to_tell(session: Session, announcement_ids: Sequence[int]) -> list[ToTell]:
    """Everybody who follows a supplier of which one of these tells, wants mail and works there."""
    works = select(MembershipRow.id).where(
        MembershipRow.person_id == WatchRow.person_id,
        MembershipRow.organisation_id == WatchRow.customer_id,
        MembershipRow.ended_at.is_(None),
    )
    rows = session.execute(
        select(
            AnnouncementRow,
            RelationRow.name,
            WatchRow.id,
            WatchRow.person_id,
            PersonRow.watch_rhythm,
        )
        .join(RelationRow, RelationRow.id == AnnouncementRow.relation_id)
        .join(WatchRow, WatchRow.relation_id == RelationRow.id)
        .join(PersonRow, PersonRow.id == WatchRow.person_id)
        .where(
            AnnouncementRow.id.in_(announcement_ids),
            OF_STATUS,
            WatchRow.customer_id == AnnouncementRow.customer_id,
            PersonRow.watch_rhythm != WatchRhythm.NONE,
            works.exists(),
        )
        .order_by(AnnouncementRow.id, WatchRow.person_id)
    )
    return [
        ToTell(
            announcement_id=row.id,
            customer_id=row.customer_id,
            person_id=person_id,
            watch_id=watch_id,
            rhythm=rhythm,
            change=_change(row, name),
        )
        for row, name, watch_id, person_id, rhythm in rows
    ]


def _theirs(customer_id: int, person_id: int) -> tuple[ColumnElement[bool], ...]:
    return WatchRow.customer_id == customer_id, WatchRow.person_id == person_id


def _change(row: AnnouncementRow, name: str) -> Change:
    return Change(
        relation_id=row.relation_id,
        name=name,
        from_status=row.from_status,
        to_status=row.to_status or "",
        starts_on=row.starts_on,
        occurred_at=row.occurred_at,
    )
