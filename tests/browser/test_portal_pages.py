"""Portal and log-in pages in a real browser: clean, narrow enough, by keyboard, no script."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page

from onboarding.app import create_app
from onboarding.clock import Moment
from onboarding.domain.people import Role, Side
from onboarding.services.evidence import keep_upload
from onboarding.services.evidence_checks import check_upload
from onboarding.services.mail.breaker import Gate, server_trouble
from onboarding.services.sessions import open_session
from onboarding.store.database import unit_of_work
from onboarding.store.evidence import EvidenceFiles
from tests import databases, pathway_stage, pathway_things, proof_things, stage
from tests.browser.checks import overflow, served, violations
from tests.files import a_pdf, a_picture
from tests.link_things import a_link

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One supplier with everything at once, one with a proposal, and an administrator."""
    folder = tmp_path_factory.mktemp("portal")
    settings = databases.settings(databases.copy_sqlite(folder, "pages"))
    app = create_app(settings | {"EVIDENCE_URL": str(folder / "evidence")})
    clock = app.extensions["clock"]
    with app.app_context(), unit_of_work() as session:
        moment: Moment = clock.moment()
        scene = pathway_stage.a_scene(session)
        pathway_stage.agreed(session, scene, moment)
        proof_things.a_certificate(session, scene.relation, ends_on=moment.today + 90 * DAY)
        proof_things.a_block(
            session,
            scene.relation,
            announced_on=moment.today - DAY,
            starts_on=moment.today + 30 * DAY,
        )
        keep_upload(
            session,
            scene.signatory,
            moment,
            EvidenceFiles(app.config["EVIDENCE_URL"]),
            scene.relation.id,
            check_upload(a_pdf("order 111222333"), "offerte.pdf"),
            is_declared_clean=True,
            milestone_id=1,
        )
        offered = stage.a_relation(session, scene.customer, "Bakkerij Sterk")
        contact = stage.a_contact(session, offered)
        offer = pathway_stage.Scene(
            customer=scene.customer,
            relation=offered,
            buyer=scene.buyer,
            manager=scene.manager,
            signatory=stage.an_actor(offered, Role.SIGNATORY, relation=offered),
        )
        pathway_stage.proposed(session, offer, moment)
        late = stage.a_relation(session, scene.customer, "Schilder Smit")
        late_contact = stage.a_contact(session, late)
        pathway_things.a_notice(session, late)
        long = "gave-up: 451 4.7.1 Greylisting in action, please come back " + "later" * 20
        stage.a_dead_letter(session, late, state="dead", end_reason=long)
        server_trouble(session, moment, "535 5.7.8 Error: authentication failed", Gate.FREE)
        admin = stage.a_user(session, scene.customer, Role.ADMIN)
        now = clock.real_now()
        tokens = {
            "supplier": open_session(session, now, scene.signatory.person_id or 0, Side.SUPPLIER),
            "offered": open_session(session, now, contact.person_id, Side.SUPPLIER),
            "late": open_session(session, now, late_contact.person_id, Side.SUPPLIER),
            "admin": open_session(session, now, admin.id, Side.BUYER, scene.customer.id),
        }
        person_id = scene.signatory.person_id or 0
        links = [a_link(app, session, now, person_id, scene.relation.id, n)[1] for n in (1, None)]
    app.extensions["test_tokens"] = tokens | {"step": links[0], "person": links[1]}
    return app


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    with served(app) as address:
        yield address


def log_in(page: Page, app: Flask, address: str, who: str) -> None:
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    value = signer.dumps({"_user_id": app.extensions["test_tokens"][who], "locale": "nl"})
    name = app.config["SESSION_COOKIE_NAME"]
    page.context.add_cookies([{"name": name, "value": value, "url": address}])


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("", "/log-in"),
        ("", "/portal/log-in"),
        ("", "/portal/log-in/sent"),
        ("", "/password/forgotten"),
        ("admin", "/account"),
        ("admin", "/account/password"),
        ("admin", "/users"),
        ("admin", "/users/invite"),
        ("admin", "/users/1"),
        ("admin", "/messages/dead"),
        ("supplier", "/portal/1"),
        ("supplier", "/portal/1/steps/1"),
        ("supplier", "/portal/1/steps/1/date"),
        ("supplier", "/portal/1/files/1"),
        ("supplier", "/portal/1/decisions/1"),
        ("supplier", "/portal/1/certificates"),
        ("supplier", "/portal/1/certificates/report"),
        ("supplier", "/portal/1/certificates/1/renewal"),
        ("supplier", "/portal/1/people"),
        ("supplier", "/portal/1/people/invite"),
        ("offered", "/portal/2"),
        ("offered", "/portal/2/pathways/2"),
        ("offered", "/portal/2/pathways/2/counter"),
        ("late", "/portal/3/notices/1"),
        ("", "/portal/step/{step}"),
        ("", "/portal/step/{step}/date"),
        ("", "/portal/step/{step}/files/1"),
        ("", "/portal/not-me/{person}"),
    ],
)
def test_axe_finds_nothing_and_nothing_overflows(
    page: Page, app: Flask, address: str, who: str, path: str
) -> None:
    if who:
        log_in(page, app, address, who)
    answer = page.goto(path.format(**app.extensions["test_tokens"]))
    assert answer is not None and answer.status == 200
    for width in (1280, 375, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert overflow(page) <= 0, width
        if width != 320:
            assert violations(page) == "", width


@pytest.mark.parametrize("page", [True, False], indirect=True, ids=["script", "no script"])
def test_a_step_is_reported_from_the_first_page(
    page: Page, app: Flask, address: str, tmp_path: Path
) -> None:
    log_in(page, app, address, "supplier")
    photo = tmp_path / "plan.png"
    photo.write_bytes(a_picture())
    page.goto("/portal/1/steps/2")
    page.get_by_label("Wat hebt u gedaan?").fill("Het account is er.")
    page.get_by_label("Bestanden (niet verplicht)").set_input_files(photo)
    page.get_by_label("In de bestanden staan geen persoonsgegevens").check()
    page.get_by_role("button", name="Bewaren voor later").click()
    page.get_by_text("Bewaard. Het is nog niet verstuurd.").wait_for()
    assert page.get_by_role("link", name="plan.png").first.is_visible()
    assert page.get_by_label("Wat hebt u gedaan?").input_value() == "Het account is er."


def test_a_question_is_asked_from_a_mail_without_a_log_in(
    page: Page, app: Flask, address: str
) -> None:
    page.goto(f"/portal/step/{app.extensions['test_tokens']['step']}")
    page.get_by_role("link", name="Vraag stellen").click()
    page.get_by_label("Uw vraag").fill("Mag het ook anders?")
    page.get_by_role("button", name="Versturen").click()
    page.get_by_text("Uw vraag is verstuurd.").wait_for()
    assert page.url.endswith(app.extensions["test_tokens"]["step"])
    page.goto("/portal/1")
    page.wait_for_url("**/portal/log-in*")


def test_a_proposal_is_agreed_by_keyboard(page: Page, app: Flask, address: str) -> None:
    log_in(page, app, address, "offered")
    page.goto("/portal/2")
    page.get_by_role("link", name="Lees het voorstel").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/pathways/*")
    page.get_by_label("Uw functie").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("Eigenaar")
    page.keyboard.press("Enter")
    page.get_by_text("Afgesproken.").wait_for()
    assert "Uw volgende stap" in page.inner_text("h1")
