"""The caught mails in the browser: a list, one mail, its HTML in a frame of its own, its source."""

import re

from flask import Blueprint, Response, abort, current_app, make_response, render_template, request

from onboarding.demo.caught_mail import CaughtMail, Opened

AT_ONCE = 50
EARLIER = re.compile(r"http://127\.0\.0\.1:\d+\b")
# The page may show the frame, which the rest of the tool may not.
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# A mail carries its style inline and nothing else works: no script, no form, nothing from afar.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
)

blueprint = Blueprint("demo_mail", __name__, url_prefix="/demo/mail")


def caught_mail() -> CaughtMail:
    """The store of this demo."""
    found: CaughtMail = current_app.extensions["caught_mail"]
    return found


@blueprint.get("")
def show_mails() -> str:
    to = request.args.get("to", "").strip()
    page = max(request.args.get("page", 1, type=int), 1)
    mails = caught_mail().sent_to(to)
    pages = max((len(mails) + AT_ONCE - 1) // AT_ONCE, 1)
    page = min(page, pages)
    return render_template(
        "demo/mails.html",
        mails=mails[(page - 1) * AT_ONCE : page * AT_ONCE],
        total=len(mails),
        to=to,
        page_number=page,
        pages=pages,
    )


@blueprint.get("/<key>")
def show_mail(key: str) -> Response:
    mail = _mail(key)
    page = render_template("demo/mail.html", mail=mail, text=_leading_here(mail.text))
    response = make_response(page)
    response.headers["Content-Security-Policy"] = PAGE_POLICY
    return response


@blueprint.get("/<key>/html")
def show_html(key: str) -> Response:
    """The HTML part alone; its links open in the whole window."""
    html = _leading_here(_mail(key).html).replace("<head>", '<head><base target="_top">', 1)
    response = make_response(html)
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@blueprint.get("/<key>/source")
def show_source(key: str) -> Response:
    response = make_response(_mail(key).source)
    response.mimetype = "text/plain"
    return response


def _mail(key: str) -> Opened:
    mail = caught_mail().open(key)
    if mail is None:
        abort(404)
    return mail


def _leading_here(text: str) -> str:
    """The text with links to this demo, also where it was sent while another port served it."""
    return EARLIER.sub(str(current_app.config["PUBLIC_URL"]), text)
