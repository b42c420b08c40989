"""What a visitor's cookie holds; who sends none has an empty one, for which no key is derived."""

from flask import Flask
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask.wrappers import Request, Response


class Visits(SecureCookieSessionInterface):
    """Flask's own, but for the work that a request without a cookie does not need."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        is_new = (
            "HTTP_COOKIE" not in request.environ or self.get_cookie_name(app) not in request.cookies
        )
        if app.secret_key and is_new:
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if session or session.accessed or session.modified:
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    app.session_interface = Visits()
