"""Where the pages around a pathway are, and the words its templates share."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from onboarding.i18n import evidence_word, step_need
from onboarding.services.pathway.views import StepView
from onboarding.web.language import current_locale


def supplier_url(relation_id: int) -> str:
    return f"/suppliers/{relation_id}"


def evidence_url(evidence_id: int) -> str:
    return f"/evidence/{evidence_id}"


def _evidence(code: str) -> str:
    return evidence_word(code, current_locale())


def _need(title: str) -> str | None:
    return step_need(title, current_locale())


def points(steps: Iterable[StepView]) -> list[tuple[date, str]]:
    """The steps as the drawn line takes them."""
    return [(step.due_on, step.code) for step in steps]


GLOBALS: dict[str, Callable[..., Any]] = {
    "supplier_url": supplier_url,
    "evidence_url": evidence_url,
    "step_need": _need,
}
FILTERS: dict[str, Callable[..., Any]] = {
    "evidence_word": _evidence,
    "points": points,
}
