"""Mail to suppliers in sight of the buyer: what goes, as it will read, and what went."""

from collections import defaultdict
from datetime import date
from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from onboarding.domain.errors import InputInvalid
from onboarding.domain.messages import REMINDERS
from onboarding.domain.people import Duty
from onboarding.i18n import step_title
from onboarding.i18n.days import short_day
from onboarding.i18n.mails import mail_state, mail_title, mail_why
from onboarding.services.mail import holds as mail_holds
from onboarding.services.mail import sight as mail_sight
from onboarding.services.mail.foretelling import ComingMail
from onboarding.store.database import db, unit_of_work
from onboarding.store.foretelling import Known
from onboarding.store.relations import visible_relation
from onboarding.store.tables import MessageRow
from onboarding.web.access import current_actor, needs
from onboarding.web.forms import day_from, filled_in, refuse, text
from onboarding.web.intake import number_asked
from onboarding.web.language import current_locale
from onboarding.web.moments import current_moment, local_zone

blueprint = Blueprint("supplier_mails", __name__)


class HoldMailForm(FlaskForm):
    reason = TextAreaField(_("Why do you hold it?"), [filled_in(), text()])


@blueprint.get("/mail")
@needs(Duty.READ)
def tomorrow() -> str:
    actor, moment = current_actor(), current_moment()
    default = "mine" if actor.may(Duty.BUY) and not actor.may(Duty.GOVERN) else "all"
    shown = request.args.get("show", default)
    day, found = mail_sight.read_next_day(
        db.session(), actor, moment, local_zone(), mine=shown == "mine"
    )
    return render_template(
        "buyer/mail/tomorrow.html",
        day=day,
        is_tomorrow=(day - moment.today).days == 1,
        found=found,
        shown=shown,
        may_choose=actor.may(Duty.BUY),
        may_buy=actor.may(Duty.BUY),
    )


@blueprint.get("/suppliers/<int:relation_id>/mail")
@needs(Duty.READ)
def index(relation_id: int) -> str:
    session, actor, moment = db.session(), current_actor(), current_moment()
    found = mail_sight.read_coming(session, actor, moment, local_zone(), relation_id)
    return render_template(
        "buyer/mail/supplier.html",
        relation=visible_relation(session, actor, relation_id),
        found=found,
        days=_by_day(found.mails),
        next_day=mail_sight.next_mail_day(session, actor, moment),
        log=mail_sight.read_log(session, actor, relation_id, number_asked("page") or 1),
        may_buy=actor.may(Duty.BUY),
    )


@blueprint.get("/suppliers/<int:relation_id>/mail/<int:mail_id>")
@needs(Duty.READ)
def kept(relation_id: int, mail_id: int) -> str:
    session, actor = db.session(), current_actor()
    return render_template(
        "buyer/mail/kept.html",
        relation=visible_relation(session, actor, relation_id),
        kept=mail_sight.read_kept(session, actor, relation_id, mail_id),
    )


@blueprint.get("/suppliers/<int:relation_id>/mail/coming/<message_key>")
@needs(Duty.READ)
def preview(relation_id: int, message_key: str) -> ResponseReturnValue:
    return _preview(relation_id, message_key, HoldMailForm(formdata=None), 200)


@blueprint.post("/suppliers/<int:relation_id>/mail/coming/<message_key>/hold")
@needs(Duty.BUY)
def hold(relation_id: int, message_key: str) -> ResponseReturnValue:
    actor = current_actor()
    visible_relation(db.session(), actor, relation_id)
    form = HoldMailForm()
    if not form.validate_on_submit():
        return _preview(relation_id, message_key, form, 400)
    try:
        with unit_of_work() as session:
            mail_holds.hold(
                session,
                actor,
                current_moment(),
                relation_id,
                message_key,
                reason=form.reason.data or "",
            )
    except InputInvalid as refused:
        refuse(form, refused)
        return _preview(relation_id, message_key, form, 400)
    flash(gettext("The reminder waits until you release it."))
    return redirect(url_for("supplier_mails.index", relation_id=relation_id), 303)


@blueprint.post("/suppliers/<int:relation_id>/mail/coming/<message_key>/release")
@needs(Duty.BUY)
def release(relation_id: int, message_key: str) -> ResponseReturnValue:
    with unit_of_work() as session:
        mail_holds.release(session, current_actor(), current_moment(), relation_id, message_key)
    flash(gettext("The reminder goes on its day, where it is still needed then."))
    return redirect(url_for("supplier_mails.index", relation_id=relation_id), 303)


def _preview(
    relation_id: int, message_key: str, form: HoldMailForm, status: int
) -> ResponseReturnValue:
    session, actor, moment = db.session(), current_actor(), current_moment()
    found = mail_sight.preview(session, actor, moment, local_zone(), relation_id, message_key)
    part = next(one for one in found.mail.parts if one.row.key == message_key)
    page = render_template(
        "buyer/mail/preview.html",
        relation=visible_relation(session, actor, relation_id),
        found=found,
        part=part,
        form=form,
        may_hold=actor.may(Duty.BUY) and part.row.kind in REMINDERS,
    )
    return page, status


def _by_day(mails: tuple[ComingMail, ...]) -> dict[date, list[ComingMail]]:
    days: dict[date, list[ComingMail]] = defaultdict(list)
    for mail in mails:
        days[mail.on].append(mail)
    return days


def _title(row: MessageRow) -> str:
    return mail_title(row.kind, current_locale())


def _line(row: MessageRow, known: Known) -> str:
    """What it is, about which step, and the day of that."""
    locale = current_locale()
    words = mail_title(row.kind, locale)
    step = known.steps.get(row.milestone_id or 0)
    if step is not None:
        words = f"{words}: {step_title(step.title, locale)}"
    day = day_from(row.facts.get("deadline_on") or row.facts.get("ends_on"))
    return f"{words}, {short_day(day, locale)}" if day else words


def _why(row: MessageRow) -> str:
    return mail_why(row.kind, row.key, row.facts, current_locale())


def _state(row: MessageRow) -> str:
    return mail_state(row.state, row.end_reason, current_locale())


def init_app(app: Flask) -> None:
    words: dict[str, Any] = {
        "mail_line": _line,
        "mail_title": _title,
        "mail_why": _why,
        "mail_state": _state,
    }
    app.jinja_env.globals.update(words)
