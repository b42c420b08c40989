"""Editing templates: every step within its bounds, a new version each time, and what differs."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from typing import ClassVar

from onboarding.domain.changes import Change
from onboarding.domain.errors import InputInvalid, MoveRefused, VersionOutdated
from onboarding.domain.moves import MANAGER, check
from onboarding.domain.people import Actor
from onboarding.domain.plans import LONGEST_TITLE
from onboarding.domain.policy import Policy
from onboarding.domain.templates import DAYS_IN_A_MONTH, Template, TemplateStep

MOST_STEPS = 60
MOST_MONTHS, MOST_WEEKS = 60, 260
LONGEST_SUMMARY = 300
LONGEST_EXPLANATION = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSaved(Change):
    """A new version; `copied_from` names the template that the first version began with."""

    code: ClassVar[str] = "template-saved"
    template: str
    version: int
    template_title: str
    copied_from: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateRetired(Change):
    """It can be chosen no more; pathways that came from it keep their terms."""

    code: ClassVar[str] = "template-retired"
    template: str
    template_title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateRestored(Change):
    code: ClassVar[str] = "template-restored"
    template: str
    template_title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDifference:
    """A step that came, went or changed; `changed` names the fields that differ where it did."""

    before: TemplateStep | None
    after: TemplateStep | None
    changed: tuple[str, ...] = ()


def save(
    current: Template, wanted: Template, actor: Actor, policy: Policy, *, seen: int, is_live: bool
) -> tuple[Template, TemplateSaved]:
    """`wanted` as the version after `current`. Raises InputInvalid for the first wrong field,
    VersionOutdated where somebody saved another version meanwhile, MoveRefused for a retired one.
    """
    check(actor, MANAGER)
    if seen != current.version:
        raise VersionOutdated(seen=seen, current=current.version)
    if not is_live:
        raise MoveRefused(from_state="retired", to_state="saved")
    check_template(wanted, policy)
    template = replace(wanted, code=current.code, version=current.version + 1)
    return template, _saved(template)


def begin(
    code: str, wanted: Template, actor: Actor, policy: Policy, copied_from: str | None = None
) -> tuple[Template, TemplateSaved]:
    """`wanted` as the first version of a template of the customer's own."""
    check(actor, MANAGER)
    check_template(wanted, policy)
    template = replace(wanted, code=code, version=1)
    return template, replace(_saved(template), copied_from=copied_from)


def retire(template: Template, actor: Actor, *, is_live: bool) -> TemplateRetired:
    check(actor, MANAGER)
    if not is_live:
        raise MoveRefused(from_state="retired", to_state="retired")
    return TemplateRetired(template=template.code, template_title=template.title)


def restore(template: Template, actor: Actor, *, is_live: bool) -> TemplateRestored:
    check(actor, MANAGER)
    if is_live:
        raise MoveRefused(from_state="live", to_state="live")
    return TemplateRestored(template=template.code, template_title=template.title)


def check_template(template: Template, policy: Policy) -> None:
    """Raises InputInvalid for the first mistake."""
    for mistake in mistakes(template, policy):
        raise mistake


def check_steps(template: Template) -> None:
    """What any version keeps to, whatever the policy says by now. Raises InputInvalid."""
    for mistake in _mistakes_in_steps(template.steps):
        raise mistake


def mistakes(template: Template, policy: Policy) -> Iterator[InputInvalid]:
    """Everything that is wrong, in the order of the page; steps are numbered from 1."""
    for field, longest in (("title", LONGEST_TITLE), ("summary", LONGEST_SUMMARY)):
        yield from _mistakes_in_text(field, getattr(template, field), longest)
    yield from _mistakes_in_steps(template.steps)
    for number, step in enumerate(template.steps, start=1):
        if lasts_too_long(step, policy):
            yield InputInvalid(
                field="weeks", step=number, reason="beyond-longest", months=policy.longest_months
            )


def lasts_too_long(step: TemplateStep, policy: Policy) -> bool:
    """Whether a pathway with this step would last longer than the policy lets a buyer agree."""
    return step.place > round(policy.longest_months * DAYS_IN_A_MONTH)


def differences(before: Template, after: Template) -> tuple[StepDifference, ...]:
    """The steps that came or changed, in the new order, and then those that went.

    Steps are the same where they have the same title; one that was renamed went and came.
    """
    old, new = _by_title(before.steps), _by_title(after.steps)
    found = []
    for key, step in new.items():
        was = old.get(key)
        changed = _changed_fields(was, step) if was else ()
        if was is None or changed:
            found.append(StepDifference(before=was, after=step, changed=changed))
    gone = (step for key, step in old.items() if key not in new)
    return (*found, *(StepDifference(before=step, after=None) for step in gone))


def is_reordered(before: Template, after: Template) -> bool:
    """Whether the steps that both have stand in another order."""
    old, new = _by_title(before.steps), _by_title(after.steps)
    return [key for key in old if key in new] != [key for key in new if key in old]


def _saved(template: Template) -> TemplateSaved:
    return TemplateSaved(
        template=template.code, version=template.version, template_title=template.title
    )


def _mistakes_in_text(
    field: str, text: str, longest: int, step: int | None = None
) -> Iterator[InputInvalid]:
    where = {"field": field} | ({"step": step} if step else {})
    if not text.strip():
        yield InputInvalid(**where, reason="required")
    elif len(text) > longest:
        yield InputInvalid(**where, reason="too-long", longest=longest)


def _mistakes_in_steps(steps: tuple[TemplateStep, ...]) -> Iterator[InputInvalid]:
    if not steps:
        yield InputInvalid(field="steps", reason="no-steps")
    if len(steps) > MOST_STEPS:
        yield InputInvalid(field="steps", reason="too-many-steps", most=MOST_STEPS)
    before = 0
    for number, step in enumerate(steps, start=1):
        yield from _mistakes_in_text("title", step.title, LONGEST_TITLE, number)
        if len(step.explanation or "") > LONGEST_EXPLANATION:
            yield InputInvalid(
                field="explanation", step=number, reason="too-long", longest=LONGEST_EXPLANATION
            )
        outside = [*_outside("months", step.months, MOST_MONTHS)]
        outside += _outside("weeks", step.weeks, MOST_WEEKS)
        for facts in outside:
            yield InputInvalid(step=number, **facts)
        if outside:
            continue
        if step.place == 0:
            yield InputInvalid(field="weeks", step=number, reason="no-moment")
        elif step.place < before:
            yield InputInvalid(field="weeks", step=number, reason="before-previous")
        before = max(before, step.place)


def _outside(field: str, number: int, most: int) -> Iterator[dict[str, object]]:
    if not 0 <= number <= most:
        yield {"field": field, "reason": "out-of-range", "least": 0, "most": most}


def _by_title(steps: Iterable[TemplateStep]) -> dict[tuple[str, int], TemplateStep]:
    """The steps by title; the second with the same title is another one."""
    met: Counter[str] = Counter()
    found = {}
    for step in steps:
        met[step.title] += 1
        found[step.title, met[step.title]] = step
    return found


def _changed_fields(before: TemplateStep, after: TemplateStep) -> tuple[str, ...]:
    names = (field.name for field in fields(TemplateStep))
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))
