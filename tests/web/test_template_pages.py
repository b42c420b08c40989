"""Templates on pages: looked at by all, edited by managers, chosen by buyers."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.people import Role
from onboarding.store.tables import OrganisationRow, PathwayRow, TemplateRow
from tests import stage
from tests.web.elements import elements


@pytest.fixture
def customer(session: Session) -> OrganisationRow:
    return stage.a_customer(session)


def logged_in(
    app: Flask, session: Session, moment: Moment, customer: OrganisationRow, role: Role
) -> FlaskClient:
    person = stage.a_user(session, customer, role)
    return stage.log_in(app.test_client(), session, moment.now, person, customer)


@pytest.fixture
def manager(app: Flask, session: Session, moment: Moment, customer: OrganisationRow) -> FlaskClient:
    return logged_in(app, session, moment, customer, Role.MANAGER)


@pytest.fixture
def buyer(app: Flask, session: Session, moment: Moment, customer: OrganisationRow) -> FlaskClient:
    return logged_in(app, session, moment, customer, Role.BUYER)


def filled(client: FlaskClient, address: str) -> dict[str, Any]:
    """What the form at the address would send, as a browser does."""
    form = elements(client.get(address).text).one("main").all("form")[0]
    sent: dict[str, Any] = {}
    for field in form.all("input"):
        name, kind = field["name"], field.get("type")
        if kind in ("checkbox", "radio") and field.get("checked") is None:
            continue
        value = field.get("value") or ""
        sent[name] = [*sent[name], value] if name in sent else [value]
    sent |= {area["name"]: area.text.strip() for area in form.all("textarea")}
    for choice in form.all("select"):
        sent[choice["name"]] = next(
            (o["value"] for o in choice.all("option") if o.get("selected") is not None), ""
        )
    return sent


def errors(text: str) -> dict[str, str]:
    """The messages of the summary, by the field to which each leads."""
    summary = elements(text).one("section", class_="error-summary")
    return {link["href"]: link.text for link in summary.all("a")}


def saved(session: Session, code: str) -> TemplateRow:
    rows = select(TemplateRow).where(TemplateRow.code == code)
    return session.scalars(rows.order_by(TemplateRow.version.desc())).first()  # type: ignore[return-value]


def test_everybody_reads_what_there_is(
    app: Flask, session: Session, moment: Moment, customer: OrganisationRow
) -> None:
    reader = logged_in(app, session, moment, customer, Role.READER)
    text = reader.get("/templates").text
    assert "Direct naar een trede" in text and "32 weken" in text
    shown = reader.get("/templates/straight").text
    assert "na 31 weken" in shown and "Nulmeting" in shown
    assert "/templates/new" not in text and "/templates/straight/edit" not in shown


def test_saving_unchanged_keeps_our_words_as_codes(manager: FlaskClient, session: Session) -> None:
    answer = manager.post(
        "/templates/straight/edit", data=filled(manager, "/templates/straight/edit")
    )
    assert answer.status_code == 303
    row = saved(session, "straight")
    came_with = select(TemplateRow).where(TemplateRow.code == "straight", TemplateRow.version == 1)
    first = session.scalars(came_with).one()
    assert (row.version, row.title) == (2, "straight")
    assert row.content == first.content
    assert "geen verschil met versie 1" in manager.get(answer.location).text


def test_own_words_stand_as_they_were_typed(manager: FlaskClient, session: Session) -> None:
    form = filled(manager, "/templates/straight/edit")
    form |= {
        "title": "Snel naar de trede",
        "summary": "Voor wie haast heeft.",
        "target": "trede-2",
        "title-1": "Account aanmaken",
        "explanation-0": "Zet er een handtekening onder.",
        "evidence-0": ["plan", "quote"],
        "weeks-0": "1",
        "months-10": "8",
        "weeks-10": "",
        "is_yearly-10": "1",
    }
    assert manager.post("/templates/straight/edit", data=form).status_code == 303
    row = saved(session, "straight")
    assert (row.title, row.content["summary"]) == ("Snel naar de trede", "Voor wie haast heeft.")
    assert row.content["target"] == "trede-2"
    first, second, last = row.content["steps"][0], row.content["steps"][1], row.content["steps"][-1]
    assert (first["title"], first["weeks"]) == ("agreement", 1)
    assert first["explanation"] == "Zet er een handtekening onder."
    assert first["evidence"] == ["plan", "quote"]
    assert second["title"] == "Account aanmaken" and second["explanation"]
    assert (last["months"], last["weeks"], last["is_yearly"]) == (8, 0, True)


def test_the_list_is_changed_by_its_buttons_and_nothing_is_lost(
    manager: FlaskClient, session: Session
) -> None:
    form = filled(manager, "/templates/social-enterprise/edit")
    form |= {"title-0": "Bewijs", "weeks-0": "veel", "do": "insert-0"}
    page = elements(manager.post("/templates/social-enterprise/edit", data=form).text)
    titles = [page.one("input", id=f"title-{n}")["value"] for n in range(4)]
    assert titles == ["Bewijs", "", "Registercontrole", "Jaarlijkse controle van de erkenning"]
    assert page.one("input", id="weeks-0")["value"] == "veel"
    assert session.scalar(select(func.max(TemplateRow.version))) == 1


def test_everything_wrong_is_told_at_once_by_step_and_field(
    manager: FlaskClient, session: Session
) -> None:
    form = filled(manager, "/templates/straight/edit")
    form |= {
        "title": "",
        "title-0": "",
        "weeks-1": "1",
        "weeks-2": "veel",
        "owner-3": "nobody",
        "evidence-4": "passport",
        "weeks-10": "200",
    }
    answer = manager.post("/templates/straight/edit", data=form)
    assert answer.status_code == 400
    assert errors(answer.text) == {
        "#title": "Naam: Vul dit in.",
        "#title-0": "Stap 1, wat: Vul dit in.",
        "#weeks-1": "Stap 2, weken: Dit komt eerder dan de stap erboven. "
        "Zet de stap hoger, of kies een later moment.",
        "#weeks-2": "Stap 3, weken: Vul een heel getal in, zoals 12.",
        "#owner-3": "Stap 4, wie: nobody is geen van de keuzes.",
        "#evidence-4-0": "Stap 5, bewijs: passport is geen van de keuzes.",
        "#weeks-10": "Stap 11, weken: Volgens het beleid duurt een ontwikkelpad hooguit "
        "31 maanden. Kies een eerder moment.",
    }
    page = elements(answer.text)
    assert page.one("input", id="weeks-2")["value"] == "veel"
    assert page.one("input", id="title-5")["value"] == "Bewijslast en kwaliteitseisen op orde"
    form = {name: value for name, value in form.items() if not name[-1].isdigit()}
    empty = manager.post("/templates/straight/edit", data=form | {"count": "0", "title": "x"})
    assert "Er is minstens één stap nodig" in empty.text
    assert session.scalar(select(func.max(TemplateRow.version))) == 1


def test_the_second_of_two_is_told_and_can_save_after_the_first(
    manager: FlaskClient, session: Session
) -> None:
    seen = filled(manager, "/templates/straight/edit")
    assert manager.post("/templates/straight/edit", data=seen | {"weeks-0": "1"}).status_code == 303
    answer = manager.post("/templates/straight/edit", data=seen | {"weeks-0": "3"})
    assert answer.status_code == 400
    page = elements(answer.text)
    assert "u zag versie 1, het is nu versie 2" in page.one("section", class_="error-summary").text
    assert page.one("input", id="weeks-0")["value"] == "3"
    assert saved(session, "straight").content["steps"][0]["weeks"] == 1
    again = seen | {"weeks-0": "3", "seen": page.one("input", id="seen")["value"]}
    assert manager.post("/templates/straight/edit", data=again).status_code == 303
    assert saved(session, "straight").version == 3
    changed = elements(manager.get("/templates/straight").text).one("section", id="changes").text
    assert "Afspraak vastgelegd" in changed and "1 week" in changed and "3 weken" in changed
    older = manager.get("/templates/straight/versions/1").text
    assert "Dit is versie 1. Inkopers kiezen nu versie 3." in older
    assert manager.get("/templates/straight/versions/9").status_code == 404


def test_a_copy_and_an_empty_beginning_become_templates_of_ones_own(
    manager: FlaskClient, session: Session
) -> None:
    form = filled(manager, "/templates/new?from=no-certificate")
    assert form["title"] == ["Kopie van Kan geen certificaat halen"]
    answer = manager.post("/templates/new?from=no-certificate", data=form)
    assert answer.location == "/templates/own-1"
    copied = saved(session, "own-1")
    assert copied.title == "Kopie van Kan geen certificaat halen"
    assert copied.content["steps"] == saved(session, "no-certificate").content["steps"]
    form = filled(manager, "/templates/new")
    form |= {"title": "Eén stap", "summary": "Voor iedereen.", "title-0": "Bellen", "weeks-0": "2"}
    assert manager.post("/templates/new", data=form).location == "/templates/own-2"
    assert manager.get("/templates/new?from=own-9").status_code == 404


def test_a_retired_template_is_not_among_the_choices(
    manager: FlaskClient, buyer: FlaskClient, session: Session, customer: OrganisationRow
) -> None:
    relation = stage.a_relation(session, customer)
    session.commit()
    begin = f"/suppliers/{relation.id}/pathway/new"
    assert "Via de Aspirant-status" in buyer.get(begin).text
    assert manager.post("/templates/through-aspirant/retire").status_code == 303
    assert "Via de Aspirant-status" not in buyer.get(begin).text
    assert manager.get("/templates/through-aspirant/edit").status_code == 302
    refused = buyer.post(begin, data={"template": "through-aspirant", "starts_on": "2026-12-01"})
    assert refused.status_code == 400
    manager.post("/templates/through-aspirant/restore")
    assert "Via de Aspirant-status" in buyer.get(begin).text
    for code in ("straight", "through-aspirant", "social-enterprise", "no-certificate"):
        manager.post(f"/templates/{code}/retire")
    assert "Er is geen sjabloon om te kiezen" in buyer.get(begin).text


def test_a_wished_day_leads_to_a_start_day(
    buyer: FlaskClient, session: Session, customer: OrganisationRow
) -> None:
    relation = stage.a_relation(session, customer)
    session.commit()
    begin = f"/suppliers/{relation.id}/pathway/new"
    asked = {"template": "straight", "target": "template", "counted": "certificate"}
    late = buyer.post(begin, data=asked | {"wished_on": "2027-03-01", "do": "show"}).text
    assert "Dan had u op maandag 27 juli 2026 (120 dagen geleden) moeten beginnen." in late
    refused = buyer.post(begin, data=asked | {"wished_on": "2027-03-01"})
    assert refused.status_code == 400
    assert "op dinsdag 29 juni 2027" in errors(refused.text)["#wished_on"]
    earliest = buyer.post(begin, data=asked | {"wished_on": "2027-03-01", "do": "earliest"}).text
    assert "begint op dinsdag 24 november 2026 (vandaag)" in earliest
    assert elements(earliest).one("input", id="starts_on")["value"] == "2026-11-24"
    empty = buyer.post(begin, data=asked)
    assert errors(empty.text).keys() == {"#wished_on"}
    mistyped = buyer.post(begin, data=asked | {"wished_on": "9999-12-31"})
    assert mistyped.status_code == 400
    assert session.scalars(select(PathwayRow)).first() is None
    made = buyer.post(begin, data=asked | {"wished_on": "2027-10-01"})
    assert made.status_code == 303
    row = session.scalars(select(PathwayRow)).one()
    assert (row.starts_on.isoformat(), row.target) == ("2027-02-26", "trede-1")
    far = {"starts_on": "9999-12-31", "count": "1", "do": "shift", "revision": "0"}
    far |= {"title-0": "plan", "due-0": "2027-03-01"}
    assert buyer.post(f"/pathways/{row.id}/edit", data=far).status_code == 400
    overview = buyer.get(f"/pathways/{row.id}").text
    assert "/templates/straight/versions/1" in overview


def test_a_second_click_saves_no_second_template(
    manager: FlaskClient, session: Session, clock: Any
) -> None:
    form = filled(manager, "/templates/new?from=no-certificate")
    assert manager.post("/templates/new?from=no-certificate", data=form).status_code == 303
    again = manager.post("/templates/new?from=no-certificate", data=form)
    assert again.status_code == 409 and "zojuist al en het is vastgelegd" in again.text
    other = manager.post("/templates/new?from=no-certificate", data=form | {"title": "Anders"})
    assert other.location == "/templates/own-2"
    clock.forward(minutes=2)
    later = manager.post("/templates/new?from=no-certificate", data=form)
    assert later.location == "/templates/own-3"
