"""Pages behind the link of a mail: they open for its reader without a log-in, and nothing more.

The token in the address is all there is. The page acts as the contact to whom the mail went, with
the duties of that contact; no log-in comes of it, and one that runs makes no difference. Where the
link works no more, the page says so and how to get in.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import g, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from onboarding.domain.access import TOKEN_LENGTH, LinkInvalid, LinkPurpose, TooManyTries
from onboarding.domain.errors import DomainError, InputInvalid, NotAllowed, NotFound
from onboarding.domain.people import Duty
from onboarding.i18n import error_text
from onboarding.services.mail.links import Opened, open_link
from onboarding.store.database import db
from onboarding.web.access import real_now
from onboarding.web.language import current_locale, speak
from onboarding.web.moments import current_moment

View = ParamSpec("View")
Page = Callable[View, ResponseReturnValue]

# Only the name of the site goes along with what the page asks for: the address is the key to it.
REFERRER_POLICY = "strict-origin"

FIRST_PAGES = {
    LinkPurpose.STEP: "mailed_steps.show",
    LinkPurpose.WRONG_PERSON: "mailed_persons.show",
    LinkPurpose.MAIL_CHOICE: "mailed_choices.show",
}


def opened() -> Opened:
    """What the link of this page opens; only pages under `needs_link` have one."""
    found: Opened = g.opened
    return found


def needs_link(
    purpose: LinkPurpose, duty: Duty = Duty.FILL_IN
) -> Callable[[Page[View]], Page[View]]:
    """A page for who comes with a link of this purpose, and whose role has this duty."""

    def guard(page: Page[View]) -> Page[View]:
        @wraps(page)
        def guarded(*args: View.args, **kwargs: View.kwargs) -> ResponseReturnValue:
            token = str((request.view_args or {})["token"])
            try:
                g.opened = _open(token, purpose)
            except LinkInvalid:
                return _private(_ended())
            g.actor = g.opened.actor
            speak(g.opened.person.locale)
            g.actor.must(duty)
            try:
                return _private(page(*args, **kwargs))
            except (NotFound, NotAllowed, InputInvalid, TooManyTries):
                raise
            except DomainError as refused:
                return _private(_refused(refused, token, purpose))

        return guarded

    return guard


def may_come(token: str) -> bool:
    """Whether the link opens a step now; what cannot be a token is not looked for."""
    if len(token) != TOKEN_LENGTH:
        return False
    try:
        _open(token, LinkPurpose.STEP)
    except LinkInvalid:
        return False
    return True


def _open(token: str, purpose: LinkPurpose) -> Opened:
    return open_link(db.session(), real_now(), current_moment().today, token, purpose)


def _ended() -> ResponseReturnValue:
    return render_template("portal/link-ended.html"), 410


def _refused(refused: DomainError, token: str, purpose: LinkPurpose) -> ResponseReturnValue:
    """Pressed twice, or somebody was ahead: said plainly, with the way back."""
    db.session.rollback()
    said = error_text(refused.code, refused.facts, current_locale())
    back = url_for(FIRST_PAGES[purpose], token=token)
    return render_template("portal/link-refused.html", said=said, back=back), 409


def _private(answer: ResponseReturnValue) -> Response:
    response = make_response(answer)
    response.headers["Referrer-Policy"] = REFERRER_POLICY
    return response
