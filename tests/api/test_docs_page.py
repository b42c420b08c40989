"""The description as a page: open, complete, linked, and under the strict policy."""

import re

from flask.testing import FlaskClient

from onboarding.api.docs import marked
from onboarding.api.fact_schemas import PROBLEMS, REASONS, WARNINGS
from onboarding.api.openapi import document
from tests.api.program import API


def test_it_is_open_and_tells_everything(client: FlaskClient) -> None:
    answer = client.get(API + "/docs")
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    for path, operations in document()["paths"].items():
        assert f"/api/v1{path}" in page
        for operation in operations.values():
            assert f'id="{operation["operationId"]}"' in page
            for parameter in operation["parameters"]:
                assert f"{parameter['name']} ({parameter['in']})" in page
    for kind, operations in document()["webhooks"].items():
        assert f"<code>{kind}</code>" in page
        for operation in operations.values():
            assert f'id="{operation["operationId"]}"' in page
            for parameter in operation["parameters"]:
                assert f"{parameter['name']} (header)" in page
    for code in (*REASONS, *WARNINGS, *PROBLEMS):
        assert f"<code>{code}</code>" in page


def test_marks_are_drawn_and_nothing_else(client: FlaskClient) -> None:
    page = client.get(API + "/docs").get_data(as_text=True)
    assert "`" not in page and "**" not in page
    assert "<strong>Read <code>action</code> before a new order or contract.</strong>" in page
    assert marked("`<b>` & **x**") == "<code>&lt;b&gt;</code> &amp; <strong>x</strong>"


def test_its_links_lead_somewhere(client: FlaskClient) -> None:
    page = client.get(API + "/docs").get_data(as_text=True)
    targets = set(re.findall(r'href="#([^"]+)"', page))
    ids = re.findall(r'id="([^"]+)"', page)
    assert targets <= set(ids)
    assert len(ids) == len(set(ids))


def test_nothing_in_it_is_refused_by_the_policy(client: FlaskClient) -> None:
    answer = client.get(API + "/docs")
    page = answer.get_data(as_text=True)
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert not re.search(r"<style|style=|<script(?! src)|\bon\w+=", page)
