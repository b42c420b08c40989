"""The forms for getting in and for one's own account."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, SelectField, StringField, TelField
from wtforms.validators import Length, Optional
from wtforms.widgets import PasswordInput

from onboarding.domain.people import CUSTOMER_ROLES
from onboarding.i18n import word
from onboarding.services.passwords import LONGEST, SHORTEST
from onboarding.web.forms import TickBoxes, choices, filled_in, line, stripped
from onboarding.web.language import current_locale
from onboarding.web.presentation.badges import sentence_case

LONGEST_EMAIL, LONGEST_PHONE = 254, 40
LANGUAGES = (("nl", "Nederlands"), ("en", "English"))


def _email() -> EmailField:
    return EmailField(
        _("E-mail address"),
        [filled_in(_("Fill in your e-mail address.")), line(LONGEST_EMAIL)],
        filters=[stripped],
        render_kw={"autocomplete": "username", "spellcheck": "false"},
    )


def _password(label: Any, autocomplete: str, description: Any = "") -> PasswordField:
    return PasswordField(
        label,
        [filled_in(_("Fill in a password.")), line(LONGEST)],
        widget=PasswordInput(),
        render_kw={"autocomplete": autocomplete},
        description=description,
    )


class LogInForm(FlaskForm):
    email = _email()
    password = _password(_("Password"), "current-password")


class AddressForm(FlaskForm):
    email = _email()


class NewPasswordForm(FlaskForm):
    password = _password(
        _("New password"),
        "new-password",
        description=_(
            "At least %(shortest)s characters. A few words in a row are easy to remember.",
            shortest=SHORTEST,
        ),
    )


class ChangePasswordForm(NewPasswordForm):
    current = _password(_("Current password"), "current-password")


class ProfileForm(FlaskForm):
    name = StringField(
        _("Name"),
        [filled_in(_("Fill in your name.")), line()],
        filters=[stripped],
        render_kw={"autocomplete": "name"},
    )
    phone = TelField(
        _("Phone"),
        [Optional(), Length(max=LONGEST_PHONE)],
        filters=[stripped],
        render_kw={"autocomplete": "tel"},
    )
    locale = SelectField(
        _("Language of pages and mails"),
        choices=choices(LANGUAGES),
    )


def role_choices() -> list[Any]:
    """The roles of the customer's side, in the reader's words."""
    locale = current_locale()
    return choices(
        (role.value, sentence_case(word("role", role.value, locale))) for role in CUSTOMER_ROLES
    )


class InviteUserForm(FlaskForm):
    name = StringField(_("Name"), [filled_in(), line()], filters=[stripped])
    email = EmailField(_("E-mail address"), [filled_in(), line(LONGEST_EMAIL)], filters=[stripped])
    role = SelectField(_("Role"), choices=role_choices)


class RolesForm(FlaskForm):
    """`successor` takes over the suppliers of a buyer who may not buy any more."""

    roles = TickBoxes(_("Roles"), choices=role_choices)
    successor = SelectField(_("Who takes over the suppliers?"), validate_choice=False)
