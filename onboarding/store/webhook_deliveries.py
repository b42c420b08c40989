"""What is owed to endpoints: each event once, who has an endpoint in hand, what came of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, exists, func, literal, literal_column, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from onboarding.store.database import INSERTS
from onboarding.store.owing import words
from onboarding.store.tables import AnnouncementRow, WebhookDeliveryRow, WebhookEndpointRow

WAITING, DELIVERED, DEAD = "waiting", "delivered", "dead"


def owe_announced(session: Session, announcement_ids: Sequence[int], now: datetime) -> int:
    """Owe these announcements to every endpoint that wants them; returns how many were new."""
    customers = select(AnnouncementRow.customer_id).where(AnnouncementRow.id.in_(announcement_ids))
    endpoints = session.execute(
        select(WebhookEndpointRow.id, WebhookEndpointRow.customer_id, WebhookEndpointRow.kinds)
        .where(
            WebhookEndpointRow.customer_id.in_(customers),
            WebhookEndpointRow.disabled_at.is_(None),
        )
        .order_by(WebhookEndpointRow.id)
    ).all()
    return sum(
        _owe(
            session,
            one.id,
            _announced(one.customer_id, one.kinds).where(AnnouncementRow.id.in_(announcement_ids)),
            now,
        )
        for one in endpoints
    )


def owe_since(session: Session, row: WebhookEndpointRow, since: datetime, now: datetime) -> int:
    """Owe an endpoint all that was announced since then, again where it was sent before."""
    wanted = _announced(row.customer_id, row.kinds).where(AnnouncementRow.occurred_at >= since)
    _owe(session, row.id, wanted, now)
    return _change(
        session,
        update(WebhookDeliveryRow)
        .where(
            WebhookDeliveryRow.endpoint_id == row.id,
            WebhookDeliveryRow.announcement_id.in_(
                wanted.with_only_columns(AnnouncementRow.id).order_by(None)
            ),
        )
        .values(state=WAITING, attempts=0, next_at=now),
    )


def _announced(customer_id: int, kinds: Iterable[str]) -> Select[Any]:
    return (
        select(AnnouncementRow)
        .where(
            AnnouncementRow.customer_id == customer_id,
            AnnouncementRow.position.is_not(None),
            AnnouncementRow.kind.in_(list(kinds)),
        )
        .order_by(AnnouncementRow.position)
    )


def _owe(session: Session, endpoint_id: int, wanted: Select[Any], now: datetime) -> int:
    instant = WebhookDeliveryRow.owed_at.type
    rows = wanted.with_only_columns(
        literal(endpoint_id).label("endpoint_id"),
        AnnouncementRow.id.label("announcement_id"),
        words("evt-", AnnouncementRow.customer_id, "-", AnnouncementRow.position).label(
            "message_id"
        ),
        AnnouncementRow.kind.label("kind"),
        literal(WAITING).label("state"),
        literal(now, instant).label("owed_at"),
        literal(now, instant).label("next_at"),
        literal(0).label("attempts"),
    )
    names = [column.name for column in rows.selected_columns]
    insert = INSERTS[session.get_bind().dialect.name]
    statement = (
        insert(WebhookDeliveryRow.__table__)
        .from_select(names, rows, include_defaults=False)
        .on_conflict_do_nothing()
        .returning(literal_column("1"))
    )
    return len(session.execute(statement).all())


def add_test(session: Session, endpoint_id: int, message_id: str, kind: str, now: datetime) -> None:
    session.add(
        WebhookDeliveryRow(
            endpoint_id=endpoint_id,
            message_id=message_id,
            kind=kind,
            state=WAITING,
            owed_at=now,
            next_at=now,
            attempts=0,
        )
    )
    session.flush()


def claim(
    session: Session, now: datetime, owner: str, until: datetime, limit: int
) -> Sequence[int]:
    """Take endpoints that have something due and are in nobody's hand."""
    due = exists().where(
        WebhookDeliveryRow.endpoint_id == WebhookEndpointRow.id,
        WebhookDeliveryRow.state == WAITING,
        WebhookDeliveryRow.next_at <= now,
    )
    waiting = (
        select(WebhookEndpointRow.id)
        .where(
            WebhookEndpointRow.disabled_at.is_(None),
            or_(WebhookEndpointRow.resumes_at.is_(None), WebhookEndpointRow.resumes_at <= now),
            or_(WebhookEndpointRow.lease_until.is_(None), WebhookEndpointRow.lease_until < now),
            due,
        )
        .order_by(WebhookEndpointRow.id)
        .limit(limit)
    )
    if session.get_bind().dialect.name == "postgresql":
        locked = waiting.with_for_update(skip_locked=True).cte("due").prefix_with("MATERIALIZED")
        waiting = select(locked.c.id)
    return session.scalars(
        update(WebhookEndpointRow)
        .where(WebhookEndpointRow.id.in_(waiting))
        .values(lease_owner=owner, lease_until=until)
        .returning(WebhookEndpointRow.id)
        .execution_options(synchronize_session=False)
    ).all()


