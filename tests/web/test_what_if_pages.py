"""What if: a supplier's status is shown as it would run, and nothing is written."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from onboarding.domain.people import Role
from onboarding.store.tables import PersonRow
from tests import pathway_stage, stage
from tests.pathway_stage import Scene
from tests.web.elements import Element, elements

DAY = timedelta(days=1)


@pytest.fixture
def scene(session: Session, moment: Any) -> Scene:
    scene = pathway_stage.a_scene(session)
    pathway_stage.agreed(session, scene, moment)
    session.commit()
    return scene


@pytest.fixture
def buyer(client: FlaskClient, session: Session, moment: Any, scene: Scene) -> FlaskClient:
    person = session.get_one(PersonRow, scene.buyer.person_id)
    return stage.log_in(client, session, moment.now, person, scene.customer)


@contextmanager
def nothing_written(session: Session) -> Iterator[None]:
    written: list[str] = []

    def heard(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.split()[0] in ("INSERT", "UPDATE", "DELETE"):
            written.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", heard)
    yield
    event.remove(connection, "before_cursor_execute", heard)
    assert [one for one in written if "user_sessions" not in one] == []


def asked(client: FlaskClient, scene: Scene, status: int = 200, **given: Any) -> Element:
    address = f"/suppliers/{scene.relation.id}/what-if"
    answer = client.get(address, query_string=given)
    assert answer.status_code == status, answer.text
    return elements(answer.text)


def test_the_page_asks_first(buyer: FlaskClient, scene: Scene) -> None:
    shown = asked(buyer, scene)
    assert "Wat wilt u bekijken?" in shown.one(id="main").text
    options = [one.text for one in shown.one("select", id="milestone_id").all("option")]
    assert options[0] == "Zoals het is"
    assert options[1].startswith("Plan van aanpak met")
    assert len(options) == 5


def test_it_shows_both_timelines_and_where_they_differ(
    buyer: FlaskClient, session: Session, moment: Any, scene: Scene
) -> None:
    steps = asked(buyer, scene).one("select", id="milestone_id").all("option")
    step_id = next(one["value"] for one in steps if one.text.startswith("Plan van"))
    new_day = moment.today + 60 * DAY
    with nothing_written(session):
        shown = asked(buyer, scene, milestone_id=step_id, due_on=new_day.isoformat())
    differences = shown.one(id="differences").text
    assert "Vrijgegeven, met afspraken in plaats van Loopt achter" in differences
    assert "anders dan nu" in shown.one(id="then").text
    assert "Loopt achter" in shown.one(id="now").text
    links = [link["href"] for link in shown.one(id="seen").all("a")]
    assert len(links) == 1 and links[0].startswith("/pathways/") and links[0].endswith("/change")
    assert shown.one("input", id="due_on")["value"] == new_day.isoformat()


def test_a_grant_is_supposed_and_the_act_is_one_step_away(
    buyer: FlaskClient, moment: Any, scene: Scene
) -> None:
    until = (moment.today + 30 * DAY).isoformat()
    shown = asked(buyer, scene, granted_until=until)
    links = [link["href"] for link in shown.one(id="seen").all("a")]
    assert links == [f"/suppliers/{scene.relation.id}/decisions/new/grant"]


def test_what_changes_nothing_says_so(buyer: FlaskClient, scene: Scene) -> None:
    shown = asked(buyer, scene, cure_working_days="10")
    assert "De status zou net zo lopen als nu." in shown.one(id="seen").text


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"due_on": "2027-03-01"}, "milestone_id", "Kies de stap"),
        ({"certificate_ends_on": "2027-03-01"}, "certificate_id", "Kies het certificaat"),
        ({"cure_working_days": "9"}, "cure_working_days", "Kies een getal van 10 tot en met 60"),
        ({"cure_working_days": "x"}, "cure_working_days", ""),
        ({"granted_until": "2026-01-01"}, "granted_until", "Deze dag is voorbij"),
        ({"granted_until": "morgen"}, "granted_until", ""),
        ({"milestone_id": "999", "due_on": "2027-03-01"}, "milestone_id", ""),
    ],
)
def test_a_mistake_is_told_at_its_field_and_nothing_is_lost(
    buyer: FlaskClient, session: Session, scene: Scene, given: dict[str, str], field: str, said: str
) -> None:
    with nothing_written(session):
        shown = asked(buyer, scene, 422, **{"granted_until": "2027-02-02", **given})
    assert said in shown.one(id=f"{field}-error").text
    assert shown.one("title").text.startswith("Fout:")
    for name, value in given.items():
        if name not in ("milestone_id", "certificate_id"):
            assert shown.one("input", id=name)["value"] == value


def test_an_empty_question_says_what_to_do(buyer: FlaskClient, scene: Scene) -> None:
    shown = asked(buyer, scene, 422, milestone_id="", due_on="")
    assert "Vul ten minste één ding in" in shown.one(id="main").text


def test_a_reader_looks_and_is_led_to_no_act(
    client: FlaskClient, session: Session, moment: Any, scene: Scene
) -> None:
    person = stage.a_user(session, scene.customer, Role.READER)
    reader = stage.log_in(client, session, moment.now, person, scene.customer)
    shown = asked(reader, scene, granted_until="2027-02-02")
    assert shown.one(id="seen").all("a") == []
