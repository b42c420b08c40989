"""The steps of a draft or a change as one list in a form: read, changed by buttons, written."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext

from onboarding.domain.people import Side
from onboarding.domain.plans import LONGEST_TITLE, Step
from onboarding.i18n import step_title
from onboarding.web import ordered_lines
from onboarding.web.forms import day_from
from onboarding.web.language import current_locale
from onboarding.web.ordered_lines import MOST_LINES


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One step as typed in. `code` is the template's title where the buyer did not change it.

    `milestone` is the number of a step that is agreed already, empty for another.
    """

    title: str = ""
    code: str = ""
    owner: str = Side.SUPPLIER.value
    is_reviewed: bool = False
    due: str = ""
    explanation: str = ""
    evidence: str = ""
    moves_back: bool = False
    milestone: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def due_on(self) -> date | None:
        return day_from(self.due)


def lines_of(steps: tuple[Step, ...]) -> list[Line]:
    """The steps as the form shows them, titles in the reader's language."""
    return [
        Line(
            title=step_title(step.title, current_locale()),
            code=step.title,
            owner=step.owner.value,
            is_reviewed=step.is_reviewed,
            due=step.due_on.isoformat(),
            explanation=step.explanation or "",
            evidence=",".join(step.evidence),
            moves_back=step.moves_back,
            milestone=str(step.milestone_id or ""),
        )
        for step in steps
    ]


def read_lines(form: Mapping[str, Any]) -> list[Line]:
    """What was typed in, mistakes and all."""
    try:
        count = min(int(form.get("count", "0")), MOST_LINES)
    except ValueError:
        count = 0
    return [
        Line(
            title=form.get(f"title-{n}", "").strip(),
            code=form.get(f"code-{n}", ""),
            owner=form.get(f"owner-{n}", Side.SUPPLIER.value),
            is_reviewed=f"reviewed-{n}" in form,
            due=form.get(f"due-{n}", ""),
            explanation=form.get(f"explanation-{n}", "").strip().replace("\r\n", "\n"),
            evidence=form.get(f"evidence-{n}", ""),
            moves_back=f"back-{n}" in form,
            milestone=form.get(f"milestone-{n}", ""),
        )
        for n in range(count)
    ]


def rearranged(lines: list[Line], button: str) -> list[Line]:
    """The list after one of its buttons."""
    return ordered_lines.rearranged(lines, button, Line())


def shifted(lines: list[Line], weeks: int) -> list[Line]:
    """The list with each day so many weeks later; what is no day stays as it is."""
    later = timedelta(weeks=weeks)
    return [
        replace(line, due=(line.due_on + later).isoformat()) if line.due_on else line
        for line in lines
    ]


def checked(lines: list[Line]) -> list[Line]:
    """The lines with what is wrong in each."""
    return [replace(line, errors=_errors(line)) for line in lines]


def are_right(lines: list[Line]) -> bool:
    return not any(line.errors for line in lines)


def steps_of(lines: list[Line]) -> tuple[Step, ...]:
    """The steps that lines without mistakes mean."""
    return tuple(_step(line) for line in lines)


def error_list(lines: list[Line]) -> list[tuple[str, str]]:
    """`(id of the input, message)` for each mistake, in the order of the page."""
    return [
        (f"{name}-{n}", gettext("Step %(number)s: %(error)s", number=n + 1, error=message))
        for n, line in enumerate(lines)
        for name, message in line.errors.items()
    ]


def _errors(line: Line) -> dict[str, str]:
    errors = {}
    if not line.title:
        errors["title"] = gettext("Say what has to be done.")
    elif len(line.title) > LONGEST_TITLE:
        errors["title"] = gettext("Use at most %(max)s characters.", max=LONGEST_TITLE)
    if line.owner not in tuple(Side):
        errors["owner"] = gettext("Choose who does it.")
    if line.due_on is None:
        errors["due"] = gettext("Fill in a day, such as 2027-03-31.")
    return errors


def _step(line: Line) -> Step:
    assert line.due_on is not None  # checked before
    is_ours = line.code and step_title(line.code, current_locale()) == line.title
    return Step(
        title=line.code if is_ours else line.title,
        due_on=line.due_on,
        owner=Side(line.owner),
        is_reviewed=line.is_reviewed and line.owner != Side.BUYER,
        evidence=tuple(code for code in line.evidence.split(",") if code),
        explanation=line.explanation or None,
        moves_back=line.moves_back,
        milestone_id=int(line.milestone) if line.milestone.isdecimal() else None,
    )
