"""The portal of suppliers: rarely, on a phone, in a hurry; the next step comes first."""

from flask import Flask
from flask_babel import lazy_gettext as _

from onboarding.web.layout import MenuItem, add_menu_item
from onboarding.web.mailed_access import may_come
from onboarding.web.portal import (
    away,
    certificates,
    changing,
    closures,
    conversation,
    files,
    home,
    mailed_choices,
    mailed_persons,
    mailed_steps,
    pausing,
    people,
    proposal,
    replies,
    reporting,
    statements,
    steps,
)
from onboarding.web.uploads import allow_uploads

PARTS = (
    home,
    proposal,
    changing,
    pausing,
    steps,
    mailed_steps,
    mailed_persons,
    mailed_choices,
    replies,
    files,
    reporting,
    conversation,
    certificates,
    people,
    closures,
    away,
    statements,
)
UPLOADS = frozenset(
    {
        "portal_steps.report",
        "portal_steps.ask",
        "portal_steps.ask_own",
        "portal_certificates.report",
    }
)
UPLOADS_BY_LINK = frozenset({"mailed_steps.report", "mailed_steps.ask"})


def init_app(app: Flask) -> None:
    for part in PARTS:
        app.register_blueprint(part.blueprint)
    allow_uploads(app, UPLOADS)
    allow_uploads(app, UPLOADS_BY_LINK, may_come)
    add_menu_item(app, MenuItem("portal", 10, "portal_home.choose", _("My page")))
