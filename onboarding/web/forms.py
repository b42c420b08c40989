"""What the forms of all pages share: fields, and refusals of the rules put where they belong."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (  # type: ignore[attr-defined]
    Field,
    SelectChoice,
    SelectMultipleField,
    ValidationError,
)
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from onboarding.domain.errors import DomainError, InputInvalid
from onboarding.i18n import error_text
from onboarding.web.language import current_locale

LONGEST_LINE, LONGEST_TEXT = 200, 4000
# Nobody means a day outside of these, and counting on from the last day there is ends in an error.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)
MOST_WEEKS = 52


def day_from(text: str | None) -> date | None:
    """A day as a browser sends it, 2027-03-31; None where it is none that anybody can mean."""
    try:
        day = date.fromisoformat((text or "").strip())
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


class DateField(wtforms.DateField):
    """A day that somebody can mean."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        if self.data is not None and not FIRST_DAY <= self.data <= LAST_DAY:
            self.data = None
            raise ValueError(gettext("Fill in a day, such as 2027-03-31."))


class TickBoxes(SelectMultipleField):
    """Several choices at once, as tick boxes in a fieldset."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def choices(pairs: Iterable[tuple[str, Any]]) -> list[Any]:
    """What a field with choices takes, from (value, label)."""
    return [SelectChoice(value, label) for value, label in pairs]


def line(longest: int = LONGEST_LINE) -> Length:
    """One line of text fits in its column."""
    return Length(max=longest, message=_("Use at most %(max)d characters."))


def text() -> Length:
    return Length(max=LONGEST_TEXT, message=_("Use at most %(max)d characters."))


def filled_in(message: Any = None) -> DataRequired:
    return DataRequired(message or _("Fill this in."))


def taken_by(rule: Callable[[str], object]) -> Callable[[FlaskForm, Field], None]:
    """What a rule of the domain would refuse, told together with the other mistakes."""

    def check(_form: FlaskForm, field: Field) -> None:
        if (field.data or "").strip():
            try:
                rule(field.data)
            except InputInvalid as refused:
                said = error_text(refused.code, refused.facts, current_locale())
                raise ValidationError(said) from None

    return check


def refuse(form: FlaskForm, error: DomainError) -> None:
    """Put what a rule refused on the field that it names, else above the form."""
    said = error_text(error.code, error.facts, current_locale())
    name = error.facts.get("field")
    if name in form:
        form[name].errors = [*form[name].errors, said]
    else:
        form.form_errors.append(said)


def weeks_typed(value: str | None) -> int:
    """How many weeks to move days by, a year at most; 0 where it is no such number."""
    text = (value or "").strip()
    return int(text) if text.isdecimal() and len(text) < 3 and int(text) <= MOST_WEEKS else 0


def stripped(value: str | None) -> str:
    """A filter for text fields: without the space around it."""
    return (value or "").strip()
