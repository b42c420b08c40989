"""The forms about a supplier."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
    ValidationError,
)

from onboarding.domain.divisions import OF_THE_WHOLE
from onboarding.domain.identifiers import email_from, typed_kvk_number
from onboarding.domain.people import SUPPLIER_ROLES, Role
from onboarding.domain.suppliers import creditor_numbers_from
from onboarding.i18n import word
from onboarding.i18n.countries import country_choices
from onboarding.web.forms import DateField, choices, filled_in, line, stripped, taken_by, text
from onboarding.web.language import current_locale


class SupplierForm(FlaskForm):
    """A supplier as the customer records it; `confirmed` where it may be known already."""

    name = StringField(_("Name"), [filled_in(), line()], filters=[stripped])
    kvk_number = StringField(
        _("KvK number"),
        [line(20), taken_by(typed_kvk_number)],
        description=_("8 digits. Leave it empty for a foreign one."),
    )
    country = SelectField(_("Country"))
    foreign_number = StringField(
        _("Foreign registration number"),
        [line(40)],
        description=_("For a supplier from abroad, such as HRB 12345."),
    )
    city = StringField(_("City"), [line()])
    category = StringField(_("Category"), [line()], description=_("What you buy, in a word."))
    division = StringField(_("Division"), [line()], description=_("Which division buys."))
    spend = StringField(_("Spend per year"), [line(30)], description=_("In euros."))
    contract = StringField(_("Contract"), [line()], description=_("Its number or name."))
    creditor_numbers = TextAreaField(
        _("Creditor numbers"),
        [text()],
        description=_("One on each line, as FS10023 or as Catering: FS10023."),
    )
    alternative = TextAreaField(
        _("Alternative"), [text()], description=_("Who else could deliver this?")
    )
    has_no_alternative = BooleanField(
        _("No alternative"), description=_("Nobody else could deliver this.")
    )
    buyer_id = SelectField(_("Buyer"))
    revision = HiddenField()
    confirmed = BooleanField(_("This is another company: add it"))

    def fill_choices(self, buyers: list[tuple[str, str]]) -> None:
        self.country.choices = choices(country_choices(current_locale()))
        self.buyer_id.choices = choices([("", _("Nobody yet")), *buyers])

    def leave_out_the_whole(self) -> None:
        """Several divisions buy here: what each of them buys stands on pages of their own."""
        for name in OF_THE_WHOLE:
            del self[name]

    def given(self) -> dict[str, Any]:
        """The fields as the service takes them."""
        who = ("name", "kvk_number", "country", "foreign_number", "city")
        told = (*who, "category", "alternative", *OF_THE_WHOLE)
        return {name: self[name].data for name in told if name in self} | {
            "has_no_alternative": self.has_no_alternative.data,
            "buyer_id": self.buyer_id.data or None,
            "creditor_numbers": creditor_numbers_from(self.creditor_numbers.data or ""),
        }


class ReasonForm(FlaskForm):
    """Something that needs a reason."""

    reason = TextAreaField(_("Reason"), [filled_in(), text()])


class EndForm(ReasonForm):
    """A relation ends from a day."""

    ended_on = DateField(_("First day on which it is over"), [filled_in()])


class ContactForm(FlaskForm):
    """Somebody of the supplier."""

    name = StringField(_("Name"), [filled_in(), line()], filters=[stripped])
    email = EmailField(_("E-mail address"), [line(254), taken_by(email_from)])
    phone = TelField(_("Phone"), [line(40)])
    function = StringField(_("Function"), [line(100)], description=_("Such as director."))
    role = RadioField(_("What this person does"), [filled_in(_("Choose an answer."))])
    locale = RadioField(_("Language"), default="nl")
    is_main = BooleanField(_("Main contact: mail goes to this person"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        locale = current_locale()
        self.role.choices = choices(
            (role.value, word("role", role.value, locale)) for role in SUPPLIER_ROLES
        )
        self.locale.choices = choices([("nl", "Nederlands"), ("en", "English")])

    def validate_function(self, field: StringField) -> None:
        if self.role.data == Role.SIGNATORY and not (field.data or "").strip():
            raise ValidationError(gettext("Fill this in."))

    def chosen_role(self) -> Role:
        return Role(str(self.role.data))
