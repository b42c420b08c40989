"""Who looks, and what that lets them see: the guard of every page that is not public.

A page of the customer's side stands under `@needs(Duty.BUY)`; a page of the supplier's side has
`relation_id` in its address and stands under `@needs_contact(Duty.REPORT)`. Inside such a page
`current_actor()` tells who acts. Nobody logged in: to the log-in page and back. A role that does
not suffice: 403. Another organisation, another relation, or the other side: 404, as if it were
not there.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import ParamSpec
from urllib.parse import urlencode

from flask import Flask, abort, current_app, g, redirect, request
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from onboarding.clock import Clock
from onboarding.domain.errors import NotFound
from onboarding.domain.people import Actor, Duty, Side
from onboarding.services import sessions
from onboarding.services.links import Entry
from onboarding.services.sessions import LoggedIn
from onboarding.store.database import db, unit_of_work
from onboarding.store.relations import visible_relation
from onboarding.store.tables import RelationRow
from onboarding.web.language import own_path, use_locale
from onboarding.web.layout import Visitor, tell_visitor_with
from onboarding.web.moved import merged_here, to_the_one_that_stayed

CUSTOMER_LOG_IN = "/log-in"
PORTAL_LOG_IN = "/portal/log-in"
PORTAL_HOME = "/portal"

View = ParamSpec("View")
Page = Callable[View, ResponseReturnValue]


class LogIns(LoginManager):
    """Remembers nobody past the session: no answer is looked at for a cookie of that."""

    def init_app(self, app: Flask, add_context_processor: bool = True) -> None:
        super().init_app(app, add_context_processor)
        app.after_request_funcs[None].remove(self._update_remember_cookie)


login_manager = LogIns()


class User(UserMixin):
    """A running log-in as Flask-Login carries it: its id is the token of the cookie."""

    def __init__(self, token: str, who: LoggedIn) -> None:
        self.token = token
        self.who = who

    def get_id(self) -> str:
        return self.token


def real_now() -> datetime:
    """The instant on which log-ins, links and tokens live, wherever the demo's date is."""
    clock: Clock = current_app.extensions["clock"]
    return clock.real_now()


def entry() -> Entry:
    """What the use cases of getting in need to know of this installation and this instant."""
    return Entry(secret_key=str(current_app.config["SECRET_KEY"]), now=real_now())


def client_address() -> str:
    """Where the request came from, as far as the proxies that we trust tell."""
    return request.remote_addr or ""


def logged_in() -> LoggedIn | None:
    """Who is logged in."""
    return current_user.who if current_user.is_authenticated else None


def current_actor() -> Actor:
    """Who acts on this page; only pages under `needs` or `needs_contact` have one."""
    actor: Actor = g.actor
    return actor


def needs(duty: Duty) -> Callable[[Page[View]], Page[View]]:
    """A page of the customer's side, for roles with this duty."""

    def guard(page: Page[View]) -> Page[View]:
        @wraps(page)
        def guarded(*args: View.args, **kwargs: View.kwargs) -> ResponseReturnValue:
            who = logged_in()
            if who is None:
                return to_log_in(CUSTOMER_LOG_IN)
            if who.side is not Side.BUYER:
                return redirect(PORTAL_HOME) if request.path == "/" else abort(404)
            g.actor = who.actor()
            g.actor.must(duty)
            try:
                return page(*args, **kwargs)
            except NotFound:
                merged = merged_here()
                if merged is None or merged.customer_id != g.actor.customer_id:
                    raise
                return to_the_one_that_stayed(merged)

        return guarded

    return guard


