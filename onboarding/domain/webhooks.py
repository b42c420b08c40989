"""Webhooks: where changes may be sent to, and how long a failing address is tried."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address
from typing import ClassVar
from urllib.parse import urlsplit

from onboarding.domain.announcements import ANNOUNCED
from onboarding.domain.changes import Change
from onboarding.domain.errors import InputInvalid, MoveRefused
from onboarding.domain.people import Actor, Duty

KINDS = ANNOUNCED
TEST = "webhook.test"
LONGEST_URL = 500
MOST_ENDPOINTS = 20
OLD_SECRET_SIGNS = timedelta(hours=24)
# Between one try and the next; after the last of them it is given up, four days after the first.
WAITS = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
    timedelta(hours=24),
)
# However long an address fails, it is tried with one delivery this often.
LONGEST_REST = timedelta(hours=1)
LONGEST_RETRY_AFTER = timedelta(hours=24)


class Trouble(StrEnum):
    """Why a delivery did not arrive."""

    NO_NAME = "name-not-found"
    INSIDE = "address-refused"
    NO_CONNECTION = "no-connection"
    CERTIFICATE = "certificate-refused"
    TIMEOUT = "timeout"
    NO_ANSWER = "no-answer"
    REDIRECT = "redirected"
    GONE = "gone"
    STATUS = "status"


class Disabled(StrEnum):
    """Why nothing is sent to an endpoint any more."""

    BY_HAND = "by-hand"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookAdded(Change):
    code: ClassVar[str] = "webhook-added"
    url: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookChanged(Change):
    code: ClassVar[str] = "webhook-changed"
    endpoint_id: int
    url: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSecretRenewed(Change):
    code: ClassVar[str] = "webhook-secret-renewed"
    endpoint_id: int
    url: str
    old_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookDisabled(Change):
    code: ClassVar[str] = "webhook-disabled"
    endpoint_id: int
    url: str
    because: Disabled


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEnabled(Change):
    code: ClassVar[str] = "webhook-enabled"
    endpoint_id: int
    url: str


def url_from(text: str, *, may_be_inside: bool) -> str:
    """An address to send to. Raises InputInvalid.

    Plain http only where the operator lets webhooks go to addresses of the own network.
    """
    url = text.strip()
    if not url:
        raise InputInvalid(field="url", reason="required")
    if len(url) > LONGEST_URL:
        raise InputInvalid(field="url", reason="too-long", longest=LONGEST_URL)
    try:
        parts = urlsplit(url)
        is_whole = bool(parts.hostname) and parts.port != 0
        if parts.hostname:
            parts.hostname.encode("idna")
    except (ValueError, UnicodeError):
        raise InputInvalid(field="url", reason="webhook-url") from None
    is_plain = all(" " < letter != "\\" for letter in url) and url.isascii()
    if not is_whole or not is_plain or parts.username is not None or parts.fragment:
        raise InputInvalid(field="url", reason="webhook-url")
    if parts.scheme != "https" and not (may_be_inside and parts.scheme == "http"):
        raise InputInvalid(field="url", reason="webhook-https")
    return url


def host_of(url: str) -> str:
    return urlsplit(url).hostname or ""


def is_numeric(host: str) -> bool:
    """Whether it is an address and no name."""
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def add(*, url: str, kinds: tuple[str, ...], existing: int, actor: Actor) -> WebhookAdded:
    """An admin has changes sent to an address."""
    actor.must(Duty.ADMINISTER)
    if existing >= MOST_ENDPOINTS:
        raise InputInvalid(field="url", reason="too-many-webhooks", most=MOST_ENDPOINTS)
    return WebhookAdded(url=url, kinds=_kinds_from(kinds))


def change(endpoint_id: int, *, url: str, kinds: tuple[str, ...], actor: Actor) -> WebhookChanged:
    actor.must(Duty.ADMINISTER)
    return WebhookChanged(endpoint_id=endpoint_id, url=url, kinds=_kinds_from(kinds))


def renew_secret(endpoint_id: int, url: str, now: datetime, actor: Actor) -> WebhookSecretRenewed:
    """A new secret; for a day both sign, so that the receiver can change over."""
    actor.must(Duty.ADMINISTER)
    return WebhookSecretRenewed(endpoint_id=endpoint_id, url=url, old_until=now + OLD_SECRET_SIGNS)


def disable(
    endpoint_id: int, url: str, is_disabled: bool, because: Disabled, actor: Actor
) -> WebhookDisabled:
    actor.must(Duty.ADMINISTER)
    if is_disabled:
        raise MoveRefused(from_state="disabled", to_state="disabled")
    return WebhookDisabled(endpoint_id=endpoint_id, url=url, because=because)


def enable(endpoint_id: int, url: str, is_disabled: bool, actor: Actor) -> WebhookEnabled:
    actor.must(Duty.ADMINISTER)
    if not is_disabled:
        raise MoveRefused(from_state="enabled", to_state="enabled")
    return WebhookEnabled(endpoint_id=endpoint_id, url=url)


def wait_after(attempts: int) -> timedelta | None:
    """How long until the next try of what was tried so often; None where it is given up."""
    return WAITS[attempts - 1] if attempts <= len(WAITS) else None


def rest_after(failures: int) -> timedelta:
    """How long an address is left alone that failed so often in a row."""
    return min(WAITS[min(failures, len(WAITS)) - 1], LONGEST_REST)


def _kinds_from(kinds: tuple[str, ...]) -> tuple[str, ...]:
    chosen = tuple(kind for kind in KINDS if kind in kinds)
    if not chosen:
        raise InputInvalid(field="kinds", reason="required")
    return chosen
