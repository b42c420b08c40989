"""Stories about an agreed pathway: steps in time, late, waiting, on hold, and notices."""

from dataclasses import replace
from datetime import date

from onboarding.domain.holds import ask_hold, grant_hold, moved_days
from onboarding.domain.milestones import MilestoneState, RequestKind
from onboarding.domain.people import Role, Side
from onboarding.domain.workdays import Span
from tests.build import (
    CALENDAR,
    a_milestone,
    a_notice,
    a_pathway,
    a_policy,
    a_request,
    an_actor,
    facts,
    policies,
)
from tests.domain.stories.telling import Chapter, knowing, story

D = date
SUBMITTED, ACCEPTED = MilestoneState.SUBMITTED, MilestoneState.ACCEPTED
CLOCK_LATER = policies(
    a_policy(), a_policy(version=2, starts_on=D(2027, 2, 15), clock_decides=True)
)
LATER_STEP = a_milestone(id=2, title="audit", due_on=D(2027, 6, 1))
HELD = Span(D(2027, 1, 25), D(2027, 2, 21))


def with_step(text: str, **fields: object) -> Chapter:
    """A pathway with one step, due on Monday 1 February 2027."""
    return knowing(facts(pathways=(a_pathway(a_milestone(**fields)),)), text)


def on_hold(text: str) -> Chapter:
    """Four weeks on hold from 25 January, as granting it moves the step."""
    pathway = a_pathway(a_milestone())
    held = grant_hold(pathway, 1, HELD, an_actor(), D(2027, 1, 20), CALENDAR)
    due_on = next(move.becomes for move in held.moved if move.field == "due_on")
    pathway = replace(pathway, hold=HELD, milestones=(a_milestone(due_on=due_on),))
    return knowing(facts(pathways=(pathway,)), text)


def notice_moved_by_hold(text: str) -> Chapter:
    """Overdue with a notice, and then a pause of two weeks in its cure period."""
    pathway = a_pathway(a_milestone(notice=a_notice()))
    span = Span(D(2027, 2, 15), D(2027, 2, 28))
    moves = {move.field: move.becomes for move in moved_days(pathway, span, CALENDAR)}
    assert set(moves) == {"cure_ends_on"}  # the day that was missed stays missed
    notice = a_notice(cure_ends_on=moves["cure_ends_on"])
    pathway = replace(pathway, hold=span, milestones=(a_milestone(notice=notice),))
    return knowing(facts(pathways=(pathway,)), text)


def pause_asked(text: str, *, span: Span, granted_on: date | None = None) -> Chapter:
    """The supplier asks for a pause on 27 January, for a step that is due on 1 February."""
    pathway, supplier = a_pathway(a_milestone()), an_actor(Role.CONTACT)
    asked = ask_hold(pathway, span, "verhuizing", supplier, D(2027, 1, 27), CALENDAR)
    requests = tuple(a_request(kind=RequestKind.HOLD, made_on=asked.made_on) for _ in asked.touches)
    pathway = a_pathway(a_milestone(requests=requests))
    if granted_on is not None:
        held = grant_hold(pathway, 1, span, an_actor(), granted_on, CALENDAR)
        days = {move.field: move.becomes for move in held.moved}
        answered = replace(requests[0], answered_on=granted_on, grace_ends_on=days["grace_ends_on"])
        moved = a_milestone(due_on=days["due_on"], requests=(answered,))
        pathway = replace(pathway, hold=span, milestones=(moved,))
    return knowing(facts(pathways=(pathway,)), text)


LATE_REQUEST = a_request(made_on=D(2027, 2, 16))
REFUSED_LATE = replace(LATE_REQUEST, answered_on=D(2027, 3, 1), grace_ends_on=D(2027, 3, 8))

