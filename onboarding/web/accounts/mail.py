"""The same choice of mail as behind the link under each mail, for a supplier who is logged in."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from onboarding.domain.mail_choices import MailRhythm
from onboarding.services.mail.choices import choose_mail
from onboarding.store.database import db, unit_of_work
from onboarding.store.tables import PersonRow
from onboarding.web.access import logged_in, needs_supplier
from onboarding.web.language import use_locale
from onboarding.web.mail_choices import MailChoiceForm, choice_page
from onboarding.web.moments import current_moment

blueprint = Blueprint("account_mail", __name__)


@blueprint.get("/account/mail")
@needs_supplier
def show() -> ResponseReturnValue:
    return _page(MailChoiceForm.of(_person()), 200)


@blueprint.post("/account/mail")
@needs_supplier
def choose() -> ResponseReturnValue:
    form = MailChoiceForm()
    if not form.validate():
        return _page(form, 422)
    locale, person_id = str(form.locale.data), _person().id
    with unit_of_work() as session:
        rhythm = MailRhythm(str(form.rhythm.data))
        choose_mail(session, current_moment(), person_id, rhythm, locale=locale)
    use_locale(locale)
    flash(_("Saved. From now on you get mail as you chose."))
    return redirect(url_for("account_mail.show"), 303)


def _person() -> PersonRow:
    who = logged_in()
    assert who is not None
    return db.session().get_one(PersonRow, who.person_id)


def _page(form: MailChoiceForm, status: int) -> ResponseReturnValue:
    return choice_page(form, status, person=_person(), is_logged_in=True)
