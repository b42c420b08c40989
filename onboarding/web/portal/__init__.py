"""The portal of suppliers: rarely, on a phone, in a hurry; the next step comes first."""

from flask import Flask, request
from flask_babel import lazy_gettext as _

from onboarding.web.evidence import LARGEST_UPLOAD_REQUEST
from onboarding.web.layout import MenuItem, add_menu_item
from onboarding.web.portal import certificates, files, home, people, proposal, replies, steps

PARTS = (home, proposal, steps, replies, files, certificates, people)
UPLOADS = frozenset({"portal_steps.report", "portal_certificates.report"})


def _allow_uploads(endpoint: str | None, _values: object) -> None:
    """Before anything reads the form: a file that is too large must not cost what was typed."""
    if endpoint in UPLOADS:
        request.max_content_length = LARGEST_UPLOAD_REQUEST


def init_app(app: Flask) -> None:
    for part in PARTS:
        app.register_blueprint(part.blueprint)
    app.url_value_preprocessor(_allow_uploads)
    add_menu_item(app, MenuItem("portal", 10, "portal_home.choose", _("My page")))
