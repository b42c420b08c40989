"""What a visitor's cookie holds; who sends none has an empty one, for which no key is derived."""

from flask import Flask
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.wrappers import Request


class Visits(SecureCookieSessionInterface):
    """Flask's own, but for the work that a request without a cookie does not need."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if app.secret_key and self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)


def init_app(app: Flask) -> None:
    app.session_interface = Visits()
