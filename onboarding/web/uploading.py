"""Files of a form: checked outside of any transaction, then kept; what was typed is never lost."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, MultipleFileField
from wtforms.validators import Optional

from onboarding.domain.errors import InputInvalid
from onboarding.services.evidence import Kept, keep_upload
from onboarding.services.evidence_checks import Upload
from onboarding.store.database import unit_of_work
from onboarding.web.access import current_actor
from onboarding.web.evidence import evidence_files
from onboarding.web.moments import current_moment
from onboarding.web.uploads import checked, chosen, say


def files_field(label: Any) -> MultipleFileField:
    return MultipleFileField(
        label,
        [Optional()],
        description=lazy_gettext(
            "PDF, PNG or JPEG, 10 MB at most. A photo from your phone is fine."
        ),
        render_kw={"accept": ".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg"},
    )


def clean_field() -> BooleanField:
    return BooleanField(lazy_gettext("The files hold no personal data of employees"))


def checked_files(form: FlaskForm) -> list[Upload]:
    """The form's files that are good; what is wrong with the others is put on the form."""
    if chosen(form.files) and not form.is_clean.data:
        say(form.is_clean, InputInvalid(field="is_clean", reason="promise-needed"))
        choose_again(form)
        return []
    return checked(form.files)


def choose_again(form: FlaskForm) -> None:
    """Say that the files of a form that is shown again must be chosen once more."""
    if chosen(form.files) and not form.files.errors:
        form.files.errors = [_("Choose the files again. Your text is kept.")]


def keep_files(form: FlaskForm, relation_id: int, milestone_id: int | None = None) -> list[Kept]:
    """Keep the form's files that are good, and put what is wrong with the others on the form.

    Where `form.files` or `form.is_clean` has errors afterwards, the form is to be shown again.
    """
    uploads = checked_files(form)
    if form.is_clean.errors or not chosen(form.files):
        return []
    kept = []
    with unit_of_work() as session:
        for upload in uploads:
            kept.append(
                keep_upload(
                    session,
                    current_actor(),
                    current_moment(),
                    evidence_files(),
                    relation_id,
                    upload,
                    is_declared_clean=True,
                    milestone_id=milestone_id,
                )
            )
    if form.files.errors:
        form.files.errors = [*form.files.errors, _kept_message(kept)]
    return kept


def first_unexplained(kept: Iterable[Kept]) -> Kept | None:
    """The first file in which a number waits for a word of its sender."""
    return next((one for one in kept if one.numbers), None)


def _kept_message(kept: list[Kept]) -> str:
    if not kept:
        return str(_("Your text is kept."))
    names = ", ".join(one.file_name for one in kept)
    return str(_("Your text is kept, and these files are: %(names)s.", names=names))
