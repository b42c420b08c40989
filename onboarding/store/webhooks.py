"""Endpoints of webhooks: found, recorded, and whose secrets sign."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onboarding.domain.errors import NotFound
from onboarding.domain.people import Role
from onboarding.domain.webhooks import (
    WebhookAdded,
    WebhookChanged,
    WebhookDisabled,
    WebhookEnabled,
    WebhookSecretRenewed,
)
from onboarding.store.history import Record, append
from onboarding.store.tables import MembershipRow, WebhookDeliveryRow, WebhookEndpointRow


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointLine:
    """An endpoint with how many deliveries wait and how many were given up."""

    endpoint: WebhookEndpointRow
    waiting: int
    dead: int


def add_endpoint(
    session: Session, change: WebhookAdded, salt: str, now: datetime, record: Record
) -> WebhookEndpointRow:
    row = WebhookEndpointRow(
        customer_id=record.actor.customer_id,
        url=change.url,
        kinds=list(change.kinds),
        salt=salt,
        created_at=now,
        created_by=record.actor.person_id,
        failures=0,
    )
    session.add(row)
    session.flush()
    append(session, change, record)
    return row


def record_changed(
    session: Session, row: WebhookEndpointRow, change: WebhookChanged, record: Record
) -> None:
    """Another address is tried at once: what the old one did says nothing about it."""
    row.url, row.kinds = change.url, list(change.kinds)
    row.failures, row.resumes_at = 0, None
    append(session, change, record)


def record_renewed(
    session: Session,
    row: WebhookEndpointRow,
    change: WebhookSecretRenewed,
    salt: str,
    record: Record,
) -> None:
    row.old_salt, row.old_until, row.salt = row.salt, change.old_until, salt
    append(session, change, record)


def record_disabled(
    session: Session,
    row: WebhookEndpointRow,
    change: WebhookDisabled,
    now: datetime,
    record: Record,
) -> None:
    row.disabled_at, row.disabled_because = now, change.because
    append(session, change, record)


def record_enabled(
    session: Session, row: WebhookEndpointRow, change: WebhookEnabled, record: Record
) -> None:
    row.disabled_at = row.disabled_because = row.resumes_at = None
    row.failures = 0
    append(session, change, record)


def endpoint_row(
    session: Session, customer_id: int, endpoint_id: int, *, lock: bool = False
) -> WebhookEndpointRow:
    """The endpoint. Raises NotFound, also for one of another customer."""
    query = select(WebhookEndpointRow).where(
        WebhookEndpointRow.id == endpoint_id, WebhookEndpointRow.customer_id == customer_id
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(query).first()
    if row is None:
        raise NotFound(webhook=endpoint_id)
    return row


def how_many(session: Session, customer_id: int) -> int:
    query = select(func.count()).where(WebhookEndpointRow.customer_id == customer_id)
    return session.scalar(query) or 0


def endpoint_lines(session: Session, customer_id: int) -> list[EndpointLine]:
    """All of a customer, those that are told of changes first, then the newest."""

    def counted(state: str) -> object:
        return (
            select(func.count())
            .where(
                WebhookDeliveryRow.endpoint_id == WebhookEndpointRow.id,
                WebhookDeliveryRow.state == state,
            )
            .scalar_subquery()
        )

    rows = session.execute(
        select(WebhookEndpointRow, counted("waiting"), counted("dead"))  # type: ignore[call-overload]
        .where(WebhookEndpointRow.customer_id == customer_id)
        .order_by(WebhookEndpointRow.disabled_at.is_not(None), WebhookEndpointRow.id.desc())
    )
    return [EndpointLine(endpoint=row, waiting=waits, dead=dead) for row, waits, dead in rows]


def salts_signing(row: WebhookEndpointRow, now: datetime) -> Sequence[str]:
    """The salts of the secrets that sign now, the newest first."""
    if row.old_salt is not None and row.old_until is not None and now < row.old_until:
        return row.salt, row.old_salt
    return (row.salt,)


def admins(session: Session, customer_id: int) -> list[int]:
    """Who manages the endpoints of a customer."""
    return list(
        session.scalars(
            select(MembershipRow.person_id).where(
                MembershipRow.organisation_id == customer_id,
                MembershipRow.role == Role.ADMIN,
                MembershipRow.ended_at.is_(None),
            )
        )
    )
