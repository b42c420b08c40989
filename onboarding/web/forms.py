"""What the forms of all pages share: fields, and refusals of the rules put where they belong."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectMultipleField  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from onboarding.domain.errors import DomainError
from onboarding.i18n import error_text
from onboarding.web.language import current_locale

LONGEST_LINE, LONGEST_TEXT = 200, 4000


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


def refuse(form: FlaskForm, error: DomainError) -> None:
    """Put what a rule refused on the field that it names, else above the form."""
    said = error_text(error.code, error.facts, current_locale())
    name = error.facts.get("field")
    if name in form:
        form[name].errors = [*form[name].errors, said]
    else:
        form.form_errors.append(said)


def stripped(value: str | None) -> str:
    """A filter for text fields: without the space around it."""
    return (value or "").strip()
