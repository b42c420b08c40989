"""What a buyer should know on a day; a warning never changes the status."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from onboarding.domain.changes import as_json
from onboarding.domain.eligibility.case import Case
from onboarding.domain.eligibility.facts import Reason
from onboarding.domain.milestones import MilestoneState
from onboarding.domain.people import Side
from onboarding.domain.policy import Level


def certificate_ending(case: Case) -> Iterator[Reason]:
    """A certificate that counts ends soon and none that counts lasts longer."""
    ahead = timedelta(days=-min(case.policy.cadence.certificate_reminders, default=0))
    last = max((c.last_day() for c in case.certificates), default=None)
    for certificate in case.certificates:
        ends_on = certificate.last_day()
        if ends_on == last and case.on >= ends_on - ahead:
            is_aspirant = certificate.level is Level.ASPIRANT
            yield Reason(
                "aspirant-ending" if is_aspirant else "certificate-ending",
                {"certificate": certificate.id, "ends_on": as_json(ends_on)},
                ends_on,
            )


def review_late(case: Case) -> Iterator[Reason]:
    """The buyer lets a submitted step wait too long."""
    if case.running is None:
        return
    working_days = case.policy.cadence.review_buyer_working_days
    for milestone in case.running.milestones:
        if milestone.state is not MilestoneState.SUBMITTED or milestone.submitted_on is None:
            continue
        if case.on > case.policy.calendar.add(milestone.submitted_on, working_days):
            yield Reason(
                "review-late",
                {
                    "milestone": milestone.title,
                    "milestone_id": milestone.id,
                    "submitted_on": as_json(milestone.submitted_on),
                },
                milestone.submitted_on,
            )


def certificate_covers_other_number(case: Case) -> Iterator[Reason]:
    """A verified certificate is for another legal entity than the one contracted."""
    for certificate in case.facts.certificates:
        if certificate.is_valid(case.on) and not certificate.covers(case.facts.kvk_number):
            yield Reason(
                "certificate-covers-other-number",
                {
                    "certificate": certificate.id,
                    "kvk_number": case.facts.kvk_number,
                    "covered": sorted(certificate.covered_kvk_numbers),
                },
                certificate.starts_on,
            )


def recheck_due(case: Case) -> Iterator[Reason]:
    """A recognition was not checked again on its day: the buyer's task, nobody's loss."""
    for recognition in case.facts.recognitions:
        recheck_on = recognition.recheck_on
        if recheck_on is not None and recheck_on < case.on and recognition.counts(case.on):
            yield Reason(
                "recheck-due",
                {"recognition": recognition.id, "recheck_on": as_json(recheck_on)},
                recheck_on,
            )


def outside_step_late(case: Case) -> Iterator[Reason]:
    """The pathway's last day has passed and only the buyer's or outside steps are open."""
    pathway = case.running
    last_day = pathway.last_day() if pathway else None
    if pathway is None or last_day is None or case.on <= last_day:
        return
    still_open = [m for m in pathway.milestones if m.is_open()]
    if any(m.is_owed_by_supplier() for m in still_open):
        return
    for milestone in still_open:
        if milestone.owner is not Side.SUPPLIER:
            yield Reason(
                "outside-step-late",
                {
                    "milestone": milestone.title,
                    "milestone_id": milestone.id,
                    "due_on": as_json(milestone.due_on),
                },
                milestone.due_on,
            )


WARNINGS: tuple[Callable[[Case], Iterator[Reason]], ...] = (
    certificate_ending,
    review_late,
    certificate_covers_other_number,
    recheck_due,
    outside_step_late,
)