def is_anything_due(session: Session, now: datetime) -> bool:
    """Asked before anything is locked; what is in another worker's hand counts too."""
    query = (
        select(WebhookDeliveryRow.id)
        .join(WebhookEndpointRow, WebhookEndpointRow.id == WebhookDeliveryRow.endpoint_id)
        .where(
            WebhookDeliveryRow.state == WAITING,
            WebhookDeliveryRow.next_at <= now,
            WebhookEndpointRow.disabled_at.is_(None),
            or_(WebhookEndpointRow.resumes_at.is_(None), WebhookEndpointRow.resumes_at <= now),
        )
    )
    return session.scalar(query.limit(1)) is not None


def renew(session: Session, endpoint_id: int, owner: str, until: datetime | None) -> bool:
    """Hold the endpoint for longer, or let it go; False where another worker has it by now."""
    held = _change(
        session,
        update(WebhookEndpointRow)
        .where(WebhookEndpointRow.id == endpoint_id, WebhookEndpointRow.lease_owner == owner)
        .values(lease_until=until, lease_owner=owner if until else None),
    )
    return held == 1


def keep_body(session: Session, delivery_id: int, body: str) -> None:
    """What goes out now is what every later try says."""
    _change(
        session,
        update(WebhookDeliveryRow)
        .where(WebhookDeliveryRow.id == delivery_id, WebhookDeliveryRow.body.is_(None))
        .values(body=body),
    )


def next_due(session: Session, endpoint_id: int, now: datetime) -> WebhookDeliveryRow | None:
    """The oldest that may go."""
    return session.scalars(
        select(WebhookDeliveryRow)
        .where(
            WebhookDeliveryRow.endpoint_id == endpoint_id,
            WebhookDeliveryRow.state == WAITING,
            WebhookDeliveryRow.next_at <= now,
        )
        .order_by(WebhookDeliveryRow.id)
        .limit(1)
        .execution_options(populate_existing=True)
    ).first()


def all_due_now(session: Session, endpoint_id: int, now: datetime) -> None:
    """The endpoint works again: what waits for a later try goes at once."""
    _change(
        session,
        update(WebhookDeliveryRow)
        .where(
            WebhookDeliveryRow.endpoint_id == endpoint_id,
            WebhookDeliveryRow.state == WAITING,
            WebhookDeliveryRow.next_at > now,
        )
        .values(next_at=now),
    )


def delivery_row(session: Session, endpoint_id: int, delivery_id: int) -> WebhookDeliveryRow | None:
    row = session.get(WebhookDeliveryRow, delivery_id, populate_existing=True)
    return row if row is not None and row.endpoint_id == endpoint_id else None


def log_of(session: Session, endpoint_id: int, page: int, size: int) -> list[WebhookDeliveryRow]:
    """The deliveries of an endpoint, the newest first; one more than a page tells of another."""
    return list(
        session.scalars(
            select(WebhookDeliveryRow)
            .where(WebhookDeliveryRow.endpoint_id == endpoint_id)
            .order_by(WebhookDeliveryRow.id.desc())
            .offset((page - 1) * size)
            .limit(size)
        )
    )


def log_length(session: Session, endpoint_id: int) -> int:
    query = select(func.count()).where(WebhookDeliveryRow.endpoint_id == endpoint_id)
    return session.scalar(query) or 0


def forget_before(session: Session, instant: datetime) -> int:
    """Take what was delivered or given up long ago out of the log."""
    return _change(
        session,
        delete(WebhookDeliveryRow).where(
            WebhookDeliveryRow.state != WAITING, WebhookDeliveryRow.owed_at < instant
        ),
    )


def _change(session: Session, statement: Any) -> int:
    result = session.execute(statement.execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult)
    return result.rowcount
