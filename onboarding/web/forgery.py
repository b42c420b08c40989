"""Every unsafe request must come from one of our own forms."""

from flask import Flask
from flask_wtf.csrf import CSRFProtect

# The API takes bearer tokens only and is exempt: `csrf.exempt(blueprint)` where it is registered.
csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    """The token lives as long as the session: a form that stood open over lunch still works."""
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)
    csrf.init_app(app)
