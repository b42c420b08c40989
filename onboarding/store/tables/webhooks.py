"""Where a customer has changes sent to, and what was sent there."""

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from onboarding.store.database import Base
from onboarding.store.tables.columns import Code, Instant, JsonList, Key, Prose, ToOrganisation

WAITS = text("state = 'waiting'")


class WebhookEndpointRow(Base):
    """An address that is told of changes; all its instants are real ones, also in a demo.

    The secret is made again from the installation's own and `salt`; `old_salt` signs along until
    `old_until`. A worker that sends has it in hand until `lease_until`. After `failures` in a row
    nothing is sent before `resumes_at`.
    """

    __tablename__ = "webhook_endpoints"

    id: Mapped[Key]
    customer_id: Mapped[ToOrganisation]
    url: Mapped[Prose]
    kinds: Mapped[JsonList]
    salt: Mapped[str] = mapped_column(String(64))
    old_salt: Mapped[str | None] = mapped_column(String(64))
    old_until: Mapped[Instant | None]
    created_at: Mapped[Instant]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    disabled_at: Mapped[Instant | None]
    disabled_because: Mapped[Code | None]
    failures: Mapped[int] = mapped_column(default=0)
    resumes_at: Mapped[Instant | None]
    lease_owner: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[Instant | None]


class WebhookDeliveryRow(Base):
    """One event owed to one endpoint, once; `message_id` and `body` are the same at every try.

    `state`: waiting, delivered, dead. A test has no announcement. There is no body before the
    first try.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "message_id"),
        Index(
            "ix_webhook_deliveries_waits",
            "endpoint_id",
            "id",
            postgresql_where=WAITS,
            sqlite_where=WAITS,
        ),
    )

    id: Mapped[Key]
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("webhook_endpoints.id"), index=True)
    announcement_id: Mapped[int | None] = mapped_column(ForeignKey("announcements.id"), index=True)
    message_id: Mapped[str] = mapped_column(String(60))
    kind: Mapped[Code]
    state: Mapped[Code]
    owed_at: Mapped[Instant]
    next_at: Mapped[Instant]
    attempts: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[Instant | None]
    delivered_at: Mapped[Instant | None]
    last_status: Mapped[int | None]
    last_error: Mapped[Code | None]
    body: Mapped[Prose | None]
