"""Pages open to everybody: help, the PSO for suppliers, accessibility and privacy."""

from flask import Blueprint, Flask, render_template

blueprint = Blueprint("about", __name__)


@blueprint.get("/help")
def help_page() -> str:
    return render_template("about/help.html")


@blueprint.get("/pso")
def pso() -> str:
    return render_template("about/pso.html")


@blueprint.get("/accessibility")
def accessibility() -> str:
    return render_template("about/accessibility.html")


@blueprint.get("/privacy")
def privacy() -> str:
    return render_template("about/privacy.html")


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
