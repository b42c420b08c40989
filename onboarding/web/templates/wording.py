"""What the pages about templates call things."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from onboarding.domain.plans import Step
from onboarding.domain.template_versions import StepDifference
from onboarding.domain.templates import TemplateStep
from onboarding.i18n import evidence_word, length_in_words, step_need, step_title, word
from onboarding.i18n import template_summary as summary_in_words
from onboarding.i18n import template_title as title_in_words
from onboarding.web.language import current_locale

# The fields of a step as its editor and a comparison name them; months and weeks are one moment.
FIELDS: dict[str, LazyString] = {
    "title": _("What"),
    "months": _("Months"),
    "weeks": _("Weeks"),
    "owner": _("Who"),
    "is_reviewed": _("We look at it before it is done"),
    "evidence": _("Proof"),
    "explanation": _("What we need, with an example"),
    "moves_back": _("On a day off it moves to the day before"),
    "is_yearly": _("Comes back every year"),
}


def length(step: TemplateStep) -> str:
    """`7 months and 2 weeks`: how long after the agreement it is."""
    return length_in_words(step.months, step.weeks, current_locale())


def need(step: TemplateStep) -> str:
    """What we need for a step: own text, or ours for its code."""
    return step.explanation or step_need(step.title, current_locale()) or ""


def changes(difference: StepDifference) -> Iterator[tuple[str, str, str]]:
    """What differs in a step, as name, before and after, each field once."""
    before, after = difference.before, difference.after
    assert before is not None and after is not None
    names = ["weeks" if name == "months" else name for name in difference.changed]
    for name in dict.fromkeys(names):
        label = gettext("Moment") if name == "weeks" else str(FIELDS[name])
        yield label, _told(before, name), _told(after, name)


def proof(codes: Iterable[str]) -> str:
    return ", ".join(evidence_word(code, current_locale()) for code in codes)


def _told(step: TemplateStep, name: str) -> str:
    match name:
        case "weeks":
            return length(step)
        case "owner":
            return str(word("owner", step.owner, current_locale()))
        case "evidence":
            return proof(step.evidence) or gettext("none")
        case "explanation":
            return need(step) or gettext("nothing")
        case "title":
            return step_title(step.title, current_locale())
        case _:
            return str(gettext("yes") if getattr(step, name) else gettext("no"))


def _points(steps: Iterable[Step]) -> list[tuple[date, str]]:
    """The steps as the drawn line takes them, none of them begun."""
    return [(step.due_on, "planned") for step in steps]


def _title(title: str) -> str:
    return title_in_words(title, current_locale())


def _summary(summary: str) -> str:
    return summary_in_words(summary, current_locale())


GLOBALS: dict[str, Callable[..., Any]] = {"template_changes": changes}
FILTERS: dict[str, Callable[..., Any]] = {
    "template_title": _title,
    "template_summary": _summary,
    "template_length": length,
    "template_need": need,
    "planned_points": _points,
    "proof_words": proof,
}
