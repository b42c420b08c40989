"""Templates edited and kept: what is refused, what differs, and counting back from a day."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.domain.back_planning import begin_for, begin_on
from onboarding.domain.errors import InputInvalid, MoveRefused, NotAllowed, VersionOutdated
from onboarding.domain.next_years import near_from_start, next_year
from onboarding.domain.people import Actor, Role, Side
from onboarding.domain.plans import add_months
from onboarding.domain.policy import Level, Policy
from onboarding.domain.template_content import template_content, template_from
from onboarding.domain.template_versions import (
    begin,
    differences,
    is_reordered,
    mistakes,
    retire,
    save,
)
from onboarding.domain.templates import (
    NO_CERTIFICATE,
    STRAIGHT,
    TEMPLATES,
    THROUGH_ASPIRANT,
    Template,
    TemplateStep,
    certificate_day,
    schedule,
)
from tests.build import CALENDAR
from tests.domain.test_calendar_and_templates import QUIET, any_day

D = date
POLICY = Policy(version=1, starts_on=D(2000, 1, 1))
MANAGER = Actor(customer_id=1, person_id=1, side=Side.BUYER, roles=frozenset({Role.MANAGER}))
BUYER = replace(MANAGER, roles=frozenset({Role.BUYER}))


def a_template(*steps: TemplateStep) -> Template:
    return Template(code="own-1", title="Eigen pad", summary="Voor ons.", steps=steps)


def wrong(template: Template) -> list[tuple[str, int | None, str]]:
    found = [mistake.facts for mistake in mistakes(template, POLICY)]
    return [(facts["field"], facts.get("step"), facts["reason"]) for facts in found]


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)
def test_ours_keep_to_the_rules_and_come_back_whole(template: Template) -> None:
    assert wrong(template) == []
    kept = template_content(template)
    assert template_from(template.code, 1, template.title, kept) == template


def test_each_mistake_names_its_step_and_field() -> None:
    good = TemplateStep(title="plan", weeks=4)
    assert wrong(a_template()) == [("steps", None, "no-steps")]
    assert wrong(replace(a_template(good), title=" ", summary="x" * 301)) == [
        ("title", None, "required"),
        ("summary", None, "too-long"),
    ]
    steps = (
        replace(good, title=""),
        replace(good, weeks=0),
        replace(good, weeks=3),
        replace(good, weeks=1, months=-1),
        replace(good, months=61, weeks=0),
        replace(good, explanation="x" * 1001, weeks=9),
    )
    assert wrong(a_template(*steps)) == [
        ("title", 1, "required"),
        ("weeks", 2, "no-moment"),
        ("weeks", 3, "before-previous"),
        ("months", 4, "out-of-range"),
        ("months", 5, "out-of-range"),
        ("explanation", 6, "too-long"),
        ("weeks", 5, "beyond-longest"),
    ]


@pytest.mark.parametrize(
    ("step", "is_refused"),
    [
        (TemplateStep(title="plan", months=31), False),
        (TemplateStep(title="plan", months=31, weeks=1), True),
        (TemplateStep(title="plan", weeks=134), False),
        (TemplateStep(title="plan", weeks=136), True),
    ],
)
def test_nothing_lasts_longer_than_the_policy_allows(step: TemplateStep, is_refused: bool) -> None:
    found = wrong(a_template(step))
    assert found == ([("weeks", 1, "beyond-longest")] if is_refused else [])


@pytest.mark.parametrize(
    ("change", "facts"),
    [
        ({"owner": "nobody"}, {"field": "owner", "step": 2, "reason": "unknown-code"}),
        ({"evidence": ["passport"]}, {"field": "evidence", "step": 2, "reason": "unknown-code"}),
        ({"weeks": -1}, {"field": "weeks", "step": 2, "reason": "out-of-range"}),
        ({"weeks": "many"}, {"field": "content", "reason": "unreadable-template"}),
    ],
)
def test_what_is_kept_is_checked_when_it_is_read(change: dict, facts: dict) -> None:
    kept = template_content(STRAIGHT)
    kept["steps"][1] |= change
    with pytest.raises(InputInvalid) as refused:
        template_from("straight", 3, "straight", kept)
    assert facts.items() <= refused.value.facts.items()


def test_saving_makes_the_next_version_for_a_manager_who_saw_the_last() -> None:
    wanted = replace(STRAIGHT, title="Snel pad")
    saved, change = save(STRAIGHT, wanted, MANAGER, POLICY, seen=1, is_live=True)
    assert (saved.code, saved.version, saved.title) == ("straight", 2, "Snel pad")
    assert change.facts() == {"template": "straight", "version": 2, "template_title": "Snel pad"}
    with pytest.raises(VersionOutdated):
        save(saved, wanted, MANAGER, POLICY, seen=1, is_live=True)
    with pytest.raises(MoveRefused):
        save(STRAIGHT, wanted, MANAGER, POLICY, seen=1, is_live=False)
    for act in (
        lambda: save(STRAIGHT, wanted, BUYER, POLICY, seen=1, is_live=True),
        lambda: begin("own-1", wanted, BUYER, POLICY),
        lambda: retire(STRAIGHT, BUYER, is_live=True),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_what_differs_is_told_step_by_step() -> None:
    first, *rest = STRAIGHT.steps
    later = replace(rest[0], weeks=5, is_reviewed=True)
    new = TemplateStep(title="Gesprek met de directie", weeks=6)
    after = replace(STRAIGHT, steps=(first, later, new, *rest[2:]))
    told = [
        (d.before.title if d.before else None, d.after.title if d.after else None, d.changed)
        for d in differences(STRAIGHT, after)
    ]
    assert told == [
        ("account", "account", ("weeks", "is_reviewed")),
        (None, "Gesprek met de directie", ()),
        ("baseline", None, ()),
    ]
    assert not is_reordered(STRAIGHT, after)
    assert differences(STRAIGHT, STRAIGHT) == ()
    turned = replace(STRAIGHT, steps=(rest[0], first, *rest[1:]))
    assert is_reordered(STRAIGHT, turned) and not differences(STRAIGHT, turned)


def test_two_steps_with_one_title_are_two_steps() -> None:
    steps = THROUGH_ASPIRANT.steps
    second = [step for step in steps if step.title == "progress-measurement"][1]
    after = replace(
        THROUGH_ASPIRANT,
        steps=tuple(replace(s, months=20) if s is second else s for s in steps),
    )
    (only,) = differences(THROUGH_ASPIRANT, after)
    assert only.before is second and only.changed == ("months",)


def test_the_goal_is_never_below_what_the_policy_requires() -> None:
    strict = replace(POLICY, required_level=Level.TREDE_2)
    assert STRAIGHT.target_under(POLICY) is Level.TREDE_1
    assert STRAIGHT.target_under(strict) is Level.TREDE_2
    assert NO_CERTIFICATE.target_under(strict) is None


@QUIET
@given(any_day, st.sampled_from(tuple(TEMPLATES.values())), st.integers(0, 1000))
def test_counted_back_it_is_there_in_time_or_told_to_have_begun_too_late(
    today: date, template: Template, ahead: int
) -> None:
    wished_on = date.fromordinal(today.toordinal() + ahead)
    found = begin_for(template, wished_on, today, CALENDAR)
    assert found.certificate_on <= wished_on
    assert CALENDAR.is_working(found.plan.starts_on)
    assert found.has_passed == (found.plan.starts_on < today)
    soonest = begin_on(template, found.earliest_start, today, CALENDAR)
    assert soonest.certificate_on == found.earliest_on
    if found.has_passed:
        later = begin_for(template, found.earliest_on, today, CALENDAR)
        assert not later.has_passed and later.certificate_on <= found.earliest_on


@pytest.mark.parametrize("day", [D(2026, 11, 23), D(9999, 12, 31)])
def test_a_wished_day_that_was_mistyped_is_refused(day: date) -> None:
    with pytest.raises(InputInvalid):
        begin_for(STRAIGHT, day, D(2026, 11, 24), CALENDAR)


def test_the_year_after_has_only_what_comes_back() -> None:
    policy = replace(POLICY, calendar=CALENDAR)
    plan = next_year(NO_CERTIFICATE, D(2026, 2, 2), D(2027, 1, 10), policy)
    assert plan.starts_on == D(2027, 2, 2)
    assert [step.title for step in plan.steps] == ["yearly-contribution", "yearly-review"]
    assert plan.steps[-1].due_on == add_months(D(2027, 2, 2), 12)
    late = next_year(NO_CERTIFICATE, D(2024, 2, 2), D(2027, 1, 10), policy)
    assert late.starts_on == D(2027, 1, 11)  # the tenth is a Sunday
    assert near_from_start(D(2026, 12, 4), POLICY) == D(2026, 2, 2)  # sixty days before


def test_a_plan_says_from_which_version_it_came() -> None:
    template = replace(
        STRAIGHT, version=4, steps=(replace(STRAIGHT.steps[0], explanation="Zo doet u dat."),)
    )
    plan = schedule(template, D(2027, 2, 1), CALENDAR)
    assert (plan.template, plan.template_version) == ("straight", 4)
    assert plan.steps[0].explanation == "Zo doet u dat."
    assert certificate_day(plan) == plan.last_day()
