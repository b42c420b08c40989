"""The pages on which a contact chooses its mail and names a deputy: clean, and narrow enough."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page

from onboarding.app import create_app
from onboarding.domain.access import LinkPurpose
from onboarding.domain.mail_choices import MailRhythm
from onboarding.domain.people import Role, Side
from onboarding.domain.workdays import Span
from onboarding.services.contact_absences import plan_absence
from onboarding.services.mail.choices import choose_mail
from onboarding.services.sessions import open_session
from onboarding.store.database import unit_of_work
from tests import databases, pathway_stage, stage
from tests.browser.checks import overflow, served, violations
from tests.link_things import a_link


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("choices")
    return create_app(databases.settings(databases.copy_sqlite(folder, "pages")))


@pytest.fixture(scope="module")
def places(app: Flask) -> dict[str, str]:
    """The addresses of the pages; of a contact who is away and one who wants no reminders."""
    clock = app.extensions["clock"]
    moment = clock.moment()
    with app.app_context(), unit_of_work() as session:
        scene = pathway_stage.a_scene(session)
        pathway_stage.agreed(session, scene, moment)
        of = scene.relation.id
        piet = stage.a_contact(session, scene.relation, Role.CONTACT, name="Piet Puk").person_id
        span = Span(moment.today, moment.today + timedelta(days=9))
        kim = scene.signatory.person_id or 0
        plan_absence(session, scene.signatory, moment, of, kim, deputy_id=piet, span=span)
        silent = stage.a_contact(session, scene.relation, Role.CONTACT, name="Stille Wim").person_id
        choose_mail(session, moment, silent, MailRhythm.NONE)
        choice, not_me = LinkPurpose.MAIL_CHOICE, LinkPurpose.WRONG_PERSON
        now = clock.real_now()
        buyer = open_session(
            session, now, scene.buyer.person_id or 0, Side.BUYER, scene.customer.id
        )
        return {
            "choice": f"/portal/mail/{a_link(app, session, now, kim, of, purpose=choice)[1]}",
            "silent": f"/portal/mail/{a_link(app, session, now, silent, of, purpose=choice)[1]}",
            "away": f"/portal/mail/{a_link(app, session, now, kim, of, purpose=choice)[1]}/away",
            "not-me": f"/portal/not-me/{a_link(app, session, now, piet, of, purpose=not_me)[1]}",
            "supplier": f"/suppliers/{of}",
            "record": f"/suppliers/{of}/contact/away",
            "mail": f"/suppliers/{of}/mail",
            "log-in": buyer,
        }


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    with served(app) as address:
        yield address


@pytest.mark.parametrize(
    "name", ["choice", "silent", "away", "not-me", "supplier", "record", "mail"]
)
def test_the_page_is_clean_and_narrow_enough(
    app: Flask, page: Page, places: dict[str, str], address: str, name: str
) -> None:
    if name in ("supplier", "record", "mail"):
        with app.test_request_context():
            signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
            value = signer.dumps({"_user_id": places["log-in"], "_fresh": True})
        cookie = {"name": app.config["SESSION_COOKIE_NAME"], "value": value, "url": address}
        page.context.add_cookies([cookie])  # type: ignore[list-item]
    folder = os.environ.get("PHOTOS")
    for width in (375, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        answer = page.goto(places[name])
        assert answer is not None and answer.status == 200
        assert overflow(page) <= 0
        if folder:
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    assert violations(page) == ""
