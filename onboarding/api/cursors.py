"""Where a list goes on: a signed cursor pins all that the first page was asked with."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from onboarding.api.problems import parameter_invalid
from onboarding.clock import Moment
from onboarding.domain.eligibility import Status
from onboarding.services.feed.eligibility_answers import Listed

SALT = "eligibility-cursor"
Since = tuple[datetime, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A list of a customer, and the relation after which it goes on."""

    customer_id: int
    on: date
    known_at: datetime
    status: Status | None
    changed_since: Since | None
    after_id: int = 0

    def listed(self) -> Listed:
        return Listed(
            customer_id=self.customer_id,
            on=self.on,
            known_at=self.known_at,
            status=self.status,
            changed_since=self.changed_since,
        )

    def after(self, relation_id: int) -> str:
        """The cursor of the page after this relation."""
        following = replace(self, after_id=relation_id)
        since = following.changed_since
        return _signer().dumps(
            [
                following.customer_id,
                following.on.isoformat(),
                following.known_at.isoformat(),
                following.status.value if following.status else None,
                following.after_id,
                [since[0].isoformat(), since[1].isoformat()] if since else None,
            ]
        )


def first_place(
    customer_id: int, moment: Moment, status: Status | None, changed_since: Since | None
) -> Place:
    """The beginning of the list, as known now."""
    return Place(
        customer_id=customer_id,
        on=moment.today,
        known_at=moment.now,
        status=status,
        changed_since=changed_since,
    )


def place_from(
    cursor: str, customer_id: int, status: Status | None, changed_since: Since | None
) -> Place:
    """The place that a cursor holds. Raises Problem for one of another list or customer."""
    try:
        owner, on, known_at, pinned, after_id, since = _signer().loads(cursor)
    except (BadData, ValueError):
        raise parameter_invalid("cursor", "not-a-cursor") from None
    place = Place(
        customer_id=owner,
        on=date.fromisoformat(on),
        known_at=_instant(known_at),
        status=Status(pinned) if pinned else None,
        changed_since=(_instant(since[0]), date.fromisoformat(since[1])) if since else None,
        after_id=after_id,
    )
    if place.customer_id != customer_id:
        raise parameter_invalid("cursor", "not-a-cursor")
    differs = (
        status not in (None, place.status),
        changed_since not in (None, place.changed_since),
    )
    if any(differs):
        raise parameter_invalid("cursor", "of-another-list")
    return place


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=SALT)
