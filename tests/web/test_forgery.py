"""A form from elsewhere changes nothing."""

import re

from tests.web.sample_page import sample_app


def test_every_unsafe_route_asks_for_our_own_form() -> None:
    app = sample_app(TESTING=False)
    browser = app.test_client()
    refused = []
    for rule in app.url_map.iter_rules():
        for method in rule.methods - {"GET", "HEAD", "OPTIONS"}:
            if rule.rule.startswith("/api/"):
                continue  # bearer tokens only, which no browser sends by itself
            if rule.rule == "/portal/mail/<token>/off":
                continue  # for mail programs; the token in the address is all there is
            address = re.sub(r"<(?:\w+:)?\w+>", "1", rule.rule)
            answer = browser.open(address, method=method, headers={"Accept-Language": "en"})
            assert answer.status_code == 400, address
            assert "stood open for too long" in answer.text, address
            refused.append(address)
    assert "/language" in refused


def test_the_button_of_a_mail_program_needs_no_form() -> None:
    """RFC 8058: the token in the address is all there is; this one is none of ours."""
    app = sample_app(TESTING=False)
    assert "mailed_choices.switch_off" in {rule.endpoint for rule in app.url_map.iter_rules()}
    exempt = app.extensions["csrf"]._exempt_views
    assert exempt == {"onboarding.web.portal.mailed_choices.switch_off"}


def test_our_own_form_is_taken() -> None:
    browser = sample_app(TESTING=False).test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/help").text)
    assert token
    form = {"csrf_token": token.group(1), "locale": "en", "next": "/help"}
    assert browser.post("/language", data=form).status_code == 303
