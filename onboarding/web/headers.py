"""What every answer tells the browser: nothing from elsewhere, nothing inline, nothing kept."""

from flask import Flask, request
from flask.wrappers import Response

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
NAMES = frozenset(name.lower() for name in HEADERS)
PAIRS = tuple(HEADERS.items())
TWO_YEARS = 2 * 365 * 24 * 60 * 60
KEEPS_FOR_LONG = ("static", "bootstrap_css")


def init_app(app: Flask) -> None:
    """Set the headers on every answer; a view that needs another value sets its own.

    Nothing is kept by a browser or a proxy but our own assets, and what an answer calls private.
    """
    is_https = str(app.config.get("PUBLIC_URL", "")).startswith("https://")

    def set_headers(response: Response) -> Response:
        # Looked through once: each question to werkzeug's headers goes through them all.
        own = {name.lower(): value for name, value in response.headers}
        if own.keys().isdisjoint(NAMES):
            response.headers.extend(PAIRS)
        else:
            for name, value in HEADERS.items():
                response.headers.setdefault(name, value)
        is_private = "private" in own.get("cache-control", "")
        if not is_private and request.endpoint not in KEEPS_FOR_LONG:
            response.headers["Cache-Control"] = "no-store"
        if is_https:
            response.headers.setdefault(
                "Strict-Transport-Security", f"max-age={TWO_YEARS}; includeSubDomains"
            )
        return response

    app.after_request(set_headers)
