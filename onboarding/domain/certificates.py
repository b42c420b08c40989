"""Certificates and recognitions: what a supplier holds, and whether it counts."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from onboarding.domain.policy import Level

RENEWAL_DAYS = timedelta(days=90)
DELAYED_AUDIT_DAYS = timedelta(days=30)


class CertificateState(StrEnum):
    """What a buyer made of a reported certificate."""

    REPORTED = "reported"
    VERIFIED = "verified"
    REJECTED = "rejected"
    REVOKED = "revoked"


class RecognitionKind(StrEnum):
    """How a social enterprise can be recognised."""

    CODE_SOCIALE_ONDERNEMINGEN = "code-sociale-ondernemingen"
    SOCIAL_ENTERPRISE_NL = "social-enterprise-nl"
    ACCOUNTANT = "accountant"
    SW_BEDRIJF = "sw-bedrijf"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A PSO certificate as known to one relation; days are inclusive.

    `pathway_target` is the target of the pathway that led to it. `revoked_on` is the first day
    on which it no longer counts.
    """

    id: int
    state: CertificateState
    level: Level
    thirty_plus: bool = False
    starts_on: date
    ends_on: date
    covered_kvk_numbers: frozenset[str]
    verified_on: date | None = None
    revoked_on: date | None = None
    pathway_target: Level | None = None

    def covers(self, kvk_number: str | None) -> bool:
        """Whether it covers the relation's number; a foreign supplier has none to compare."""
        return kvk_number is None or kvk_number in self.covered_kvk_numbers

    def first_day(self) -> date | None:
        """The first day on which a verified certificate holds."""
        if self.verified_on is None or self.state is CertificateState.REJECTED:
            return None
        return max(self.starts_on, self.verified_on)

    def last_day(self) -> date:
        if self.revoked_on is None:
            return self.ends_on
        return min(self.ends_on, self.revoked_on - timedelta(days=1))

    def is_valid(self, on: date) -> bool:
        """Verified and within its days, whichever number it covers."""
        first = self.first_day()
        return first is not None and first <= on <= self.last_day()

    def counts(self, kvk_number: str | None, on: date) -> bool:
        return self.is_valid(on) and self.covers(kvk_number)

    def has_counted(self, kvk_number: str | None, by: date) -> bool:
        """Whether there was a day up to `by` on which it counted."""
        first = self.first_day()
        return first is not None and first <= min(by, self.last_day()) and self.covers(kvk_number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """Proof that a supplier is a social enterprise, checked by a buyer on `checked_on`."""

    id: int
    kind: RecognitionKind
    checked_on: date
    recheck_on: date | None = None
    ends_on: date | None = None
    revoked_on: date | None = None

    def counts(self, on: date) -> bool:
        return (
            self.checked_on <= on
            and (self.ends_on is None or on <= self.ends_on)
            and (self.revoked_on is None or on < self.revoked_on)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """A follow-up of a certificate (`certificate_id`) that ends on `certificate_ends_on`.

    It waits for the buyer until answered; `accepted_on` is the day on which the buyer accepted
    an application or audit date. A refused one is no longer a fact.
    """

    id: int
    certificate_id: int | None = None
    certificate_ends_on: date
    reported_on: date
    accepted_on: date | None = None
    delayed_audit_on: date | None = None

    def is_in_time(self) -> bool:
        return self.reported_on <= self.certificate_ends_on

    def waits(self) -> bool:
        return self.accepted_on is None

    def last_day(self) -> date | None:
        """The last day that it carries; None while it waits for the buyer."""
        if self.waits():
            return None
        end = self.certificate_ends_on + RENEWAL_DAYS
        if self.delayed_audit_on is not None:
            end = max(end, self.delayed_audit_on + DELAYED_AUDIT_DAYS)
        return end

    def carries(self, on: date) -> bool:
        end = self.last_day()
        return self.is_in_time() and self.reported_on <= on and (end is None or on <= end)
