"""Files that somebody chose in a form: looked into outside of any transaction, and told of."""

from collections.abc import Callable, Collection
from typing import Any

from flask import Flask, current_app, request

from onboarding.domain.errors import InputInvalid
from onboarding.i18n import error_text
from onboarding.services.evidence_checks import LARGEST, Upload, check_upload
from onboarding.web.access import logged_in
from onboarding.web.language import current_locale

# A file that is too large is told beside the field, with all that was typed still there, as long
# as it is not larger than this.
LARGEST_UPLOAD_REQUEST = 64 * 1024 * 1024
UPLOADS = "uploads"
MOST_FILES = 10  # at once: each is looked into while the sender waits

Comes = Callable[[str], bool] | None


def allow_uploads(app: Flask, endpoints: Collection[str], comes_by_link: Comes = None) -> None:
    """Before anything reads the form: a file that is too large must not cost what was typed.

    Who is not logged in typed nothing here, and sends no more than to any page. On a page behind
    the link of a mail it is `comes_by_link` that tells, from the token.
    """

    allowed: dict[str, list[Comes]] | None = app.extensions.get(UPLOADS)
    if allowed is None:
        allowed = app.extensions[UPLOADS] = {}
        app.url_value_preprocessor(_allow)
    for endpoint in endpoints:
        allowed.setdefault(endpoint, []).append(comes_by_link)


def _allow(endpoint: str | None, values: dict[str, Any] | None) -> None:
    # One question of each request, however many pages take files.
    for comes_by_link in current_app.extensions[UPLOADS].get(endpoint, ()):
        if comes_by_link is not None:
            is_known = comes_by_link(str((values or {}).get("token", "")))
        else:
            is_known = logged_in() is not None
        if is_known:
            request.max_content_length = LARGEST_UPLOAD_REQUEST


def chosen(field: Any) -> list[Any]:
    """The files that somebody chose; a field that was left empty has none."""
    data = field.data if isinstance(field.data, list) else [field.data]
    return [file for file in data if getattr(file, "filename", "")]


def checked(field: Any, *, takes_mail: bool = False) -> list[Upload]:
    """Those that can be taken; what is wrong with the others stands on the field."""
    files = chosen(field)
    if len(files) > MOST_FILES:
        say(field, InputInvalid(field="files", reason="too-many-files", most=MOST_FILES))
        return []
    good = []
    for file in files:
        try:
            content = file.stream.read(LARGEST + 1)
            good.append(check_upload(content, file.filename or "", takes_mail=takes_mail))
        except InputInvalid as refused:
            say(field, refused, name=file.filename)
    return good


def say(field: Any, refused: InputInvalid, name: str = "") -> None:
    """Put what a rule refused on the field, with the name of the file."""
    said = error_text(refused.code, refused.facts, current_locale())
    field.errors = [*field.errors, f"{name}: {said}" if name else said]
