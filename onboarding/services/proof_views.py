"""What a buyer sees of proofs and decisions: values for pages, without rows."""

from dataclasses import dataclass
from datetime import date

from onboarding.domain.certificates import RecognitionKind
from onboarding.domain.decisions import DecisionKind
from onboarding.domain.people import Side
from onboarding.domain.policy import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """An upload that belongs to a certificate or a decision.

    One that `is_waiting` holds a number about which its sender has yet to say what it is.
    """

    id: int
    name: str
    is_waiting: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateView:
    """`code` is reported, verified, rejected, revoked or ended: verified, and its days over."""

    id: int
    relation_id: int
    code: str
    level: Level
    thirty_plus: bool
    starts_on: date
    ends_on: date
    kvk_numbers: tuple[str, ...]
    covers_relation: bool
    body: str | None
    register_url: str | None
    reported_by: Side
    reported_on: date
    verified_on: date | None
    verified_by: str | None
    revoked_on: date | None
    reason: str | None
    pathway_target: Level | None
    files: tuple[FileView, ...] = ()

    @property
    def is_waiting(self) -> bool:
        return self.code == "reported"

    @property
    def may_be_renewed(self) -> bool:
        return self.code == "verified" and self.covers_relation


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalView:
    """`code` is waiting, under-way, refused or over; `last_day` the last that it carries."""

    id: int
    relation_id: int
    certificate_id: int
    new_certificate_id: int | None
    code: str
    certificate_ends_on: date
    reported_by: Side
    reported_on: date
    note: str | None
    answer: str | None
    accepted_on: date | None
    delayed_audit_on: date | None
    last_day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognitionView:
    """`code` is counts, recheck-due, ended or revoked."""

    id: int
    relation_id: int
    code: str
    kind: RecognitionKind
    register_url: str | None
    checked_on: date
    checked_by: str | None
    recheck_on: date | None
    ends_on: date | None
    revoked_on: date | None
    reason: str | None

    @property
    def is_revoked(self) -> bool:
        return self.revoked_on is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningView:
    """Who asked a grant beyond which limits, and what a second manager said of it."""

    asked_by_id: int
    asked_by: str | None
    asked_on: date
    limits: tuple[str, ...]
    lapses_on: date
    answered_on: date | None
    answered_by: str | None
    answer: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView:
    """`code` is to-announce, reply-waits, to-come, in-force or over; of a grant that needs a second
    signature also asked, not-signed, taken-back or lapsed. `signing` is None where it needed none.

    `first_day` is the first day on which it holds, None while it waits for something.
    """

    id: int
    relation_id: int
    code: str
    kind: DecisionKind
    reason: str
    decided_on: date
    decided_by: str | None
    starts_on: date
    first_day: date | None
    ends_on: date | None
    is_urgent: bool
    announced_on: date | None
    reply: str | None
    reply_made_on: date | None
    reply_answer: str | None
    reply_answered_on: date | None
    ended_on: date | None
    end_reason: str | None
    times_told: int = 0
    signing: SigningView | None = None
    files: tuple[FileView, ...] = ()

    @property
    def is_block(self) -> bool:
        return self.kind is DecisionKind.BLOCK

    @property
    def is_over(self) -> bool:
        return self.code in ("over", "not-signed", "taken-back", "lapsed")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofsPanel:
    """All of one relation, the newest first; what is over stands last."""

    relation_id: int
    kvk_number: str | None
    certificates: tuple[CertificateView, ...]
    renewals: tuple[RenewalView, ...]
    recognitions: tuple[RecognitionView, ...]
    decisions: tuple[DecisionView, ...]
