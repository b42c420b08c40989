"""Certificates imported on a page, and those that wait checked together."""

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from onboarding.services.suppliers import add_supplier
from onboarding.store.tables import CertificateRow, OrganisationRow, RelationRow
from tests import lists, proof_rows, stage
from tests.web.elements import Element, elements

HEAD = "Organisatie;KvK;Trede;Geldig vanaf;Geldig t/m"
LINDE = "De Linde;17037842;Trede 2;1-11-2026;31-10-2028"
ADDRESS = "/certificates/imports"
CHECK = "/certificates/check"
URL = "https://register.example/1"


@pytest.fixture
def linde(session: Session, customer: OrganisationRow, moment: Any) -> RelationRow:
    actor = stage.user_actor(session, customer)
    row = add_supplier(session, actor, moment, {"name": "De Linde", "kvk_number": "17037842"})
    session.commit()
    return row


@pytest.fixture
def reported(session: Session, customer: OrganisationRow) -> list[CertificateRow]:
    """Of A, that covers its number, and of B, that says no number."""
    rows = []
    for name in ("A", "B"):
        relation = stage.a_relation(session, customer, name)
        fields = {"state": "reported", "verified_on": None, "register_url": f"{URL}{name}"}
        rows.append(proof_rows.a_certificate(session, relation, **fields))
    session.commit()
    return rows


