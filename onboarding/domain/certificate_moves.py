"""Reporting, verifying, rejecting and revoking a certificate; it changes nothing until verified."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar

from onboarding.domain.certificates import Certificate, CertificateState
from onboarding.domain.changes import Change
from onboarding.domain.errors import InputInvalid
from onboarding.domain.moves import (
    BUYER,
    CONTACT,
    Who,
    check,
    check_move,
    said_day,
    text_given,
)
from onboarding.domain.pathways import RUNNING, Pathway, PathwayState
from onboarding.domain.people import Actor, Said, Side
from onboarding.domain.policy import Level

REPORTED, VERIFIED = CertificateState.REPORTED, CertificateState.VERIFIED
REJECTED, REVOKED = CertificateState.REJECTED, CertificateState.REVOKED

CERTIFICATE_MOVES: dict[tuple[CertificateState, CertificateState], frozenset[Who]] = {
    (REPORTED, REPORTED): BUYER,
    (REPORTED, VERIFIED): BUYER,
    (REPORTED, REJECTED): BUYER,
    (VERIFIED, REVOKED): BUYER,
}
KVK_NUMBER = re.compile(r"\d{8}", re.ASCII)
WEB_ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s]+", re.IGNORECASE)
LONGEST_ADDRESS = 500
LONGEST_LINE = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What somebody reports, or what the public register says; days are inclusive.

    `kvk_numbers` are the legal entities that it covers.
    """

    level: Level
    thirty_plus: bool = False
    starts_on: date
    ends_on: date
    kvk_numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateReported(Change):
    """`certificate_id` is None until the store has numbered it."""

    code: ClassVar[str] = "certificate-reported"
    certificate_id: int | None = None
    claim: Claim
    body: str | None = None
    register_url: str | None = None
    by: Side
    reported_on: date
    said: Said | None = None

    def facts(self) -> dict[str, Any]:
        return _with_claim_flat(Change.facts(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateCorrected(Change):
    """What was reported is put right before it is checked."""

    code: ClassVar[str] = "certificate-corrected"
    certificate_id: int
    claim: Claim
    body: str | None = None
    register_url: str | None = None

    def facts(self) -> dict[str, Any]:
        return _with_claim_flat(Change.facts(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateVerified(Change):
    """Found in the public register at `register_url` on `verified_on`, by the actor.

    `claim` is what the register says, which may differ from the report. `pathway_id` and
    `pathway_target` name the pathway that led to it, if one did; `covers_relation` is False
    where the relation's own number is not among the covered ones.
    """

    code: ClassVar[str] = "certificate-verified"
    certificate_id: int
    verified_on: date
    register_url: str
    claim: Claim
    covers_relation: bool
    pathway_id: int | None = None
    pathway_target: Level | None = None

    def facts(self) -> dict[str, Any]:
        return _with_claim_flat(Change.facts(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRejected(Change):
    code: ClassVar[str] = "certificate-rejected"
    certificate_id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRevoked(Change):
    """`revoked_on` is the first day on which it no longer counts."""

    code: ClassVar[str] = "certificate-revoked"
    certificate_id: int
    revoked_on: date
    reason: str


def _with_claim_flat(facts: dict[str, Any]) -> dict[str, Any]:
    """History tells level, days and numbers beside the rest, for sentences to name them."""
    claim = facts.pop("claim")
    return {**facts, **claim}


def report(
    claim: Claim,
    *,
    body: str | None,
    register_url: str | None,
    actor: Actor,
    today: date,
    said: Said | None = None,
) -> CertificateReported:
    """Either side tells what the supplier holds. Raises InputInvalid for what cannot be."""
    side = check(actor, BUYER | CONTACT, said)
    return CertificateReported(
        claim=claim_given(claim),
        body=line_given(body, "body"),
        register_url=address_given(register_url) if register_url else None,
        by=side,
        reported_on=said_day(said, today),
        said=said,
    )


def correct(
    certificate: Certificate,
    claim: Claim,
    *,
    body: str | None,
    register_url: str | None,
    actor: Actor,
) -> CertificateCorrected:
    """Put a report right that nobody checked yet; what was checked is not rewritten."""
    check_move(CERTIFICATE_MOVES, certificate.state, REPORTED, actor)
    return CertificateCorrected(
        certificate_id=certificate.id,
        claim=claim_given(claim),
        body=line_given(body, "body"),
        register_url=address_given(register_url) if register_url else None,
    )


def verify(
    certificate: Certificate,
    found: Claim,
    *,
    checked_on: date,
    register_url: str,
    kvk_number: str | None,
    pathways: Iterable[Pathway],
    actor: Actor,
    today: date,
) -> CertificateVerified:
    """The buyer found it in the public register and confirms what stands there.

    `kvk_number` is the relation's own; a foreign supplier has none to cover.
    """
    check_move(CERTIFICATE_MOVES, certificate.state, VERIFIED, actor)
    if checked_on > today:
        raise InputInvalid(field="checked_on", reason="in-the-future", given=checked_on.isoformat())
    found = claim_given(found)
    if not found.kvk_numbers and kvk_number is not None:
        raise InputInvalid(field="kvk_numbers", reason="required")
    led = led_by(found.level, pathways)
    return CertificateVerified(
        certificate_id=certificate.id,
        verified_on=checked_on,
        register_url=address_given(register_url),
        claim=found,
        covers_relation=kvk_number is None or kvk_number in found.kvk_numbers,
        pathway_id=led.id if led else None,
        pathway_target=led.target if led else None,
    )


def led_by(level: Level, pathways: Iterable[Pathway]) -> Pathway | None:
    """The pathway whose target this level fulfils: the running one, else the last completed."""
    fulfilled = [
        pathway
        for pathway in pathways
        if (pathway.state in RUNNING or pathway.state is PathwayState.COMPLETED)
        and pathway.target is not None
        and level.reaches(pathway.target)
    ]
    return max(fulfilled, key=lambda pathway: (pathway.is_running(), pathway.id), default=None)


def reject(certificate: Certificate, reason: str, actor: Actor) -> CertificateRejected:
    check_move(CERTIFICATE_MOVES, certificate.state, REJECTED, actor)
    return CertificateRejected(certificate_id=certificate.id, reason=text_given(reason, "reason"))


def revoke(
    certificate: Certificate, revoked_on: date, reason: str, actor: Actor
) -> CertificateRevoked:
    """From a day within its days on; what is past stays as it was."""
    check_move(CERTIFICATE_MOVES, certificate.state, REVOKED, actor)
    earliest = certificate.first_day() or certificate.starts_on
    if not earliest <= revoked_on <= max(earliest, certificate.ends_on):
        raise InputInvalid(
            field="revoked_on",
            reason="out-of-range",
            least=earliest.isoformat(),
            most=certificate.ends_on.isoformat(),
        )
    return CertificateRevoked(
        certificate_id=certificate.id,
        revoked_on=revoked_on,
        reason=text_given(reason, "reason"),
    )


def claim_given(claim: Claim) -> Claim:
    """The claim with its numbers in order. Raises InputInvalid for what cannot be.

    PSO 30+ is held together with Trede 3; source: pso-nederland.nl.
    """
    if claim.ends_on < claim.starts_on:
        earliest = claim.starts_on.isoformat()
        raise InputInvalid(field="ends_on", reason="before-start", earliest=earliest)
    if claim.thirty_plus and claim.level is not Level.TREDE_3:
        raise InputInvalid(field="thirty_plus", reason="needs-trede-3")
    return replace(claim, kvk_numbers=numbers_given(claim.kvk_numbers))


def numbers_given(kvk_numbers: Iterable[str]) -> tuple[str, ...]:
    """KvK numbers without the space around them, each once, in order of value."""
    numbers = sorted({number.strip() for number in kvk_numbers if number.strip()})
    for number in numbers:
        if not KVK_NUMBER.fullmatch(number):
            raise InputInvalid(field="kvk_numbers", reason="not-a-kvk-number", given=number)
    return tuple(numbers)


def address_given(address: str, field: str = "register_url") -> str:
    """A web address that a colleague can open."""
    address = address.strip()
    if not address:
        raise InputInvalid(field=field, reason="required")
    if len(address) > LONGEST_ADDRESS:
        raise InputInvalid(field=field, reason="too-long", longest=LONGEST_ADDRESS)
    if not WEB_ADDRESS.fullmatch(address):
        raise InputInvalid(field=field, reason="not-an-address", given=address)
    return address


def line_given(text: str | None, field: str) -> str | None:
    """One line, or None where nothing was given."""
    text = " ".join((text or "").split())
    if len(text) > LONGEST_LINE:
        raise InputInvalid(field=field, reason="too-long", longest=LONGEST_LINE)
    return text or None
