"""The style sheets, the script and the icon, each under an address that changes with its bytes."""

import gzip
import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path

from flask import Flask, request, url_for
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


@cache
def _compressed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), mtime=0)


def _bootstrap_css() -> Response:
    """The largest thing that a page needs, so it travels compressed: 30 KB instead of 230."""
    path = BOOTSTRAP / BOOTSTRAP_CSS
    if request.accept_encodings.quality("gzip") > 0:
        response = Response(_compressed(path), mimetype="text/css")
        response.headers["Content-Encoding"] = "gzip"
        response.cache_control.public = True
        response.cache_control.max_age = YEAR
    else:
        response = send_file(path, mimetype="text/css", max_age=YEAR)
    response.vary.add("Accept-Encoding")
    return response


def init_app(app: Flask) -> None:
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = YEAR
    app.add_url_rule(f"/static/{BOOTSTRAP_CSS}", "bootstrap_css", _bootstrap_css)
    app.jinja_env.globals["asset_url"] = asset_url
