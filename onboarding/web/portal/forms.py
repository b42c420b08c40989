"""The forms of the portal: few fields, each with what it is for."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from onboarding.domain.identifiers import email_from
from onboarding.domain.people import Role
from onboarding.domain.policy import Level
from onboarding.i18n import level_word
from onboarding.web.forms import DateField, choices, filled_in, line, stripped, taken_by, text
from onboarding.web.language import current_locale
from onboarding.web.uploading import clean_field, files_field

INVITED_ROLES = (
    (Role.CONTACT, _("Colleague: may report, send and ask")),
    (Role.SIGNATORY, _("Authorised signatory: may also agree for your organisation")),
    (Role.ADVISER, _("Adviser, such as an accountant: prepares, you send")),
)


def _text(label: Any, description: Any = "", *, is_needed: bool = True) -> TextAreaField:
    needed = [filled_in(_("Write a few words."))] if is_needed else [Optional()]
    return TextAreaField(label, [*needed, text()], filters=[stripped], description=description)


def _function() -> StringField:
    return StringField(
        _("Your function"),
        [filled_in(_("Fill in your function, such as director.")), line(100)],
        filters=[stripped],
        description=_("Such as director or owner. It stands in the agreement."),
    )


class ReportForm(FlaskForm):
    note = _text(
        _("What did you do?"), _("One or two sentences are enough. Or add a file."), is_needed=False
    )
    files = files_field(_("Files"))
    is_clean = clean_field()


class DateForm(FlaskForm):
    wished_on = DateField(_("Which day works?"), [filled_in(_("Choose a day."))])
    reason = _text(_("Why does it not work in time?"))


class DelayForm(FlaskForm):
    new_day = DateField(
        _("Which day did the certifying body name?"), [filled_in(_("Choose a day."))]
    )
    reason = _text(_("What did they say?"))


class QuestionForm(FlaskForm):
    text = _text(_("Your question"))
    files = files_field(_("Files"))
    is_clean = clean_field()


class ReplyForm(FlaskForm):
    text = _text(_("Your reply"), _("What is going on, and what do you need from us?"))


class ContestForm(FlaskForm):
    text = _text(_("What is not right?"), _("Write it as it is. Your buyer reads this."))


class AgreeForm(FlaskForm):
    revision = IntegerField(widget=HiddenInput())
    function = _function()


class CounterForm(FlaskForm):
    revision = IntegerField(widget=HiddenInput())
    message = _text(_("Why these days?"), _("Your buyer reads this."))


class DeclineForm(FlaskForm):
    reason = _text(_("Why do you decline?"), _("Your buyer reads this and will call you."))


class PauseForm(FlaskForm):
    starts_on = DateField(_("First day of the pause"), [filled_in(_("Choose a day."))])
    ends_on = DateField(_("Last day of the pause"), [filled_in(_("Choose a day."))])
    reason = _text(_("Why do you need a pause?"), _("Your buyer reads this."))


class ClosureForm(FlaskForm):
    starts_on = DateField(_("First day on which you are closed"), [filled_in(_("Choose a day."))])
    ends_on = DateField(_("Last day on which you are closed"), [filled_in(_("Choose a day."))])


class ChangeForm(FlaskForm):
    """Other days for open steps stand beside it as `due-12`, steps left out as `drop-12`."""

    revision = IntegerField(widget=HiddenInput())
    reason = _text(_("Why this change?"), _("Your buyer reads this."))
    function = _function()


class DeclineChangeForm(FlaskForm):
    reason = _text(_("Why does it not suit you?"), _("Your buyer reads this."))


class WithdrawForm(FlaskForm):
    """Taking back what we did not answer yet."""

    revision = IntegerField(widget=HiddenInput())
    note = _text(_("A word with it"), _("Your buyer reads this."), is_needed=False)


class StopForm(FlaskForm):
    reason = _text(_("Why do you want to stop?"), _("Your buyer reads this and will call you."))


class CertificateForm(FlaskForm):
    level = SelectField(_("Level"), [filled_in(_("Choose a level."))])
    thirty_plus = BooleanField(_("With the mark PSO 30+"))
    starts_on = DateField(_("Valid from"), [filled_in(_("Choose a day."))])
    ends_on = DateField(
        _("Valid until"),
        [filled_in(_("Choose a day."))],
        description=_("The last day that stands on the certificate."),
    )
    kvk_numbers = StringField(
        _("KvK numbers on the certificate"),
        [filled_in(_("Fill in at least one KvK number.")), line()],
        filters=[stripped],
        description=_("8 digits each, with a comma between them."),
        render_kw={"inputmode": "numeric"},
    )
    body = StringField(_("Certifying body"), [Optional(), line()], filters=[stripped])
    files = files_field(_("The certificate"))
    is_clean = clean_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        locale = current_locale()
        self.level.choices = choices(
            [("", _("Choose a level")), *((one.value, level_word(one, locale)) for one in Level)]
        )


class RenewalForm(FlaskForm):
    note = _text(
        _("How far are you?"),
        _("Such as: the application is sent, the audit is on 12 May."),
    )


class WrongPersonForm(FlaskForm):
    """Who would be the right person; all of it may stay empty."""

    name = StringField(_("Name"), [Optional(), line()], filters=[stripped])
    email = EmailField(
        _("E-mail address"), [Optional(), line(254), taken_by(email_from)], filters=[stripped]
    )
    phone = TelField(_("Phone"), [Optional(), line(40)], filters=[stripped])


class InviteForm(FlaskForm):
    name = StringField(_("Name"), [filled_in(), line()], filters=[stripped])
    email = EmailField(_("E-mail address"), [filled_in(), line(254)], filters=[stripped])
    phone = TelField(_("Phone"), [Optional(), line(40)], filters=[stripped])
    function = StringField(
        _("Function"),
        [Optional(), line(100)],
        filters=[stripped],
        description=_("Needed for an authorised signatory, such as director."),
    )
    role = RadioField(_("What may this person do?"), default=Role.CONTACT.value)
    locale = RadioField(_("Language"), description=_("In which we write to this person."))

    def __init__(self, *args: Any, roles: frozenset[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role.choices = choices(
            (role.value, label) for role, label in INVITED_ROLES if role in roles
        )
        self.locale.choices = choices([("nl", "Nederlands"), ("en", "English")])
        self.locale.data = self.locale.data or current_locale()
