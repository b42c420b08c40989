"""Importing suppliers: the pages of a list of them."""

from typing import Any

from flask_babel import lazy_gettext as _

from onboarding.domain.divisions import the_whole
from onboarding.domain.imports import ImportPlan, Outcome
from onboarding.services.lists.supplier_import import SUPPLIERS
from onboarding.store.contacts import names_of
from onboarding.store.database import db
from onboarding.web.list_imports import ImportPages


def _of_suppliers(plan: ImportPlan) -> dict[str, Any]:
    people = {
        int(value)
        for row in plan.of(Outcome.CHANGED)
        for one in row.changed
        if one.field == "buyer_id"
        for value in (one.was, one.becomes)
        if value
    }
    return {
        "suppliers": plan.suppliers(),
        "spend_of": lambda row: the_whole(row.values.get("divisions", ()))["spend"],
        "names": names_of(db.session(), list(people)),
    }


blueprint = ImportPages(
    name="supplier_imports",
    path="/suppliers/imports",
    key="import_id",
    kind=SUPPLIERS,
    templates="buyer/suppliers",
    parent=(_("Suppliers"), "supplier_lists.index"),
    changed_meanwhile=_(
        "Suppliers were changed since you looked, so nothing was saved. This is what the "
        "list would do now."
    ),
    more=_of_suppliers,
).blueprint()
