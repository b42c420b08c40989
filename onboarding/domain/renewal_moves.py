"""A certificate's follow-up: reported before the old one ends, then answered by the buyer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from onboarding.domain.certificate_moves import Claim
from onboarding.domain.certificates import Certificate, Renewal
from onboarding.domain.changes import Change
from onboarding.domain.errors import AlreadyOpen, DomainError, InputInvalid, MoveRefused
from onboarding.domain.moves import BUYER, CONTACT, check, said_day, text_given
from onboarding.domain.people import Actor, Said, Side


class RenewalTooLate(DomainError):
    """The certificate had ended before the renewal was reported; facts: `certificate_ends_on`."""

    code = "renewal-too-late"


class CertificateOfOtherNumber(DomainError):
    """It does not cover the relation's number, so it does not count; facts: `kvk_number`."""

    code = "certificate-of-other-number"


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalReported(Change):
    """`renewal_id` is None until the store has numbered it.

    `new_certificate_id` is set where it came with the report of the new certificate itself.
    """

    code: ClassVar[str] = "renewal-reported"
    renewal_id: int | None = None
    certificate_id: int
    certificate_ends_on: date
    reported_on: date
    by: Side
    note: str | None = None
    new_certificate_id: int | None = None
    said: Said | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalAccepted(Change):
    """The buyer accepted the application, the audit date or the new certificate."""

    code: ClassVar[str] = "renewal-accepted"
    renewal_id: int
    accepted_on: date
    answer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalRefused(Change):
    code: ClassVar[str] = "renewal-refused"
    renewal_id: int
    refused_on: date
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalDelayed(Change):
    """The certifying body named a new audit day."""

    code: ClassVar[str] = "renewal-delayed"
    renewal_id: int
    delayed_audit_on: date
    reason: str


def report(
    certificate: Certificate,
    *,
    kvk_number: str | None,
    note: str,
    waiting: Iterable[Renewal],
    actor: Actor,
    today: date,
    said: Said | None = None,
) -> RenewalReported:
    """Either side tells that the follow-up is under way, and how far it is.

    `kvk_number` is the relation's own. Raises CertificateOfOtherNumber where the certificate does
    not cover it, RenewalTooLate once it has ended, and AlreadyOpen while one waits.
    """
    side = check(actor, BUYER | CONTACT, said)
    reported_on = said_day(said, today)
    if certificate.first_day() is None:
        raise MoveRefused(from_state=certificate.state.value, to_state="renewed")
    if not certificate.covers(kvk_number):
        raise CertificateOfOtherNumber(kvk_number=kvk_number)
    if certificate.last_day() < reported_on:
        raise RenewalTooLate(certificate_ends_on=certificate.last_day().isoformat())
    if any(renewal.waits() for renewal in waiting):
        raise AlreadyOpen(what="renewal")
    return RenewalReported(
        certificate_id=certificate.id,
        certificate_ends_on=certificate.last_day(),
        reported_on=reported_on,
        by=side,
        note=text_given(note, "note"),
        said=said,
    )


def follow_up(
    held: Iterable[Certificate],
    *,
    kvk_number: str | None,
    new: Claim,
    new_certificate_id: int,
    reported_on: date,
    by: Side,
    said: Said | None = None,
) -> RenewalReported | None:
    """What the report of a new certificate means for one that counts and ends before it."""
    followed = [
        certificate
        for certificate in held
        if certificate.has_counted(kvk_number, reported_on)
        and reported_on <= certificate.last_day() < new.ends_on
    ]
    if not followed:
        return None
    last = max(followed, key=lambda certificate: (certificate.last_day(), certificate.id))
    return RenewalReported(
        certificate_id=last.id,
        certificate_ends_on=last.last_day(),
        reported_on=reported_on,
        by=by,
        new_certificate_id=new_certificate_id,
        said=said,
    )


def accept(
    renewal: Renewal, actor: Actor, today: date, answer: str | None = None
) -> RenewalAccepted:
    check(actor, BUYER)
    _check_waits(renewal, "accepted")
    text = text_given(answer, "answer") if answer and answer.strip() else None
    return RenewalAccepted(renewal_id=renewal.id, accepted_on=today, answer=text)


def refuse(renewal: Renewal, answer: str, actor: Actor, today: date) -> RenewalRefused:
    check(actor, BUYER)
    _check_waits(renewal, "refused")
    return RenewalRefused(
        renewal_id=renewal.id, refused_on=today, answer=text_given(answer, "answer")
    )


def delay(
    renewal: Renewal, delayed_audit_on: date, reason: str, actor: Actor, today: date
) -> RenewalDelayed:
    """What the body delays never counts against the supplier; a later day replaces it."""
    check(actor, BUYER)
    if delayed_audit_on < today:
        raise InputInvalid(field="delayed_audit_on", reason="too-early", earliest=today.isoformat())
    return RenewalDelayed(
        renewal_id=renewal.id,
        delayed_audit_on=delayed_audit_on,
        reason=text_given(reason, "reason"),
    )


def _check_waits(renewal: Renewal, to_state: str) -> None:
    if not renewal.waits():
        raise MoveRefused(from_state="accepted", to_state=to_state)
