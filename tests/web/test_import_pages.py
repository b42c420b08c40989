"""Importing on a page: upload, choose columns, see what it would do, take it, correct the rest."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from onboarding.domain.people import Role
from onboarding.services.suppliers import add_supplier
from onboarding.store.database import unit_of_work
from onboarding.store.tables import ImportRow, OrganisationRow, RelationRow
from onboarding.web import list_imports
from tests import lists, stage
from tests.web.elements import elements


@pytest.fixture
def customer(session: Session) -> OrganisationRow:
    return stage.a_customer(session)


@pytest.fixture
def buyer(
    client: FlaskClient, session: Session, clock: Any, customer: OrganisationRow
) -> FlaskClient:
    person = stage.a_user(session, customer, Role.BUYER)
    return stage.log_in(client, session, clock.real_now(), person, customer)


def upload(
    client: FlaskClient,
    content: bytes,
    name: str = "lijst.csv",
    address: str = "/suppliers/imports",
) -> TestResponse:
    return client.post(
        address,
        data={"file": (io.BytesIO(content), name)},
        content_type="multipart/form-data",
    )


def seen(client: FlaskClient, address: str) -> str:
    shown = elements(client.get(address).text)
    return shown.one("input", name="seen")["value"]


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(RelationRow)) or 0


def test_a_list_is_seen_then_taken_then_corrected(buyer: FlaskClient, session: Session) -> None:
    rows = ("Naam;KvK-nummer;Kleur", "Zoë;2076358;x", "@Kort;12;=y", "Jansen;17037842;z")
    address = upload(buyer, lists.a_csv(*rows)).location or ""
    text = elements(buyer.get(address).text).one(id="main").text
    assert "Nieuw 2 Gewijzigd 0 Ongewijzigd 0 Fout 1" in text
    assert "Deze kolommen worden niet gebruikt: Kleur." in text
    assert "Rij 2: 02076358 stond er als 2076358" in text
    assert "12 is geen KvK-nummer" in text
    assert count(session) == 0
    assert buyer.post(f"{address}/take", data={"seen": seen(buyer, address)}).status_code == 303
    assert count(session) == 2
    assert "De lijst is verwerkt" in buyer.get(address).text
    wrong = buyer.get(f"{address}/wrong").data.decode("utf-8-sig").splitlines()
    assert wrong[0] == "Naam;KvK-nummer;Kleur;Rij;Reden"
    assert wrong[1].startswith("'@Kort;12;'=y;3;KvK-nummer: 12 is geen KvK-nummer")
    again = buyer.post(f"{address}/take", data={"seen": "x"}, follow_redirects=True)
    assert "Deze lijst is al verwerkt." in again.text
    assert count(session) == 2


def test_old_and_new_are_shown(
    buyer: FlaskClient, session: Session, moment: Any, customer: OrganisationRow
) -> None:
    with unit_of_work():
        actor = stage.user_actor(session, customer)
        add_supplier(session, actor, moment, {"name": "Zoë", "city": "Gouda"})
    address = upload(buyer, lists.a_csv("Naam;Plaats", "Zoë;Zwolle")).location or ""
    assert ": Gouda → Zwolle" in elements(buyer.get(address).text).one(id="changed").text


def test_what_changed_since_is_shown_before_it_is_taken(
    buyer: FlaskClient, session: Session, moment: Any, customer: OrganisationRow
) -> None:
    address = upload(buyer, lists.a_csv("Naam;KvK", "Zoë;02076358")).location or ""
    old = seen(buyer, address)
    with unit_of_work():
        actor = stage.user_actor(session, customer)
        add_supplier(session, actor, moment, {"name": "Zoe", "kvk_number": "02076358"})
    answer = buyer.post(f"{address}/take", data={"seen": old}, follow_redirects=True)
    assert "daarom is er niets opgeslagen" in answer.text
    assert session.scalars(select(RelationRow.name)).all() == ["Zoe"]
    assert buyer.post(f"{address}/take", data={"seen": seen(buyer, address)}).status_code == 303
    session.expire_all()
    assert session.scalars(select(RelationRow.name)).all() == ["Zoë"]


def test_columns_are_chosen(buyer: FlaskClient, session: Session) -> None:
    address = upload(buyer, lists.a_csv("Wie;Wat", "Zoë;02076358")).location or ""
    assert (buyer.get(address).location or "").endswith("/columns")
    columns = f"{address}/columns"
    assert buyer.get(columns).status_code == 200
    assert buyer.post(columns, data={}).status_code == 422
    twice = buyer.post(columns, data={"name": "Wie", "city": "Wie"})
    assert twice.status_code == 422
    assert "Kolom Wie is twee keer gekozen." in twice.text
    done = buyer.post(columns, data={"name": "Wie", "kvk_number": "Wat"})
    assert done.status_code == 303
    assert "02076358" in buyer.get(address).text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (bytes, "Dit bestand is leeg."),
        (lambda: b"\x89PNG\r\n\x1a\n" + bytes(40), "Dit is geen spreadsheet."),
        (lists.a_bomb, "keer zo groot en is niet gelezen"),
    ],
    ids=["empty", "PNG", "bomb"],
)
def test_an_unreadable_file_is_told(
    buyer: FlaskClient, session: Session, content: Callable[[], bytes], reason: str
) -> None:
    answer = upload(buyer, content())
    assert answer.status_code == 422
    assert reason in elements(answer.text).one(id="file-error").text
    assert session.scalars(select(ImportRow)).all() == []


@pytest.mark.parametrize("address", ["/suppliers/imports", "/certificates/imports"])
def test_nobody_waits_while_a_file_is_read(
    buyer: FlaskClient, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """Reading takes long; on SQLite a transaction that writes keeps all others from writing."""
    done: list[str] = []

    def noting(name: str) -> None:
        function = getattr(list_imports, name)
        monkeypatch.setattr(list_imports, name, lambda *args: done.append(name) or function(*args))

    noting("read_sheet")
    noting("unit_of_work")
    assert upload(buyer, lists.a_csv("Naam", "Zoë"), address=address).status_code == 303
    assert done == ["read_sheet", "unit_of_work"]


def test_no_file_is_told(buyer: FlaskClient) -> None:
    answer = buyer.post("/suppliers/imports", data={})
    assert answer.status_code == 422
    assert "Kies een bestand." in answer.text