def needs_contact(duty: Duty = Duty.FILL_IN) -> Callable[[Page[View]], Page[View]]:
    """A page about the relation `relation_id`, for its contacts whose role has this duty."""

    def guard(page: Page[View]) -> Page[View]:
        @wraps(page)
        def guarded(*args: View.args, **kwargs: View.kwargs) -> ResponseReturnValue:
            who = logged_in()
            if who is None:
                return to_log_in(PORTAL_LOG_IN)
            relation_id = (request.view_args or {})["relation_id"]
            actor = None
            if who.side is Side.SUPPLIER:
                actor = sessions.contact_actor(db.session(), who.person_id, relation_id)
                merged = merged_here() if actor is None else None
                if merged and sessions.contact_actor(
                    db.session(), who.person_id, merged.relation_id
                ):
                    return to_the_one_that_stayed(merged)
            if actor is None:
                abort(404)
            g.actor = actor
            actor.must(duty)
            return page(*args, **kwargs)

        return guarded

    return guard


def needs_supplier(page: Page[View]) -> Page[View]:
    """A page of the supplier's side that is about no relation in particular."""

    @wraps(page)
    def guarded(*args: View.args, **kwargs: View.kwargs) -> ResponseReturnValue:
        who = logged_in()
        if who is None:
            return to_log_in(PORTAL_LOG_IN)
        if who.side is not Side.SUPPLIER:
            abort(404)
        return page(*args, **kwargs)

    return guarded


def needs_log_in(page: Page[View]) -> Page[View]:
    """A page for whoever is logged in, on either side."""

    @wraps(page)
    def guarded(*args: View.args, **kwargs: View.kwargs) -> ResponseReturnValue:
        return page(*args, **kwargs) if logged_in() else to_log_in(CUSTOMER_LOG_IN)

    return guarded


def portal_relation() -> RelationRow:
    """The relation that a page under `needs_contact` is about."""
    actor = current_actor()
    assert actor.relation_id is not None
    return visible_relation(db.session(), actor, actor.relation_id)


def to_log_in(address: str) -> Response:
    """To the log-in page, and afterwards back to where the visitor was."""
    is_page = request.method in ("GET", "HEAD")
    here = request.full_path.rstrip("?") if is_page else own_path(request.referrer)
    query = urlencode({"next": here}) if here != "/" else ""
    return redirect(f"{address}?{query}" if query else address, 303)


def enter(token: str, who: LoggedIn) -> None:
    """Begin a log-in: nothing of the one before, or of what the cookie held, survives it."""
    leave()
    cookie.clear()
    use_locale(who.locale)
    login_user(User(token, who))


def leave() -> None:
    """End the log-in: its row goes, so that a copy of the cookie is worth nothing."""
    if current_user.is_authenticated:
        with unit_of_work() as session:
            sessions.close_session(session, current_user.token)
    locale = cookie.get("locale")
    logout_user()
    cookie.clear()
    if locale:
        use_locale(locale)


@login_manager.user_loader  # type: ignore[untyped-decorator]
def _load(token: str) -> User | None:
    who = sessions.find_logged_in(db.session(), real_now(), token)
    return User(token, who) if who else None


def _visitor() -> Visitor:
    who = logged_in()
    if who is None:
        return Visitor()
    return Visitor(
        audience="buyer" if who.side is Side.BUYER else "portal",
        roles=frozenset(role.value for role in who.roles),
        name=who.name,
        organisation=who.organisation,
        log_out_url="/log-out",
        account_url="/account",
    )


def init_app(app: Flask) -> None:
    """Safe cookies, log-ins from the table, the frame's visitor, and who stands in between."""
    if proxies := int(app.config.get("TRUSTED_PROXIES", 0)):
        wsgi = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)
        app.wsgi_app = wsgi  # type: ignore[method-assign]
    is_https = str(app.config.get("PUBLIC_URL", "")).startswith("https://")
    app.config.update(
        SESSION_COOKIE_NAME="__Host-onboarding" if is_https else "onboarding",
        SESSION_COOKIE_SECURE=is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    login_manager.session_protection = None  # a phone changes its address on the way
    login_manager.init_app(app)
    tell_visitor_with(app, _visitor)
