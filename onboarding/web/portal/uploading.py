"""Files of a form: checked outside of any transaction, then kept; what was typed is never lost."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm

from onboarding.domain.errors import InputInvalid
from onboarding.i18n import error_text
from onboarding.services.evidence import Kept, keep_upload
from onboarding.store.database import unit_of_work
from onboarding.web.access import current_actor
from onboarding.web.evidence import evidence_files, read_upload
from onboarding.web.language import current_locale
from onboarding.web.moments import current_moment


def chosen_files(form: FlaskForm) -> list[Any]:
    """The files that somebody chose; a field that was left empty has none."""
    return [file for file in form.files.data or () if file and file.filename]


def keep_files(form: FlaskForm, relation_id: int, milestone_id: int | None = None) -> list[Kept]:
    """Keep the form's files that are good, and put what is wrong with the others on the form.

    Where `form.files` or `form.is_clean` has errors afterwards, the form is to be shown again.
    """
    chosen = chosen_files(form)
    if not chosen:
        return []
    if not form.is_clean.data:
        _say(form.is_clean, InputInvalid(field="is_clean", reason="promise-needed"))
        again = _("Choose the files again. Your text is kept.")
        form.files.errors = [*form.files.errors, again]
        return []
    uploads = []
    for file in chosen:
        try:
            uploads.append(read_upload(file))
        except InputInvalid as refused:
            _say(form.files, refused, name=file.filename)
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


def _say(field: Any, refused: InputInvalid, name: str = "") -> None:
    said = error_text(refused.code, refused.facts, current_locale())
    field.errors = [*field.errors, f"{name}: {said}" if name else said]
