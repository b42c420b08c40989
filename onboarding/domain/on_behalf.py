"""What a supplier can say now, for a buyer with the phone at the ear to write down."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from onboarding.domain.amendments import Amendment, AmendmentState
from onboarding.domain.certificates import CertificateState
from onboarding.domain.decisions import DecisionKind
from onboarding.domain.eligibility import Facts
from onboarding.domain.milestones import ABOUT_THE_DAY, Milestone, MilestoneState, RequestKind
from onboarding.domain.pathways import NEGOTIATED, Pathway, PathwayState
from onboarding.domain.people import Side
from onboarding.domain.statements import Statement

# What was said in time may be written down later: so long it is still offered.
OFFERED_AFTER = timedelta(days=31)


class Act(StrEnum):
    """What a supplier can do, in the order in which a page offers it."""

    AGREE = "agree"
    COUNTER = "counter"
    DECLINE = "decline"
    STEP_DONE = "step-done"
    STEP_STARTED = "step-started"
    ANOTHER_DATE = "another-date"
    OUTSIDE_DELAY = "outside-delay"
    REPLY_TO_NOTICE = "reply-to-notice"
    REPLY_TO_BLOCK = "reply-to-block"
    CONTEST = "contest"
    ACCEPT_AMENDMENT = "accept-amendment"
    DECLINE_AMENDMENT = "decline-amendment"
    WITHDRAW_AMENDMENT = "withdraw-amendment"
    WITHDRAW_REQUEST = "withdraw-request"
    QUESTION = "question"
    CERTIFICATE = "certificate"
    RENEWAL = "renewal"
    HOLD = "hold"
    CLOSURE = "closure"
    AWAY = "away"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One thing that an act can be about: a step, a notice, a certificate, …; 0 for none.

    `title` is that of its step, or the code of what was recorded. Said up to and including `by`
    it is in time; before `since` it cannot have been said.
    """

    id: int
    title: str = ""
    by: date | None = None
    since: date | None = None

    def is_in_time(self, said_on: date) -> bool | None:
        """None where no day has to be made."""
        return None if self.by is None else said_on <= self.by


