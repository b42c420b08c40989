"""What holds of the buying status for any facts under any policies."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onboarding.domain.certificates import CertificateState
from onboarding.domain.decisions import DecisionKind
from onboarding.domain.eligibility import Facts, Status, assess, project, timeline
from onboarding.domain.eligibility.facts import END_OF_TIME
from onboarding.domain.milestones import MilestoneState, RequestKind
from onboarding.domain.pathways import PathwayState
from onboarding.domain.people import Side
from onboarding.domain.policy import Policies
from tests.build import a_certificate, a_milestone, a_renewal, a_request, days
from tests.domain.anything import HORIZON, any_facts, any_policies, maybe_day, only_imported
from tests.domain.anything import day as any_day

DAY = timedelta(days=1)
MANY = settings(
    max_examples=int(os.environ.get("EXAMPLES", "100")),
    deadline=None,
    derandomize="EXAMPLES" not in os.environ,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@MANY
@given(any_facts, any_policies())
def test_the_timeline_agrees_with_each_day(facts: Facts, policies: Policies) -> None:
    first, last = HORIZON
    periods = iter(timeline(facts, policies, first))
    period = next(periods)
    for day in days(first, last):
        if day > period.ends_on:
            period = next(periods)
        assert period.starts_on <= day <= period.ends_on
        assert period.verdict == assess(facts, policies, day), day


@MANY
@given(any_facts, any_policies(), any_day, st.booleans())
def test_the_timeline_has_no_gap_and_no_overlap(
    facts: Facts, policies: Policies, start: date, is_foreseen: bool
) -> None:
    if is_foreseen:
        periods = project(facts, policies, start).periods
    else:
        periods = timeline(facts, policies, start)
    assert periods[0].starts_on == start
    assert periods[-1].ends_on == END_OF_TIME
    for one, following in pairwise(periods):
        assert one.starts_on <= one.ends_on
        assert following.starts_on == one.ends_on + DAY
        assert following.verdict != one.verdict


@MANY
@given(any_facts, any_policies(), any_day)
def test_a_timeline_begun_later_is_the_rest_of_one_begun_before(
    facts: Facts, policies: Policies, start: date
) -> None:
    whole = timeline(facts, policies, HORIZON[0])
    rest = [
        replace(period, starts_on=max(period.starts_on, start))
        for period in whole
        if period.ends_on >= start
    ]
    assert list(timeline(facts, policies, start)) == rest


def first_and_later_days(facts: Facts, policies: Policies) -> Iterator[date | None]:
    """The days on which something dated starts, or has ended; a step's days are not among them."""
    yield from (policy.starts_on for policy in policies.versions)
    yield facts.enrolled_on
    for certificate in facts.certificates:
        yield certificate.first_day()
        yield certificate.last_day() + DAY
    for recognition in facts.recognitions:
        yield recognition.checked_on
    for renewal in facts.renewals:
        yield renewal.reported_on
    for decision in facts.decisions:
        yield decision.first_day()
        yield decision.ends_on and decision.ends_on + DAY
        yield decision.ended_on
    for pathway in facts.pathways:
        yield pathway.hold and pathway.hold.starts_on


@MANY
@given(any_facts, any_policies())
def test_waiting_alone_never_improves_a_status(facts: Facts, policies: Policies) -> None:
    periods = timeline(facts, policies, HORIZON[0])
    turning = set(first_and_later_days(facts, policies))
    for before, after in pairwise(periods):
        if after.status.rank() < before.status.rank():
            assert after.starts_on in turning


@st.composite
def with_something_that_waits(draw: st.DrawFn, facts: Facts) -> Facts:
    """The facts, and something that lies with the buyer or outside, or a notice not sent yet."""
    additions = [
        lambda: replace(facts, renewals=(*facts.renewals, draw(waiting_renewals))),
        lambda: replace(facts, certificates=(*facts.certificates, REPORTED)),
    ]
    if facts.decisions:
        additions.append(lambda: _block_replied(draw, facts))
    if facts.renewals:
        additions.append(lambda: _audit_delayed(draw, facts))
    if facts.pathways:
        additions += [lambda: _counter_proposed(facts), lambda: _new_step(draw, facts)]
        additions.append(lambda: _end_contested(facts))
    if any(pathway.milestones for pathway in facts.pathways):
        additions += [lambda: _step_waits(draw, facts)] * 5
    return draw(st.sampled_from(additions))()


