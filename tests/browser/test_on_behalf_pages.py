"""The pages for what a supplier said, in a real browser: clean, narrow enough, without a script."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page

from onboarding.app import create_app
from onboarding.domain.people import Channel, Side
from onboarding.services.contests import contest_statement
from onboarding.services.evidence_checks import check_upload
from onboarding.services.on_behalf import Heard, Papers, record_on_behalf
from onboarding.services.pathway.amendments import propose_amendment
from onboarding.services.pathway.milestones import submit_milestone
from onboarding.services.sessions import open_session
from onboarding.store.amendments import agreed_plan
from onboarding.store.database import unit_of_work
from onboarding.store.evidence import EvidenceFiles
from tests import databases, pathway_stage, stage
from tests.browser.checks import overflow, served, violations
from tests.files import a_mail

BSN = "111222333"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A supplier on its way, with a record that it says is not right, and one with an offer."""
    folder = tmp_path_factory.mktemp("behalf")
    settings = databases.settings(databases.copy_sqlite(folder, "pages"))
    app = create_app(settings | {"EVIDENCE_URL": str(folder / "evidence")})
    clock = app.extensions["clock"]
    with app.app_context(), unit_of_work() as session:
        moment = clock.moment()
        scene = pathway_stage.a_scene(session)
        row, (plan, account, *_) = pathway_stage.agreed(session, scene, moment)
        mail = check_upload(a_mail(f"Ons nummer is {BSN}"), "RE plan.eml", takes_mail=True)
        papers = Papers(files=EvidenceFiles(app.config["EVIDENCE_URL"]), original=mail)
        heard = Heard(said_on=moment.today, channel=Channel.MAIL, by=scene.signatory.person_id or 0)
        ids = [
            record_on_behalf(
                session,
                scene.buyer,
                moment,
                scene.relation.id,
                heard,
                lambda said, step_id=step.id: submit_milestone(
                    session, scene.buyer, moment, step_id, note="Klaar.", on_behalf=said
                ),
                papers=papers if step is plan else None,
            ).statement_id
            for step in (plan, account)
        ]
        contest_statement(session, scene.signatory, moment, ids[0], text="Nog een concept.")
        steps = tuple(pathway_stage.moved(step, 14) for step in agreed_plan(session, row).steps)
        propose_amendment(session, scene.buyer, moment, row.id, steps=steps, reason="Audit later")
        offer = pathway_stage.Scene(
            customer=scene.customer,
            relation=stage.a_relation(session, scene.customer, "Bakkerij Sterk"),
            buyer=scene.buyer,
            manager=scene.manager,
            signatory=scene.signatory,
        )
        pathway_stage.proposed(session, offer, moment)
        now, buyer_id = clock.real_now(), scene.buyer.person_id or 0
        supplier_id = scene.signatory.person_id or 0
        app.extensions["test_tokens"] = {
            "buyer": open_session(session, now, buyer_id, Side.BUYER, scene.customer.id),
            "supplier": open_session(session, now, supplier_id, Side.SUPPLIER),
        }
    return app


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    with served(app) as address:
        yield address


@pytest.fixture
def log_in(page: Page, app: Flask, address: str):
    def do(who: str) -> None:
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        value = signer.dumps({"_user_id": app.extensions["test_tokens"][who], "locale": "nl"})
        name = app.config["SESSION_COOKIE_NAME"]
        page.context.add_cookies([{"name": name, "value": value, "url": address}])

    return do


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("buyer", "/suppliers/1/contact"),
        ("buyer", "/suppliers/1/contact/note"),
        ("buyer", "/suppliers/1/contact/another-date"),
        ("buyer", "/suppliers/1/contact/certificate"),
        ("buyer", "/suppliers/1/contact/contest"),
        ("buyer", "/suppliers/1/contact/accept-amendment"),
        ("buyer", "/suppliers/1/contact/stop"),
        ("buyer", "/suppliers/2/contact/agree"),
        ("buyer", "/suppliers/2/contact/counter"),
        ("buyer", "/statements/1"),
        ("buyer", "/evidence/1/numbers"),
        ("supplier", "/portal/1/statements/1"),
        ("supplier", "/portal/1/statements/2"),
    ],
)
def test_axe_finds_nothing_and_nothing_overflows(page: Page, log_in, who: str, path: str) -> None:
    log_in(who)
    answer = page.goto(path)
    assert answer is not None and answer.status == 200
    page.set_viewport_size({"width": 320, "height": 800})
    for fold in page.locator("details.fold summary").all():
        fold.click()
    assert overflow(page) <= 0
    for width in (1280, 375):
        page.set_viewport_size({"width": width, "height": 800})
        assert violations(page) == "", width


@pytest.mark.parametrize("page", [True, False], indirect=True, ids=["script", "no script"])
def test_a_call_is_recorded_with_few_strokes(page: Page, log_in, tmp_path: Path) -> None:
    """From the supplier's page: a click, a click, a sentence; who, when and how stand there."""
    log_in("buyer")
    mail = tmp_path / "bericht.eml"
    mail.write_bytes(a_mail())
    page.goto("/suppliers/1")
    page.get_by_role("link", name="Noteer telefoontje of mail").click()
    page.get_by_role("link", name="Heeft een vraag").click()
    # Not the same words as the time before: that would be a second click.
    page.get_by_label("De vraag").fill(f"Mag het plan in het Engels? {tmp_path.name}")
    page.get_by_text("Voeg de mail, de brief of andere bestanden toe").click()
    page.get_by_label("De mail of brief zelf").set_input_files(mail)
    page.get_by_label("In de bestanden staan geen persoonsgegevens").check()
    page.get_by_role("button", name="Leg vast").click()
    page.get_by_text("Vastgelegd.").wait_for()
    assert "gezegd door Signatory Jansen" in page.inner_text("#history")
