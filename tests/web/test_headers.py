"""What every answer tells the browser."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from onboarding.store.tables import RelationRow
from tests import proof_things
from tests.web.sample_page import sample_app

ADDRESSES = ["/sample", "/nowhere", "/static/brand.css", "/static/bootstrap.min.css"]


@pytest.fixture(scope="module")
def browser() -> FlaskClient:
    return sample_app().test_client()


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_forbids_what_is_not_ours(browser: FlaskClient, address: str) -> None:
    headers = browser.get(address).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["style-src"] == policy["script-src"] == policy["form-action"] == "'self'"
    assert policy["img-src"] == "'self' data:"
    assert policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_pages_are_not_kept_and_style_sheets_are(browser: FlaskClient) -> None:
    assert browser.get("/sample").headers["Cache-Control"] == "no-store"
    for sheet in ("/static/brand.css", "/static/bootstrap.min.css"):
        assert "max-age=31536000" in browser.get(sheet).headers["Cache-Control"]


def test_the_large_sheet_travels_compressed(browser: FlaskClient) -> None:
    small = browser.get("/static/bootstrap.min.css", headers={"Accept-Encoding": "gzip"})
    large = browser.get("/static/bootstrap.min.css")
    assert small.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in small.headers["Vary"]
    assert "Accept-Encoding" in large.headers["Vary"]
    assert len(small.data) < 50_000 < len(large.data)
    assert "Content-Encoding" not in large.headers


def test_https_stays_https() -> None:
    name = "Strict-Transport-Security"
    assert name not in sample_app().test_client().get("/help").headers
    safe = sample_app(PUBLIC_URL="https://leveranciers.example.nl").test_client()
    assert "max-age=" in safe.get("/help").headers[name]


def test_pages_hold_no_style_or_script_of_their_own(browser: FlaskClient) -> None:
    page = browser.get("/sample").text
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", page)
    assert re.findall(r"<script[^>]*>", page) == re.findall(r"<script src=[^>]* defer>", page)


def test_everything_comes_from_here(browser: FlaskClient) -> None:
    page = browser.get("/sample").text
    for address in re.findall(r'<(?:link|script|img)[^>]*(?:href|src)="([^"]*)"', page):
        assert address.startswith("/static/")
        assert browser.get(address).status_code == 200


def test_a_download_is_kept_by_nobody_else(
    as_buyer: FlaskClient, as_supplier: FlaskClient, session: Session, relation: RelationRow
) -> None:
    file = proof_things.a_file(session, relation)
    session.commit()
    for client, address in (
        (as_buyer, f"/evidence/{file.id}"),
        (as_supplier, f"/portal/{relation.id}/files/{file.id}/download"),
        (as_buyer, "/suppliers/export"),
    ):
        headers = client.get(address).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Content-Disposition"].startswith("attachment;")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
