"""One relation's facts as they lie on one day: what the lines of the status table ask."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from onboarding.domain.certificates import Certificate, Renewal
from onboarding.domain.changes import as_json
from onboarding.domain.decisions import Decision, DecisionKind
from onboarding.domain.eligibility.facts import Facts, Reason
from onboarding.domain.milestones import Milestone
from onboarding.domain.pathways import Pathway
from onboarding.domain.policy import Policy


@dataclass(frozen=True)
class Case:
    """The facts of one relation, seen on one day under the policy of that day."""

    facts: Facts
    policy: Policy
    on: date

    @cached_property
    def certificates(self) -> list[Certificate]:
        """Those that count today."""
        kvk_number = self.facts.kvk_number
        return [c for c in self.facts.certificates if c.counts(kvk_number, self.on)]

    @cached_property
    def running(self) -> Pathway | None:
        return next((p for p in self.facts.pathways if p.is_running()), None)

    @cached_property
    def overdue(self) -> list[Milestone]:
        """The missed steps of the running pathway."""
        if self.running is None:
            return []
        return [m for m in self.running.milestones if m.is_overdue(self.on)]

    @cached_property
    def renewals(self) -> list[Renewal]:
        """Those that carry today; what does not cover the relation's number has none."""
        kvk_number = self.facts.kvk_number
        other = {c.id for c in self.facts.certificates if not c.covers(kvk_number)}
        return [
            r for r in self.facts.renewals if r.carries(self.on) and r.certificate_id not in other
        ]

    def decisions(self, kind: DecisionKind) -> list[Decision]:
        return [d for d in self.facts.decisions if d.kind is kind and d.covers(self.on)]

    def is_in_programme(self) -> bool:
        """Enrolled, or once the holder of something that counted."""
        facts, on = self.facts, self.on
        proofs = (DecisionKind.EXEMPT, DecisionKind.EQUIVALENT)
        return (
            (facts.enrolled_on is not None and facts.enrolled_on <= on)
            or any(has_counted(c, facts, on) for c in facts.certificates)
            or any(
                r.checked_on <= on and (r.revoked_on is None or r.checked_on < r.revoked_on)
                for r in facts.recognitions
            )
            or any(d.kind in proofs and d.has_held(on) for d in facts.decisions)
        )


def has_counted(certificate: Certificate, facts: Facts, by: date) -> bool:
    """Whether it counted on a day up to `by`, for this number or one the supplier had before."""
    numbers = (facts.kvk_number, *facts.former_kvk_numbers)
    return any(certificate.has_counted(number, by) for number in numbers)


def reason(code: str, sort_on: date | None = None, /, **facts: Any) -> Reason:
    """A reason with its facts as JSON values, those unknown left out."""
    known = {name: as_json(value) for name, value in facts.items() if value is not None}
    return Reason(code, known, sort_on or date.min)
