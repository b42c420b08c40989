"""The forms for what a supplier said: those of the portal, and who said it, when and how."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    FileField,
    SelectField,
    StringField,
    TelField,
)
from wtforms.validators import Optional, ValidationError

from onboarding.domain.people import Channel
from onboarding.i18n import word
from onboarding.store.contacts import ContactWithPerson
from onboarding.web.forms import DateField, choices, filled_in, line, stripped
from onboarding.web.language import current_locale
from onboarding.web.portal import forms as portal

SPOKEN = (Channel.PHONE, Channel.MAIL, Channel.MEETING, Channel.LETTER)
NEW = "new"
MAILS = ".eml,.pdf,.png,.jpg,.jpeg,message/rfc822,application/pdf,image/png,image/jpeg"


class SaidForm(FlaskForm):
    """Who said it, when and how; `about` is the step, notice or certificate that it is about."""

    about = SelectField(_("About what?"), coerce=int, validate_choice=False)
    said_by = SelectField(_("Who said it?"), validate_choice=False)
    name = StringField(_("Name"), [Optional(), line()], filters=[stripped])
    phone = TelField(_("Phone"), [Optional(), line(40)], filters=[stripped])
    email = EmailField(_("E-mail address"), [Optional(), line(254)], filters=[stripped])
    channel = SelectField(_("How?"), validate_choice=False)
    said_on = DateField(
        _("On which day?"),
        [filled_in(_("Fill in a day, such as 2027-03-31."))],
    )
    original = FileField(
        _("The mail or letter itself"),
        [Optional()],
        description=_("A mail saved as a file (.eml), PDF, PNG or JPEG, 10 MB at most."),
        render_kw={"accept": MAILS},
    )
    is_clean = BooleanField(_("The files hold no personal data of employees"))

    def fill_choices(
        self, contacts: Sequence[ContactWithPerson], options: Sequence[tuple[int, str]]
    ) -> None:
        """Whom it can have been, and what it can be about."""
        locale = current_locale()
        known = [(str(one.person.id), _described(one)) for one in contacts]
        self.said_by.choices = choices([*known, (NEW, gettext("Somebody else"))])
        self.channel.choices = choices((c.value, word("channel", c, locale)) for c in SPOKEN)
        self.about.choices = choices([(value, label) for value, label in options])  # type: ignore[misc]

    @property
    def is_new(self) -> bool:
        """Somebody whom we did not know: chosen, or a name was filled in."""
        return self.said_by.data == NEW or bool(self.name.data)

    def validate_about(self, field: Any) -> None:
        """It may have been offered, and not be possible any more."""
        if not _is_offered(field):
            raise ValidationError(gettext("This is not possible any more. Choose what is."))

    def validate_said_by(self, field: Any) -> None:
        if not _is_offered(field):
            said = gettext("Choose somebody of this supplier, or fill in who it was.")
            raise ValidationError(said)

    def validate_channel(self, field: Any) -> None:
        if not _is_offered(field):
            raise ValidationError(gettext("Choose an answer."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Somebody new has a name, and a number or an address."""
        is_valid = super().validate(extra_validators)
        if self.is_new and not self.name.data:
            self.name.errors = [*self.name.errors, gettext("Fill in who it was.")]
        if self.is_new and not (self.phone.data or self.email.data):
            self.phone.errors = [
                *self.phone.errors,
                gettext("Fill in a phone number or an e-mail address."),
            ]
        return bool(is_valid) and not (self.name.errors or self.phone.errors)


def _is_offered(field: Any) -> bool:
    return any(choice.value == field.data for choice in field.choices)


def _described(one: ContactWithPerson) -> str:
    function = one.contact.function
    return f"{one.person.name}, {function}" if function else one.person.name


class AgreeForm(SaidForm, portal.AgreeForm):
    """Also for a change of what was agreed."""


class CounterForm(SaidForm, portal.CounterForm):
    """The days stand beside it, as `due-0`, `due-1`, …"""


class ReasonForm(SaidForm, portal.DeclineForm):
    """For declining a proposal or a change."""


class WithdrawForm(SaidForm, portal.WithdrawForm):
    """For taking back a change that they proposed."""


class StopForm(SaidForm, portal.StopForm):
    """For ending a pathway."""


class DoneForm(SaidForm, portal.ReportForm):
    """A step is done: in words, in files, or both."""


class StartedForm(SaidForm):
    """A step is begun; there is nothing more to say."""


class DateForm(SaidForm, portal.DateForm):
    """Another day."""


class DelayForm(SaidForm, portal.DelayForm):
    """A certifying body is late."""


class TextForm(SaidForm, portal.QuestionForm):
    """A question, a reply, or "this is not right"."""


class CertificateForm(SaidForm, portal.CertificateForm):
    """A certificate that the supplier holds."""


class RenewalForm(SaidForm, portal.RenewalForm):
    """How far the follow-up of a certificate is."""


class ClosureForm(SaidForm):
    """Days on which it is closed."""

    starts_on = DateField(_("From"), [filled_in(_("Choose a day."))])
    ends_on = DateField(_("Up to and including"), [filled_in(_("Choose a day."))])


class AwayForm(ClosureForm):
    """A contact who is away, and who stands in."""

    away = SelectField(_("Who is away?"), [filled_in()], coerce=int)
    deputy = SelectField(_("Who gets the reminders meanwhile?"), [filled_in()], coerce=int)

    def fill_choices(
        self, contacts: Sequence[ContactWithPerson], options: Sequence[tuple[int, str]]
    ) -> None:
        super().fill_choices(contacts, options)
        people = choices((one.person.id, _described(one)) for one in contacts)  # type: ignore[misc]
        self.away.choices = self.deputy.choices = people


class HoldForm(ClosureForm):
    """A pause."""

    reason = portal.DeclineForm.reason
