"""What is owed to whom for a deadline: the stages of the cadence, each under a key of its own."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from onboarding.domain.certificates import Certificate
from onboarding.domain.decisions import Decision, DecisionKind
from onboarding.domain.milestones import Milestone, MilestoneState
from onboarding.domain.pathways import Pathway, PathwayState
from onboarding.domain.policy import Policy
from onboarding.domain.workdays import DAY, WorkingCalendar

SENDS_FROM, SENDS_UNTIL = time(8), time(20)  # local
SOON = timedelta(days=3)


class OwedKind(StrEnum):
    """What is owed: a message, a task on a work list, or a notice to prepare."""

    STEP_REMINDER = "step-reminder"
    CALL = "call"
    NOTICE = "notice"
    DECISION = "decision"
    PROPOSAL_REMINDER = "proposal-reminder"
    PROPOSAL_CALL = "proposal-call"
    WINDOW_ENDING = "window-ending"
    REVIEW_WAITING = "review-waiting"
    REVIEW_LATE = "review-late"
    CERTIFICATE_ENDING = "certificate-ending"
    DECISION_ENDING = "decision-ending"


class Recipient(StrEnum):
    """To whom something is owed."""

    SUPPLIER = "supplier"
    BUYER = "buyer"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """Something owed once: for one deadline and stage, from `falls_on`.

    `stage` is in days from `deadline`, or a word.
    """

    kind: OwedKind
    to: Recipient
    about: str
    about_id: int
    deadline: date
    stage: str
    falls_on: date

    @property
    def key(self) -> str:
        """Unique for what is owed; a moved deadline has another. The person is added to it."""
        deadline = self.deadline.isoformat()
        return f"{self.kind}:{self.about}-{self.about_id}:{deadline}:{self.stage}"

    def is_pressing(self, today: date) -> bool:
        """Late, or due within three days: it does not wait for Monday."""
        return self.deadline <= today + SOON


Stage = tuple[str, date]


def in_days(deadline: date, stages: Iterable[int]) -> list[Stage]:
    """Stages counted in days from a deadline: `-14`, `+1`."""
    return [(f"{days:+d}", deadline + timedelta(days=days)) for days in stages]


def last_reached(stages: Iterable[Stage], known_since: date, today: date) -> Stage | None:
    """The last stage that has come; those before the fact existed are not owed.

    Of several missed in an outage only this one is sent.
    """
    reached = [(stage, day) for stage, day in stages if known_since <= day <= today]
    return max(reached, key=lambda one: one[1], default=None)


def owed_for_milestone(
    milestone: Milestone, policy: Policy, known_since: date, today: date
) -> Iterator[Owed]:
    """For a step of a running pathway whose deadline is known since that day."""
    cadence, calendar = policy.cadence, policy.calendar
    yield from owed_for_review(milestone, policy, today)
    deadline = milestone.falls_due_on()
    if deadline is None or not milestone.is_owed_by_supplier() or milestone.request_waits():
        return

    def owed(kind: OwedKind, to: Recipient, stage: Stage) -> Owed:
        return Owed(
            kind=kind,
            to=to,
            about="milestone",
            about_id=milestone.id,
            deadline=deadline,
            stage=stage[0],
            falls_on=stage[1],
        )

    reminders = in_days(deadline, cadence.milestone_reminders)
    if reached := last_reached(reminders, known_since, today):
        yield owed(OwedKind.STEP_REMINDER, Recipient.SUPPLIER, reached)
    if not milestone.is_overdue(today):
        return
    notice = milestone.standing_notice()
    if notice is not None:
        decide_on = notice.cure_ends_on + DAY
        if today >= decide_on and not notice.reply_waits():
            stage = (f"cure-{notice.cure_ends_on.isoformat()}", decide_on)
            yield owed(OwedKind.DECISION, Recipient.MANAGER, stage)
        return
    call_on = calendar.add(deadline, cadence.call_after_working_days)
    if reached := last_reached([("call", call_on)], known_since, today):
        yield owed(OwedKind.CALL, Recipient.BUYER, reached)
    prepared_on = calendar.on_or_after(deadline + timedelta(days=cadence.notice_prepared_after))
    if today >= prepared_on:
        yield owed(OwedKind.NOTICE, Recipient.BUYER, ("notice", prepared_on))


def owed_for_review(milestone: Milestone, policy: Policy, today: date) -> Iterator[Owed]:
    """A submitted step that waits for the buyer: it is told, then the manager."""
    submitted_on = milestone.submitted_on
    if milestone.state is not MilestoneState.SUBMITTED or submitted_on is None:
        return
    cadence = policy.cadence
    for kind, to, working_days in (
        (OwedKind.REVIEW_WAITING, Recipient.BUYER, cadence.review_buyer_working_days),
        (OwedKind.REVIEW_LATE, Recipient.MANAGER, cadence.review_manager_working_days),
    ):
        falls_on = policy.calendar.add(submitted_on, working_days) + DAY
        if falls_on <= today:
            yield Owed(
                kind=kind,
                to=to,
                about="milestone",
                about_id=milestone.id,
                deadline=submitted_on,
                stage=f"{working_days}-working-days",
                falls_on=falls_on,
            )


def owed_for_proposal(
    pathway: Pathway, handed_over_on: date, policy: Policy, today: date
) -> Iterator[Owed]:
    """An unanswered proposal, from the hand-over of its last version."""
    if pathway.state is not PathwayState.PROPOSED:
        return
    cadence = policy.cadence
    reminders = in_days(handed_over_on, cadence.proposal_reminders)
    stages = [(OwedKind.PROPOSAL_REMINDER, Recipient.SUPPLIER, reminders)]
    last = max((day for _, day in reminders), default=handed_over_on)
    call_on = policy.calendar.add(last, cadence.call_after_working_days)
    stages.append((OwedKind.PROPOSAL_CALL, Recipient.BUYER, [("call", call_on)]))
    if pathway.window_ends_on is not None:
        days = in_days(pathway.window_ends_on, cadence.window_reminders)
        stages.append((OwedKind.WINDOW_ENDING, Recipient.BUYER, days))
    for kind, to, options in stages:
        is_window = kind is OwedKind.WINDOW_ENDING
        if reached := last_reached(options, handed_over_on, today):
            yield Owed(
                kind=kind,
                to=to,
                about="pathway",
                about_id=pathway.id,
                deadline=(pathway.window_ends_on if is_window else None) or handed_over_on,
                stage=reached[0],
                falls_on=reached[1],
            )


def owed_for_certificate(
    certificate: Certificate, kvk_number: str | None, policy: Policy, known_since: date, today: date
) -> Iterator[Owed]:
    """A certificate that counts and ends: to both sides."""
    if not certificate.counts(kvk_number, today):
        return
    ends_on = certificate.last_day()
    reached = last_reached(
        in_days(ends_on, policy.cadence.certificate_reminders), known_since, today
    )
    for to in (Recipient.SUPPLIER, Recipient.BUYER) if reached else ():
        assert reached is not None
        yield Owed(
            kind=OwedKind.CERTIFICATE_ENDING,
            to=to,
            about="certificate",
            about_id=certificate.id,
            deadline=ends_on,
            stage=reached[0],
            falls_on=reached[1],
        )


def owed_for_decision(
    decision: Decision, policy: Policy, known_since: date, today: date
) -> Iterator[Owed]:
    """A decision that ends: to the buyer, or for a block to a manager."""
    if decision.ends_on is None or not decision.covers(today):
        return
    stages = in_days(decision.ends_on, policy.cadence.decision_reminders)
    if reached := last_reached(stages, known_since, today):
        is_block = decision.kind is DecisionKind.BLOCK
        yield Owed(
            kind=OwedKind.DECISION_ENDING,
            to=Recipient.MANAGER if is_block else Recipient.BUYER,
            about="decision",
            about_id=decision.id,
            deadline=decision.ends_on,
            stage=reached[0],
            falls_on=reached[1],
        )


def may_send(today: date, local_time: time, calendar: WorkingCalendar) -> bool:
    """Reminders, notices and tasks go on working days from eight in the morning.

    In the evening nobody is disturbed: what an outage held up until then goes the next morning.
    """
    return calendar.is_working(today) and SENDS_FROM <= local_time < SENDS_UNTIL


def is_digest_day(today: date, calendar: WorkingCalendar) -> bool:
    """The first working day of the week: Monday, or the day after when that is off."""
    monday = today - timedelta(days=today.weekday())
    return calendar.is_working(today) and calendar.on_or_after(monday) == today


def goes_today(owed: Iterable[Owed], today: date, calendar: WorkingCalendar) -> bool:
    """Whether a person's digest goes today: weekly, or sooner for something pressing."""
    owed = tuple(owed)
    if not owed or not calendar.is_working(today):
        return False
    return is_digest_day(today, calendar) or any(one.is_pressing(today) for one in owed)