def upload(client: FlaskClient, *rows: str) -> str:
    file = (io.BytesIO(lists.a_csv(*rows)), "register.csv")
    answer = client.post(ADDRESS, data={"file": file}, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    return answer.location or ""


def main(client: FlaskClient, address: str) -> Element:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return elements(answer.text).one(id="main")


def states(session: Session) -> list[str]:
    return list(session.scalars(select(CertificateRow.state).order_by(CertificateRow.id)))


def test_a_list_is_seen_then_recorded_then_checked(
    as_buyer: FlaskClient, session: Session, linde: RelationRow
) -> None:
    address = upload(as_buyer, HEAD, LINDE, "Vreemd;12345678;1;1-1-2026;31-12-2027", "X;12;1;;")
    shown = main(as_buyer, address)
    assert "Nieuw 1 Gewijzigd 0 Ongewijzigd 0 Fout 2" in shown.text
    assert "1 foute rij gaat over een bedrijf dat geen leverancier van u is." in shown.text
    assert "12345678" not in shown.one(id="wrong").text
    assert "12 is geen KvK-nummer" in shown.one(id="wrong").text
    assert "De Linde Trede 2 1 nov 2026 – 31 okt 2028 17037842" in shown.one(id="new").text
    assert states(session) == []
    seen = shown.one("input", name="seen")["value"]
    assert as_buyer.post(f"{address}/take", data={"seen": seen}).status_code == 303
    assert states(session) == ["reported"]
    result = main(as_buyer, address)
    assert CHECK in [link["href"] for link in result.all("a")]
    wrong = as_buyer.get(f"{address}/wrong").data.decode("utf-8-sig").splitlines()
    assert wrong[0].endswith(";Rij;Reden")
    assert len(wrong) == 3
    again = main(as_buyer, upload(as_buyer, HEAD, LINDE))
    assert "Nieuw 0 Gewijzigd 0 Ongewijzigd 1 Fout 0" in again.text
    changed = main(as_buyer, upload(as_buyer, HEAD, LINDE.replace("2028", "2027")))
    assert "dinsdag 31 oktober 2028 → zondag 31 oktober 2027" in changed.one(id="changed").text
    assert "De melding wordt verbeterd." in changed.text


def test_columns_that_are_not_known_are_asked_for(
    as_buyer: FlaskClient, session: Session, linde: RelationRow
) -> None:
    address = upload(as_buyer, "Nr;Soort;Van;Tot", "17037842;Basis;1-11-2026;31-10-2028")
    columns = f"{address}/columns"
    assert as_buyer.get(address).location == columns
    shown = main(as_buyer, columns)
    assert "(niet verplicht)" not in shown.one("label", for_="level").text
    assert "(niet verplicht)" in shown.one("label", for_="body").text
    some = {"kvk_number": "Nr", "level": "Soort", "starts_on": "Van"}
    missing = as_buyer.post(columns, data=some)
    assert missing.status_code == 422
    assert "heeft een KvK-nummer, een trede en de eerste en laatste dag nodig" in missing.text
    kept = elements(missing.text).one("select", name="level").one("option", selected="")
    assert kept.text == "Soort"
    assert as_buyer.post(columns, data={**some, "ends_on": "Tot"}).location == address
    assert "Basistrede" in main(as_buyer, address).text


def test_a_list_of_one_kind_is_not_found_among_the_other(
    as_buyer: FlaskClient, linde: RelationRow
) -> None:
    address = upload(as_buyer, HEAD, LINDE)
    assert as_buyer.get(address.replace("/certificates/", "/suppliers/")).status_code == 404


def test_those_ticked_are_checked_in_one_go(
    as_buyer: FlaskClient, session: Session, reported: list[CertificateRow]
) -> None:
    assert f'href="{CHECK}"' in as_buyer.get("/?show=all").text
    shown = main(as_buyer, CHECK)
    boxes = [box["value"] for box in shown.all("input", name="id")]
    assert boxes == [str(row.id) for row in reported]
    assert shown.one(id=f"url-{reported[1].id}")["value"] == f"{URL}B"
    assert shown.one(id="checked_on")["value"] == "2026-11-24"
    assert "Gecontroleerd door: Buyer Bakker" in shown.text
    data = {"id": boxes[0], f"url-{boxes[0]}": f"{URL}x", "checked_on": "2026-11-23"}
    answer = as_buyer.post(CHECK, data=data, follow_redirects=True)
    assert "1 certificaat is gecontroleerd." in answer.text
    assert states(session) == ["verified", "reported"]
    assert (reported[0].register_url, str(reported[0].verified_on)) == (f"{URL}x", "2026-11-23")


def test_a_mistake_records_nothing_and_loses_nothing(
    as_buyer: FlaskClient, session: Session, reported: list[CertificateRow]
) -> None:
    first, second = (str(row.id) for row in reported)
    typed = {f"url-{first}": "https://elders.example/7", f"url-{second}": "register"}
    nobody = as_buyer.post(CHECK, data={**typed, "checked_on": "2026-11-24"})
    assert nobody.status_code == 422
    assert "Vink minstens één certificaat aan." in nobody.text
    answer = as_buyer.post(CHECK, data={"id": [first, second], **typed, "checked_on": "2026-11-24"})
    assert answer.status_code == 422
    shown = elements(answer.text)
    assert "Dit is geen webadres" in shown.one(id=f"url-{second}-error").text
    assert shown.one(id=f"url-{first}")["value"] == "https://elders.example/7"
    ticked = [one["value"] for one in shown.all("input", name="id") if one.get("checked") == ""]
    assert ticked == [first, second]
    assert shown.one("title").text.startswith("Fout:")
    assert states(session) == ["reported", "reported"]


def test_a_certificate_of_somebody_else_is_not_found(
    as_buyer: FlaskClient, session: Session, reported: list[CertificateRow]
) -> None:
    other = stage.a_relation(session, stage.a_customer(session, "Ander"))
    stranger = proof_rows.a_certificate(session, other, state="reported")
    session.commit()
    data = {"id": str(stranger.id), f"url-{stranger.id}": URL, "checked_on": "2026-11-24"}
    assert as_buyer.post(CHECK, data=data).status_code == 404
    assert stranger.state == "reported"


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_to_check_asks_as_much_for_many_as_for_one(
    as_buyer: FlaskClient, session: Session, customer: OrganisationRow, count: int
) -> None:
    for _ in range(count):
        proof_rows.a_certificate(session, stage.a_relation(session, customer), state="reported")
    session.commit()
    statements: list[str] = []
    connection = session.connection()

    def heard(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(connection, "before_cursor_execute", heard)
    assert len(main(as_buyer, CHECK).all("input", name="id")) == count
    event.remove(connection, "before_cursor_execute", heard)
    assert sum("certificate" in statement for statement in statements) == 3
