"""Each thing that a supplier can say: its words, its form, and what does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from onboarding.domain.on_behalf import Act
from onboarding.domain.people import Said
from onboarding.web.behalf import doing, forms
from onboarding.web.behalf.doing import Call

Label = tuple[LazyString, LazyString | str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How one act is written down; `labels` ask about the supplier what the portal asks it."""

    title: LazyString
    form: type[forms.SaidForm]
    do: Callable[[Call, Said], object]
    labels: Mapping[str, Label] = field(default_factory=dict)
    asks_files: bool = False


FUNCTION: dict[str, Label] = {
    "function": (
        _("Function of who agrees"),
        _("Such as director or owner. It stands in the agreement."),
    )
}
WAYS: dict[Act, Way] = {
    Act.AGREE: Way(
        title=_("They agree to the proposal"), form=forms.AgreeForm, do=doing.agree, labels=FUNCTION
    ),
    Act.COUNTER: Way(
        title=_("They want other days"),
        form=forms.CounterForm,
        do=doing.counter,
        labels={"message": (_("Why these days?"), "")},
    ),
    Act.DECLINE: Way(
        title=_("They decline the proposal"),
        form=forms.ReasonForm,
        do=doing.decline,
        labels={"reason": (_("Why do they decline?"), "")},
    ),
    Act.STEP_DONE: Way(
        title=_("A step is done"),
        form=forms.DoneForm,
        do=doing.hand_in,
        labels={
            "note": (_("What did they do?"), _("One or two sentences are enough. Or add a file."))
        },
        asks_files=True,
    ),
    Act.STEP_STARTED: Way(
        title=_("They started with a step"), form=forms.StartedForm, do=doing.start
    ),
    Act.ANOTHER_DATE: Way(
        title=_("They ask for another day"),
        form=forms.DateForm,
        do=doing.ask_date,
        labels={
            "wished_on": (_("Which day do they ask for?"), ""),
            "reason": (_("Why does it not work in time?"), ""),
        },
    ),
    Act.OUTSIDE_DELAY: Way(
        title=_("The certifying body is late"), form=forms.DelayForm, do=doing.report_delay
    ),
    Act.REPLY_TO_NOTICE: Way(
        title=_("They reply to the warning"),
        form=forms.TextForm,
        do=doing.reply_to_notice,
        labels={"text": (_("Their reply"), _("What is going on, and what do they need?"))},
    ),
    Act.REPLY_TO_BLOCK: Way(
        title=_("They reply to the announcement of no new orders"),
        form=forms.TextForm,
        do=doing.reply_to_block,
        labels={"text": (_("Their reply"), "")},
    ),
    Act.CONTEST: Way(
        title=_("Something that we recorded is not right"),
        form=forms.TextForm,
        do=doing.contest,
        labels={"text": (_("What is not right?"), "")},
    ),
    Act.ACCEPT_AMENDMENT: Way(
        title=_("They agree to our change"),
        form=forms.AgreeForm,
        do=doing.accept_amendment,
        labels=FUNCTION,
    ),
    Act.DECLINE_AMENDMENT: Way(
        title=_("They do not agree to our change"),
        form=forms.ReasonForm,
        do=doing.decline_amendment,
        labels={"reason": (_("Why do they not agree?"), "")},
    ),
    Act.WITHDRAW_AMENDMENT: Way(
        title=_("They take their change back"),
        form=forms.WithdrawForm,
        do=doing.withdraw_amendment,
        labels={"note": (_("A word with it"), "")},
    ),
    Act.WITHDRAW_REQUEST: Way(
        title=_("They no longer ask for another day"),
        form=forms.StartedForm,
        do=doing.withdraw_request,
    ),
    Act.QUESTION: Way(
        title=_("They have a question"),
        form=forms.TextForm,
        do=doing.ask,
        labels={"text": (_("Their question"), "")},
    ),
    Act.CERTIFICATE: Way(
        title=_("They report a certificate"),
        form=forms.CertificateForm,
        do=doing.certificate,
        asks_files=True,
    ),
    Act.RENEWAL: Way(
        title=_("Their certificate is being renewed"),
        form=forms.RenewalForm,
        do=doing.renewal,
        labels={"note": (_("How far are they?"), _("Such as: the audit is on 12 May."))},
    ),
    Act.HOLD: Way(
        title=_("They ask for a pause"),
        form=forms.HoldForm,
        do=doing.hold,
        labels={"reason": (_("Why do they ask for it?"), "")},
    ),
    Act.CLOSURE: Way(
        title=_("They are closed for a while"), form=forms.ClosureForm, do=doing.closure
    ),
    Act.AWAY: Way(title=_("A contact is away for a while"), form=forms.AwayForm, do=doing.away),
    Act.STOP: Way(
        title=_("They want to stop"),
        form=forms.StopForm,
        do=doing.stop,
        labels={"reason": (_("Why do they want to stop?"), "")},
    ),
}
