"""The form of a policy: every field, with what it does, and days as people list them."""

import re
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import HiddenInput

from onboarding.domain.errors import InputInvalid
from onboarding.web.forms import DateField

NUMBER = InputRequired(_("Fill in a whole number."))
DAYS = InputRequired(_("Fill in days, such as -14, -3, 1."))
BEFORE = _("Days before it are negative: -14 is two weeks before.")


class PolicyForm(FlaskForm):
    """Names as in the domain; `seen` is the version that the manager looked at."""

    seen = IntegerField(widget=HiddenInput())
    starts_on = DateField(
        _("In force from"),
        [InputRequired(_("Fill in a day, such as 2027-03-31."))],
        description=_("From tomorrow at the earliest. Until then the present policy holds."),
    )
    required_level = SelectField(
        _("Required level"), description=_("From this level a supplier is cleared.")
    )
    preferred_level = SelectField(
        _("Preferred level"), description=_("From this level a supplier has our preference.")
    )
    decided_by = RadioField(
        _("Who decides when time runs out?"), [InputRequired(_("Choose an answer."))]
    )
    window_days = IntegerField(
        _("Time to agree on a pathway, in days"),
        [NUMBER],
        description=_("Only days on which it is the supplier's turn count."),
    )
    cure_working_days = IntegerField(
        _("Time to repair after a warning, in working days"),
        [NUMBER],
        description=_("Ten or more."),
    )
    rework_days = IntegerField(_("Time to complete what was sent back, in days"), [NUMBER])
    rework_limit = IntegerField(
        _("How often a buyer may send back a step"),
        [NUMBER],
        description=_("After that only a contract manager."),
    )
    extension_limit = IntegerField(
        _("How often a step may get another date"),
        [NUMBER],
        description=_("Delay at a certifying body does not count. A contract manager may go on."),
    )
    longest_months = IntegerField(_("Longest pathway, in months"), [NUMBER])
    grant_longest_days = IntegerField(
        _("Second signature for permission that lasts longer than so many days"),
        [Optional()],
        description=_(
            "Permission that follows on from other permission counts together with it. Empty: "
            "no second signature."
        ),
    )
    grant_spend_limit = IntegerField(
        _("Second signature from this yearly spend, in whole euros"),
        [Optional()],
        description=_(
            "A supplier of which we do not know the spend needs it too. Empty: no second signature."
        ),
    )
    observes_good_friday = BooleanField(_("Good Friday is a day off"))
    observes_liberation_day = BooleanField(_("Liberation Day (5 May) is a day off every year"))
    milestone_reminders = StringField(
        _("Reminders of a step, in days from its date"), [DAYS], description=BEFORE
    )
    call_after_working_days = IntegerField(
        _("Task to call, in working days after the date"), [NUMBER]
    )
    notice_prepared_after = IntegerField(_("Warning prepared, in days after the date"), [NUMBER])
    notice_on_list_working_days = IntegerField(
        _("How long a warning waits on the work list, in working days"),
        [NUMBER],
        description=_("Two or more: the buyer can hold it or add a line."),
    )
    proposal_reminders = StringField(
        _("Reminders of a proposal, in days after it was sent"), [DAYS]
    )
    window_reminders = StringField(
        _("Reminders to the buyer that the time to agree ends"), [DAYS], description=BEFORE
    )
    review_buyer_working_days = IntegerField(
        _("Reminder to the buyer of a review, after working days"), [NUMBER]
    )
    review_manager_working_days = IntegerField(
        _("Reminder to the contract manager of a review, after working days"), [NUMBER]
    )
    certificate_reminders = StringField(
        _("Reminders that a certificate ends"), [DAYS], description=BEFORE
    )
    decision_reminders = StringField(
        _("Reminders that a decision ends"), [DAYS], description=BEFORE
    )
    next_year_before = IntegerField(
        _("Pathway for the year after, in days before that year begins"),
        [NUMBER],
        description=_("For steps that come back every year, such as a contribution."),
    )


def days_as_text(days: tuple[int, ...]) -> str:
    return ", ".join(str(day) for day in days)


def days_from(field: str, text: Any) -> tuple[int, ...]:
    """Days as a manager lists them: `-14, -3, 1`. Raises InputInvalid for what is no number."""
    parts = [part for part in re.split(r"[\s,;]+", str(text or "").replace("−", "-")) if part]
    if not all(re.fullmatch(r"[+-]?\d{1,4}", part, re.ASCII) for part in parts):
        raise InputInvalid(field=field, reason="not-days")
    return tuple(sorted({int(part) for part in parts}))