REPORTED = a_certificate(state=CertificateState.REPORTED)
waiting_renewals = st.builds(
    lambda ends_on, ahead: a_renewal(
        certificate_ends_on=ends_on, reported_on=ends_on - timedelta(days=ahead)
    ),
    any_day,
    st.integers(0, 60),
)


def _block_replied(draw: st.DrawFn, facts: Facts) -> Facts:
    """The supplier objects to a block that does not hold yet."""
    decision, *others = facts.decisions
    first = decision.first_day()
    if decision.kind is not DecisionKind.BLOCK or first is None:
        return facts
    replied = replace(
        decision,
        reply_made_on=first - timedelta(days=draw(st.integers(0, 10))),
        reply_answered_on=None,
    )
    return replace(facts, decisions=(replied, *others))


def _audit_delayed(draw: st.DrawFn, facts: Facts) -> Facts:
    renewal, *others = facts.renewals
    later = max(renewal.delayed_audit_on or date.min, draw(any_day))
    return replace(facts, renewals=(replace(renewal, delayed_audit_on=later), *others))


def _counter_proposed(facts: Facts) -> Facts:
    pathways = (
        replace(pathway, state=PathwayState.COUNTERED)
        if pathway.state is PathwayState.PROPOSED
        else pathway
        for pathway in facts.pathways
    )
    return replace(facts, pathways=tuple(pathways))


def _end_contested(facts: Facts) -> Facts:
    """The supplier says that it did not decline or stop."""
    pathways = (replace(pathway, end_stands=False) for pathway in facts.pathways)
    return replace(facts, pathways=tuple(pathways))


def _new_step(draw: st.DrawFn, facts: Facts) -> Facts:
    """A step of the buyer's own, or of an outside body."""
    owner = draw(st.sampled_from((Side.BUYER, Side.OUTSIDE)))
    step = a_milestone(id=99, owner=owner, due_on=draw(any_day))
    pathway, *others = facts.pathways
    return replace(
        facts, pathways=(replace(pathway, milestones=(*pathway.milestones, step)), *others)
    )


def _step_waits(draw: st.DrawFn, facts: Facts) -> Facts:
    place = draw(
        st.sampled_from([n for n, pathway in enumerate(facts.pathways) if pathway.milestones])
    )
    pathways = list(facts.pathways)
    steps = list(pathways[place].milestones)
    number = draw(st.integers(0, len(steps) - 1))
    step = steps[number]
    request = a_request(
        id=99,
        by=draw(st.sampled_from((Side.SUPPLIER, Side.OUTSIDE))),
        kind=draw(st.sampled_from(RequestKind)),
        made_on=draw(any_day),
        day_number=step.day_number,
    )
    options = [
        replace(step, requests=(*step.requests, request)),
        replace(step, notice_planned_on=draw(maybe_day)),
    ]
    if step.is_open():
        options.append(replace(step, state=MilestoneState.SUBMITTED, submitted_on=draw(any_day)))
    if step.notice is not None:
        replied = replace(step.notice, reply_made_on=draw(any_day), reply_answered_on=None)
        options.append(replace(step, notice=replied))
    steps[number] = draw(st.sampled_from(options))
    pathways[place] = replace(pathways[place], milestones=tuple(steps))
    return replace(facts, pathways=tuple(pathways))


@MANY
@given(st.data(), any_facts, any_policies())
def test_what_waits_for_the_buyer_makes_no_day_worse(
    data: st.DataObject, facts: Facts, policies: Policies
) -> None:
    waiting = data.draw(with_something_that_waits(facts))
    timelines = [timeline(known, policies, HORIZON[0]) for known in (facts, waiting)]
    for day in {period.starts_on for periods in timelines for period in periods}:
        without = assess(facts, policies, day).status
        with_it = assess(waiting, policies, day).status
        assert with_it.rank() <= without.rank(), day


@MANY
@given(only_imported, any_policies())
def test_one_that_was_only_imported_is_never_warned_about_or_blocked(
    facts: Facts, policies: Policies
) -> None:
    [period] = {p.verdict.status: p for p in timeline(facts, policies, HORIZON[0])}.values()
    assert period.status is Status.OUT_OF_SCOPE
    for period in timeline(facts, policies, HORIZON[0]):
        assert period.verdict.warnings == ()
        assert [reason.code for reason in period.verdict.reasons] == ["not-in-programme"]
