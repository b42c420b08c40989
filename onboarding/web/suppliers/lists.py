"""The list of suppliers, all of its state in the address, and its export."""

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from onboarding.domain.eligibility import Status
from onboarding.domain.people import Duty
from onboarding.services.supplier_lists import export_suppliers, list_suppliers
from onboarding.store.database import db
from onboarding.store.supplier_list import NOBODY, SORTS, SupplierFilter
from onboarding.store.suppliers import buyers_of, divisions_of
from onboarding.web.access import current_actor, needs
from onboarding.web.downloads import csv_file
from onboarding.web.intake import number_asked, numbers_asked
from onboarding.web.language import current_locale
from onboarding.web.moments import current_moment

blueprint = Blueprint("supplier_lists", __name__)
ENROLLED = {"yes": True, "no": False}
MOST_PICKED = 1000


def asked_for() -> SupplierFilter:
    """The filter as the address tells it; what makes no sense is left out."""
    status, sort = request.args.get("status", ""), request.args.get("sort", "name")
    return SupplierFilter(
        q=request.args.get("q", "").strip()[:200].replace("\x00", ""),
        status=status if status in list(Status) else "",
        buyer=request.args.get("buyer", ""),
        division=request.args.get("division", "").replace("\x00", ""),
        is_enrolled=ENROLLED.get(request.args.get("enrolled", "")),
        ids=_picked(),
        sort=sort if sort.removeprefix("-") in SORTS else "name",
    )


def _picked() -> tuple[int, ...]:
    """The suppliers that were ticked; none of them counts where all are wanted."""
    if request.args.get("all"):
        return ()
    return tuple(dict.fromkeys(numbers_asked("id")))[:MOST_PICKED]


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
        },
        may_buy=actor.may(Duty.BUY),
        is_filtered=any(request.args.get(name) for name in FILTERS),
    )


FILTERS = ("q", "status", "buyer", "division", "enrolled")


@blueprint.get("/suppliers/export")
@needs(Duty.READ)
def export() -> Response:
    """What the list shows, as a file; read in parts, sent when it is whole."""
    parts = export_suppliers(
        db.session(), current_actor(), current_moment(), asked_for(), current_locale()
    )
    return csv_file("".join(parts), _("suppliers"))
