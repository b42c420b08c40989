"""The buyer's pages about suppliers in a real browser: clean for axe, and nothing overflows."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page

from onboarding.app import create_app
from onboarding.domain.people import Role
from onboarding.services.contacts import invite_contact
from onboarding.services.lists.importing import upload
from onboarding.services.lists.spreadsheets import read_sheet
from onboarding.services.lists.supplier_import import SUPPLIERS, import_suppliers
from onboarding.services.relations import enrol_supplier
from onboarding.store.database import unit_of_work
from tests import databases, lists, stage
from tests.browser.checks import overflow, served, violations

NAMES = ("Drukkerij De Linde B.V.", "@EasePay", "Stichting Nederlands Instituut Clingendael")
WIDE = ("Naam;KvK-nummer;Kleur", "Drukkerij De Linde Nieuw;17037842;x", "Zoë;2076358;", "Kort;1;")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application with a few suppliers; a manager logs in by the password page's cookie."""
    url = databases.copy_sqlite(tmp_path_factory.mktemp("suppliers"), "pages")
    app = create_app(databases.settings(url))
    with app.app_context(), unit_of_work() as session:
        moment = app.extensions["clock"].moment()
        customer = stage.a_customer(session)
        person = stage.a_user(session, customer, Role.MANAGER)
        actor = stage.an_actor(customer, Role.MANAGER, person_id=person.id)
        rows = [f"{name};{number}" for number, name in enumerate(NAMES, 17037842)]
        known = read_sheet(lists.a_csv("Naam;KvK-nummer", *rows), SUPPLIERS.columns)
        import_suppliers(session, actor, moment, known, {})
        enrol_supplier(session, actor, moment, 1)
        invite_contact(
            session,
            actor,
            moment,
            1,
            name="J. van der Linde",
            email="een.heel.lang.adres@drukkerij-de-linde.example",
            role=Role.SIGNATORY,
            function="directeur",
        )
        for name, list_rows in (("lijst.csv", WIDE), ("raar.csv", ("Wie;Wat", "Zoë;1"))):
            sheet = read_sheet(lists.a_csv(*list_rows), SUPPLIERS.columns)
            upload(SUPPLIERS, session, actor, moment, name, sheet)
        now = app.extensions["clock"].real_now()
        client = stage.log_in(app.test_client(), session, now, person, customer)
    app.extensions["test_cookie"] = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    return app


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    with served(app) as address:
        yield address


@pytest.fixture
def buyer(page: Page, app: Flask, address: str) -> Page:
    cookie = app.extensions["test_cookie"]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])
    return page


@pytest.mark.parametrize("width", [1280, 375, 320])
@pytest.mark.parametrize(
    "path",
    [
        "/suppliers",
        "/suppliers?q=niets",
        "/suppliers/1",
        "/suppliers/1/edit",
        "/suppliers/1/end",
        "/suppliers/1/contacts/new",
        "/suppliers/new",
        "/suppliers/imports",
        "/suppliers/imports/1",
        "/suppliers/imports/2/columns",
    ],
)
def test_axe_finds_nothing_and_nothing_overflows(buyer: Page, path: str, width: int) -> None:
    buyer.set_viewport_size({"width": width, "height": 800})
    answer = buyer.goto(path)
    assert answer is not None and answer.status == 200
    assert violations(buyer) == ""
    assert overflow(buyer) <= 0


def test_a_list_goes_in_by_hand(buyer: Page, tmp_path: Path) -> None:
    file = tmp_path / "meer.csv"
    file.write_bytes(lists.a_csv("Naam;KvK-nummer", "Bakkerij Sterk;02076359", "Kort;2"))
    buyer.goto("/suppliers")
    buyer.get_by_role("link", name="Lijst inlezen").click()
    buyer.get_by_label("Uw lijst").set_input_files(file)
    buyer.get_by_role("button", name="Lees de lijst").click()
    buyer.get_by_role("button", name="Sla 1 leverancier op").click()
    assert buyer.get_by_role("heading", name="De lijst is verwerkt").is_visible()
    with buyer.expect_download() as download:
        buyer.get_by_role("link", name="Download de foute rijen met de reden").click()
    assert "Kort;2;3;KvK-nummer: 2 is geen KvK-nummer" in download.value.path().read_text("utf-8")
    buyer.get_by_role("link", name="Naar de leveranciers").click()
    buyer.get_by_label("Naam, plaats, KvK-nummer of crediteurnummer").fill("sterk")
    buyer.keyboard.press("Enter")
    buyer.get_by_role("link", name="Bakkerij Sterk").click()
    buyer.get_by_role("button", name="Opnemen in het programma").click()
    assert "Bakkerij Sterk is nu in het programma." in buyer.inner_text("main")
