"""One page with every macro on it, for tests to read and for a browser to look at."""

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from flask import Blueprint, Flask, abort, render_template
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from config import Config
from onboarding.app import create_app
from onboarding.domain.errors import NotFound, VersionOutdated
from onboarding.web.layout import MENU, MenuItem, Visitor, add_menu_item, tell_visitor_with
from onboarding.web.moments import current_moment

SETTINGS = Config.from_env({"SECRET_KEY": "x" * 32, "DATABASE_URL": "sqlite://"}).flask_settings()
# The customer's menu has an item for each role; the supplier's has one of its own.
MANAGER = Visitor("buyer", frozenset({"manager"}), "M. de Boer", "Klant", "/language")


class TickBoxes(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class SampleForm(FlaskForm):
    title = StringField("Mijlpaal", [InputRequired("Vul de naam van de mijlpaal in")])
    kind = SelectField(
        "Soort",
        choices=[SelectChoice("", "Kies een soort"), SelectChoice("a", "Plan")],
        validate_choice=False,
    )
    due_on = DateField("Deadline", [InputRequired("Vul een geldige datum in")])
    later_on = DateField("Latere datum", default=date(2027, 3, 31))
    state = RadioField(
        "Stand",
        [InputRequired("Kies een stand")],
        choices=[SelectChoice("a", "Mee bezig"), SelectChoice("b", "Klaar")],
    )
    divisions = TickBoxes(
        "Divisies", choices=[SelectChoice("c", "Catering"), SelectChoice("s", "Schoonmaak")]
    )
    note = TextAreaField("Toelichting", [Length(max=500)])
    file = FileField("Bewijsstuk")
    confirmed = BooleanField("Hier staan geen persoonsgegevens in", [InputRequired("Bevestig dit")])


def sample_app(visitor: Visitor = MANAGER, **settings: Any) -> Flask:
    """The application with the sample at `/sample`, seen by `visitor`.

    One is made for the same settings, and is as it was made whenever it is asked for.
    """
    made = _made(tuple(sorted(settings.items())))
    for now, then in zip((made.app.extensions, made.app.config), made.kept, strict=True):
        now.clear()
        now.update(then)
    tell_visitor_with(made.app, lambda: visitor)
    return made.app


class Made(NamedTuple):
    app: Flask
    kept: tuple[dict[str, Any], dict[str, Any]]


@cache
def _made(settings: tuple[tuple[str, Any], ...]) -> Made:
    app = create_app(SETTINGS | {"TESTING": True} | dict(settings))
    pages = Blueprint("samples", __name__, template_folder=str(Path(__file__).parent / "samples"))

    @pages.route("/sample", methods=["GET", "POST"])
    def sample() -> str:
        form = SampleForm()
        form.validate_on_submit()
        today = current_moment().today
        steps = [
            (today - timedelta(160), "accepted"),
            (today - timedelta(80), "accepted"),
            (today - timedelta(12), "overdue"),
            (today + timedelta(12), "submitted"),
            (today + timedelta(110), "planned"),
            (today + timedelta(220), "planned"),
        ]
        return render_template(
            "everything.html",
            form=form,
            steps=steps,
            line=app.jinja_env.globals["pathway_line"](steps),
            now=current_moment().now,
            suppliers=[
                ("Drukkerij De Linde B.V.", "at-risk", 184200),
                ("Koeckebackers Sociale Onderneming", "preferred", 92750),
                ("Technisch Beheer Noord", "conditional", None),
            ],
        )

    @pages.get("/broken")
    def broken() -> str:
        raise RuntimeError("a mistake of ours")

    @pages.get("/refused/<code>")
    def refused(code: str) -> str:
        abort(int(code))

    @pages.get("/outdated")
    def outdated() -> str:
        raise VersionOutdated(seen=2, current=3)

    @pages.get("/hidden")
    def hidden() -> str:
        raise NotFound(supplier="secret")

    app.register_blueprint(pages)
    app.extensions[MENU].clear()  # the product's own items come and go; these are the test's
    add_menu_item(app, MenuItem("buyer", 20, "about.help_page", _("Help")))
    add_menu_item(app, MenuItem("buyer", 10, "samples.sample", _("Next")))
    add_menu_item(app, MenuItem("buyer", 30, "about.privacy", _("Privacy"), frozenset({"admin"})))
    add_menu_item(app, MenuItem("portal", 10, "about.accessibility", _("Accessibility")))
    return Made(app, (dict(app.extensions), dict(app.config)))
