"""The choice of mail behind the link under each mail, and the button of a mail program."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from onboarding.domain.access import LinkPurpose
from onboarding.domain.mail_choices import MailRhythm
from onboarding.services.mail.choices import choose_mail
from onboarding.services.portal_reading import buyer_of
from onboarding.store.database import db, unit_of_work
from onboarding.web.forgery import csrf
from onboarding.web.language import use_locale
from onboarding.web.mail_choices import MailChoiceForm, choice_page
from onboarding.web.mailed_access import needs_link, opened
from onboarding.web.moments import current_moment

blueprint = Blueprint("mailed_choices", __name__)


@blueprint.get("/portal/mail/<token>")
@needs_link(LinkPurpose.MAIL_CHOICE)
def show(token: str) -> ResponseReturnValue:
    return _page(MailChoiceForm.of(opened().person), token, 200)


@blueprint.post("/portal/mail/<token>")
@needs_link(LinkPurpose.MAIL_CHOICE)
def choose(token: str) -> ResponseReturnValue:
    form = MailChoiceForm()
    if not form.validate():
        return _page(form, token, 422)
    locale = str(form.locale.data)
    with unit_of_work() as session:
        rhythm = MailRhythm(str(form.rhythm.data))
        choose_mail(session, current_moment(), opened().person.id, rhythm, locale=locale)
    use_locale(locale)
    flash(_("Saved. From now on you get mail as you chose."))
    return redirect(url_for("mailed_choices.show", token=token), 303)


@blueprint.get("/portal/mail/<token>/off")
@needs_link(LinkPurpose.MAIL_CHOICE)
def ask(token: str) -> ResponseReturnValue:
    """A person, or something that looks into links: nothing is switched off by looking."""
    return redirect(url_for("mailed_choices.show", token=token), 303)


@blueprint.post("/portal/mail/<token>/off")
@needs_link(LinkPurpose.MAIL_CHOICE)
def switch_off(token: str) -> ResponseReturnValue:
    """The button “unsubscribe” of a mail program, which has no cookie (RFC 8058). Twice is once."""
    with unit_of_work() as session:
        choose_mail(session, current_moment(), opened().person.id, MailRhythm.NONE)
    return _("You get no reminders any more."), 200, {"Content-Type": "text/plain; charset=utf-8"}


csrf.exempt(switch_off)  # the token in the address is all there is


def _page(form: MailChoiceForm, token: str, status: int) -> ResponseReturnValue:
    here = opened()
    return choice_page(
        form,
        status,
        person=here.person,
        relation=here.relation,
        away_url=url_for("portal_away.show_by_choice", token=token),
        buyer=buyer_of(db.session(), here.relation, current_moment().today),
    )
