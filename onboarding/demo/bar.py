"""The bar on every page of the demo: its date, the caught mail, and the jump ahead."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from onboarding.demo import time_machine
from onboarding.demo.time_machine import Jumped, JumpRefused, StatusChanged, Why
from onboarding.domain.plans import add_months
from onboarding.domain.workdays import DAY
from onboarding.i18n.days import day_in_words
from onboarding.i18n.words import status_word
from onboarding.web.language import current_locale, own_path
from onboarding.web.layout import current_visitor
from onboarding.web.moments import current_moment

SHOWN = 6  # changes told by name; a cookie carries them to the next page

blueprint = Blueprint("demo", __name__, url_prefix="/demo")


class Bar:
    """Drawn where the page prints it, and not for mails or pieces of pages."""

    def __bool__(self) -> bool:
        return True

    def __html__(self) -> str:
        today = current_moment().today
        earliest = today + DAY
        latest = add_months(today, time_machine.LONGEST_MONTHS)
        return render_template("demo/bar.html", earliest=earliest, latest=latest)


@blueprint.post("/jump")
def jump() -> Response:
    """Live through the days up to the one asked for, and show the same page again."""
    back = redirect(own_path(request.form.get("next")), 303)
    to_on = _wanted(current_moment().today)
    if to_on is None:
        flash(gettext("Choose a day to jump to."), "error")
        return back
    try:
        jumped = time_machine.jump(current_app, to_on)
    except JumpRefused as refused:
        flash(_refusal(refused), "error")
        return back
    flash(_told(jumped))
    return back


def _wanted(today: date) -> date | None:
    match request.form.get("ahead"):
        case "day":
            return today + DAY
        case "week":
            return today + timedelta(days=7)
        case "month":
            return add_months(today, 1)
        case _:
            try:
                return date.fromisoformat(request.form.get("to", ""))
            except ValueError:
                return None


def _refusal(refused: JumpRefused) -> str:
    if refused.why is Why.NOT_AHEAD:
        return str(gettext("The demo's date only goes ahead: choose a day after today."))
    latest = day_in_words(refused.latest, current_locale())
    return str(
        gettext(
            "One jump goes three months ahead at most, up to %(day)s. Jump again from there.",
            day=latest,
        )
    )


def _told(jumped: Jumped) -> Markup:
    """What happened, with links; a supplier is linked for those who may see its page."""
    mails = ngettext("%(num)s mail was sent", "%(num)s mails were sent", jumped.mails)
    count = len(jumped.changes)
    changes = ngettext("%(num)s status changed", "%(num)s statuses changed", count)
    lead = gettext("It is now %(day)s.", day=day_in_words(jumped.to_on, current_locale()))
    told = Markup('{} <a href="{}">{}</a>, {}').format(
        lead, url_for("demo_mail.show_mails"), mails, changes
    )
    if not count:
        return told + Markup(".")
    named = Markup("; ").join(_change(one) for one in jumped.changes[:SHOWN])
    more = Markup("; …") if count > SHOWN else Markup("")
    return told + Markup(": ") + named + more + Markup(".")


def _change(change: StatusChanged) -> Markup:
    locale = current_locale()
    name: Markup | str = change.name
    if current_visitor().audience == "buyer":
        name = Markup('<a href="/suppliers/{}">{}</a>').format(change.relation_id, change.name)
    was, becomes = (status_word(one, locale) for one in (change.was, change.becomes))
    return Markup("{} ({} → {})").format(name, escape(was), escape(becomes))


def init_app(app: Flask) -> None:
    """Put the bar on every page; the slot is in base.html."""

    def with_bar() -> dict[str, Any]:
        return {"demo_bar": Bar()}

    app.context_processor(with_bar)
    app.register_blueprint(blueprint)
