"""Each thing that a supplier can say: its words, its form, and the service that does it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.certificate_moves import Claim
from onboarding.domain.on_behalf import Act
from onboarding.domain.people import Actor, Said
from onboarding.domain.plans import Step
from onboarding.domain.policy import Level
from onboarding.domain.workdays import Span
from onboarding.services import amendments, conversations, milestones, pathways, requests
from onboarding.services.certificates import report_certificate
from onboarding.services.closures import add_closure
from onboarding.services.contact_absences import plan_absence
from onboarding.services.contests import contest_statement
from onboarding.services.decisions import reply_to_block
from onboarding.services.holds import ask_for_hold
from onboarding.services.notices import reply_to_notice
from onboarding.services.renewals import report_renewal
from onboarding.web.behalf import forms

Label = tuple[LazyString, LazyString | str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What a service needs: who records it and when, about what, and what the form says."""

    session: Session
    actor: Actor
    moment: Moment
    relation_id: int
    about: int
    form: Any
    steps: tuple[Step, ...] = ()

    @property
    def who(self) -> tuple[Session, Actor, Moment]:
        return self.session, self.actor, self.moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How one act is written down; `labels` ask about the supplier what the portal asks it."""

    title: LazyString
    form: type[forms.SaidForm]
    do: Callable[[Call, Said], object]
    labels: Mapping[str, Label] = field(default_factory=dict)
    asks_files: bool = False


def _agree(call: Call, said: Said) -> None:
    revision, function = call.form.revision.data or 0, str(call.form.function.data)
    pathways.agree_pathway(
        *call.who, call.about, revision=revision, function=function, on_behalf=said
    )


def _counter(call: Call, said: Said) -> None:
    pathways.counter_pathway(
        *call.who,
        call.about,
        revision=call.form.revision.data or 0,
        steps=call.steps,
        message=str(call.form.message.data),
        on_behalf=said,
    )


def _decline(call: Call, said: Said) -> None:
    reason = str(call.form.reason.data)
    pathways.decline_pathway(*call.who, call.about, reason=reason, on_behalf=said)


def _hand_in(call: Call, said: Said) -> None:
    note = str(call.form.note.data or "") or None
    milestones.submit_milestone(*call.who, call.about, note=note, on_behalf=said)


def _start(call: Call, said: Said) -> None:
    milestones.start_milestone(*call.who, call.about, on_behalf=said)


def _ask_date(call: Call, said: Said) -> int:
    wished_on, reason = call.form.wished_on.data, str(call.form.reason.data)
    return requests.ask_for_date(
        *call.who, call.about, wished_on=wished_on, reason=reason, on_behalf=said
    )


def _report_delay(call: Call, said: Said) -> int:
    new_day, reason = call.form.new_day.data, str(call.form.reason.data)
    return requests.report_outside_delay(
        *call.who, call.about, new_day=new_day, reason=reason, on_behalf=said
    )


def _reply_to_notice(call: Call, said: Said) -> None:
    reply_to_notice(*call.who, call.about, text=str(call.form.text.data), on_behalf=said)


def _reply_to_block(call: Call, said: Said) -> None:
    reply_to_block(*call.who, call.about, text=str(call.form.text.data), on_behalf=said)


def _contest(call: Call, said: Said) -> None:
    contest_statement(*call.who, call.about, text=str(call.form.text.data), on_behalf=said)


def _accept_amendment(call: Call, said: Said) -> None:
    revision, function = call.form.revision.data or 0, str(call.form.function.data)
    amendments.accept_amendment(
        *call.who, call.about, revision=revision, function=function, on_behalf=said
    )


def _decline_amendment(call: Call, said: Said) -> None:
    reason = str(call.form.reason.data)
    amendments.decline_amendment(*call.who, call.about, reason=reason, on_behalf=said)


def _ask(call: Call, said: Said) -> int:
    return conversations.ask_question(
        *call.who,
        call.relation_id,
        text=str(call.form.text.data),
        milestone_id=call.about or None,
        on_behalf=said,
    )


def _certificate(call: Call, said: Said) -> int:
    form = call.form
    claim = Claim(
        level=Level(str(form.level.data)),
        thirty_plus=bool(form.thirty_plus.data),
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        kvk_numbers=tuple(re.split(r"[\s,;]+", str(form.kvk_numbers.data))),
    )
    return report_certificate(
        *call.who, call.relation_id, claim, body=form.body.data or None, on_behalf=said
    )


def _renewal(call: Call, said: Said) -> int:
    return report_renewal(*call.who, call.about, note=str(call.form.note.data), on_behalf=said)


def _hold(call: Call, said: Said) -> int:
    form = call.form
    span = Span(form.starts_on.data, form.ends_on.data)
    return ask_for_hold(
        *call.who, call.about, span=span, reason=str(form.reason.data), on_behalf=said
    )


def _closure(call: Call, said: Said) -> int:
    span = Span(call.form.starts_on.data, call.form.ends_on.data)
    return add_closure(*call.who, call.relation_id, span=span, on_behalf=said)


def _away(call: Call, said: Said) -> None:
    form = call.form
    plan_absence(
        *call.who,
        call.relation_id,
        form.away.data,
        deputy_id=form.deputy.data,
        span=Span(form.starts_on.data, form.ends_on.data),
        on_behalf=said,
    )


def _stop(call: Call, said: Said) -> None:
    pathways.stop_pathway(*call.who, call.about, reason=str(call.form.reason.data), on_behalf=said)


FUNCTION: dict[str, Label] = {
    "function": (
        _("Function of who agrees"),
        _("Such as director or owner. It stands in the agreement."),
    )
}
WAYS: dict[Act, Way] = {
    Act.AGREE: Way(
        title=_("They agree to the proposal"), form=forms.AgreeForm, do=_agree, labels=FUNCTION
    ),
    Act.COUNTER: Way(
        title=_("They want other days"),
        form=forms.CounterForm,
        do=_counter,
        labels={"message": (_("Why these days?"), "")},
    ),
    Act.DECLINE: Way(
        title=_("They decline the proposal"),
        form=forms.ReasonForm,
        do=_decline,
        labels={"reason": (_("Why do they decline?"), "")},
    ),
    Act.STEP_DONE: Way(
        title=_("A step is done"),
        form=forms.DoneForm,
        do=_hand_in,
        labels={
            "note": (_("What did they do?"), _("One or two sentences are enough. Or add a file."))
        },
        asks_files=True,
    ),
    Act.STEP_STARTED: Way(title=_("They started with a step"), form=forms.StartedForm, do=_start),
    Act.ANOTHER_DATE: Way(
        title=_("They ask for another day"),
        form=forms.DateForm,
        do=_ask_date,
        labels={
            "wished_on": (_("Which day do they ask for?"), ""),
            "reason": (_("Why does it not work in time?"), ""),
        },
    ),
    Act.OUTSIDE_DELAY: Way(
        title=_("The certifying body is late"), form=forms.DelayForm, do=_report_delay
    ),
    Act.REPLY_TO_NOTICE: Way(
        title=_("They reply to the warning"),
        form=forms.TextForm,
        do=_reply_to_notice,
        labels={"text": (_("Their reply"), _("What is going on, and what do they need?"))},
    ),
    Act.REPLY_TO_BLOCK: Way(
        title=_("They reply to the announcement of no new orders"),
        form=forms.TextForm,
        do=_reply_to_block,
        labels={"text": (_("Their reply"), "")},
    ),
    Act.CONTEST: Way(
        title=_("Something that we recorded is not right"),
        form=forms.TextForm,
        do=_contest,
        labels={"text": (_("What is not right?"), "")},
    ),
    Act.ACCEPT_AMENDMENT: Way(
        title=_("They agree to our change"),
        form=forms.AgreeForm,
        do=_accept_amendment,
        labels=FUNCTION,
    ),
    Act.DECLINE_AMENDMENT: Way(
        title=_("They do not agree to our change"),
        form=forms.ReasonForm,
        do=_decline_amendment,
        labels={"reason": (_("Why do they not agree?"), "")},
    ),
    Act.QUESTION: Way(
        title=_("They have a question"),
        form=forms.TextForm,
        do=_ask,
        labels={"text": (_("Their question"), "")},
    ),
    Act.CERTIFICATE: Way(
        title=_("They report a certificate"),
        form=forms.CertificateForm,
        do=_certificate,
        asks_files=True,
    ),
    Act.RENEWAL: Way(
        title=_("Their certificate is being renewed"),
        form=forms.RenewalForm,
        do=_renewal,
        labels={"note": (_("How far are they?"), _("Such as: the audit is on 12 May."))},
    ),
    Act.HOLD: Way(
        title=_("They ask for a pause"),
        form=forms.HoldForm,
        do=_hold,
        labels={"reason": (_("Why do they ask for it?"), "")},
    ),
    Act.CLOSURE: Way(title=_("They are closed for a while"), form=forms.ClosureForm, do=_closure),
    Act.AWAY: Way(title=_("A contact is away for a while"), form=forms.AwayForm, do=_away),
    Act.STOP: Way(
        title=_("They want to stop"),
        form=forms.StopForm,
        do=_stop,
        labels={"reason": (_("Why do they want to stop?"), "")},
    ),
}
