"""Suppliers on the buyer's side: the list, each supplier, its contacts, and importing."""

from flask import Flask
from flask_babel import lazy_gettext as _

from onboarding.web.layout import MenuItem, add_menu_item
from onboarding.web.suppliers import (
    as_of,
    batches,
    bulk,
    divisions,
    doubts,
    imports,
    lists,
    mails,
    merging,
    numbers,
    pages,
    records,
    relations,
    supposing,
    views,
    watching,
    wording,
)


def init_app(app: Flask) -> None:
    wording.init_app(app)
    mails.init_app(app)
    for part in (
        lists,
        views,
        bulk,
        batches,
        imports,
        records,
        pages,
        as_of,
        divisions,
        numbers,
        merging,
        relations,
        doubts,
        mails,
        supposing,
        watching,
    ):
        app.register_blueprint(part.blueprint)
    add_menu_item(app, MenuItem("buyer", 20, "supplier_lists.index", _("Suppliers")))
    roles = frozenset({"buyer", "manager"})
    add_menu_item(app, MenuItem("buyer", 25, "supplier_mails.tomorrow", _("Mail"), roles))
