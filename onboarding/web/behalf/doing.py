"""Doing what a supplier said, once it is written down: each act with the service that does it."""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.certificate_moves import Claim
from onboarding.domain.people import Actor, Said
from onboarding.domain.plans import Step
from onboarding.domain.policy import Level
from onboarding.domain.workdays import Span
from onboarding.services import conversations, decisions
from onboarding.services.certificates import report_certificate
from onboarding.services.closures import add_closure
from onboarding.services.contact_absences import plan_absence
from onboarding.services.contests import contest_statement
from onboarding.services.pathway import amendments, milestones, negotiation, notices, requests
from onboarding.services.pathway.holds import ask_for_hold
from onboarding.services.renewals import report_renewal


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


def agree(call: Call, said: Said) -> None:
    revision, function = call.form.revision.data or 0, str(call.form.function.data)
    negotiation.agree_pathway(
        *call.who, call.about, revision=revision, function=function, on_behalf=said
    )


def counter(call: Call, said: Said) -> None:
    negotiation.counter_pathway(
        *call.who,
        call.about,
        revision=call.form.revision.data or 0,
        steps=call.steps,
        message=str(call.form.message.data),
        on_behalf=said,
    )


def decline(call: Call, said: Said) -> None:
    reason = str(call.form.reason.data)
    negotiation.decline_pathway(*call.who, call.about, reason=reason, on_behalf=said)


def hand_in(call: Call, said: Said) -> None:
    note = str(call.form.note.data or "") or None
    milestones.submit_milestone(*call.who, call.about, note=note, on_behalf=said)


def start(call: Call, said: Said) -> None:
    milestones.start_milestone(*call.who, call.about, on_behalf=said)


def ask_date(call: Call, said: Said) -> int:
    wished_on, reason = call.form.wished_on.data, str(call.form.reason.data)
    return requests.ask_for_date(
        *call.who, call.about, wished_on=wished_on, reason=reason, on_behalf=said
    )


def report_delay(call: Call, said: Said) -> int:
    new_day, reason = call.form.new_day.data, str(call.form.reason.data)
    return requests.report_outside_delay(
        *call.who, call.about, new_day=new_day, reason=reason, on_behalf=said
    )


def reply_to_notice(call: Call, said: Said) -> None:
    notices.reply_to_notice(*call.who, call.about, text=str(call.form.text.data), on_behalf=said)


def reply_to_block(call: Call, said: Said) -> None:
    decisions.reply_to_block(*call.who, call.about, text=str(call.form.text.data), on_behalf=said)


def contest(call: Call, said: Said) -> None:
    contest_statement(*call.who, call.about, text=str(call.form.text.data), on_behalf=said)


def accept_amendment(call: Call, said: Said) -> None:
    revision, function = call.form.revision.data or 0, str(call.form.function.data)
    amendments.accept_amendment(
        *call.who, call.about, revision=revision, function=function, on_behalf=said
    )


def decline_amendment(call: Call, said: Said) -> None:
    reason = str(call.form.reason.data)
    amendments.decline_amendment(*call.who, call.about, reason=reason, on_behalf=said)


def withdraw_amendment(call: Call, said: Said) -> None:
    revision, note = call.form.revision.data or 0, str(call.form.note.data or "")
    amendments.withdraw_amendment(
        *call.who, call.about, revision=revision, note=note, on_behalf=said
    )


def withdraw_request(call: Call, said: Said) -> None:
    requests.withdraw_request(*call.who, call.about, on_behalf=said)


def ask(call: Call, said: Said) -> int:
    return conversations.ask_question(
        *call.who,
        call.relation_id,
        text=str(call.form.text.data),
        milestone_id=call.about or None,
        on_behalf=said,
    )


def certificate(call: Call, said: Said) -> int:
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


def renewal(call: Call, said: Said) -> int:
    return report_renewal(*call.who, call.about, note=str(call.form.note.data), on_behalf=said)


def hold(call: Call, said: Said) -> int:
    form = call.form
    span = Span(form.starts_on.data, form.ends_on.data)
    return ask_for_hold(
        *call.who, call.about, span=span, reason=str(form.reason.data), on_behalf=said
    )


def closure(call: Call, said: Said) -> int:
    span = Span(call.form.starts_on.data, call.form.ends_on.data)
    return add_closure(*call.who, call.relation_id, span=span, on_behalf=said)


def away(call: Call, said: Said) -> None:
    form = call.form
    plan_absence(
        *call.who,
        call.relation_id,
        form.away.data,
        deputy_id=form.deputy.data,
        span=Span(form.starts_on.data, form.ends_on.data),
        on_behalf=said,
    )


def stop(call: Call, said: Said) -> None:
    negotiation.stop_pathway(
        *call.who, call.about, reason=str(call.form.reason.data), on_behalf=said
    )
