"""The settings of an installation, read from its environment and checked all at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

import fsspec
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from onboarding.mail.inbox_place import PlaceInvalid, check_address, place_of

INSTANCE = Path(__file__).parent / "instance"
TRUE, FALSE = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}


class ConfigInvalid(Exception):
    """The environment holds settings that cannot work; `mistakes` lists every one."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(["The settings are not right:", *(f"- {m}" for m in mistakes)]))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class Config:
    """What the operator may set; only SECRET_KEY has no default."""

    secret_key: str
    database_url: str
    public_url: str
    customer_name: str
    timezone: str
    default_locale: str
    mail_server: str
    mail_port: int
    mail_use_tls: bool
    mail_use_ssl: bool
    mail_username: str | None
    mail_password: str | None
    mail_default_sender: str
    evidence_url: str
    trusted_proxies: int
    mail_per_person: int
    mail_per_domain: int
    api_per_minute: int
    inbox_url: str | None
    inbox_address: str | None
    webhooks_inside: bool
    keep_files_months: int
    keep_mails_months: int

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Self:
        """The settings in `environ`. Raises ConfigInvalid with every mistake found."""
        mistakes: list[str] = []

        def read(name: str, default: str) -> str:
            return environ.get(name, "").strip() or default

        def flag(name: str) -> bool:
            value = environ.get(name, "").strip().lower()
            if value not in TRUE | FALSE:
                mistakes.append(f"{name}: {value!r} is neither true nor false.")
            return value in TRUE

        def most(name: str, default: str, what: str = "mails") -> int:
            value = read(name, default)
            if not value.isdecimal():
                mistakes.append(f"{name}: {value!r} is not a number of {what}; 0 is without limit.")
                return 0
            return int(value)

        secret_key = environ.get("SECRET_KEY", "")
        if len(secret_key) < 32:
            mistakes.append(
                "SECRET_KEY: at least 32 characters are needed; make one with "
                "python3 -c 'import secrets; print(secrets.token_hex(32))'."
            )
        database_url = read("DATABASE_URL", f"sqlite:///{INSTANCE / 'onboarding.db'}")
        database_url = _with_psycopg(database_url)
        try:
            backend = make_url(database_url).get_backend_name()
            if backend not in ("sqlite", "postgresql"):
                mistakes.append(
                    f"DATABASE_URL: {backend} is not supported; use SQLite or PostgreSQL."
                )
        except ArgumentError:
            mistakes.append("DATABASE_URL: this is not a database address.")
        public_url = read("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
        parts = urlsplit(public_url)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path:
            mistakes.append(
                f"PUBLIC_URL: {public_url!r} is not an http(s) address without a path, "
                "such as https://leveranciers.example.nl."
            )
        timezone = read("TIMEZONE", "Europe/Amsterdam")
        if timezone not in available_timezones():
            mistakes.append(f"TIMEZONE: {timezone!r} is not a time zone, such as Europe/Amsterdam.")
        locale = read("DEFAULT_LOCALE", "nl")
        if locale not in ("nl", "en"):
            mistakes.append(f"DEFAULT_LOCALE: {locale!r} is not nl or en.")
        port = read("MAIL_PORT", "25")
        if not port.isdecimal() or not 0 < int(port) < 65536:
            mistakes.append(f"MAIL_PORT: {port!r} is not a port number.")
            port = "25"
        use_tls, use_ssl = flag("MAIL_USE_TLS"), flag("MAIL_USE_SSL")
        if use_tls and use_ssl:
            mistakes.append("MAIL_USE_TLS and MAIL_USE_SSL: choose one of the two.")
        sender = read("MAIL_DEFAULT_SENDER", "onboarding@localhost")
        if "@" not in parseaddr(sender)[1]:
            mistakes.append(f"MAIL_DEFAULT_SENDER: {sender!r} is not an e-mail address.")
        evidence_url = read("EVIDENCE_URL", str(INSTANCE / "evidence"))
        try:
            fsspec.get_filesystem_class(fsspec.core.split_protocol(evidence_url)[0])
        except (ImportError, ValueError) as error:
            mistakes.append(f"EVIDENCE_URL: {evidence_url!r} cannot be used: {error}.")
        proxies = read("TRUSTED_PROXIES", "0")
        if not proxies.isdecimal() or int(proxies) > 9:
            mistakes.append(
                f"TRUSTED_PROXIES: {proxies!r} is not a number from 0 to 9: how many proxies of "
                "your own stand between a browser and this."
            )
            proxies = "0"
        webhooks_inside = flag("WEBHOOKS_INSIDE")
        per_person, per_domain = most("MAIL_PER_PERSON", "20"), most("MAIL_PER_DOMAIN", "60")
        api_per_minute = most("API_PER_MINUTE", "600", "requests")
        keep_files = most("KEEP_FILES_MONTHS", "24", "months")
        keep_mails = most("KEEP_MAILS_MONTHS", "24", "months")
        inbox_url, inbox_address = read("INBOX_URL", ""), read("INBOX_ADDRESS", "")
        try:
            if inbox_url:
                place_of(inbox_url)
        except PlaceInvalid as invalid:
            mistakes.append(f"INBOX_URL: {invalid}")
        try:
            if inbox_address:
                check_address(inbox_address)
        except PlaceInvalid as invalid:
            mistakes.append(f"INBOX_ADDRESS: {invalid}")
        if inbox_address and not inbox_url:
            mistakes.append("INBOX_ADDRESS: without INBOX_URL nobody would read what comes there.")
        if mistakes:
            raise ConfigInvalid(mistakes)
        return cls(
            secret_key=secret_key,
            database_url=database_url,
            public_url=public_url,
            customer_name=read("CUSTOMER_NAME", "Onboarding"),
            timezone=timezone,
            default_locale=locale,
            mail_server=read("MAIL_SERVER", "127.0.0.1"),
            mail_port=int(port),
            mail_use_tls=use_tls,
            mail_use_ssl=use_ssl,
            mail_username=environ.get("MAIL_USERNAME") or None,
            mail_password=environ.get("MAIL_PASSWORD") or None,
            mail_default_sender=sender,
            evidence_url=evidence_url,
            trusted_proxies=int(proxies),
            mail_per_person=per_person,
            mail_per_domain=per_domain,
            api_per_minute=api_per_minute,
            inbox_url=inbox_url or None,
            inbox_address=inbox_address or None,
            webhooks_inside=webhooks_inside,
            keep_files_months=keep_files,
            keep_mails_months=keep_mails,
        )

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def flask_settings(self) -> dict[str, Any]:
        """The settings under the names that Flask and its extensions read."""
        return {
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "PUBLIC_URL": self.public_url,
            "CUSTOMER_NAME": self.customer_name,
            "TIMEZONE": self.timezone,
            "BABEL_DEFAULT_LOCALE": self.default_locale,
            "DEFAULT_LOCALE": self.default_locale,
            "MAIL_SERVER": self.mail_server,
            "MAIL_PORT": self.mail_port,
            "MAIL_USE_TLS": self.mail_use_tls,
            "MAIL_USE_SSL": self.mail_use_ssl,
            "MAIL_USERNAME": self.mail_username,
            "MAIL_PASSWORD": self.mail_password,
            "MAIL_DEFAULT_SENDER": self.mail_default_sender,
            "EVIDENCE_URL": self.evidence_url,
            "TRUSTED_PROXIES": self.trusted_proxies,
            "MAIL_PER_PERSON": self.mail_per_person,
            "MAIL_PER_DOMAIN": self.mail_per_domain,
            "API_PER_MINUTE": self.api_per_minute,
            "INBOX_URL": self.inbox_url,
            "INBOX_ADDRESS": self.inbox_address,
            "WEBHOOKS_INSIDE": self.webhooks_inside,
            "KEEP_FILES_MONTHS": self.keep_files_months,
            "KEEP_MAILS_MONTHS": self.keep_mails_months,
        }


def _with_psycopg(url: str) -> str:
    """PostgreSQL addresses in their usual spellings, with the driver that is installed."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url
