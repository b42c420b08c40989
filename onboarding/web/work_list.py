"""The work list at `/`: what waits, with one button for each."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from onboarding.domain.people import Duty, Role
from onboarding.i18n import level_word, reason_text, step_title, word
from onboarding.services.watching import new_changes
from onboarding.services.work_list import read_work_list
from onboarding.store.database import db
from onboarding.store.work_items import Item
from onboarding.web.access import current_actor, needs
from onboarding.web.language import current_locale
from onboarding.web.layout import MenuItem, add_menu_item
from onboarding.web.moments import current_moment
from onboarding.web.pathways.addresses import supplier_url

blueprint = Blueprint("work_list", __name__)


@dataclass(frozen=True, slots=True)
class Row:
    """How one item is shown: what it says, and where its button leads."""

    item: Item
    text: str
    url: str
    button: str


@blueprint.get("/")
@needs(Duty.READ)
def show() -> ResponseReturnValue:
    actor = current_actor()
    if not actor.may(Duty.BUY):
        return redirect("/suppliers")
    default = "all" if actor.may(Duty.GOVERN) else "mine"
    shown = request.args.get("show", default)
    work = read_work_list(db.session(), actor, current_moment(), mine=shown == "mine")
    sections = [
        ("decide", gettext("To decide"), work.decide),
        ("answered", gettext("Answered for you"), work.answered),
        ("answer", gettext("To answer"), work.answer),
        ("call", gettext("To call"), work.call),
        ("check", gettext("Certificates to check"), work.check),
        ("review", gettext("To review"), work.review),
        ("notices", gettext("Warnings that go out"), work.notices),
        ("ending", gettext("Ends within 90 days"), work.ending),
        ("late", gettext("Late"), work.late),
    ]
    return render_template(
        "buyer/work_list.html",
        work=work,
        shown=shown,
        followed=new_changes(db.session(), actor, current_moment()),
        sections=[
            (id, title, [row_of(item) for item in section.items], section.total)
            for id, title, section in sections
            if section.total
        ],
    )


def row_of(item: Item) -> Row:
    text, url, button = SAID[item.what](item)
    return Row(item, text, url, str(button))


Said = tuple[str, str, LazyString]


def _first_reason(item: Item, code: str) -> str:
    """The first reason of that code in words, and how many more there are."""
    first, *more = [reason for reason in item.detail if reason["code"] == code]
    text = reason_text(first["code"], first["facts"], current_locale())
    if not more:
        return text
    others = ngettext("And %(num)s other reason.", "And %(num)s other reasons.", len(more))
    return f"{text} {others}"


def _decide(item: Item) -> Said:
    """A manager decides; whoever else reads it sees what it is about."""
    url = supplier_url(item.relation_id) + "#decisions"
    button = _("Decide") if current_actor().may(Duty.GOVERN) else _("Look")
    return _first_reason(item, "decision-needed"), url, button


def _outside_late(item: Item) -> Said:
    url = supplier_url(item.relation_id) + "#pathway"
    return _first_reason(item, "outside-step-late"), url, _("Look")


def _block_reply(item: Item) -> Said:
    text = gettext("Replied to the announcement of no new orders")
    return text, f"/decisions/{item.id}", _("Answer")


def _another_date(item: Item) -> Said:
    step = step_title(item.detail, current_locale())
    text = gettext("Asks another date for: %(step)s", step=step)
    return text, url_for("answering.date_request", request_id=item.id), _("Answer")


def _outside_delay(item: Item) -> Said:
    step = step_title(item.detail, current_locale())
    text = gettext("Reports a delay at the certifying body: %(step)s", step=step)
    return text, url_for("answering.date_request", request_id=item.id), _("Answer")


def _counter_proposal(item: Item) -> Said:
    text = gettext("Made a counter-proposal")
    return text, url_for("answering.counter_proposal", pathway_id=item.id), _("Answer")


def _notice_reply(item: Item) -> Said:
    step = step_title(item.detail, current_locale())
    text = gettext("Replied to the warning about: %(step)s", step=step)
    return text, url_for("notices.show", notice_id=item.id), _("Answer")


def _question(item: Item) -> Said:
    text = gettext("Asks: %(question)s", question=item.detail.get("question", ""))
    return text, url_for("conversations.question", task_id=item.id), _("Answer")


def _wrong_person(item: Item) -> Said:
    person = item.detail["person"]
    text = gettext("Name somebody else: %(person)s says it is not for them", person=person)
    url = url_for("doubts.show", relation_id=item.relation_id, contact_id=item.detail["contact_id"])
    return text, url, _("Answer")


def _personal_data(item: Item) -> Said:
    is_file = item.detail.get("evidence_id") is not None
    text = (
        gettext("Reports personal data in a file")
        if is_file
        else gettext("Reports personal data in a text")
    )
    return text, url_for("reported_data.show", report_id=item.id), _("Look")


def _contest(item: Item) -> Said:
    text = gettext("Says that what we recorded is not right: %(text)s", text=item.detail or "")
    return text, url_for("behalf_contesting.show", statement_id=item.id), _("Answer")


def _hold(item: Item) -> Said:
    text = gettext("Asks for a pause of the pathway")
    return text, url_for("pausing.show_asked", hold_id=item.id), _("Answer")


def _amendment(item: Item) -> Said:
    text = gettext("Proposes a change of the pathway")
    return text, url_for("amending.show", amendment_id=item.id), _("Answer")


def _renewal(item: Item) -> Said:
    text = gettext("Reports that the certificate is being renewed")
    return text, f"/renewals/{item.id}", _("Answer")


def _block_bounced(item: Item) -> Said:
    text = gettext("The announcement of the block did not arrive.")
    return text, url_for("decisions.show", decision_id=item.detail["decision_id"]), _("Look")


def _grant_asked(item: Item) -> Said:
    text = gettext("Permission to buy for a time waits for a second signature")
    return text, url_for("decisions.show", decision_id=item.id), _("Look and sign")


GRANTS: dict[str, LazyString] = {
    "taken": _("Your permission to buy for a time was signed: it holds."),
    "refused": _("Your permission to buy for a time was not signed."),
    "lapsed": _("Your permission to buy for a time lapsed: nobody signed in time."),
}


def _grant_answered(item: Item) -> Said:
    text = str(GRANTS[item.detail])
    return text, url_for("decisions.show", decision_id=item.id), _("Look")


CALLS: dict[str, LazyString] = {
    "call": _("A step is late. The phone comes first."),
    "proposal-call": _("The proposal was not answered."),
    "give-proposal": _("The proposal could not be mailed: there is no address."),
    "give-notice": _("The warning could not be mailed: there is no address."),
    "bounced": _("The warning did not arrive."),
    "name-contact": _("Mail does not arrive. Ask for another address."),
}


def _call(item: Item) -> Said:
    text = str(CALLS[item.what])
    if item.what == "call" and item.alike > 1:
        text = gettext("%(num)s steps are late. The phone comes first.", num=item.alike)
    if item.what == "give-proposal" and "pathway_id" in item.detail:
        url = url_for("pathway_overview.show", pathway_id=item.detail["pathway_id"])
        return text, url, _("Look")
    if item.what == "give-notice":
        return text, url_for("notices.show", notice_id=item.detail["notice_id"]), _("Look")
    url = url_for("behalf_choosing.show", relation_id=item.relation_id, task=item.id)
    return text, url, _("Note the call")


def _certificate(item: Item) -> Said:
    level = level_word(item.detail, current_locale())
    text = gettext("Reported a certificate: %(level)s", level=level)
    return text, f"/certificates/{item.id}", _("Check")


def _review(item: Item) -> Said:
    step = step_title(item.detail, current_locale())
    text = gettext("Handed in: %(step)s", step=step)
    return text, url_for("reviewing.show", milestone_id=item.id), _("Review")


def _notice(item: Item) -> Said:
    step = step_title(item.detail, current_locale())
    text = gettext("Warning about: %(step)s", step=step)
    if item.what == "held":
        text = gettext("Warning held, about: %(step)s", step=step)
    return text, url_for("notices.show", notice_id=item.id), _("Look")


def _certificate_ends(item: Item) -> Said:
    level = level_word(item.detail, current_locale())
    text = gettext("The certificate ends: %(level)s", level=level)
    return text, f"/certificates/{item.id}", _("Look")


def _decision_ends(item: Item) -> Said:
    kind = word("decision", item.detail, current_locale())
    text = gettext("The decision ends: %(kind)s", kind=kind)
    return text, f"/decisions/{item.id}", _("Look")


def _recheck(item: Item) -> Said:
    text = gettext("The recognition must be checked again")
    return text, supplier_url(item.relation_id) + "#proofs", _("Check")


def _next_year(item: Item) -> Said:
    url = url_for("next_years.show", pathway_id=item.detail["pathway_id"])
    return gettext("A new year begins: steps come back"), url, _("Look")


def _late(item: Item) -> Said:
    text = step_title(item.detail, current_locale())
    if item.alike > 1:
        others = ngettext("and %(num)s more step", "and %(num)s more steps", item.alike - 1)
        text = f"{text} {others}"
    return text, url_for("reviewing.show", milestone_id=item.id), _("Look")


SAID: dict[str, Callable[[Item], Said]] = {
    "decide": _decide,
    "outside-late": _outside_late,
    "block-reply": _block_reply,
    "another-date": _another_date,
    "outside-delay": _outside_delay,
    "counter-proposal": _counter_proposal,
    "notice-reply": _notice_reply,
    "question": _question,
    "wrong-person": _wrong_person,
    "personal-data": _personal_data,
    "contest": _contest,
    "hold-asked": _hold,
    "amendment": _amendment,
    "renewal": _renewal,
    **dict.fromkeys(CALLS, _call),
    "grant-asked": _grant_asked,
    "grant-answered": _grant_answered,
    "block-bounced": _block_bounced,
    "certificate": _certificate,
    "review": _review,
    "prepared": _notice,
    "held": _notice,
    "certificate-ends": _certificate_ends,
    "decision-ends": _decision_ends,
    "recheck": _recheck,
    "next-year": _next_year,
    "late": _late,
}


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    roles = frozenset({Role.BUYER.value, Role.MANAGER.value})
    add_menu_item(app, MenuItem("buyer", 10, "work_list.show", _("Work list"), roles))
