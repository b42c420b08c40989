"""Recording, rechecking and revoking the recognition of a social enterprise."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from onboarding.domain.certificate_moves import address_given
from onboarding.domain.certificates import Recognition, RecognitionKind
from onboarding.domain.changes import Change
from onboarding.domain.errors import InputInvalid, MoveRefused
from onboarding.domain.moves import BUYER, check, text_given
from onboarding.domain.people import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognitionRecorded(Change):
    """`recognition_id` is None until the store has numbered it."""

    code: ClassVar[str] = "recognition-recorded"
    recognition_id: int | None = None
    kind: RecognitionKind
    register_url: str
    checked_on: date
    recheck_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognitionRechecked(Change):
    code: ClassVar[str] = "recognition-rechecked"
    recognition_id: int
    register_url: str
    checked_on: date
    recheck_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognitionRevoked(Change):
    """`revoked_on` is the first day on which it no longer counts."""

    code: ClassVar[str] = "recognition-revoked"
    recognition_id: int
    revoked_on: date
    reason: str


def record(
    *,
    kind: RecognitionKind,
    register_url: str,
    checked_on: date,
    recheck_on: date | None,
    ends_on: date | None,
    actor: Actor,
    today: date,
) -> RecognitionRecorded:
    """A buyer saw the proof: where it stands, on which day, and when to look again."""
    check(actor, BUYER)
    _check_days(checked_on, recheck_on, ends_on, today)
    return RecognitionRecorded(
        kind=kind,
        register_url=address_given(register_url),
        checked_on=checked_on,
        recheck_on=recheck_on,
        ends_on=ends_on,
    )


def recheck(
    recognition: Recognition,
    *,
    register_url: str,
    checked_on: date,
    recheck_on: date | None,
    ends_on: date | None,
    actor: Actor,
    today: date,
) -> RecognitionRechecked:
    """The proof still stands. One that was revoked is recorded anew instead."""
    check(actor, BUYER)
    if recognition.revoked_on is not None:
        raise MoveRefused(from_state="revoked", to_state="rechecked")
    _check_days(checked_on, recheck_on, ends_on, today)
    return RecognitionRechecked(
        recognition_id=recognition.id,
        register_url=address_given(register_url),
        checked_on=checked_on,
        recheck_on=recheck_on,
        ends_on=ends_on,
    )


def revoke(
    recognition: Recognition, revoked_on: date, reason: str, actor: Actor
) -> RecognitionRevoked:
    check(actor, BUYER)
    if recognition.revoked_on is not None:
        raise MoveRefused(from_state="revoked", to_state="revoked")
    if revoked_on < recognition.checked_on:
        raise InputInvalid(
            field="revoked_on", reason="too-early", earliest=recognition.checked_on.isoformat()
        )
    return RecognitionRevoked(
        recognition_id=recognition.id,
        revoked_on=revoked_on,
        reason=text_given(reason, "reason"),
    )


def _check_days(
    checked_on: date, recheck_on: date | None, ends_on: date | None, today: date
) -> None:
    if checked_on > today:
        raise InputInvalid(field="checked_on", reason="in-the-future", given=checked_on.isoformat())
    for field, day in (("recheck_on", recheck_on), ("ends_on", ends_on)):
        if day is not None and day <= checked_on:
            raise InputInvalid(field=field, reason="too-early", earliest=checked_on.isoformat())
