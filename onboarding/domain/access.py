"""Getting in: what a mailed link is for, how long it works, and the errors of a closed door.

A link's token is derived from the installation's secret and the number of the link. So the ledger
holds the number only and the table of links a hash; the token itself exists in the mail alone,
and whoever renders that mail can make it again.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import ClassVar
from urllib.parse import urlencode

from onboarding.domain.errors import DomainError


class LinkPurpose(StrEnum):
    """What a mailed link does when it is spent."""

    LOGIN = "login"  # a supplier gets in
    INVITATION = "invitation"  # a supplier gets in for the first time
    PASSWORD = "password"  # somebody on the customer's side chooses a password
    STEP = "step"  # opens one step for one contact, without a log-in
    WRONG_PERSON = "wrong-person"  # a contact says that the mail was not for them
    MAIL_CHOICE = "mail-choice"  # a contact chooses language and rhythm of its mail


LASTS: dict[LinkPurpose, timedelta] = {
    LinkPurpose.LOGIN: timedelta(minutes=30),
    LinkPurpose.INVITATION: timedelta(days=14),
    LinkPurpose.PASSWORD: timedelta(minutes=60),
    LinkPurpose.STEP: timedelta(days=14),
    LinkPurpose.WRONG_PERSON: timedelta(days=14),
    # Mail programs offer to unsubscribe as long as they show the mail.
    LinkPurpose.MAIL_CHOICE: timedelta(days=180),
}
# They open one page each, as often as one likes, and log nobody in.
WITHOUT_LOG_IN = (LinkPurpose.STEP, LinkPurpose.WRONG_PERSON, LinkPurpose.MAIL_CHOICE)
TOKEN_LENGTH = 43
INVITED_USER_LASTS = timedelta(days=14)

PATHS = {
    LinkPurpose.LOGIN: "/portal/enter",
    LinkPurpose.INVITATION: "/portal/enter",
    LinkPurpose.PASSWORD: "/password",
    LinkPurpose.STEP: "/portal/step",
    LinkPurpose.WRONG_PERSON: "/portal/not-me",
    LinkPurpose.MAIL_CHOICE: "/portal/mail",
}

# Below the address of MAIL_CHOICE: what a mail program sends a POST to (RFC 8058).
ONE_CLICK = "/off"


def link_occasion(link_id: int, made_at: datetime) -> str:
    """What names one link for ever: a database may give the number of a forgotten one again."""
    return f"{link_id} {made_at.astimezone(UTC).isoformat()}"


def link_token(secret_key: str, link_id: int, made_at: datetime) -> str:
    """The token of a link: 43 characters that only who knows the secret can make."""
    message = f"onboarding mailed link {link_occasion(link_id, made_at)}".encode()
    digest = hmac.new(secret_key.encode(), message, hashlib.sha256).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def link_path(purpose: LinkPurpose, token: str, after: str | None = None) -> str:
    """Where the link leads, below the public address; `after` is the page to show next."""
    query = f"?{urlencode({'next': after})}" if after else ""
    return f"{PATHS[purpose]}/{token}{query}"


class LogInRefused(DomainError):
    """The address and the password do not belong together, or nobody has that address."""

    code = "log-in-refused"


class LinkInvalid(DomainError):
    """The link was spent, is too old, or never was one of ours."""

    code = "link-invalid"


class TooManyTries(DomainError):
    """The same address or client tried too often; facts: `minutes` to wait."""

    code: ClassVar[str] = "too-many-tries"


class LastAdministrator(DomainError):
    """An organisation keeps somebody who can let others in."""

    code: ClassVar[str] = "last-administrator"
