"""The errors of a form, flat and with the field that each belongs to."""

from collections.abc import Callable, Iterator
from typing import Any

from wtforms import Field, FieldList, Form, FormField
from wtforms.fields.choices import SelectFieldBase
from wtforms.widgets import Select


def form_errors(form: Form) -> list[tuple[str | None, str]]:
    """`(id of the input, message)` for each mistake, in the order of the page.

    What concerns the whole form comes first and has no id.
    """
    whole = [(None, str(message)) for message in form.form_errors]
    return whole + [error for field in form for error in _errors_of(field)]


def _errors_of(field: Field) -> Iterator[tuple[str | None, str]]:
    if isinstance(field, FormField | FieldList):
        for inner in field:
            yield from _errors_of(inner)
        yield from ((field.id, str(text)) for text in field.errors if isinstance(text, str))
        return
    for message in field.errors:
        yield first_input_id(field), _naming(str(field.label.text), str(message))


def _naming(label: str, message: str) -> str:
    """The message with the field it is about: "Vul dit in" alone tells nothing in a list."""
    return message if label.lower() in message.lower() else f"{label}: {message}"


def first_input_id(field: Field) -> str:
    """Where a link to the field must lead: the first choice of a group, else the input."""
    if is_group(field):
        return f"{field.id}-0"
    return str(field.id)


def is_group(field: Field) -> bool:
    """Whether the field is drawn as several tick boxes or radios in one fieldset."""
    return isinstance(field, SelectFieldBase) and not isinstance(field.widget, Select)


def has_errors(form: Any) -> bool:
    """Whether `form` is a form with mistakes; a page without one has none."""
    return isinstance(form, Form) and bool(form.errors or form.form_errors)


GLOBALS: dict[str, Callable[..., Any]] = {
    "form_errors": form_errors,
    "first_input_id": first_input_id,
    "has_errors": has_errors,
    "is_group": is_group,
}
