"""The links in mails lead to pages that are there."""

import pytest
from flask import Flask
from werkzeug.exceptions import NotFound

from onboarding.domain.messages import MessageKind
from onboarding.services.mail.addresses import (
    BUYER_PAGES,
    PORTAL_PAGES,
    buyer_page,
    home,
    portal_page,
)

NAMES = (
    "pathway notice decision certificate milestone hold amendment statement contact endpoint "
    "request report"
)
FACTS = dict.fromkeys((f"{name}_id" for name in NAMES.split()), 5)


@pytest.mark.parametrize("kind", PORTAL_PAGES)
def test_a_kind_leads_to_a_page_of_the_portal(app: Flask, kind: MessageKind) -> None:
    there = app.url_map.bind("localhost")
    path = portal_page(kind, 7, FACTS)
    assert path.startswith("/portal/7/")
    there.match(path, method="GET")
    assert portal_page(kind, 7, {}) in ("/portal/7", path)


@pytest.mark.parametrize("kind", BUYER_PAGES)
def test_a_task_leads_a_buyer_to_where_it_is_done(app: Flask, kind: MessageKind) -> None:
    path = buyer_page(kind, 7, FACTS)
    app.url_map.bind("localhost").match(path, method="GET")
    named = BUYER_PAGES[kind].format_map({**FACTS, "relation_id": 7})
    assert path == named
    if named != BUYER_PAGES[kind]:
        assert buyer_page(kind, 7, {}) == "/suppliers/7"


@pytest.mark.parametrize("relation_id", [7, None])
def test_the_homes_are_there(app: Flask, relation_id: int | None) -> None:
    there = app.url_map.bind("localhost")
    for path in (
        home(relation_id, is_for_supplier=True),
        home(relation_id, is_for_supplier=False),
        buyer_page(MessageKind.REVIEW, relation_id, {}),
    ):
        there.match(path, method="GET")
    with pytest.raises(NotFound):
        there.match("/nowhere")
