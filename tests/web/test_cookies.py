"""What the browser is told about its cookie, and whose address a request has."""

from flask import Flask

from onboarding.app import create_app
from onboarding.web.access import client_address
from tests import databases


def an_app(**settings: object) -> Flask:
    return create_app(databases.settings("sqlite://") | settings)


def cookie(app: Flask) -> str:
    answer = app.test_client().post("/language", data={"locale": "en"})
    return answer.headers["Set-Cookie"]


def test_behind_tls_the_cookie_never_travels_in_the_open() -> None:
    header = cookie(an_app(PUBLIC_URL="https://leveranciers.example.nl"))
    assert header.startswith("__Host-onboarding=")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in header
    assert "Domain" not in header


def test_on_this_machine_the_cookie_needs_no_tls() -> None:
    header = cookie(an_app())
    assert header.startswith("onboarding=")
    assert "Secure" not in header and "HttpOnly" in header and "SameSite=Lax" in header


def test_only_proxies_that_we_trust_say_where_a_request_comes_from() -> None:
    for proxies, seen in ((0, "192.0.2.9"), (1, "198.51.100.7")):
        app = an_app(TRUSTED_PROXIES=proxies)
        addresses = []
        app.before_request(lambda found=addresses: found.append(client_address()))
        app.test_client().get(
            "/help",
            headers={"X-Forwarded-For": "203.0.113.5, 198.51.100.7"},
            environ_base={"REMOTE_ADDR": "192.0.2.9"},
        )
        assert addresses == [seen]
