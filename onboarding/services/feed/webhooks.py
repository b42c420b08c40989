"""Where changes are sent to: endpoints added, changed, tested, switched off and on, and replayed.

They live on real time, as tokens do, also where the demo's date runs ahead.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain import webhooks as rules
from onboarding.domain.errors import InputInvalid, MoveRefused, NotFound
from onboarding.domain.people import Actor, Duty
from onboarding.domain.webhooks import TEST, Disabled, url_from
from onboarding.store import webhook_deliveries as deliveries
from onboarding.store import webhooks as store
from onboarding.store.history import Record
from onboarding.store.tables import WebhookDeliveryRow, WebhookEndpointRow
from onboarding.store.webhooks import EndpointLine
from onboarding.webhooks.addresses import is_allowed
from onboarding.webhooks.signing import secret_of

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeper:
    """What endpoints need of the settings, and the real instant."""

    secret_key: str
    may_be_inside: bool
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointView:
    """An endpoint with a page of its log."""

    endpoint: WebhookEndpointRow
    old_signs: bool
    log: Sequence[WebhookDeliveryRow]
    number: int
    pages: int


def add_endpoint(
    session: Session, actor: Actor, moment: Moment, keeper: Keeper, url: str, kinds: Sequence[str]
) -> tuple[int, str]:
    """Its number and its secret, which no page shows again; changes from now on are sent."""
    actor.must(Duty.ADMINISTER)
    added = rules.add(
        url=_checked(url, keeper),
        kinds=tuple(kinds),
        existing=store.how_many(session, actor.customer_id),
        actor=actor,
    )
    salt = secrets.token_hex(16)
    row = store.add_endpoint(session, added, salt, keeper.now, _record(actor, moment))
    return row.id, secret_of(keeper.secret_key, row.id, salt)


def change_endpoint(
    session: Session,
    actor: Actor,
    moment: Moment,
    keeper: Keeper,
    endpoint_id: int,
    url: str,
    kinds: Sequence[str],
) -> None:
    row = _locked(session, actor, endpoint_id)
    changed = rules.change(row.id, url=_checked(url, keeper), kinds=tuple(kinds), actor=actor)
    store.record_changed(session, row, changed, _record(actor, moment))


def renew_secret(
    session: Session, actor: Actor, moment: Moment, keeper: Keeper, endpoint_id: int
) -> str:
    """A new secret, which no page shows again; the old one signs along for a day."""
    row = _locked(session, actor, endpoint_id)
    renewed = rules.renew_secret(row.id, row.url, keeper.now, actor)
    salt = secrets.token_hex(16)
    store.record_renewed(session, row, renewed, salt, _record(actor, moment))
    return secret_of(keeper.secret_key, row.id, salt)


def disable_endpoint(
    session: Session, actor: Actor, moment: Moment, keeper: Keeper, endpoint_id: int
) -> None:
    row = _locked(session, actor, endpoint_id)
    is_disabled = row.disabled_at is not None
    disabled = rules.disable(row.id, row.url, is_disabled, Disabled.BY_HAND, actor)
    store.record_disabled(session, row, disabled, keeper.now, _record(actor, moment))


def enable_endpoint(session: Session, actor: Actor, moment: Moment, endpoint_id: int) -> None:
    """What waited goes at once; what was announced meanwhile goes by `replay_since`."""
    row = _locked(session, actor, endpoint_id)
    enabled = rules.enable(row.id, row.url, row.disabled_at is not None, actor)
    store.record_enabled(session, row, enabled, _record(actor, moment))


def send_test(session: Session, actor: Actor, keeper: Keeper, endpoint_id: int) -> None:
    """A made-up event, to see whether the receiver takes it."""
    row = _locked(session, actor, endpoint_id)
    if row.disabled_at is not None:
        raise MoveRefused(from_state="disabled", to_state="tested")
    message_id = f"test-{secrets.token_hex(5)}"
    deliveries.add_test(session, row.id, message_id, TEST, keeper.now)
    row.resumes_at = None


def replay(
    session: Session, actor: Actor, keeper: Keeper, endpoint_id: int, delivery_id: int
) -> None:
    """Send one delivery again, under its own id. Raises NotFound."""
    row = _locked(session, actor, endpoint_id)
    found = deliveries.delivery_row(session, row.id, delivery_id)
    if found is None:
        raise NotFound(delivery=delivery_id)
    if row.disabled_at is not None:
        raise MoveRefused(from_state="disabled", to_state="waiting")
    found.state, found.attempts, found.next_at = deliveries.WAITING, 0, keeper.now
    row.resumes_at = None


def replay_since(
    session: Session, actor: Actor, keeper: Keeper, endpoint_id: int, since: datetime
) -> int:
    """Send all that was announced since then, again or for the first time; returns how many."""
    row = _locked(session, actor, endpoint_id)
    if row.disabled_at is not None:
        raise MoveRefused(from_state="disabled", to_state="waiting")
    row.resumes_at = None
    session.flush()
    return deliveries.owe_since(session, row, since, keeper.now)


def list_endpoints(session: Session, actor: Actor) -> list[EndpointLine]:
    actor.must(Duty.ADMINISTER)
    return store.endpoint_lines(session, actor.customer_id)


def read_endpoint(
    session: Session, actor: Actor, now: datetime, endpoint_id: int, page: int = 1
) -> EndpointView:
    """Raises NotFound."""
    actor.must(Duty.ADMINISTER)
    row = store.endpoint_row(session, actor.customer_id, endpoint_id)
    pages = max(1, -(-deliveries.log_length(session, row.id) // PAGE))
    number = min(max(page, 1), pages)
    return EndpointView(
        endpoint=row,
        old_signs=len(store.salts_signing(row, now)) > 1,
        log=deliveries.log_of(session, row.id, number, PAGE),
        number=number,
        pages=pages,
    )


def _checked(text: str, keeper: Keeper) -> str:
    url = url_from(text, may_be_inside=keeper.may_be_inside)
    host = rules.host_of(url)
    if rules.is_numeric(host) and not is_allowed(host, may_be_inside=keeper.may_be_inside):
        raise InputInvalid(field="url", reason="webhook-inside")
    return url


def _locked(session: Session, actor: Actor, endpoint_id: int) -> WebhookEndpointRow:
    actor.must(Duty.ADMINISTER)
    return store.endpoint_row(session, actor.customer_id, endpoint_id, lock=True)


def _record(actor: Actor, moment: Moment) -> Record:
    return Record(actor=actor, moment=moment, is_shared=False)
