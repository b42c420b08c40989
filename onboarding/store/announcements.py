"""Announcements: recorded with what causes them, given a position when all can see them, read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, delete, exists, func, literal, null, select, text, update
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.announcements import StatusChanged, SupplierDataChanged
from onboarding.domain.eligibility import Reason, Status
from onboarding.store.assessments import reasons_as_json, reasons_value
from onboarding.store.database import INSERTS, insert_ignoring
from onboarding.store.tables import AnnouncementRow, RelationRow

NUMBERING_LOCK = 7_215_003  # of PostgreSQL, held until the end of the transaction
AT_ONCE = 5000
ROWS, RELATIONS = AnnouncementRow.__table__, RelationRow.__table__
FEED = (
    select(
        ROWS.c.position,
        ROWS.c.kind,
        ROWS.c.occurred_at,
        ROWS.c.relation_id,
        RELATIONS.c.kvk_number,
        RELATIONS.c.name,
        ROWS.c.from_status,
        ROWS.c.to_status,
        ROWS.c.starts_on,
        ROWS.c.reasons,
    )
    .join_from(ROWS, RELATIONS, RELATIONS.c.id == ROWS.c.relation_id)
    .where(
        ROWS.c.customer_id == bindparam("customer_id"),
        ROWS.c.position > bindparam("after"),
        ROWS.c.kind.in_(bindparam("kinds", expanding=True)),
    )
    .order_by(ROWS.c.position)
    .limit(bindparam("limit"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """One change in the feed of a customer; that of a supplier's data has no status."""

    position: int
    kind: str
    occurred_at: datetime
    relation_id: int
    kvk_number: str | None
    name: str
    from_status: Status | None
    to_status: Status | None
    starts_on: date
    reasons: tuple[Reason, ...]


def add_announcements(
    session: Session, customer_id: int, changes: Iterable[StatusChanged], now: datetime
) -> int:
    """Those that were not announced yet; the caller holds the lock of each relation."""
    rows = [
        {
            "customer_id": customer_id,
            "relation_id": change.relation_id,
            "kind": change.code,
            "number": change.number,
            "starts_on": change.starts_on,
            "from_status": change.from_status.value if change.from_status else None,
            "to_status": change.to_status.value,
            "reasons": reasons_as_json(change.reasons),
            "occurred_at": now,
        }
        for change in changes
    ]
    # In the order in which they follow each other, for each supplier: by day, then by record.
    rows.sort(key=lambda row: (row["relation_id"], row["number"], row["starts_on"]))
    return insert_ignoring(session, ROWS, rows)


def add_data_changes(session: Session, relation_ids: Sequence[int], moment: Moment) -> None:
    """That the data of these suppliers changed; the history of each tells it already.

    The caller holds the lock of each relation.
    """
    session.flush()
    table, insert = ROWS, INSERTS[session.get_bind().dialect.name]
    for start in range(0, len(relation_ids), AT_ONCE):
        rows = (
            select(
                RELATIONS.c.customer_id,
                RELATIONS.c.id,
                literal(SupplierDataChanged.code),
                RELATIONS.c.history_length,
                literal(moment.today, table.c.starts_on.type),
                null(),
                null(),
                literal([], table.c.reasons.type),
                literal(moment.now, table.c.occurred_at.type),
            )
            .where(RELATIONS.c.id.in_(relation_ids[start : start + AT_ONCE]))
            .order_by(RELATIONS.c.id)
        )
        session.execute(
            insert(table)
            .from_select(
                [
                    "customer_id",
                    "relation_id",
                    "kind",
                    "number",
                    "starts_on",
                    "from_status",
                    "to_status",
                    "reasons",
                    "occurred_at",
                ],
                rows,
                include_defaults=False,
            )
            .on_conflict_do_nothing()
        )


def changing_by(session: Session, today: date, limit: int) -> list[int]:
    """Relations whose status changes by a day that has come, by id."""
    return list(
        session.scalars(
            select(RelationRow.id)
            .where(RelationRow.status_changes_on <= today)
            .order_by(RelationRow.id)
            .limit(limit)
        )
    )


def keep_next_changes(session: Session, days: Mapping[int, date | None]) -> None:
    """Which day brings another status, of relations that are loaded and locked."""
    for relation_id, day in days.items():
        session.get_one(RelationRow, relation_id).status_changes_on = day
    session.flush()


def is_waiting(session: Session, today: date) -> bool:
    """Whether one has no position yet and its day has come."""
    return (
        session.scalar(
            select(ROWS.c.id).where(ROWS.c.position.is_(None), ROWS.c.starts_on <= today).limit(1)
        )
        is not None
    )


def give_positions(session: Session, today: date) -> list[int]:
    """Put at the end of their feeds what was committed since the last time; returns their ids.

    One at a time does so, and what it numbers is visible before the next one begins: positions
    can be seen in their order only, while ids of rows in open transactions cannot.

    What is of a day to come (a sweep was told to live in it) waits for that day.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": NUMBERING_LOCK})
    _forget_overtaken(session)
    waiting = (
        select(ROWS.c.id, ROWS.c.customer_id)
        .where(ROWS.c.position.is_(None), ROWS.c.starts_on <= today)
        .order_by(ROWS.c.id)
        .limit(AT_ONCE)
        .subquery()
    )
    last = ROWS.alias("last").c
    numbered = select(
        waiting.c.id,
        (
            func.row_number().over(partition_by=waiting.c.customer_id, order_by=waiting.c.id)
            + select(func.coalesce(func.max(last.position), 0))
            .where(last.customer_id == waiting.c.customer_id)
            .scalar_subquery()
        ).label("position"),
    ).subquery()
    given = session.execute(
        update(AnnouncementRow)
        .where(AnnouncementRow.id == numbered.c.id)
        .values(position=numbered.c.position)
        .returning(AnnouncementRow.id)
        .execution_options(synchronize_session=False)
    )
    return sorted(given.scalars())


def _forget_overtaken(session: Session) -> None:
    """What waited for a day to come, where something recorded later begins before that day."""
    later = ROWS.alias("later").c
    overtaken = exists().where(
        later.relation_id == AnnouncementRow.relation_id,
        later.kind == AnnouncementRow.kind,
        later.number > AnnouncementRow.number,
        later.starts_on < AnnouncementRow.starts_on,
    )
    session.execute(
        delete(AnnouncementRow)
        .where(AnnouncementRow.position.is_(None), overtaken)
        .execution_options(synchronize_session=False)
    )


def feed(
    session: Session, customer_id: int, after: int, limit: int, kinds: Sequence[str]
) -> Sequence[Announcement]:
    """What was announced of these kinds after this position, in order."""
    asked = {"customer_id": customer_id, "after": after, "limit": limit, "kinds": list(kinds)}
    rows = session.execute(FEED, asked)
    return [
        Announcement(
            position=row.position,
            kind=row.kind,
            occurred_at=row.occurred_at,
            relation_id=row.relation_id,
            kvk_number=row.kvk_number,
            name=row.name,
            from_status=Status(row.from_status) if row.from_status else None,
            to_status=Status(row.to_status) if row.to_status else None,
            starts_on=row.starts_on,
            reasons=reasons_value(row.reasons),
        )
        for row in rows
    ]
