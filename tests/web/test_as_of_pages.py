"""What we held for a day at an instant: on a page, all of it in the address."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from onboarding.domain.people import Role
from onboarding.services.relations import enrol_supplier
from onboarding.store.database import unit_of_work
from onboarding.store.tables import OrganisationRow, RelationRow
from tests import pathway_stage, stage
from tests.settable_clock import SettableClock
from tests.web.elements import elements

DAY = timedelta(days=1)


@pytest.fixture
def scene(session: Session, clock: SettableClock, customer: OrganisationRow):
    """Added and enrolled on 24 November 2026 at ten, an agreement two days later."""
    session.commit()
    with unit_of_work():
        buyer = stage.user_actor(session, customer)
        row = stage.a_relation(
            session,
            customer,
            buyer_id=buyer.person_id,
            created_at=clock.moment().now,
            created_on=clock.moment().today,
        )
        enrol_supplier(session, buyer, clock.moment(), row.id)
        later = clock.forward(days=2)
        scene = pathway_stage.Scene(
            customer=customer,
            relation=row,
            buyer=buyer,
            manager=buyer,
            signatory=stage.contact_actor(session, row, Role.SIGNATORY),
        )
        pathway_stage.agreed(session, scene, later)
    return scene


def asked(client: FlaskClient, relation: RelationRow, on: str = "", at: str = ""):
    return client.get(f"/suppliers/{relation.id}/as-of", query_string={"on": on, "at": at})


def test_it_tells_today_as_known_now(scene, as_reader: FlaskClient) -> None:
    answer = asked(as_reader, scene.relation)
    assert answer.status_code == 200
    main = elements(answer.text).one(id="main")
    assert "Vrijgegeven, met afspraken" in main.one(id="held").text
    assert "Voor donderdag 26 november 2026" in main.one(id="held").text
    assert main.one("input", name="on")["value"] == "2026-11-26"
    assert main.one("input", name="at")["value"] == "2026-11-26T10:00"
    agreed = main.one(id="agreed")
    assert "versie 1" in agreed.text and "SHA-256" in agreed.text
    assert agreed.one("a")["href"].endswith("/versions/1.pdf")
    assert "versie 1" in main.one(id="policy").text


def test_what_came_later_is_left_out(scene, as_reader: FlaskClient) -> None:
    answer = asked(as_reader, scene.relation, "2026-11-26", "2026-11-26T09:59")
    main = elements(answer.text).one(id="main")
    assert "In gesprek" in main.one(id="held").text
    assert "Er was nog niets afgesproken." in main.one(id="agreed").text
    # The minute that is typed is in it.
    answer = asked(as_reader, scene.relation, "2026-11-26", "2026-11-26T10:00")
    assert "Vrijgegeven, met afspraken" in elements(answer.text).one(id="held").text


def test_a_day_to_come_is_told_as_expected(scene, as_reader: FlaskClient) -> None:
    answer = asked(as_reader, scene.relation, "2027-06-01")
    assert answer.status_code == 200
    assert "Loopt achter" in elements(answer.text).one(id="held").text


@pytest.mark.parametrize(
    ("on", "at", "field", "told"),
    [
        ("2026-11-26", "2026-11-27T10:00", "at", "Kies een tijdstip tot en met nu."),
        ("2026-11-26", "2026-11-20T10:00", "at", "Hij is toegevoegd op dinsdag 24 november 2026"),
        (
            "2026-11-20",
            "2026-11-26T10:00",
            "on",
            "wij kennen deze leverancier sinds dinsdag 24 november 2026",
        ),
        ("26-11-2026", "2026-11-26T10:00", "on", ""),
        ("2026-11-26", "gisteren", "at", ""),
        ("2026-11-26", "0001-01-01T00:00", "at", ""),
    ],
)
def test_what_has_no_answer_says_why(
    scene, as_reader: FlaskClient, on: str, at: str, field: str, told: str
) -> None:
    answer = asked(as_reader, scene.relation, on, at)
    assert answer.status_code == 400
    main = elements(answer.text).one(id="main")
    assert told in main.one(id=f"{field}-error").text
    given = {name: main.one("input", name=name)["value"] for name in ("on", "at")}
    assert given == {"on": on, "at": at}, "nothing that was typed is lost"


def test_it_is_linked_from_the_supplier(scene, as_reader: FlaskClient) -> None:
    page = elements(as_reader.get(f"/suppliers/{scene.relation.id}").text)
    links = [a["href"] for a in page.one(id="history").all("a")]
    assert f"/suppliers/{scene.relation.id}/as-of" in links


def test_the_hour_that_comes_twice_ends_with_its_second(
    scene, clock: SettableClock, log_in_as, session: Session, customer: OrganisationRow
) -> None:
    """On 31 October 2027 the clock goes back from three to two."""
    clock.forward(days=400)
    reader = log_in_as(stage.a_user(session, customer, Role.READER))
    answer = asked(reader, scene.relation, "2027-10-31", "2027-10-31T02:30")
    assert answer.status_code == 200
    assert "02:30" in elements(answer.text).one(id="held").text


@pytest.mark.parametrize(("form", "mimetype"), [("pdf", "application/pdf"), ("json", None)])
def test_a_dossier_is_taken_along_and_that_is_told(
    scene, as_reader: FlaskClient, form: str, mimetype: str | None
) -> None:
    page = elements(asked(as_reader, scene.relation).text).one(id="dossier")
    assert [one["value"] for one in page.all("input", name="form")] == ["pdf", "json"]
    address = f"/suppliers/{scene.relation.id}/dossier"
    answer = as_reader.post(address, data={"form": form})
    assert answer.status_code == 200
    assert answer.mimetype == (mimetype or "application/json")
    assert (
        f"dossier-id-{scene.relation.id}-2026-11-26.{form}" in answer.headers["Content-Disposition"]
    )
    history = elements(as_reader.get(f"/suppliers/{scene.relation.id}").text).one(id="history")
    assert f"nam het hele dossier mee, als {form}" in history.text
    assert as_reader.post(address, data={"form": "xml"}).status_code == 400
