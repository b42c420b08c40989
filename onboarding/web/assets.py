"""The style sheets, the script and the icon, each under an address that changes with its bytes."""

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path

from flask import Flask, url_for
from flask.helpers import send_file
from flask.wrappers import Response

STATIC = Path(__file__).parent.parent / "static"
# Bootstrap's style sheet comes with the installed package; nothing else of it is served.
BOOTSTRAP = Path(str(files("flask_bootstrap"))) / "static" / "bootstrap5" / "css"
BOOTSTRAP_CSS = "bootstrap.min.css"
YEAR = 365 * 24 * 60 * 60


def asset_url(name: str) -> str:
    """Where a file of `static/` or Bootstrap's sheet is; browsers may keep it for a year."""
    if name == BOOTSTRAP_CSS:
        return url_for("bootstrap_css", v=_fingerprint(BOOTSTRAP / name))
    return url_for("static", filename=name, v=_fingerprint(STATIC / name))


@cache
def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _bootstrap_css() -> Response:
    return send_file(BOOTSTRAP / BOOTSTRAP_CSS, mimetype="text/css", max_age=YEAR)


def init_app(app: Flask) -> None:
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = YEAR
    app.add_url_rule(f"/static/{BOOTSTRAP_CSS}", "bootstrap_css", _bootstrap_css)
    app.jinja_env.globals["asset_url"] = asset_url
