"""Templates to look at: the list, one as steps, and what a version changed."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from onboarding.domain.people import Duty
from onboarding.domain.templates import schedule
from onboarding.services.pathway.template_reading import list_templates, read_template
from onboarding.services.statuses import policies_of
from onboarding.store.database import db
from onboarding.web.access import current_actor, needs
from onboarding.web.moments import current_moment

blueprint = Blueprint("templates", __name__)


@blueprint.get("/templates")
@needs(Duty.READ)
def index() -> ResponseReturnValue:
    actor = current_actor()
    return render_template(
        "buyer/templates/list.html",
        listed=list_templates(db.session(), actor, current_moment()),
        may_govern=actor.may(Duty.GOVERN),
    )


@blueprint.get("/templates/<template_code>")
@needs(Duty.READ)
def show(template_code: str) -> ResponseReturnValue:
    """The version that is chosen from."""
    return _page(template_code)


@blueprint.get("/templates/<template_code>/versions/<int:version>")
@needs(Duty.READ)
def version(template_code: str, version: int) -> ResponseReturnValue:
    """One version, as it was saved, and what it changed."""
    return _page(template_code, version)


def _page(code: str, number: int | None = None) -> str:
    """The steps with the days that they would have if it were agreed today."""
    actor, moment = current_actor(), current_moment()
    view = read_template(db.session(), actor, moment, code, number)
    policy = policies_of(db.session(), actor.customer_id).on(moment.today)
    return render_template(
        "buyer/templates/template.html",
        view=view,
        template=view.template,
        plan=schedule(view.template, moment.today, policy.calendar),
        longest_months=policy.longest_months,
        may_buy=actor.may(Duty.BUY),
        may_govern=actor.may(Duty.GOVERN),
    )