STORIES = (
    story(
        "A step is on its way, and then it is missed",
        with_step(
            """
            2027-01-25 conditional on-track
            2027-02-02 at-risk milestone-overdue
            """
        ),
    ),
    story(
        "A step is sent in on its last day, and we do not look at it for weeks",
        with_step(
            """
            2027-02-01 conditional on-track
            2027-02-09 conditional on-track ! review-late
            """,
            state=SUBMITTED,
            submitted_on=D(2027, 2, 1),
            is_reviewed=True,
        ),
    ),
    story(
        "A step is sent in late: from that day on it is ours",
        with_step("2027-02-02 at-risk milestone-overdue"),
        with_step(
            """
            2027-02-05 conditional on-track
            2027-02-13 conditional on-track ! review-late
            """,
            state=SUBMITTED,
            submitted_on=D(2027, 2, 5),
        ),
    ),
    story(
        "We send a step back, with two weeks to add to it",
        with_step(
            """
            2027-02-05 conditional on-track
            2027-02-20 at-risk milestone-overdue
            """,
            state=MilestoneState.STARTED,
            rework_on=D(2027, 2, 19),
            times_returned=1,
        ),
    ),
    story(
        "A step is waived on the day it would be late",
        with_step("2027-02-02 conditional on-track", state=MilestoneState.WAIVED),
    ),
    story(
        "It asks for another day in time: nothing falls due while we think about it",
        with_step("2027-01-29 conditional on-track", requests=(a_request(),)),
    ),
    story(
        "It asked in time, by phone; we say no after the day: five working days are left",
        with_step("2027-01-29 conditional on-track", requests=(a_request(),)),
        with_step(
            """
            2027-02-08 conditional on-track
            2027-02-16 at-risk milestone-overdue
            """,
            requests=(a_request(answered_on=D(2027, 2, 8), grace_ends_on=D(2027, 2, 15)),),
        ),
    ),
    story(
        "It asked in time and we give it until March",
        with_step(
            """
            2027-02-03 conditional on-track
            2027-03-02 at-risk milestone-overdue
            """,
            due_on=D(2027, 3, 1),
            day_number=2,
            requests=(
                a_request(
                    answered_on=D(2027, 2, 3),
                    granted_on=D(2027, 3, 1),
                    grace_ends_on=D(2027, 2, 10),
                ),
            ),
        ),
    ),
    story(
        "We give it a day sooner than five working days from our answer: those count",
        with_step(
            """
            2027-02-08 conditional on-track
            2027-02-16 at-risk milestone-overdue
            """,
            due_on=D(2027, 2, 9),
            day_number=2,
            requests=(
                a_request(
                    answered_on=D(2027, 2, 8),
                    granted_on=D(2027, 2, 9),
                    grace_ends_on=D(2027, 2, 15),
                ),
            ),
        ),
    ),
    story(
        "Its second request for the same day waits too, but gives no second five days",
        with_step(
            "2027-02-10 conditional on-track",
            requests=(
                a_request(answered_on=D(2027, 2, 8), grace_ends_on=D(2027, 2, 15)),
                a_request(id=2, made_on=D(2027, 2, 10)),
            ),
        ),
        with_step(
            "2027-02-22 at-risk milestone-overdue",
            requests=(
                a_request(answered_on=D(2027, 2, 8), grace_ends_on=D(2027, 2, 15)),
                a_request(
                    id=2,
                    made_on=D(2027, 2, 10),
                    answered_on=D(2027, 2, 22),
                    grace_ends_on=D(2027, 3, 1),
                ),
            ),
        ),
    ),
    story(
        "It asks after the day: that stays missed",
        with_step(
            "2027-02-02 at-risk milestone-overdue",
            requests=(a_request(made_on=D(2027, 2, 3)),),
        ),
    ),
    story(
        "We ask for another day ourselves: that stops no clock",
        with_step(
            """
            2027-01-29 conditional on-track
            2027-02-02 at-risk milestone-overdue
            """,
            requests=(a_request(by=Side.BUYER),),
        ),
    ),
    story(
        "It asks for another day on the very last day",
        with_step("2027-02-01 conditional on-track", requests=(a_request(made_on=D(2027, 2, 1)),)),
    ),
    story(
        "We ask and answer ourselves: that gives it no five days",
        with_step(
            """
            2027-02-01 conditional on-track
            2027-02-02 at-risk milestone-overdue
            """,
            requests=(
                a_request(by=Side.BUYER, answered_on=D(2027, 2, 1), grace_ends_on=D(2027, 2, 8)),
            ),
        ),
    ),
    story(
        "Our own request does not keep a decision waiting",
        with_step(
            "2027-02-25 at-risk decision-needed",
            notice=a_notice(),
            requests=(a_request(by=Side.BUYER, made_on=D(2027, 2, 16)),),
        ),
    ),
    story(
        "We pause the pathway when the time to repair is over",
        knowing(
            facts(
                pathways=(
                    a_pathway(
                        a_milestone(notice=a_notice(clock_decides=True)),
                        hold=Span(D(2027, 3, 1), D(2027, 3, 31)),
                    ),
                )
            ),
            """
            2027-02-25 ineligible cure-period-ended
            2027-03-01 conditional on-hold
            2027-04-01 ineligible cure-period-ended
            """,
        ),
    ),
    story(
        "The certifying body is late and it tells us in time",
        with_step(
            "2027-01-29 conditional on-track",
            requests=(a_request(kind=RequestKind.OUTSIDE_DELAY),),
        ),
    ),
    story(
        "It proposes to change the pathway: the steps that this touches wait for us",
        with_step(
            "2027-01-29 conditional on-track",
            requests=(a_request(kind=RequestKind.AMENDMENT),),
        ),
    ),
    story(
        "It asks for a pause: the steps that this would move wait for us, the others do not",
        pause_asked(
            """
            2027-01-27 conditional on-track
            2027-02-02 at-risk milestone-overdue
            """,
            span=Span(D(2027, 2, 2), D(2027, 2, 28)),
        ),
        pause_asked("2027-01-27 conditional on-track", span=Span(D(2027, 2, 1), D(2027, 2, 28))),
    ),
    story(
        "It asks for a pause in time and we say yes a week later: it counts from the day it asked",
        pause_asked("2027-01-27 conditional on-track", span=Span(D(2027, 2, 1), D(2027, 2, 28))),
        pause_asked(
            """
            2027-02-08 conditional on-hold
            2027-03-01 conditional on-track
            2027-03-06 at-risk milestone-overdue
            """,
            span=Span(D(2027, 2, 1), D(2027, 2, 28)),
            granted_on=D(2027, 2, 8),
        ),
    ),
    story(
        "A request about one step does not help another",
        knowing(
            facts(
                pathways=(
                    a_pathway(
                        a_milestone(requests=(a_request(),)),
                        a_milestone(id=2, title="plan", due_on=D(2027, 2, 3)),
                    ),
                )
            ),
            """
            2027-01-29 conditional on-track
            2027-02-04 at-risk milestone-overdue
            """,
        ),
    ),
    story(
        "After the notice it has ten working days, and then a person decides",
        with_step("2027-02-02 at-risk milestone-overdue"),
        with_step(
            """
            2027-02-10 at-risk milestone-overdue
            2027-02-25 at-risk decision-needed
            """,
            notice=a_notice(),
        ),
    ),
    story(
        "After the notice the clock decides, as we set it",
        with_step(
            """
            2027-02-10 at-risk milestone-overdue
            2027-02-25 ineligible cure-period-ended
            """,
            notice=a_notice(clock_decides=True),
        ),
    ),
    story(
        "The notice said that a person decides; that we set the clock later changes nothing",
        with_step(
            """
            2027-02-10 at-risk milestone-overdue
            2027-02-25 at-risk decision-needed
            """,
            notice=a_notice(),
        ),
        under=CLOCK_LATER,
    ),
    story(
        "It replies to the notice: our turn, however long",
        with_step(
            "2027-02-12 at-risk milestone-overdue",
            notice=a_notice(clock_decides=True, reply_made_on=D(2027, 2, 12)),
        ),
    ),
    story(
        "It replies when the clock has decided already: that helps until we answer",
        with_step("2027-02-25 ineligible cure-period-ended", notice=a_notice(clock_decides=True)),
        with_step(
            "2027-03-01 at-risk milestone-overdue",
            notice=a_notice(clock_decides=True, reply_made_on=D(2027, 3, 1)),
        ),
        with_step(
            """
            2027-03-08 at-risk milestone-overdue
            2027-03-16 ineligible cure-period-ended
            """,
            notice=a_notice(
                clock_decides=True,
                reply_made_on=D(2027, 3, 1),
                reply_answered_on=D(2027, 3, 8),
                cure_ends_on=D(2027, 3, 15),
            ),
        ),
    ),
    story(
        "It asks for another day after the notice; our no promises five working days",
        with_step(
            "2027-02-16 at-risk milestone-overdue",
            notice=a_notice(),
            requests=(LATE_REQUEST,),
        ),
        with_step(
            """
            2027-03-01 at-risk milestone-overdue
            2027-03-09 at-risk decision-needed
            """,
            notice=a_notice(cure_ends_on=D(2027, 3, 8)),
            requests=(REFUSED_LATE,),
        ),
    ),
    story(
        "It asks for another day after the notice, and gets it: the notice is moot",
        with_step(
            """
            2027-02-18 conditional on-track
            2027-04-02 at-risk milestone-overdue
            """,
            due_on=D(2027, 4, 1),
            day_number=2,
            notice=a_notice(clock_decides=True),
            requests=(replace(LATE_REQUEST, granted_on=D(2027, 4, 1), answered_on=D(2027, 2, 18)),),
        ),
    ),
    story(
        "The mail with the notice bounces: as if it had not been sent",
        with_step(
            """
            2027-02-10 at-risk milestone-overdue
            2027-02-25 at-risk decision-needed
            """,
            notice=a_notice(),
        ),
        with_step("2027-02-26 at-risk milestone-overdue", notice_planned_on=D(2027, 3, 2)),
    ),
    story(
        "A notice that is only prepared takes nothing away",
        with_step("2027-02-08 at-risk milestone-overdue", notice_planned_on=D(2027, 2, 10)),
    ),
    story(
        "It sends in the step within its time to repair: all is well",
        with_step(
            """
            2027-02-15 conditional on-track
            2027-02-23 conditional on-track ! review-late
            """,
            state=SUBMITTED,
            submitted_on=D(2027, 2, 15),
            notice=a_notice(clock_decides=True),
        ),
    ),
    story(
        "Two steps are late, and for one the clock has run out",
        knowing(
            facts(
                pathways=(
                    a_pathway(
                        a_milestone(notice=a_notice(clock_decides=True)),
                        a_milestone(id=2, title="plan", due_on=D(2027, 2, 15)),
                    ),
                )
            ),
            """
            2027-02-10 at-risk milestone-overdue
            2027-02-25 ineligible cure-period-ended
            """,
        ),
    ),
    story(
        "We pause the pathway for four weeks: the step moves along",
        on_hold(
            """
            2027-01-20 conditional on-track
            2027-01-25 conditional on-hold
            2027-02-22 conditional on-track
            2027-03-02 at-risk milestone-overdue
            """
        ),
    ),
    story(
        "A pause in the time to repair: what was missed stays so, the time moves along",
        notice_moved_by_hold(
            """
            2027-02-11 at-risk milestone-overdue
            2027-02-15 conditional on-hold
            2027-03-01 at-risk milestone-overdue
            2027-03-11 at-risk decision-needed
            """
        ),
    ),
    story(
        "Only the certifying body is late at the end: a warning, and nothing else",
        knowing(
            facts(
                pathways=(
                    a_pathway(
                        a_milestone(state=ACCEPTED, due_on=D(2027, 1, 4)),
                        a_milestone(id=2, title="certificate", owner=Side.OUTSIDE),
                    ),
                )
            ),
            """
            2027-02-01 conditional on-track
            2027-02-02 conditional on-track ! outside-step-late
            """,
        ),
    ),
    story(
        "Our own check of the register is late: a warning, and nothing else",
        with_step(
            """
            2027-02-01 conditional on-track
            2027-02-02 conditional on-track ! outside-step-late
            """,
            owner=Side.BUYER,
        ),
    ),
    story(
        "The body is late half-way: nothing to warn about, its own next step counts",
        knowing(
            facts(
                pathways=(a_pathway(a_milestone(owner=Side.OUTSIDE, title="audit"), LATER_STEP),)
            ),
            """
            2027-02-02 conditional on-track
            2027-06-02 at-risk milestone-overdue
            """,
        ),
    ),
)