@dataclass(frozen=True, slots=True, kw_only=True)
class Possible:
    """An act, and what it can be about, the most likely first."""

    act: Act
    options: tuple[Option, ...]

    def option(self, option_id: int) -> Option | None:
        return next((one for one in self.options if one.id == option_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How things stand with a supplier, as far as it decides what it can say."""

    facts: Facts
    today: date
    amendment: Amendment | None = None
    hold_is_asked: bool = False
    statements: tuple[Statement, ...] = ()

    @property
    def running(self) -> Pathway | None:
        return next((p for p in self.facts.pathways if p.is_running()), None)

    @property
    def is_ended(self) -> bool:
        return self.facts.ended_on is not None and self.facts.ended_on <= self.today

    def their_steps(self) -> list[tuple[Milestone, Option]]:
        """What is not handed in yet, the first day first; not the buyer's own steps."""
        pathway = self.running
        steps = [m for m in pathway.milestones if _is_theirs(m)] if pathway else []
        steps.sort(key=lambda m: (m.falls_due_on() or m.due_on, m.id))
        return [(m, _step(m, pathway.proposed_on if pathway else None)) for m in steps]


def possible_now(standing: Standing) -> tuple[Possible, ...]:
    """Each act that is possible, with what it can be about. After the end only a question."""
    acts = {Act.QUESTION: ACTS[Act.QUESTION]} if standing.is_ended else ACTS
    found = (Possible(act=act, options=tuple(about(standing))) for act, about in acts.items())
    return tuple(one for one in found if one.options)


def _is_theirs(milestone: Milestone) -> bool:
    is_open = milestone.state in (MilestoneState.PLANNED, MilestoneState.STARTED)
    return is_open and milestone.owner is not Side.BUYER


def _step(milestone: Milestone, since: date | None) -> Option:
    """Only what the supplier owes has a day to make."""
    is_owed = milestone.is_owed_by_supplier()
    by = milestone.falls_due_on() if is_owed else None
    return Option(id=milestone.id, title=milestone.title, by=by, since=since)


def _proposal(*states: PathwayState) -> Callable[[Standing], Iterator[Option]]:
    def about(standing: Standing) -> Iterator[Option]:
        for pathway in standing.facts.pathways:
            if pathway.state in states:
                ends_on, since = pathway.window_ends_on, pathway.proposed_on
                yield Option(id=pathway.id, by=ends_on, since=since)

    return about


def _any_step(standing: Standing) -> Iterator[Option]:
    return (option for _, option in standing.their_steps())


def _to_start(standing: Standing) -> Iterator[Option]:
    steps = standing.their_steps()
    return (option for m, option in steps if m.state is MilestoneState.PLANNED)


def _not_asked(kind: RequestKind) -> Callable[[Standing], Iterator[Option]]:
    """Steps about which the supplier has not asked this already."""

    def about(standing: Standing) -> Iterator[Option]:
        for milestone, option in standing.their_steps():
            if not any(r.waits() and r.kind is kind for r in milestone.requests):
                yield option

    return about


def _notices(standing: Standing) -> Iterator[Option]:
    pathway = standing.running
    for milestone in pathway.milestones if pathway else ():
        notice = milestone.standing_notice()
        if notice is not None and milestone.is_owed_by_supplier() and not notice.reply_waits():
            yield Option(
                id=notice.id,
                title=milestone.title,
                by=notice.cure_ends_on,
                since=notice.handed_over_on,
            )


def _blocks(standing: Standing) -> Iterator[Option]:
    for decision in standing.facts.decisions:
        is_over = decision.ends_on is not None and decision.ends_on < standing.today
        is_known = decision.announced_on is not None or decision.covers(standing.today)
        if (
            decision.kind is DecisionKind.BLOCK
            and is_known
            and not is_over
            and decision.ended_on is None
            and not decision.waits_for_answer()
        ):
            since = decision.announced_on or decision.starts_on
            yield Option(id=decision.id, by=decision.first_day(), since=since)


def _statements(standing: Standing) -> Iterator[Option]:
    for statement in standing.statements:
        is_offered = statement.contest_until_on + OFFERED_AFTER >= standing.today
        if statement.contested_on is None and is_offered:
            yield Option(
                id=statement.id,
                title=statement.code,
                by=statement.contest_until_on,
                since=statement.recorded_on,
            )


def _amendment(by: Side) -> Callable[[Standing], Iterator[Option]]:
    """A change that lies open, whose last version is of this side."""

    def about(standing: Standing) -> Iterator[Option]:
        amendment = standing.amendment
        if (
            amendment is not None
            and amendment.state is AmendmentState.OPEN
            and amendment.by is by
            and standing.running is not None
        ):
            yield Option(id=amendment.id)

    return about


def _asked_about_a_day(standing: Standing) -> Iterator[Option]:
    """What waits for an answer of the buyer, each with the step that it is about."""
    for milestone, option in standing.their_steps():
        for request in milestone.requests:
            if request.waits() and request.kind in ABOUT_THE_DAY:
                yield Option(id=request.id, title=option.title, since=request.made_on)


def _question(standing: Standing) -> Iterator[Option]:
    yield Option(id=0)
    if not standing.is_ended:
        yield from _any_step(standing)


def _relation(standing: Standing) -> Iterator[Option]:
    yield Option(id=0)


def _certificates(standing: Standing) -> Iterator[Option]:
    if any(renewal.waits() for renewal in standing.facts.renewals):
        return
    for certificate in standing.facts.certificates:
        is_held = certificate.state is CertificateState.VERIFIED
        if is_held and certificate.last_day() + OFFERED_AFTER >= standing.today:
            yield Option(
                id=certificate.id, title=certificate.level.value, by=certificate.last_day()
            )


def _to_pause(standing: Standing) -> Iterator[Option]:
    pathway = standing.running
    if pathway is None or standing.hold_is_asked:
        return
    if pathway.hold is None or pathway.hold.ends_on < standing.today:
        yield Option(id=pathway.id, since=pathway.proposed_on)


def _running(standing: Standing) -> Iterator[Option]:
    if standing.running is not None:
        yield Option(id=standing.running.id, since=standing.running.proposed_on)


ACTS: dict[Act, Callable[[Standing], Iterator[Option]]] = {
    Act.AGREE: _proposal(PathwayState.PROPOSED),
    Act.COUNTER: _proposal(PathwayState.PROPOSED),
    Act.DECLINE: _proposal(*NEGOTIATED),
    Act.STEP_DONE: _any_step,
    Act.STEP_STARTED: _to_start,
    Act.ANOTHER_DATE: _not_asked(RequestKind.ANOTHER_DATE),
    Act.OUTSIDE_DELAY: _not_asked(RequestKind.OUTSIDE_DELAY),
    Act.REPLY_TO_NOTICE: _notices,
    Act.REPLY_TO_BLOCK: _blocks,
    Act.CONTEST: _statements,
    Act.ACCEPT_AMENDMENT: _amendment(Side.BUYER),
    Act.DECLINE_AMENDMENT: _amendment(Side.BUYER),
    Act.WITHDRAW_AMENDMENT: _amendment(Side.SUPPLIER),
    Act.WITHDRAW_REQUEST: _asked_about_a_day,
    Act.QUESTION: _question,
    Act.CERTIFICATE: _relation,
    Act.RENEWAL: _certificates,
    Act.HOLD: _to_pause,
    Act.CLOSURE: _relation,
    Act.AWAY: _relation,
    Act.STOP: _running,
}
