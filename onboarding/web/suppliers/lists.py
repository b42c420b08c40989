"""The list of suppliers, all of its state in the address, and its export."""

import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from onboarding.domain.eligibility import Status
from onboarding.domain.people import Duty
from onboarding.services.saved_views import list_views
from onboarding.services.supplier_lists import export_suppliers, list_suppliers, supplier_workbook
from onboarding.store.database import db
from onboarding.store.divisions import divisions_of
from onboarding.store.supplier_filters import NOBODY, SupplierFilter
from onboarding.store.supplier_list import SORTS
from onboarding.store.suppliers import buyers_of
from onboarding.web.access import current_actor, needs
from onboarding.web.downloads import csv_file, xlsx_file
from onboarding.web.intake import number_asked, numbers_asked
from onboarding.web.language import current_locale
from onboarding.web.moments import current_moment

blueprint = Blueprint("supplier_lists", __name__)
PERSON = re.compile(r"[1-9]\d{0,8}", re.ASCII)
NO_ALTERNATIVE = "none"
ENROLLED = {"yes": True, "no": False}
MOST_PICKED = 1000


def asked_for() -> SupplierFilter:
    """The filter as the address tells it."""
    return replace(asked_in(request.args), ids=_picked())


def asked_in(given: Mapping[str, str]) -> SupplierFilter:
    """The filter in these values of an address; what makes no sense is left out."""
    status, sort = given.get("status", ""), given.get("sort", "name")
    buyer = given.get("buyer", "")
    return SupplierFilter(
        q=given.get("q", "").strip()[:200].replace("\x00", ""),
        status=status if status in list(Status) else "",
        buyer=buyer if buyer == NOBODY or PERSON.fullmatch(buyer) else "",
        division=given.get("division", "")[:200].replace("\x00", ""),
        is_enrolled=ENROLLED.get(given.get("enrolled", "")),
        has_no_alternative=given.get("alternative") == NO_ALTERNATIVE,
        sort=sort if sort.removeprefix("-") in SORTS else "name",
    )


def _picked() -> tuple[int, ...]:
    """The suppliers that were ticked; none of them counts where all are wanted."""
    if request.args.get("all"):
        return ()
    return tuple(dict.fromkeys(numbers_asked("id")))[:MOST_PICKED]


def query_of(asked: SupplierFilter) -> str:
    """The filter as it stands behind the question mark, always written in one way."""
    enrolled = next((word for word, value in ENROLLED.items() if value is asked.is_enrolled), "")
    values = {
        "q": asked.q,
        "status": asked.status,
        "buyer": asked.buyer,
        "division": asked.division,
        "enrolled": enrolled,
        "alternative": NO_ALTERNATIVE if asked.has_no_alternative else "",
        "sort": asked.sort if asked.sort != "name" else "",
    }
    return urlencode({name: value for name, value in values.items() if value})


@blueprint.get("/suppliers")
@needs(Duty.READ)
def index() -> str:
    session, actor, moment = db.session(), current_actor(), current_moment()
    asked = asked_for()
    page = number_asked("page") or 1
    buyers = [(str(person.id), person.name) for person in buyers_of(session, actor.customer_id)]
    return render_template(
        "buyer/suppliers/list.html",
        asked=asked,
        found=list_suppliers(session, actor, moment, asked, page),
        choices={
            "buyer": [("", _("All")), *buyers, (NOBODY, _("Nobody"))],
            "division": [
                ("", _("All")),
                *((one, one) for one in divisions_of(session, actor.customer_id)),
            ],
            "enrolled": [
                ("", _("All")),
                ("yes", _("In the programme")),
                ("no", _("Not in the programme")),
            ],
            "alternative": [("", _("All")), (NO_ALTERNATIVE, _("No alternative"))],
        },
        may_buy=actor.may(Duty.BUY),
        views=list_views(session, actor),
        query=query_of(asked),
        is_filtered=any(request.args.get(name) for name in FILTERS),
    )


FILTERS = ("q", "status", "buyer", "division", "enrolled", "alternative")


@blueprint.get("/suppliers/export")
@needs(Duty.READ)
def export() -> Response:
    """What the list shows, as a file; read in parts, sent when it is whole."""
    parts = export_suppliers(
        db.session(), current_actor(), current_moment(), asked_for(), current_locale()
    )
    return csv_file("".join(parts), _("suppliers"))


@blueprint.get("/suppliers/export.xlsx")
@needs(Duty.READ)
def workbook() -> Response:
    """The same, for who goes on in a spreadsheet program."""
    content = supplier_workbook(
        db.session(), current_actor(), current_moment(), asked_for(), current_locale()
    )
    return xlsx_file(content, _("suppliers"))
