"""The form for how often and in which language somebody gets mail, and what it explains."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField

from onboarding.domain.mail_choices import MailRhythm
from onboarding.store.tables import PersonRow
from onboarding.web.forms import choices, filled_in

RHYTHMS = (
    (MailRhythm.USUAL, _("Every Monday, and sooner when something is urgent")),
    (MailRhythm.WEEKLY, _("Only on Monday")),
    (MailRhythm.URGENT, _("Only when something is urgent")),
    (MailRhythm.NONE, _("No reminders")),
)


class MailChoiceForm(FlaskForm):
    rhythm = RadioField(
        _("When do you want a reminder?"),
        [filled_in(_("Choose an answer."))],
        description=_("Urgent is: a step is past its date, or must be done within three days."),
        choices=choices((one.value, label) for one, label in RHYTHMS),
    )
    locale = RadioField(
        _("In which language do we write to you?"),
        [filled_in(_("Choose an answer."))],
        choices=choices([("nl", "Nederlands"), ("en", "English")]),
    )

    @classmethod
    def of(cls, person: PersonRow) -> "MailChoiceForm":
        return cls(formdata=None, rhythm=person.mail_rhythm, locale=person.locale)


def choice_page(form: MailChoiceForm, status: int, **given: Any) -> ResponseReturnValue:
    """`given` says where the page leads; see the template."""
    hints = {
        MailRhythm.WEEKLY.value: gettext(
            "Then a step can go past its date before you get mail about it."
        ),
        MailRhythm.URGENT.value: gettext("You get no mail about steps that have time."),
        MailRhythm.NONE.value: gettext(
            "Your buyer sees this, and calls you when something is due."
        ),
    }
    return render_template("portal/mail.html", form=form, hints=hints, **given), status
