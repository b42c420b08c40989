"""The lines of the status table: small functions in one ordered tuple, the first that holds.

Each takes the case of one day and returns its verdict's status and reasons, or None.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from onboarding.domain.certificates import Certificate
from onboarding.domain.decisions import DecisionKind
from onboarding.domain.eligibility.case import Case, has_counted, reason
from onboarding.domain.eligibility.facts import Reason, Status
from onboarding.domain.milestones import Milestone, notice_planned_on
from onboarding.domain.pathways import NEGOTIATED, PathwayState
from onboarding.domain.people import Side

Outcome = tuple[Status, list[Reason]]

LEFT = frozenset({PathwayState.DECLINED, PathwayState.STOPPED})


def blocked(case: Case) -> Outcome | None:
    reasons = [
        reason(
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
        reasons.append(reason("relation-ended", ended_on, ended_on=ended_on))
    return (Status.INELIGIBLE, reasons) if reasons else None


def _certified(certificate: Certificate, code: str = "certified") -> Reason:
    return reason(
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
        reason(
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
        reason(code, decision.starts_on, decision=decision.id, until=decision.ends_on)
        for kind, code in ((DecisionKind.EXEMPT, "exempt"), (DecisionKind.EQUIVALENT, "equivalent"))
        for decision in case.decisions(kind)
    ]
    return (Status.ELIGIBLE, reasons) if reasons else None


def granted(case: Case) -> Outcome | None:
    reasons = [
        reason(
            "granted-by-decision", decision.starts_on, decision=decision.id, until=decision.ends_on
        )
        for decision in case.decisions(DecisionKind.GRANT)
    ]
    return (Status.CONDITIONAL, reasons) if reasons else None


def renewal_under_way(case: Case) -> Outcome | None:
    reasons = [
        reason(
            "renewal-under-way",
            renewal.reported_on,
            renewal=renewal.id,
            certificate_ends_on=renewal.certificate_ends_on,
            waits_for=Side.BUYER if renewal.waits() else None,
            until=renewal.last_day(),
        )
        for renewal in case.renewals
    ]
    return (Status.CONDITIONAL, reasons) if reasons else None


def on_hold(case: Case) -> Outcome | None:
    pathway = case.running
    if pathway is None or pathway.hold is None or case.on not in pathway.hold:
        return None
    why = reason("on-hold", pathway=pathway.id, until=pathway.hold.ends_on)
    return Status.CONDITIONAL, [why]


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
        why = _overdue(case, milestone, code)
        (by_clock if notice.clock_decides else by_person).append(why)
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
    return reason(
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
    why = reason("on-track", pathway=pathway.id, target=pathway.target, last_day=pathway.last_day())
    return Status.CONDITIONAL, [why]


def certified_below_required(case: Case) -> Outcome | None:
    """A lower certificate helps until the supplier declines or a pathway is stopped."""
    ends = [
        pathway.over_on
        for pathway in case.facts.pathways
        if pathway.state in LEFT
        and pathway.end_stands
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
            why = reason(
                "in-negotiation", waits_for=pathway.turn(), window_ends_on=pathway.window_ends_on
            )
            return Status.UNDECIDED, [why]
        facts: dict[str, Any] = {
            "window_ended_on": pathway.window_ends_on,
            "pathway": pathway.id,
        }
        if clock_decides:
            return Status.INELIGIBLE, [reason("no-pathway", **facts)]
        return Status.UNDECIDED, [reason("decision-needed", because="window-over", **facts)]
    return _after_the_last(case)


def _after_the_last(case: Case) -> Outcome:
    """Nothing is proposed now: what ended last, if anything, asks for a decision."""
    over = max(
        (p for p in case.facts.pathways if p.over_on is not None and p.over_on <= case.on),
        key=lambda p: (p.over_on or date.min, p.id),
        default=None,
    )
    held = max(
        (
            certificate
            for certificate in case.facts.certificates
            if has_counted(certificate, case.facts, case.on) and certificate.last_day() < case.on
        ),
        key=lambda certificate: certificate.last_day(),
        default=None,
    )
    if over is not None and not over.end_stands:
        return Status.UNDECIDED, [reason("in-negotiation", waits_for=Side.BUYER)]
    if over is not None and over.over_on is not None:
        facts: dict[str, Any] = {"pathway": over.id, "ended_on": over.over_on}
        since = held.verified_on if held else None
        is_last_word = since is None or over.over_on >= since
        left_by_supplier = over.over_by is Side.SUPPLIER and over.state in LEFT
        if case.policy.clock_decides and left_by_supplier and is_last_word:
            return Status.INELIGIBLE, [reason("no-pathway", **facts)]
        if held is None or over.over_on > held.last_day():
            because = f"pathway-{over.state}"
            return Status.UNDECIDED, [reason("decision-needed", because=because, **facts)]
    if held is not None:
        why = reason("decision-needed", because="certificate-over", ended_on=held.last_day())
        return Status.UNDECIDED, [why]
    return Status.UNDECIDED, [reason("in-negotiation", waits_for=Side.BUYER)]


def out_of_scope(case: Case) -> Outcome:
    return Status.OUT_OF_SCOPE, [reason("not-in-programme")]


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
