"""The buying policy: what holds now in words, its versions, and a form for a new one."""

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Flask, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from onboarding.domain.errors import InputInvalid, VersionOutdated
from onboarding.domain.people import Duty
from onboarding.domain.policy import Cadence, Level, Policies, Policy
from onboarding.domain.policy_versions import STAGE_BOUNDS
from onboarding.i18n import level_word
from onboarding.services.policy.draft_reading import read_draft
from onboarding.services.policy.drafts import draft_policy
from onboarding.services.policy.reading import policy_versions
from onboarding.services.statuses import policies_of
from onboarding.store.database import db, unit_of_work
from onboarding.store.policy_drafts import open_drafts
from onboarding.web import policy_drafts
from onboarding.web.access import current_actor, needs
from onboarding.web.forms import choices, refuse
from onboarding.web.intake import number_asked
from onboarding.web.language import current_locale
from onboarding.web.layout import MenuItem, add_menu_item
from onboarding.web.moments import current_moment
from onboarding.web.policy_drafts import take_a_piece
from onboarding.web.policy_form import PolicyForm, days_as_text, days_from

blueprint = Blueprint("policies", __name__)
TOMORROW = timedelta(days=1)
IN_FORM = (
    "window_days",
    "cure_working_days",
    "rework_days",
    "rework_limit",
    "longest_months",
    "extension_limit",
    "grant_longest_days",
    "grant_spend_limit",
    "observes_good_friday",
    "observes_liberation_day",
)


@blueprint.get("/policy")
@needs(Duty.READ)
def show() -> ResponseReturnValue:
    actor, today = current_actor(), current_moment().today
    versions = policy_versions(db.session(), actor, today)
    return render_template(
        "buyer/policy.html",
        policy=_policies().on(today),
        versions=versions,
        drafts=open_drafts(db.session(), actor.customer_id) if actor.may(Duty.GOVERN) else [],
        may_govern=actor.may(Duty.GOVERN),
    )


@blueprint.get("/policy/new")
@needs(Duty.GOVERN)
def compose() -> ResponseReturnValue:
    """The form, filled with a draft that the address names, or the last published version."""
    last = _last(_policies())
    draft_id = number_asked("draft")
    if draft_id is not None:
        view = read_draft(db.session(), current_actor(), draft_id)
        given = _as_form(view.policy, view.policy.starts_on) | {"seen": last.version}
        return _page(_with_levels(PolicyForm(data=given)))
    earliest = max(current_moment().today + TOMORROW, last.starts_on)
    return _page(_with_levels(PolicyForm(data=_as_form(last, earliest))))


@blueprint.post("/policy/new")
@needs(Duty.GOVERN)
def draft() -> ResponseReturnValue:
    """Keep it as a draft: what it changes is shown before anybody publishes it."""
    form = _with_levels(PolicyForm())
    if not form.validate_on_submit():
        return _page(form), 400
    actor, moment = current_actor(), current_moment()
    try:
        with unit_of_work() as session:
            row = draft_policy(session, actor, moment, _wanted(form), seen=form.seen.data or 0)
            draft_id = row.id
    except (InputInvalid, VersionOutdated) as error:
        refuse(form, error)
        return _page(form), 400
    take_a_piece(draft_id)
    return redirect(url_for("policy_drafts.show", draft_id=draft_id), 303)


def _policies() -> Policies:
    return policies_of(db.session(), current_actor().customer_id)


def _last(policies: Policies) -> Policy:
    return max(policies.versions, key=lambda policy: policy.version)


def _as_form(policy: Policy, starts_on: date) -> dict[str, Any]:
    cadence = {field.name: getattr(policy.cadence, field.name) for field in fields(policy.cadence)}
    stages = {name: days_as_text(cadence[name]) for name in STAGE_BOUNDS}
    return {
        **{name: getattr(policy, name) for name in IN_FORM},
        **cadence,
        **stages,
        "required_level": policy.required_level.value,
        "preferred_level": policy.preferred_level.value,
        "decided_by": "clock" if policy.clock_decides else "person",
        "starts_on": starts_on,
        "seen": policy.version,
    }


def _wanted(form: PolicyForm) -> Policy:
    """What the form asks for. Raises InputInvalid for days that are no numbers."""
    given: dict[str, Any] = form.data
    cadence = {field.name: given[field.name] for field in fields(Cadence)}
    cadence |= {name: days_from(name, given[name]) for name in STAGE_BOUNDS}
    policy = Policy(version=0, starts_on=given["starts_on"], cadence=Cadence(**cadence))
    return replace(
        policy,
        required_level=Level(given["required_level"]),
        preferred_level=Level(given["preferred_level"]),
        clock_decides=given["decided_by"] == "clock",
        **{name: given[name] for name in IN_FORM},
    )


def _with_levels(form: PolicyForm) -> PolicyForm:
    locale = current_locale()
    levels = [(level.value, level_word(level, locale)) for level in Level]
    form.required_level.choices = choices(levels)
    form.preferred_level.choices = choices(levels)
    form.decided_by.choices = choices(
        [
            ("person", gettext("A contract manager decides")),
            ("clock", gettext("The clock decides")),
        ]
    )
    return form


def _page(form: PolicyForm) -> str:
    hints = {
        "person": gettext(
            "When a time to repair or to agree is over, the supplier stays as it is and a "
            "contract manager gets a task. Nobody loses orders because a clock ran out."
        ),
        "clock": gettext(
            "When a time to repair or to agree is over, we place no new orders from the next day, "
            "without anybody looking. Each warning says so. A warning that was given before "
            "keeps what it said."
        ),
    }
    return render_template("buyer/policy-new.html", form=form, decided_by_hints=hints)


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.register_blueprint(policy_drafts.blueprint)
    add_menu_item(app, MenuItem("buyer", 70, "policies.show", _("Policy")))
