"""The steps of a template as one list in a form: read with its mistakes, and written back."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from onboarding.domain.errors import InputInvalid
from onboarding.domain.people import Side
from onboarding.domain.template_content import evidence_codes, step_owner
from onboarding.domain.templates import Template, TemplateStep
from onboarding.i18n import error_text, step_need, step_title
from onboarding.web.language import current_locale
from onboarding.web.ordered_lines import MOST_LINES
from onboarding.web.templates.wording import FIELDS, need

MOST_DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One step as typed in. `code` is the title that our words stand for, where they are ours."""

    title: str = ""
    code: str = ""
    months: str = ""
    weeks: str = ""
    owner: str = Side.SUPPLIER.value
    is_reviewed: bool = False
    evidence: tuple[str, ...] = ()
    explanation: str = ""
    moves_back: bool = False
    is_yearly: bool = False
    errors: Mapping[str, str] = field(default_factory=dict)


def lines_of(template: Template) -> list[Line]:
    """The steps as the form shows them, our codes in the reader's language."""
    return [
        Line(
            title=step_title(step.title, current_locale()),
            code=step.title,
            months=str(step.months or ""),
            weeks=str(step.weeks or ""),
            owner=step.owner.value,
            is_reviewed=step.is_reviewed,
            evidence=step.evidence,
            explanation=need(step),
            moves_back=step.moves_back,
            is_yearly=step.is_yearly,
        )
        for step in template.steps
    ]


def read_lines(form: MultiDict[str, Any]) -> list[Line]:
    """What was typed in, mistakes and all."""
    count = min(form.get("count", 0, int), MOST_LINES)
    return [
        Line(
            title=form.get(f"title-{n}", "").strip(),
            code=form.get(f"code-{n}", ""),
            months=form.get(f"months-{n}", "").strip(),
            weeks=form.get(f"weeks-{n}", "").strip(),
            owner=form.get(f"owner-{n}", Side.SUPPLIER.value),
            is_reviewed=f"is_reviewed-{n}" in form,
            evidence=tuple(form.getlist(f"evidence-{n}")),
            explanation=" ".join(form.get(f"explanation-{n}", "").split()),
            moves_back=f"moves_back-{n}" in form,
            is_yearly=f"is_yearly-{n}" in form,
        )
        for n in range(count)
    ]


def steps_of(lines: Iterable[Line]) -> tuple[tuple[TemplateStep, ...], list[InputInvalid]]:
    """The steps that the lines mean, and what in them means nothing."""
    wrong: list[InputInvalid] = []
    steps = tuple(_step(number, line, wrong) for number, line in enumerate(lines, start=1))
    return steps, wrong


def with_mistakes(lines: list[Line], mistakes: Iterable[InputInvalid]) -> list[Line]:
    """Each line with what is wrong in it."""
    found = list(lines)
    for mistake in mistakes:
        facts = dict(mistake.facts)
        n, name = facts.pop("step") - 1, facts["field"]
        said = error_text(mistake.code, facts, current_locale())
        found[n] = replace(found[n], errors={**found[n].errors, name: said})
    return found


def error_list(lines: Iterable[Line]) -> list[tuple[str, str]]:
    """`(id of the input, message)` for each mistake, naming step and field."""
    return [
        (
            f"{name}-{n}" if name != "evidence" else f"evidence-{n}-0",
            gettext(
                "Step %(number)s, %(field)s: %(error)s",
                number=n + 1,
                field=str(FIELDS[name]).lower(),
                error=message,
            ),
        )
        for n, line in enumerate(lines)
        for name, message in line.errors.items()
    ]


def _step(number: int, line: Line, wrong: list[InputInvalid]) -> TemplateStep:
    """What is ours stays a code, so that every reader reads it in its own language."""
    locale = current_locale()
    is_our_title = bool(line.code) and step_title(line.code, locale) == line.title
    is_our_need = is_our_title and line.explanation == (step_need(line.code, locale) or "")
    owner: Side = _meant(wrong, Side.SUPPLIER, step_owner, line.owner, number)
    return TemplateStep(
        title=line.code if is_our_title else line.title,
        months=_meant(wrong, 0, _whole, line.months, "months", number),
        weeks=_meant(wrong, 0, _whole, line.weeks, "weeks", number),
        owner=owner,
        is_reviewed=line.is_reviewed and owner is not Side.BUYER,
        evidence=_meant(wrong, (), evidence_codes, list(line.evidence), number),
        explanation=None if is_our_need else line.explanation or None,
        moves_back=line.moves_back,
        is_yearly=line.is_yearly,
    )


def _meant(wrong: list[InputInvalid], nothing: Any, read: Callable[..., Any], *typed: Any) -> Any:
    """What was typed, as `read` understands it; where it does not, that is noted as wrong."""
    try:
        return read(*typed)
    except InputInvalid as error:
        wrong.append(error)
        return nothing


def _whole(text: str, field: str, step: int) -> int:
    if not text:
        return 0
    if not (text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS):
        raise InputInvalid(field=field, step=step, reason="not-whole")
    return int(text)
