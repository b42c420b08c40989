"""Other days for the steps of a proposal, typed beside each of them as `due-0`, `due-1`, …"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from flask import request
from flask_babel import gettext as _

from onboarding.domain.plans import Step
from onboarding.services.pathway.views import StepView
from onboarding.web.forms import day_from


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedDays:
    """What stands in each field, the day that it is, and what is wrong with the others."""

    given: list[str]
    days: list[date | None] = field(default_factory=list)
    wrong: dict[int, str] = field(default_factory=dict)

    def on(self, steps: Sequence[Step]) -> tuple[Step, ...]:
        """The steps on these days."""
        return tuple(
            replace(step, due_on=day)
            for step, day in zip(steps, self.days, strict=False)
            if day is not None
        )


def proposed_days(steps: Sequence[StepView]) -> TypedDays:
    """The days as they would be agreed today."""
    return TypedDays(given=[(step.moved_due_on or step.due_on).isoformat() for step in steps])


def typed_days(count: int) -> TypedDays:
    """What somebody typed in the form that is sent now."""
    given = [request.form.get(f"due-{n}", "") for n in range(count)]
    days = [day_from(text) for text in given]
    said = _("This is not a day. Write it as 2027-05-24.")
    return TypedDays(
        given=given, days=days, wrong={n: said for n, day in enumerate(days) if day is None}
    )
