"""How often somebody may try to get in: counted in the database, for all processes together.

What is counted is a hash of the address tried and one of the client that tried it.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from onboarding.domain.access import TooManyTries
from onboarding.store.tables import LoginAttemptRow

WITHIN = timedelta(minutes=15)
KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """How many tries that failed, within a quarter of an hour."""

    per_address: int
    per_client: int


PASSWORDS = Limit(per_address=8, per_client=40)
LINKS = Limit(per_address=5, per_client=20)


def subject_of(secret_key: str, kind: str, value: str) -> str:
    """What is counted under: nobody can read an address from it."""
    message = f"onboarding attempts {kind} {value.strip().lower()}".encode()
    return hmac.new(secret_key.encode(), message, hashlib.sha256).hexdigest()


def network_of(client: str) -> str:
    """The client as it is counted: of IPv6 each has a whole network of addresses to try from."""
    try:
        address = ip_address(client)
    except ValueError:
        return client
    if not isinstance(address, IPv6Address):
        return client
    return str(address.ipv4_mapped or ip_network((address, 64), strict=False))


def note_try(
    session: Session, now: datetime, secret_key: str, what: str, address: str, client: str
) -> list[int]:
    """Count one try, as failed until told otherwise; returns the rows for `note_success`.

    Raises TooManyTries, and counts nothing, where the limit is reached. Whether somebody has the
    address makes no difference.
    """
    limit = PASSWORDS if what == "password" else LINKS
    limits = {
        subject_of(secret_key, f"{what} address", address): limit.per_address,
        subject_of(secret_key, f"{what} client", network_of(client)): limit.per_client,
    }
    _one_at_a_time(session, sorted(limits))
    session.execute(
        delete(LoginAttemptRow).where(
            LoginAttemptRow.subject.in_(limits), LoginAttemptRow.at < now - KEPT
        )
    )
    since = now - WITHIN
    counts = session.execute(
        select(
            LoginAttemptRow.subject, func.count(LoginAttemptRow.id), func.min(LoginAttemptRow.at)
        )
        .where(
            LoginAttemptRow.subject.in_(limits),
            LoginAttemptRow.at > since,
            LoginAttemptRow.has_failed,
        )
        .group_by(LoginAttemptRow.subject)
    ).all()
    for subject, failed, first_at in counts:
        if failed >= limits[subject]:
            wait = first_at + WITHIN - now
            raise TooManyTries(minutes=max(1, -(-int(wait.total_seconds()) // 60)))
    rows = [LoginAttemptRow(subject=subject, at=now, has_failed=True) for subject in limits]
    session.add_all(rows)
    session.flush()
    return [row.id for row in rows]


def note_success(session: Session, try_ids: list[int]) -> None:
    """The try did not fail after all."""
    for try_id in try_ids:
        row = session.get(LoginAttemptRow, try_id)
        if row is not None:
            row.has_failed = False


def _one_at_a_time(session: Session, subjects: list[str]) -> None:
    """Tries for the same subject wait for each other, so that none slips past the count.

    On SQLite a writer is alone already.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    for subject in subjects:
        number = int(subject[:15], 16)
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})
