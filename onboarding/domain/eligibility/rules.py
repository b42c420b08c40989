"""The lines of the status table: small functions in one ordered tuple, the first that holds.

Each takes the case of one day and returns its verdict's status and reasons, or None.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from onboarding.domain.certificates import Certificate
from onboarding.domain.changes import as_json
from onboarding.domain.decisions import Decision, DecisionKind
from onboarding.domain.eligibility.facts import Facts, Reason, Status
from onboarding.domain.milestones import Milestone, notice_planned_on
from onboarding.domain.pathways import NEGOTIATED, Pathway, PathwayState
from onboarding.domain.people import Side
from onboarding.domain.policy import Policy

Outcome = tuple[Status, list[Reason]]


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

    def decisions(self, kind: DecisionKind) -> list[Decision]:
        return [d for d in self.facts.decisions if d.kind is kind and d.covers(self.on)]

    def is_in_programme(self) -> bool:
        """Enrolled, or once the holder of something that counted."""
        facts, on = self.facts, self.on
        proofs = (DecisionKind.EXEMPT, DecisionKind.EQUIVALENT)
        return (
            (facts.enrolled_on is not None and facts.enrolled_on <= on)
            or any(_has_counted(c, facts, on) for c in facts.certificates)
            or any(
                r.checked_on <= on and (r.revoked_on is None or r.checked_on < r.revoked_on)
                for r in facts.recognitions
            )
            or any(d.kind in proofs and d.starts_on <= on for d in facts.decisions)
        )


def _has_counted(certificate: Certificate, facts: Facts, by: date) -> bool:
    """Whether it counted on a day up to `by`, for this number or one the supplier had before."""
    numbers = (facts.kvk_number, *facts.former_kvk_numbers)
    return any(certificate.has_counted(number, by) for number in numbers)


def _reason(code: str, sort_on: date | None = None, /, **facts: Any) -> Reason:
    known = {name: as_json(value) for name, value in facts.items() if value is not None}
    return Reason(code, known, sort_on or date.min)


def blocked(case: Case) -> Outcome | None:
    reasons = [
        _reason(
            "blocked-by-decision",
            decision.first_day(),
            decision=decision.id,
            starts_on=decision.first_day(),
            until=decision.ends_on,
        )
        for decision in case.decisions(DecisionKind.BLOCK)
    ]
    ended_on = case.facts.ended_on
    if ended_on is not None and ended_on <= case.on:
        reasons.append(_reason("relation-ended", ended_on, ended_on=ended_on))
    return (Status.INELIGIBLE, reasons) if reasons else None


def _certified(certificate: Certificate, code: str = "certified") -> Reason:
    return _reason(
        code,
        certificate.first_day(),
        certificate=certificate.id,
        level=certificate.level,
        thirty_plus=certificate.thirty_plus,
        valid_until=certificate.last_day(),
    )


def preferred(case: Case) -> Outcome | None:
    reasons = [
        _certified(certificate)
        for certificate in case.certificates
        if certificate.thirty_plus or certificate.level.reaches(case.policy.preferred_level)
    ]
    reasons += [
        _reason(
            "recognised",
            recognition.checked_on,
            recognition=recognition.id,
            kind=recognition.kind,
            valid_until=recognition.ends_on,
        )
        for recognition in case.facts.recognitions
        if recognition.counts(case.on)
    ]
    return (Status.PREFERRED, reasons) if reasons else None


def certified(case: Case) -> Outcome | None:
    reasons = [
        _certified(certificate)
        for certificate in case.certificates
        if certificate.level.reaches(case.policy.required_level)
        or (
            certificate.pathway_target is not None
            and certificate.level.reaches(certificate.pathway_target)
        )
    ]
    return (Status.ELIGIBLE, reasons) if reasons else None


def exempt(case: Case) -> Outcome | None:
    reasons = [
        _reason(code, decision.starts_on, decision=decision.id, until=decision.ends_on)
        for kind, code in ((DecisionKind.EXEMPT, "exempt"), (DecisionKind.EQUIVALENT, "equivalent"))
        for decision in case.decisions(kind)
    ]
    return (Status.ELIGIBLE, reasons) if reasons else None


def granted(case: Case) -> Outcome | None:
    reasons = [
        _reason(
            "granted-by-decision", decision.starts_on, decision=decision.id, until=decision.ends_on
        )
        for decision in case.decisions(DecisionKind.GRANT)
    ]
    return (Status.CONDITIONAL, reasons) if reasons else None


def renewal_under_way(case: Case) -> Outcome | None:
    reasons = [
        _reason(
            "renewal-under-way",
            renewal.reported_on,
            renewal=renewal.id,
            certificate_ends_on=renewal.certificate_ends_on,
            waits_for=Side.BUYER if renewal.waits() else None,
            until=renewal.last_day(),
        )
        for renewal in case.facts.renewals
        if renewal.carries(case.on)
    ]
    return (Status.CONDITIONAL, reasons) if reasons else None


def on_hold(case: Case) -> Outcome | None:
    pathway = case.running
    if pathway is None or pathway.hold is None or case.on not in pathway.hold:
        return None
    reason = _reason("on-hold", pathway=pathway.id, until=pathway.hold.ends_on)
    return Status.CONDITIONAL, [reason]


def cure_period_over(case: Case) -> Outcome | None:
    """The notice's cure period is over and nothing of the supplier's waits for an answer."""
    by_clock: list[Reason] = []
    by_person: list[Reason] = []
    for milestone in case.overdue:
        notice = milestone.standing_notice()
        if notice is None or case.on <= notice.cure_ends_on:
            continue
        if notice.reply_waits() or milestone.request_waits():
            continue
        code = "cure-period-ended" if notice.clock_decides else "decision-needed"
        reason = _overdue(case, milestone, code)
        (by_clock if notice.clock_decides else by_person).append(reason)
    if by_clock:
        return Status.INELIGIBLE, by_clock
    return (Status.AT_RISK, by_person) if by_person else None


def _overdue(case: Case, milestone: Milestone, code: str) -> Reason:
    calendar, cadence = case.policy.calendar, case.policy.cadence
    due_on = milestone.falls_due_on()
    assert due_on is not None  # it is overdue
    notice = milestone.standing_notice()
    planned_on = None if notice else milestone.notice_planned_on
    if notice is None and planned_on is None:
        planned_on = notice_planned_on(
            due_on, cadence.notice_prepared_after, cadence.notice_on_list_working_days, calendar
        )
    return _reason(
        code,
        due_on,
        milestone=milestone.title,
        milestone_id=milestone.id,
        due_on=due_on,
        notice_planned_on=planned_on,
        cure_ends_on=notice.cure_ends_on if notice else None,
    )


def milestone_overdue(case: Case) -> Outcome | None:
    reasons = [_overdue(case, milestone, "milestone-overdue") for milestone in case.overdue]
    return (Status.AT_RISK, reasons) if reasons else None


def on_track(case: Case) -> Outcome | None:
    pathway = case.running
    if pathway is None:
        return None
    reason = _reason(
        "on-track", pathway=pathway.id, target=pathway.target, last_day=pathway.last_day()
    )
    return Status.CONDITIONAL, [reason]


def certified_below_required(case: Case) -> Outcome | None:
    """A lower certificate helps until the supplier declines or a pathway is stopped."""
    ends = [
        pathway.over_on
        for pathway in case.facts.pathways
        if pathway.state in (PathwayState.DECLINED, PathwayState.STOPPED)
        and pathway.over_on is not None
        and pathway.over_on <= case.on
    ]
    reasons = [
        _certified(certificate, "certified-below-required")
        for certificate in case.certificates
        if certificate.verified_on is not None
        and not any(end >= certificate.verified_on for end in ends)
    ]
    return (Status.CONDITIONAL, reasons) if reasons else None


def negotiating(case: Case) -> Outcome | None:
    """Enrolled, and nothing better holds."""
    if not case.is_in_programme():
        return None
    clock_decides = case.policy.clock_decides
    pathway = next((p for p in case.facts.pathways if p.state in NEGOTIATED), None)
    if pathway is not None:
        if not pathway.window_is_over(case.on):
            reason = _reason(
                "in-negotiation", waits_for=pathway.turn(), window_ends_on=pathway.window_ends_on
            )
            return Status.UNDECIDED, [reason]
        facts: dict[str, Any] = {
            "window_ended_on": pathway.window_ends_on,
            "pathway": pathway.id,
        }
        if clock_decides:
            return Status.INELIGIBLE, [_reason("no-pathway", **facts)]
        return Status.UNDECIDED, [_reason("decision-needed", because="window-over", **facts)]
    return _after_the_last(case)


def _after_the_last(case: Case) -> Outcome:
    """Nothing is proposed now: what ended last, if anything, asks for a decision."""
    over = max(
        (p for p in case.facts.pathways if p.over_on is not None and p.over_on <= case.on),
        key=lambda p: (p.over_on or date.min, p.id),
        default=None,
    )
    if over is not None:
        facts: dict[str, Any] = {"pathway": over.id, "ended_on": over.over_on}
        ended_by_supplier = over.over_by is Side.SUPPLIER and over.state is not (
            PathwayState.COMPLETED
        )
        if case.policy.clock_decides and ended_by_supplier:
            return Status.INELIGIBLE, [_reason("no-pathway", **facts)]
        because = f"pathway-{over.state}"
        return Status.UNDECIDED, [_reason("decision-needed", because=because, **facts)]
    ended = [
        certificate.last_day()
        for certificate in case.facts.certificates
        if _has_counted(certificate, case.facts, case.on) and certificate.last_day() < case.on
    ]
    if ended:
        reason = _reason("decision-needed", because="certificate-over", ended_on=max(ended))
        return Status.UNDECIDED, [reason]
    return Status.UNDECIDED, [_reason("in-negotiation", waits_for=Side.BUYER)]


def out_of_scope(case: Case) -> Outcome:
    return Status.OUT_OF_SCOPE, [_reason("not-in-programme")]


RULES: tuple[Callable[[Case], Outcome | None], ...] = (
    blocked,
    preferred,
    certified,
    exempt,
    granted,
    renewal_under_way,
    on_hold,
    cure_period_over,
    milestone_overdue,
    on_track,
    certified_below_required,
    negotiating,
    out_of_scope,
)
