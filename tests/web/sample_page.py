"""One page with every macro on it, for tests to read and for a browser to look at."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, render_template
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from config import Config
from onboarding.app import create_app
from onboarding.web.layout import MenuItem, Visitor, add_menu_item, tell_visitor_with
from onboarding.web.moments import current_moment

SETTINGS = Config.from_env({"SECRET_KEY": "x" * 32, "DATABASE_URL": "sqlite://"}).flask_settings()


class TickBoxes(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class SampleForm(FlaskForm):
    title = StringField("Mijlpaal", [InputRequired("Vul de naam van de mijlpaal in")])
    kind = SelectField(
        "Soort", choices=[("", "Kies een soort"), ("a", "Plan")], validate_choice=False
    )
    due_on = DateField("Deadline", [InputRequired("Vul een geldige datum in")])
    later_on = DateField("Latere datum", default=date(2027, 3, 31))
    state = RadioField(
        "Stand", [InputRequired("Kies een stand")], choices=[("a", "Mee bezig"), ("b", "Klaar")]
    )
    divisions = TickBoxes("Divisies", choices=[("c", "Catering"), ("s", "Schoonmaak")])
    note = TextAreaField("Toelichting", [Length(max=500)])
    file = FileField("Bewijsstuk")
    confirmed = BooleanField("Hier staan geen persoonsgegevens in", [InputRequired("Bevestig dit")])


def sample_app(**settings: Any) -> Flask:
    """The application with the sample at `/sample`, seen by a manager of the customer."""
    app = create_app(SETTINGS | {"TESTING": True} | settings)
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
            now=datetime.now(UTC),
            suppliers=[
                ("Drukkerij De Linde B.V.", "at-risk", 184200),
                ("Koeckebackers Sociale Onderneming", "preferred", 92750),
                ("Technisch Beheer Noord", "conditional", None),
            ],
        )

    app.register_blueprint(pages)
    tell_visitor_with(
        app,
        lambda: Visitor("buyer", frozenset({"manager"}), "M. de Boer", "Klant", "/language", None),
    )
    add_menu_item(app, MenuItem("buyer", 20, "about.help_page", _("Help")))
    add_menu_item(app, MenuItem("buyer", 10, "samples.sample", _("Search")))
    add_menu_item(app, MenuItem("portal", 10, "about.privacy", _("Privacy")))
    return app
