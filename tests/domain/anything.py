"""Strategies for any facts and policies: those that happen, and those that should not."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from onboarding.domain.certificates import (
    Certificate,
    CertificateState,
    Recognition,
    RecognitionKind,
    Renewal,
)
from onboarding.domain.decisions import Decision, DecisionKind
from onboarding.domain.eligibility import Facts
from onboarding.domain.milestones import (
    DateRequest,
    Milestone,
    MilestoneState,
    Notice,
    RequestKind,
)
from onboarding.domain.pathways import Pathway, PathwayState
from onboarding.domain.people import Side
from onboarding.domain.policy import Cadence, Level, Policies, Policy
from onboarding.domain.workdays import Span, WorkingCalendar
from tests.build import KVK, OTHER_KVK

FIRST, LAST = date(2027, 1, 1), date(2027, 4, 30)
# All that follows from a day up to LAST: 90 days of renewal, or 30 after an audit; then some.
HORIZON = (FIRST - timedelta(days=40), LAST + timedelta(days=140))

day = st.dates(FIRST, LAST)
maybe_day = st.none() | day
side = st.sampled_from(Side)
level = st.sampled_from(Level)
ids = st.integers(1, 9)
number = st.sampled_from((KVK, OTHER_KVK))
calendars = st.builds(WorkingCalendar, st.frozensets(day, max_size=8))


@st.composite
def spans(draw: st.DrawFn) -> Span:
    first = draw(day)
    return Span(first, first + timedelta(days=draw(st.integers(0, 60))))


cadences = st.builds(
    Cadence,
    certificate_reminders=st.sampled_from(((-180, -90, -30), (-40,), ())),
    notice_prepared_after=st.integers(1, 14),
    review_buyer_working_days=st.integers(1, 12),
)


@st.composite
def any_policies(draw: st.DrawFn) -> Policies:
    starts = sorted(draw(st.sets(day, max_size=2)))
    versions = []
    for number_, starts_on in enumerate([date(2020, 1, 1), *starts], start=1):
        required = draw(level)
        better = [one for one in Level if one.reaches(required)]
        versions.append(
            Policy(
                version=number_,
                starts_on=starts_on,
                required_level=required,
                preferred_level=draw(st.sampled_from(better)),
                clock_decides=draw(st.booleans()),
                cadence=draw(cadences),
                calendar=draw(calendars),
            )
        )
    return Policies(tuple(versions))


certificates = st.builds(
    Certificate,
    id=ids,
    state=st.sampled_from(CertificateState),
    level=level,
    thirty_plus=st.booleans(),
    starts_on=day,
    ends_on=day,
    covered_kvk_numbers=st.frozensets(number),
    verified_on=maybe_day,
    revoked_on=maybe_day,
    pathway_target=st.none() | level,
)
recognitions = st.builds(
    Recognition,
    id=ids,
    kind=st.sampled_from(RecognitionKind),
    checked_on=day,
    recheck_on=maybe_day,
    ends_on=maybe_day,
    revoked_on=maybe_day,
)
renewals = st.builds(
    Renewal,
    id=ids,
    certificate_ends_on=day,
    reported_on=day,
    accepted_on=maybe_day,
    delayed_audit_on=maybe_day,
)
decisions = st.builds(
    Decision,
    id=ids,
    kind=st.sampled_from(DecisionKind),
    starts_on=day,
    ends_on=maybe_day,
    ended_on=maybe_day,
    is_urgent=st.booleans(),
    announced_on=maybe_day,
    reply_made_on=maybe_day,
    reply_answered_on=maybe_day,
)
requests = st.builds(
    DateRequest,
    id=ids,
    kind=st.sampled_from(RequestKind),
    by=side,
    made_on=day,
    day_number=st.integers(1, 2),
    answered_on=maybe_day,
    granted_on=maybe_day,
    grace_ends_on=maybe_day,
)


@st.composite
def notices(draw: st.DrawFn, missed_on: date) -> Notice:
    """Often for the day that is missed, sometimes for another."""
    return Notice(
        id=draw(ids),
        missed_on=draw(st.just(missed_on) | day),
        handed_over_on=draw(day),
        cure_ends_on=draw(day),
        clock_decides=draw(st.booleans()),
        reply_made_on=draw(maybe_day),
        reply_answered_on=draw(maybe_day),
    )


@st.composite
def milestones(draw: st.DrawFn) -> Milestone:
    due_on = draw(day)
    return Milestone(
        id=draw(ids),
        title="plan",
        owner=draw(st.just(Side.SUPPLIER) | side),
        state=draw(st.sampled_from(MilestoneState)),
        due_on=due_on,
        day_number=draw(st.integers(1, 2)),
        is_reviewed=draw(st.booleans()),
        rework_on=draw(maybe_day),
        submitted_on=draw(maybe_day),
        requests=tuple(draw(st.lists(requests, max_size=3))),
        notice=draw(st.none() | notices(due_on)),
        notice_planned_on=draw(maybe_day),
    )


pathways = st.builds(
    Pathway,
    id=ids,
    state=st.sampled_from(PathwayState),
    target=st.none() | level,
    proposed_on=maybe_day,
    window_ends_on=maybe_day,
    over_on=maybe_day,
    over_by=st.none() | side,
    end_stands=st.booleans(),
    hold=st.none() | spans(),
    milestones=st.lists(milestones(), max_size=3).map(tuple),
)


def few(strategy: st.SearchStrategy, most: int = 2) -> st.SearchStrategy:
    return st.lists(strategy, max_size=most).map(tuple)


# Everything at once, also what should not happen.
mixed_facts = st.builds(
    Facts,
    kvk_number=st.none() | number,
    former_kvk_numbers=few(number, 1),
    enrolled_on=maybe_day,
    ended_on=st.none() | st.none() | maybe_day,
    certificates=few(certificates),
    recognitions=few(recognitions, 1),
    renewals=few(renewals, 1),
    decisions=few(decisions),
    pathways=few(pathways),
)

open_steps = st.sampled_from((MilestoneState.PLANNED, MilestoneState.STARTED))


@st.composite
def open_milestones(draw: st.DrawFn) -> Milestone:
    """A step that the supplier still owes."""
    milestone = draw(milestones())
    return replace(milestone, owner=Side.SUPPLIER, state=draw(open_steps), rework_on=None)


likely_pathways = st.builds(
    Pathway,
    id=ids,
    state=st.sampled_from((PathwayState.AGREED, PathwayState.AGREED, PathwayState.PROPOSED)),
    window_ends_on=maybe_day,
    hold=st.none() | st.none() | spans(),
    milestones=st.lists(open_milestones(), min_size=1, max_size=2).map(tuple),
)
# A supplier on its way, with nothing that would hide how its pathway stands.
likely_facts = st.builds(
    Facts,
    kvk_number=st.just(KVK),
    enrolled_on=st.just(FIRST),
    renewals=few(renewals, 1),
    decisions=few(decisions, 1),
    pathways=likely_pathways.map(lambda pathway: (pathway,)),
)
any_facts = mixed_facts | likely_facts

# What an import leaves: numbers, and what nobody at the customer's has looked at.
only_imported = st.builds(
    Facts,
    kvk_number=st.none() | number,
    former_kvk_numbers=few(number, 1),
    certificates=few(
        st.builds(
            Certificate,
            id=ids,
            state=st.sampled_from((CertificateState.REPORTED, CertificateState.REJECTED)),
            level=level,
            thirty_plus=st.booleans(),
            starts_on=day,
            ends_on=day,
            covered_kvk_numbers=st.frozensets(number),
        )
    ),
)
