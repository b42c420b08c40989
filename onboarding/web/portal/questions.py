"""A question with its files, from the portal or from behind the link of a mail."""

from collections.abc import Sequence

from flask import flash
from flask_babel import gettext as _

from onboarding.services.conversations import ask_question
from onboarding.services.enclosures import enclose
from onboarding.services.evidence import Kept
from onboarding.store.database import unit_of_work
from onboarding.web.access import current_actor
from onboarding.web.evidence import evidence_files
from onboarding.web.moments import current_moment
from onboarding.web.portal.forms import QuestionForm
from onboarding.web.uploading import checked_files, choose_again, first_unexplained


def send_question(
    form: QuestionForm, relation_id: int, milestone_id: int | None
) -> Sequence[Kept] | None:
    """Ask it, and tell that it is sent; None where the form says what is wrong."""
    form.validate()
    uploads = checked_files(form)
    if form.errors:
        choose_again(form)
        return None
    actor, moment = current_actor(), current_moment()
    with unit_of_work() as session:
        question_id = ask_question(
            session,
            actor,
            moment,
            relation_id,
            text=str(form.text.data),
            milestone_id=milestone_id,
            files=len(uploads),
        )
        kept = enclose(session, actor, moment, evidence_files(), question_id, uploads)
    if first_unexplained(kept) is not None:
        flash(_("Your question is sent. First tell us about a number in a file."), "warning")
    else:
        flash(_("Your question is sent. You get the answer by mail."))
    return kept
