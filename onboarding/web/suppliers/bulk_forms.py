"""What an action on many suppliers asks: first what decides whom it touches, then the words."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectField, TextAreaField

from onboarding.domain.batches import Waves
from onboarding.domain.policy import Level, Policy
from onboarding.domain.templates import Template
from onboarding.i18n import level_word, template_title
from onboarding.store.supplier_filters import NOBODY
from onboarding.web.forms import DateField, choices, filled_in, text
from onboarding.web.language import current_locale
from onboarding.web.suppliers.forms import ReasonForm

NO_TARGET = "none"
WAVE_SIZE, DAYS_BETWEEN = 25, 5


class InAddress(FlaskForm):
    """A form of which the answers stand in the address: it changes nothing."""

    class Meta:
        csrf = False


class BuyerForm(InAddress):
    buyer_id = SelectField(_("Buyer"), [filled_in()])

    def fill_choices(self, buyers: list[tuple[str, str]]) -> None:
        self.buyer_id.choices = choices([("", _("Choose")), *buyers, (NOBODY, _("Nobody"))])

    def chosen(self) -> int | None:
        """Who gets the suppliers; None for nobody."""
        return None if self.buyer_id.data == NOBODY else int(self.buyer_id.data)


class WavesForm(InAddress):
    template = RadioField(_("How will these suppliers get there?"), [filled_in()])
    target = SelectField(_("Goal"))
    first_on = DateField(
        _("First day"),
        [filled_in(_("Fill in a day, such as 2027-03-31."))],
        description=_("On this day the first wave gets its proposal, from eight in the morning."),
    )
    size = IntegerField(
        _("How many at a time"),
        [filled_in(_("Fill in a number."))],
        description=_("As many as you can call and answer in those days."),
    )
    working_days = IntegerField(
        _("Working days between"),
        [filled_in(_("Fill in a number."))],
        description=_("5 is a week."),
    )

    def __init__(
        self, formdata: Any, policy: Policy, today: date, templates: Sequence[Template]
    ) -> None:
        super().__init__(
            formdata,
            template=templates[0].code if templates else None,
            target=policy.required_level.value,
            first_on=policy.calendar.add(today, 1),
            size=WAVE_SIZE,
            working_days=DAYS_BETWEEN,
        )
        locale = current_locale()
        self.template.choices = choices(
            (one.code, template_title(one.title, locale)) for one in templates
        )
        levels = [(level.value, level_word(level.value, locale)) for level in Level]
        self.target.choices = choices([*levels, (NO_TARGET, _("No certificate"))])

    def waves(self) -> Waves:
        assert self.first_on.data is not None
        return Waves(
            first_on=self.first_on.data,
            size=int(self.size.data or 0),
            working_days=int(self.working_days.data or 0),
        )

    def chosen_target(self) -> str | None:
        return None if self.target.data == NO_TARGET else str(self.target.data)


class MessageForm(FlaskForm):
    message = TextAreaField(
        _("A word with it"),
        [text()],
        description=_("All of them read it above the steps."),
    )

    @property
    def words(self) -> str:
        return self.message.data or ""


class WhyForm(ReasonForm):
    @property
    def words(self) -> str:
        return self.reason.data or ""


class PlainForm(FlaskForm):
    words = ""
