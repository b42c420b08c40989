"""The pages of webhooks and of followed suppliers in a browser: clean for axe, none too wide."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page

from onboarding.app import create_app
from onboarding.domain.people import Role
from onboarding.services import watching
from onboarding.services.feed.announcements import put_in_feed
from onboarding.services.statuses import reassess
from onboarding.store.database import unit_of_work
from tests import databases, stage
from tests.browser.checks import overflow, served, violations


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An admin who follows a supplier, and an endpoint with deliveries in each state."""
    url = databases.copy_sqlite(tmp_path_factory.mktemp("webhooks"), "pages")
    app = create_app(databases.settings(url))
    with app.app_context(), unit_of_work() as session:
        clock = app.extensions["clock"]
        customer = stage.a_customer(session)
        person = stage.a_user(session, customer, Role.ADMIN)
        actor = stage.an_actor(customer, Role.ADMIN, person_id=person.id)
        relation = stage.a_relation(session, customer)
        watching.follow(session, actor, clock.moment(), relation.id)
        reassess(session, clock.moment(), [relation.id])
        put_in_feed(session, clock.moment())
        stage.a_webhook_with_a_log(session, customer.id)
        off = clock.real_now()
        stage.a_webhook(session, customer.id, disabled_at=off, disabled_because="gone")
        client = stage.log_in(app.test_client(), session, clock.real_now(), person, customer)
    app.extensions["test_cookie"] = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    return app


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    with served(app) as address:
        yield address


@pytest.mark.parametrize("width", [1280, 375, 320])
def test_pages_are_clean(page: Page, app: Flask, address: str, width: int) -> None:
    cookie = app.extensions["test_cookie"]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])
    page.set_viewport_size({"width": width, "height": 900})
    for path in (
        "/webhooks",
        "/webhooks/new",
        "/webhooks/1",
        "/webhooks/1/change",
        "/webhooks/2",
        "/watched",
    ):
        answer = page.goto(address + path)
        assert answer is not None and answer.status == 200, path
        assert violations(page) == "", path
        assert overflow(page) <= 0, path
