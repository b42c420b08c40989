"""Bearer tokens: which program asks, and whether its scopes let it."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import ParamSpec

from flask import current_app, g, request
from flask.wrappers import Response

from onboarding.api.last_use import note_last_use
from onboarding.api.problems import Problem
from onboarding.api.rate_limits import count_request
from onboarding.clock import Clock, Moment
from onboarding.domain.people import Actor
from onboarding.domain.tokens import Scope
from onboarding.services.feed.tokens import find_program, program_actor
from onboarding.store.readers import one_read
from onboarding.store.tokens import Program

View = ParamSpec("View")
Answer = Callable[View, Response]


def real_now() -> datetime:
    """The instant on which tokens live, wherever the demo's date is."""
    clock: Clock = current_app.extensions["clock"]
    return clock.real_now()


def current_moment() -> Moment:
    """When this request happens, the same from its first line to its last."""
    moment: Moment | None = g.get("moment")
    if moment is None:
        clock: Clock = current_app.extensions["clock"]
        moment = g.moment = clock.moment()
    return moment


def bearer_token() -> str:
    """The token sent; empty where there is none."""
    kind, _, token = request.environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def admit(program: Program | None, scope: Scope, now: datetime) -> Program:
    """The program, if its token works and has the scope. Raises Problem."""
    if program is None:
        challenge = 'Bearer realm="onboarding"'
        if bearer_token():
            challenge += ', error="invalid_token"'
        raise Problem("token-invalid", {"WWW-Authenticate": challenge})
    note_last_use(program.token_id, now)
    count_request(program.token_id, now)
    if scope not in program.scopes:
        challenge = f'Bearer realm="onboarding", error="insufficient_scope", scope="{scope}"'
        raise Problem("scope-missing", {"WWW-Authenticate": challenge}, scope=scope.value)
    return program


def the_program(scope: Scope) -> Program:
    """Whoever asks, by a statement of its own. Raises Problem."""
    now = real_now()
    with one_read() as connection:
        program = find_program(connection, now, bearer_token())
    return admit(program, scope, now)


def needs_scope(scope: Scope) -> Callable[[Answer[View]], Answer[View]]:
    """For programs whose token has this scope; `current_actor()` acts for its customer."""

    def guard(answer: Answer[View]) -> Answer[View]:
        @wraps(answer)
        def guarded(*args: View.args, **kwargs: View.kwargs) -> Response:
            g.actor = program_actor(the_program(scope))
            return answer(*args, **kwargs)

        return guarded

    return guard


def current_actor() -> Actor:
    """The program, acting for its customer."""
    actor: Actor = g.actor
    return actor
