"""One thing for many suppliers on the pages: picked, shown, confirmed, followed, taken back."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from onboarding.domain.people import Role
from onboarding.services.relations import enrol_supplier
from onboarding.services.suppliers import add_supplier
from onboarding.store.database import unit_of_work
from onboarding.store.tables import BatchRow, OrganisationRow, PathwayRow, RelationRow
from onboarding.web.suppliers.batches import PIECE
from tests import stage
from tests.web.elements import Element, elements

WAVES = "do=propose&shown=1&template=straight&target=trede-1&size=2&working_days=5"


@pytest.fixture
def three(session: Session, customer: OrganisationRow, moment: Any) -> list[RelationRow]:
    """A, B and C; nobody to write to at C."""
    actor = stage.user_actor(session, customer)
    rows = [add_supplier(session, actor, moment, {"name": name}) for name in ("A", "B", "C")]
    for row in rows[:2]:
        stage.a_contact(session, row, is_main=True)
    session.commit()
    return rows


def main(client: FlaskClient, address: str) -> Element:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return elements(answer.text).one(id="main")


def confirmed(client: FlaskClient, address: str, **data: str) -> str:
    """Where confirming what the page shows leads."""
    seen = main(client, address).one("input", name="seen")["value"]
    answer = client.post(address, data={"seen": seen, **data})
    assert answer.status_code == 303, answer.text
    return answer.location or ""


def test_the_list_offers_it_to_buyers_only(
    as_buyer: FlaskClient, as_reader: FlaskClient, three: list[RelationRow]
) -> None:
    shown = main(as_buyer, "/suppliers?q=a&sort=-name")
    [box] = shown.all("input", name="id")
    assert box["value"] == str(three[0].id)
    form = shown.one("form", class_="bulk")
    sent = {one["name"]: one["value"] for one in form.all("input", type="hidden")}
    assert sent == {"q": "a", "sort": "-name"}
    assert "De 1 leverancier van deze lijst" in form.text
    assert main(as_reader, "/suppliers").all("input", name="id") == []


def test_those_picked_are_enrolled_and_leave_again(
    as_buyer: FlaskClient, session: Session, three: list[RelationRow], moment: Any
) -> None:
    with unit_of_work():
        enrol_supplier(session, stage.an_actor(three[0]), moment, three[0].id)
    address = f"/suppliers/bulk?do=enrol&id={three[0].id}&id={three[1].id}"
    text = main(as_buyer, address).text
    assert "Verandert 1 Blijft zoals het is 1" in text
    assert "1 · Staat al in het programma. A" in text
    batch = confirmed(as_buyer, address)
    assert [row.enrolled_on for row in three] == [moment.today, moment.today, None]
    text = main(as_buyer, batch).text
    assert "1 van 1 klaar" in text
    assert "Niet meegenomen: 1. Staat al in het programma." in text
    assert as_buyer.post(f"{batch}/undo").status_code == 303
    assert [row.enrolled_on for row in three] == [moment.today, None, None]
    text = main(as_buyer, batch).text
    assert "Teruggedraaid: 1 van 1 bekeken" in text
    again = as_buyer.post(f"{batch}/undo", follow_redirects=True)
    assert "iemand was u voor" in again.text


def test_all_of_a_filter_are_taken_out_with_a_reason(
    as_buyer: FlaskClient, session: Session, three: list[RelationRow], moment: Any
) -> None:
    with unit_of_work():
        for row in three:
            enrol_supplier(session, stage.an_actor(row), moment, row.id)
    address = "/suppliers/bulk?do=take-out&all=1&enrolled=yes&q=b"
    seen = main(as_buyer, address).one("input", name="seen")["value"]
    empty = as_buyer.post(address, data={"seen": seen, "reason": " "})
    assert empty.status_code == 422
    assert "Vul dit in." in elements(empty.text).one(id="reason-error").text
    confirmed(as_buyer, address, reason="toch niet nodig")
    assert [row.enrolled_on is None for row in three] == [False, True, False]


def test_the_box_for_all_counts_more_than_those_ticked(
    as_buyer: FlaskClient, three: list[RelationRow]
) -> None:
    text = main(as_buyer, f"/suppliers/bulk?do=enrol&all=1&id={three[0].id}").text
    assert "Verandert 3 Blijft zoals het is 0" in text


def test_a_buyer_is_asked_for_before_it_is_shown(
    as_buyer: FlaskClient, session: Session, customer: OrganisationRow, three: list[RelationRow]
) -> None:
    person = stage.a_user(session, customer, Role.BUYER, name="Kim Bos")
    session.commit()
    shown = main(as_buyer, "/suppliers/bulk?do=assign&all=1")
    assert shown.all("input", name="seen") == []
    wrong = as_buyer.get("/suppliers/bulk?do=assign&all=1&shown=1&buyer_id=")
    assert wrong.status_code == 422
    assert elements(wrong.text).one("title").text.startswith("Fout:")
    batch = confirmed(as_buyer, f"/suppliers/bulk?do=assign&all=1&shown=1&buyer_id={person.id}")
    assert [row.buyer_id for row in three] == [person.id] * 3
    assert "Inkoper Kim Bos" in main(as_buyer, batch).text
    address = "/suppliers/bulk?do=assign&all=1&shown=1&buyer_id=nobody"
    confirmed(as_buyer, address)
    assert [row.buyer_id for row in three] == [None] * 3


def test_proposals_are_planned_in_waves(
    as_buyer: FlaskClient, session: Session, three: list[RelationRow]
) -> None:
    shown = main(as_buyer, "/suppliers/bulk?do=propose&all=1")
    assert shown.one(id="first_on")["value"] == "2026-11-25"
    wrong = as_buyer.get(f"/suppliers/bulk?{WAVES}&all=1&first_on=2026-11-23&size=0")
    assert wrong.status_code == 422
    assert "Deze dag is voorbij" in elements(wrong.text).one(id="first_on-error").text
    address = f"/suppliers/bulk?{WAVES}&all=1&first_on=2026-11-28"  # a Saturday
    text = main(as_buyer, address).text
    assert "1 · Geen contactpersoon met een e-mailadres dat werkt. C" in text
    assert "Golf 1 maandag 30 november 2026 (over 6 dagen, 4 werkdagen) 2" in text
    batch = confirmed(as_buyer, address, message="Doet u mee?")
    text = main(as_buyer, batch).text
    assert "Alle 2 Gepland 2" in text
    assert "Direct naar een trede" in text and "Doet u mee?" in text
    panel = main(as_buyer, f"/suppliers/{three[0].id}").one(id="pathway").text
    assert "gaat vanzelf als voorstel uit op maandag 30 november 2026" in panel
    assert "U bent aan de beurt" not in panel
    assert "Het voorstel gaat vanzelf uit 30 nov 2026" in main(as_buyer, "/suppliers?q=a").text
    as_buyer.post(f"{batch}/undo")
    assert session.scalars(select(PathwayRow)).all() == []


def test_what_was_typed_stays_when_suppliers_changed_meanwhile(
    as_buyer: FlaskClient, session: Session, three: list[RelationRow]
) -> None:
    address = f"/suppliers/bulk?{WAVES}&all=1&first_on=2026-11-30"
    answer = as_buyer.post(address, data={"seen": "old", "message": "Doet u mee?"})
    assert answer.status_code == 422
    assert "daarom is er niets begonnen" in answer.text
    shown = elements(answer.text)
    assert shown.one(id="message").text == "Doet u mee?"
    assert session.scalars(select(BatchRow)).all() == []
    again = {"seen": shown.one("input", name="seen")["value"], "message": "Doet u mee?"}
    assert as_buyer.post(address, data=again).status_code == 303


def test_a_large_one_goes_on_by_itself_or_by_its_button(
    as_buyer: FlaskClient, session: Session, customer: OrganisationRow
) -> None:
    for n in range(PIECE + 5):
        stage.a_relation(session, customer, f"Leverancier {n}")
    session.commit()
    batch = confirmed(as_buyer, "/suppliers/bulk?do=enrol&all=1")
    page = as_buyer.get(batch).text
    bar = elements(page).one("progress")
    assert (bar["max"], bar["value"]) == (str(PIECE + 5), str(PIECE))
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
    assert as_buyer.post(f"{batch}/next").status_code == 303
    page = as_buyer.get(batch).text
    assert elements(page).one("progress")["value"] == str(PIECE + 5)
    assert "http-equiv" not in page
    assert "25 klaar" in main(as_buyer, "/suppliers/batches").text


def test_without_a_choice_it_says_what_to_do(
    as_buyer: FlaskClient, three: list[RelationRow]
) -> None:
    shown = main(as_buyer, "/suppliers/bulk?do=enrol&q=a")
    assert "Er is geen leverancier gekozen" in shown.text
    assert "/suppliers?q=a" in [link["href"] for link in shown.all("a")]
    assert as_buyer.post("/suppliers/bulk?do=enrol").status_code == 422
    assert "geen leverancier gekozen" in main(as_buyer, "/suppliers/bulk?do=fly&all=1").text


def test_what_was_picked_is_exported(as_buyer: FlaskClient, three: list[RelationRow]) -> None:
    address = f"/suppliers/bulk?do=export&id={three[0].id}&id={three[2].id}&id=x&id=99999999999"
    answer = as_buyer.get(address, follow_redirects=True)
    assert answer.mimetype == "text/csv"
    names = [line.split(";")[1] for line in answer.text.splitlines()[1:]]
    assert names == ["A", "C"]


@pytest.mark.parametrize("count", [1, 30])
def test_a_batch_asks_as_much_for_many_as_for_one(
    as_buyer: FlaskClient, session: Session, customer: OrganisationRow, count: int
) -> None:
    for n in range(count):
        stage.a_relation(session, customer, f"Leverancier {n}")
    session.commit()
    batch = confirmed(as_buyer, "/suppliers/bulk?do=enrol&all=1")
    statements: list[str] = []
    connection = session.connection()

    def heard(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(connection, "before_cursor_execute", heard)
    as_buyer.get(batch)
    as_buyer.get("/suppliers/batches")
    event.remove(connection, "before_cursor_execute", heard)
    assert sum("batch" in statement for statement in statements) == 5


def test_a_second_click_begins_nothing_twice(
    as_buyer: FlaskClient, session: Session, three: list[RelationRow], clock: Any
) -> None:
    """Also where the first has not done anything yet; once it is taken back it may be again."""
    address = "/suppliers/bulk?do=enrol&all=1"
    seen = main(as_buyer, address).one("input", name="seen")["value"]
    first = as_buyer.post(address, data={"seen": seen})
    again = as_buyer.post(address, data={"seen": seen})
    assert again.status_code == 409 and "zojuist al en het is vastgelegd" in again.text
    assert len(session.scalars(select(BatchRow)).all()) == 1
    as_buyer.post(f"{first.location}/undo")
    assert as_buyer.post(address, data={"seen": seen}).status_code == 303
