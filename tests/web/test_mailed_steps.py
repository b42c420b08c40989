"""The link of a mail opens its step without a log-in: a GET shows, a POST does."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.people import Actor, Role
from onboarding.services.contacts import retire_contact
from onboarding.services.evidence_checks import LARGEST
from onboarding.services.pathway.milestones import (
    accept_milestone,
    return_milestone,
    submit_milestone,
)
from onboarding.services.pathway.negotiation import stop_pathway
from onboarding.store.tables import (
    ContactRow,
    DateRequestRow,
    EventRow,
    EvidenceRow,
    LoginLinkRow,
    LoginSessionRow,
    MessageRow,
    MilestoneRow,
    PersonRow,
    TaskRow,
)
from tests import pathway_stage, stage
from tests.conftest import SettableClock
from tests.files import a_pdf, a_picture
from tests.link_things import a_link
from tests.pathway_stage import Scene
from tests.web.elements import elements

BSN = "111222333"


@pytest.fixture
def scene(session: Session) -> Scene:
    return pathway_stage.a_scene(session)


@pytest.fixture
def steps(session: Session, moment: Moment, scene: Scene) -> list[MilestoneRow]:
    _, steps = pathway_stage.agreed(session, scene, moment)
    session.commit()
    return steps


@pytest.fixture
def where(app: Flask, session: Session, clock: SettableClock, scene: Scene, steps: Any) -> str:
    """The address that was mailed to the signatory about the first step."""
    return mailed_to(app, session, clock, scene.signatory, steps[0])


def mailed_to(
    app: Flask, session: Session, clock: SettableClock, actor: Actor, step: MilestoneRow
) -> str:
    assert actor.person_id is not None
    now = clock.real_now()
    _, token = a_link(app, session, now, actor.person_id, step.relation_id, step.id)
    return f"/portal/step/{token}"


def send(
    client: FlaskClient, where: str, *files: bytes, action: str = "send", **fields: Any
) -> Any:
    data = {"note": "Ons plan is klaar.", "action": action, **fields}
    data["files"] = [(io.BytesIO(content), f"plan-{n}.pdf") for n, content in enumerate(files)]
    return client.post(where, data=data, content_type="multipart/form-data")


def count(session: Session, table: Any) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_the_page_shows_the_step_and_nothing_else(
    client: FlaskClient, session: Session, where: str, scene: Scene, steps: list[MilestoneRow]
) -> None:
    answer = client.get(where)
    assert answer.status_code == 200
    assert "Plan van aanpak" in answer.text and "Klaar, versturen" in answer.text
    assert "Deze link is voor" in answer.text
    assert "MijnPSO-account" not in answer.text  # the next step
    page = elements(answer.text)
    links = [link["href"] for link in page.one("main").all("a")]
    assert links and all(link.startswith((where, "#", "tel:", "mailto:")) for link in links), links


def test_it_is_kept_by_nobody_and_its_address_goes_nowhere(client: FlaskClient, where: str) -> None:
    for method in (client.get, client.post):
        headers = method(where).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "strict-origin"
    gone = client.get(f"/portal/step/{'x' * 43}")
    assert gone.headers["Referrer-Policy"] == "strict-origin"


def test_a_step_is_sent_with_files_and_nobody_is_logged_in(
    client: FlaskClient, session: Session, where: str, steps: list[MilestoneRow], scene: Scene
) -> None:
    before = count(session, LoginSessionRow)
    answer = send(client, where, a_pdf(), a_picture(), is_clean="y")
    assert (answer.status_code, answer.location) == (303, where)
    session.refresh(steps[0])
    assert (steps[0].state, steps[0].last_note) == ("submitted", "Ons plan is klaar.")
    event = session.scalars(select(EventRow).where(EventRow.code == "milestone-submitted")).one()
    assert event.actor_id == scene.signatory.person_id
    page = client.get(where).text
    assert "plan-0.pdf" in page and "/download" not in page
    assert "Klaar, versturen" not in page and "Wij lezen dit sinds" in page
    assert count(session, LoginSessionRow) == before
    assert client.get(f"/portal/{steps[0].relation_id}").status_code == 303  # to log in


def test_the_second_click_is_told_and_does_nothing(
    client: FlaskClient, session: Session, where: str, steps: list[MilestoneRow]
) -> None:
    assert send(client, where, a_picture(), is_clean="y").status_code == 303
    events, mails = count(session, EventRow), count(session, MessageRow)
    for again in (
        send(client, where, a_picture(), is_clean="y"),
        send(client, where),
        send(client, where, action="save"),
    ):
        assert again.status_code == 409
        assert "iemand was u voor, of u drukte twee keer" in again.text
        assert elements(again.text).one("main").one("a")["href"] == where
    assert (count(session, EventRow), count(session, MessageRow)) == (events, mails)
    assert count(session, EvidenceRow) == 1
    question = {"text": "Mag het ook anders?"}
    assert client.post(f"{where}/question", data=question).status_code == 303
    twice = client.post(f"{where}/question", data=question)
    assert twice.status_code == 409 and "zojuist al" in twice.text
    assert count(session, TaskRow) == 1


def test_a_promise_is_needed_and_what_was_typed_stays(
    client: FlaskClient, session: Session, where: str
) -> None:
    answer = send(client, where, a_pdf())
    assert answer.status_code == 422 and "Bevestig dat er geen persoonsgegevens" in answer.text
    assert "Ons plan is klaar." in client.get(where).text
    assert count(session, EvidenceRow) == 0


def test_a_suspect_number_is_asked_about_on_the_spot(
    client: FlaskClient, session: Session, where: str, steps: list[MilestoneRow]
) -> None:
    answer = send(client, where, a_pdf(f"order {BSN}"), is_clean="y")
    file = session.scalars(select(EvidenceRow)).one()
    asks = f"{where}/files/{file.id}"
    assert (answer.status_code, answer.location) == (303, asks)
    assert asks in client.get(where).text
    page = client.get(asks).text
    assert "••••••333" in page and BSN not in page
    assert client.post(asks, data={"action": "explain"}).status_code == 422
    answer = client.post(asks, data={"action": "explain", "number-0-kind": "reference"})
    assert (answer.status_code, answer.location) == (303, where)
    assert client.get(asks).location == where
    assert send(client, where).status_code == 303
    session.refresh(steps[0])
    assert steps[0].state == "submitted"


def test_what_does_not_work_out_is_told(
    client: FlaskClient, session: Session, where: str, steps: list[MilestoneRow]
) -> None:
    day = (steps[0].due_on + timedelta(days=14)).isoformat()
    assert client.get(f"{where}/date").status_code == 200
    assert client.post(f"{where}/date", data={"wished_on": day}).status_code == 422
    asked = client.post(f"{where}/date", data={"wished_on": day, "reason": "Verhuizing"})
    assert (asked.status_code, asked.location) == (303, where)
    assert session.scalars(select(DateRequestRow.kind)).all() == ["another-date"]
    assert "U vroeg " in client.get(where).text
    request = session.scalars(select(DateRequestRow)).one()
    back = client.post(f"{where}/requests/{request.id}/take-back")
    assert (back.status_code, back.location) == (303, where)
    assert "nam dat terug" in client.get(where).text
    late = {"new_day": day, "reason": "De auditor is ziek."}
    assert client.post(f"{where}/delay", data=late).status_code == 303
    assert client.post(f"{where}/question", data={"text": "Hoe lang?"}).location == where


def test_an_adviser_fills_in_and_does_not_send(
    app: Flask,
    client: FlaskClient,
    session: Session,
    clock: SettableClock,
    scene: Scene,
    steps: list[MilestoneRow],
) -> None:
    adviser = stage.contact_actor(session, scene.relation, Role.ADVISER)
    where = mailed_to(app, session, clock, adviser, steps[0])
    page = client.get(where).text
    assert "Klaar, versturen" not in page and "Bewaren voor later" in page
    assert send(client, where).status_code == 403
    assert client.get(f"{where}/date").status_code == 403
    assert send(client, where, action="save").location == where
    session.refresh(steps[0])
    assert steps[0].state == "planned"


def test_a_returned_step_says_what_is_missing(
    client: FlaskClient,
    session: Session,
    where: str,
    scene: Scene,
    steps: list[MilestoneRow],
    moment,
) -> None:
    submit_milestone(session, scene.signatory, moment, steps[0].id, note="Klaar")
    return_milestone(session, scene.buyer, moment, steps[0].id, note="De handtekening ontbreekt")
    session.commit()
    assert "De handtekening ontbreekt" in client.get(where).text
    assert send(client, where).status_code == 303


def test_a_step_that_is_done_says_so(
    client: FlaskClient,
    session: Session,
    where: str,
    scene: Scene,
    steps: list[MilestoneRow],
    moment,
) -> None:
    submit_milestone(session, scene.signatory, moment, steps[0].id, note="Klaar")
    accept_milestone(session, scene.buyer, moment, steps[0].id)
    session.commit()
    page = client.get(where)
    assert page.status_code == 200 and "Deze stap is klaar." in page.text
    assert "Mail mij een link om in te loggen" in page.text
    assert send(client, where).status_code == 409


def test_a_pathway_that_stopped_asks_nothing(
    client: FlaskClient,
    session: Session,
    where: str,
    scene: Scene,
    steps: list[MilestoneRow],
    moment,
) -> None:
    stop_pathway(session, scene.signatory, moment, steps[0].pathway_id, reason="Te veel werk")
    session.commit()
    page = client.get(where).text
    assert "Wij vragen dit niet meer." in page and "Klaar, versturen" not in page


Gone = Callable[[Session, Scene, SettableClock], object]


def _retire(session: Session, scene: Scene, clock: SettableClock) -> None:
    contact = session.scalars(select(ContactRow)).one()
    retire_contact(session, scene.buyer, clock.moment(), scene.relation.id, contact.id)
    # Also where somebody is invited anew, the links from before stay worthless.
    contact.retired_at = None


def _retire_only(session: Session, scene: Scene, clock: SettableClock) -> None:
    session.scalars(select(ContactRow)).one().retired_at = clock.moment().now


def _end(session: Session, scene: Scene, clock: SettableClock) -> None:
    scene.relation.ended_on = clock.moment().today


def _late(session: Session, scene: Scene, clock: SettableClock) -> None:
    clock.forward(days=14)


@pytest.mark.parametrize("gone", [_retire, _retire_only, _end, _late])
def test_a_link_that_ended_says_how_to_get_in(
    client: FlaskClient,
    session: Session,
    clock: SettableClock,
    where: str,
    scene: Scene,
    steps: list[MilestoneRow],
    gone: Gone,
) -> None:
    assert client.get(where).status_code == 200
    gone(session, scene, clock)
    session.commit()
    for answer in (client.get(where), send(client, where), client.get(f"{where}/date")):
        assert answer.status_code == 410
        assert "Deze link werkt niet meer" in answer.text
        assert "/portal/log-in" in answer.text
    session.refresh(steps[0])
    assert steps[0].state == "planned"


def test_it_works_on_the_last_day_and_more_than_once(
    client: FlaskClient, clock: SettableClock, where: str
) -> None:
    clock.forward(days=13, hours=23)
    assert [client.get(where).status_code for _ in range(3)] == [200, 200, 200]
    assert send(client, where, action="save").status_code == 303
    assert send(client, where, action="save").status_code == 303


def test_the_rest_is_there_by_a_link_to_log_in(
    client: FlaskClient, session: Session, where: str, scene: Scene, steps: list[MilestoneRow]
) -> None:
    assert client.get(f"{where}/log-in").status_code == 405
    for _ in range(5):
        assert client.post(f"{where}/log-in").location == where
    assert client.post(f"{where}/log-in").status_code == 429
    message = session.scalars(select(MessageRow).where(MessageRow.kind == "login-link")).first()
    assert message is not None and message.person_id == scene.signatory.person_id
    assert message.facts["next"] == f"/portal/{scene.relation.id}/steps/{steps[0].id}"


def test_who_comes_by_link_may_send_a_large_file_and_a_stranger_may_not(
    client: FlaskClient, where: str
) -> None:
    large = a_pdf() + bytes(LARGEST + 2 * 1024 * 1024)
    assert send(client, where, large, is_clean="y").status_code == 422
    assert send(client, f"/portal/step/{'x' * 43}", large).status_code == 413


def test_the_page_speaks_the_language_of_the_mail(
    client: FlaskClient, session: Session, where: str, scene: Scene
) -> None:
    link = session.scalars(select(LoginLinkRow)).one()
    assert "Klaar, versturen" in client.get(where, headers={"Accept-Language": "en"}).text
    session.get_one(PersonRow, link.person_id).locale = "en"
    session.commit()
    assert "Done, send" in client.get(where, headers={"Accept-Language": "nl"}).text
    client.post("/language", data={"locale": "nl", "next": where})
    assert "Klaar, versturen" in client.get(where).text


def test_our_own_form_needs_no_log_in(
    app: Flask, client: FlaskClient, session: Session, where: str, monkeypatch, steps
) -> None:
    """The page's form holds what protects it, tied to the cookie that came with the page."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(where).text)
    assert token
    data = {"note": "Klaar", "action": "send", "csrf_token": token.group(1)}
    assert client.post(where, data={**data, "csrf_token": "x"}).status_code == 400
    assert app.test_client().post(where, data=data).status_code == 400
    # A browser tells only the name of the site; that is enough over https too.
    url = {"base_url": "https://localhost", "headers": {"Referer": "https://localhost/"}}
    assert client.post(where, data=data).status_code == 303
    assert client.post(where, data=data, **url).status_code in (400, 409)
    session.refresh(steps[0])
    assert steps[0].state == "submitted"
