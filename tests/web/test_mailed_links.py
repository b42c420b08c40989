"""Links by mail: the supplier's way in, and a password chosen anew."""

import hashlib

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from onboarding.domain.access import LinkPurpose, link_path, link_token
from onboarding.services.accounts import forget_old_access
from onboarding.services.links import Entry, make_link
from onboarding.store.tables import (
    ContactRow,
    LoginLinkRow,
    LoginSessionRow,
    MessageRow,
    OrganisationRow,
    PersonRow,
    RelationRow,
)
from tests import stage
from tests.settable_clock import SettableClock
from tests.web.test_log_in import PASSWORD, light_hashes

__all__ = ["light_hashes"]


@pytest.fixture
def person(session: Session, signatory: ContactRow) -> PersonRow:
    person = session.get_one(PersonRow, signatory.person_id)
    person.email = "jansen@drukkerij.example"
    session.commit()
    return person


def ask(client: FlaskClient, email: str = "jansen@drukkerij.example", after: str = ""):
    address = f"/portal/log-in?next={after}" if after else "/portal/log-in"
    return client.post(address, data={"email": email})


def mailed(app: Flask, session: Session) -> str:
    """The address in the mail that is owed, as whoever renders it makes it."""
    message = session.scalars(select(MessageRow).order_by(MessageRow.id.desc())).first()
    assert message is not None
    link = session.get_one(LoginLinkRow, message.facts["link_id"])
    token = link_token(app.config["SECRET_KEY"], link.id, link.made_at)
    return link_path(LinkPurpose(link.purpose), token, message.facts.get("next"))


def test_a_link_is_owed_and_lets_in(
    app: Flask, client: FlaskClient, session: Session, person: PersonRow
) -> None:
    answer = ask(client, " Jansen@drukkerij.example ", "/account")
    assert (answer.status_code, answer.location) == (303, "/portal/log-in/sent")
    assert client.get(answer.location).status_code == 200
    address = mailed(app, session)
    assert "Signatory Jansen" in client.get(address).text
    answer = client.post(address)
    assert (answer.status_code, answer.location) == (303, "/account")
    assert client.get("/account").status_code == 200


def test_looking_at_the_link_spends_nothing(
    app: Flask, client: FlaskClient, session: Session, person: PersonRow
) -> None:
    ask(client)
    address = mailed(app, session)
    for _ in range(3):
        assert client.get(address).status_code == 200
    assert session.scalars(select(LoginLinkRow.spent_at)).one() is None
    assert client.post(address).status_code == 303


def test_a_link_works_once(
    app: Flask, client: FlaskClient, session: Session, person: PersonRow
) -> None:
    ask(client)
    address = mailed(app, session)
    client.post(address)
    client.post("/log-out")
    for answer in (client.get(address), client.post(address)):
        assert answer.status_code == 410
        assert "werkt niet meer" in answer.text
    assert client.get("/account").status_code == 303


def test_a_link_works_for_half_an_hour(
    app: Flask, client: FlaskClient, session: Session, person: PersonRow, clock
) -> None:
    ask(client)
    address = mailed(app, session)
    clock.forward(minutes=29)
    assert client.get(address).status_code == 200
    clock.forward(minutes=2)
    assert client.post(address).status_code == 410


def test_the_token_stands_nowhere_in_the_database(
    app: Flask, client: FlaskClient, session: Session, person: PersonRow
) -> None:
    ask(client)
    link = session.scalars(select(LoginLinkRow)).one()
    token = link_token(app.config["SECRET_KEY"], link.id, link.made_at)
    assert link.token_sha256 == hashlib.sha256(token.encode()).hexdigest()
    message = session.scalars(select(MessageRow)).one()
    assert message.kind == "login-link"
    assert message.facts == {"link_id": link.id, "minutes": 30}
    assert message.due_at <= message.owed_at  # at once
    assert link_token("another secret of at least 32 characters", link.id, link.made_at) != token


def test_the_number_of_a_forgotten_link_makes_another_link(
    app: Flask, client: FlaskClient, session: Session, person: PersonRow, clock: SettableClock
) -> None:
    ask(client)
    before = mailed(app, session)
    clock.forward(days=3)
    forget_old_access(session, clock.real_now())
    session.commit()
    ask(client)  # SQLite gives the number again
    assert len(session.scalars(select(MessageRow)).all()) == 2
    assert mailed(app, session) != before
    assert client.get(before).status_code == 410


def test_an_unknown_address_gets_the_same_answer_for_the_same_work(
    client: FlaskClient, session: Session, person: PersonRow, customer: OrganisationRow
) -> None:
    """The same statements, in the same order, so that no clock tells the difference."""
    stage.a_person(session, email="geen@contact.example")
    session.commit()
    engine = session.connection().engine
    statements: list[str] = []

    def note(_c, _u, statement, *_rest):  # type: ignore[no-untyped-def]
        if "SAVEPOINT" not in statement and "ROLLBACK" not in statement:
            statements.append(statement.split(" ")[0])

    def work(email: str) -> tuple[int, str | None, list[str]]:
        statements.clear()
        answer = ask(client, email)
        return answer.status_code, answer.location, list(statements)

    event.listen(engine, "before_cursor_execute", note)
    try:
        known = work("jansen@drukkerij.example")
        unknown = work("niemand@nergens.example")
        without_role = work("geen@contact.example")
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert known == unknown == without_role
    assert len([s for s in known[2] if s == "INSERT"]) >= 3
    assert session.scalar(select(func.count()).select_from(MessageRow)) == 1
    assert session.scalar(select(func.count()).select_from(LoginLinkRow)) == 1


def test_asking_too_often_is_stopped_for_known_and_unknown_alike(
    client: FlaskClient, session: Session, person: PersonRow
) -> None:
    known = [ask(client).status_code for _ in range(6)]
    unknown = [ask(client, "niemand@nergens.example").status_code for _ in range(6)]
    assert known == unknown == [303] * 5 + [429]
    assert session.scalar(select(func.count()).select_from(MessageRow)) == 5


def test_a_retired_contact_gets_no_link(
    client: FlaskClient, session: Session, person: PersonRow, signatory: ContactRow
) -> None:
    signatory.retired_at = stage.BEFORE
    session.commit()
    assert ask(client).status_code == 303
    assert session.scalar(select(func.count()).select_from(MessageRow)) == 0


def test_an_invitation_leads_to_its_relation(
    app: Flask,
    client: FlaskClient,
    session: Session,
    person: PersonRow,
    relation: RelationRow,
    clock,
) -> None:
    entry = Entry(secret_key=app.config["SECRET_KEY"], now=clock.real_now())
    _, token = make_link(session, entry, person.id, LinkPurpose.INVITATION, relation_id=relation.id)
    session.commit()
    clock.forward(days=13)
    address = link_path(LinkPurpose.INVITATION, token)
    assert "vijf minuten" in client.get(address).text
    assert client.post(address).location == f"/portal/{relation.id}"


def test_one_kind_of_link_is_no_other(
    app: Flask, client: FlaskClient, session: Session, person: PersonRow, clock
) -> None:
    entry = Entry(secret_key=app.config["SECRET_KEY"], now=clock.real_now())
    _, login = make_link(session, entry, person.id, LinkPurpose.LOGIN)
    _, password = make_link(session, entry, person.id, LinkPurpose.PASSWORD)
    session.commit()
    assert client.get(f"/password/{login}").status_code == 410
    assert client.get(f"/portal/enter/{password}").status_code == 410
    assert client.post(f"/portal/enter/{password}").status_code == 410


def test_a_password_is_chosen_by_mail(
    app: Flask, client: FlaskClient, session: Session, customer: OrganisationRow
) -> None:
    stage.a_user(session, customer, email="sam@klant.example")
    session.commit()
    assert (
        client.post("/password/forgotten", data={"email": "sam@klant.example"}).status_code == 303
    )
    address = mailed(app, session)
    assert address.startswith("/password/")
    assert "sam@klant.example" in client.get(address).text
    short = client.post(address, data={"password": "kort"})
    assert short.status_code == 422 and "minstens 12 tekens" in short.text
    assert client.post(address, data={"password": PASSWORD}).status_code == 303
    assert client.get("/account").status_code == 200
    assert client.post(address, data={"password": PASSWORD}).status_code == 410
    client.post("/log-out")
    answer = client.post("/log-in", data={"email": "sam@klant.example", "password": PASSWORD})
    assert answer.status_code == 303


def test_a_new_password_logs_out_everywhere_else(
    app: Flask, as_buyer: FlaskClient, client: FlaskClient, session: Session
) -> None:
    email = session.scalars(select(PersonRow.email)).one()
    client.post("/password/forgotten", data={"email": email})
    client.post(mailed(app, session), data={"password": PASSWORD})
    assert as_buyer.get("/account").status_code == 303
    assert client.get("/account").status_code == 200
    assert session.scalar(select(func.count()).select_from(LoginSessionRow)) == 1


def test_a_supplier_gets_no_password(
    client: FlaskClient, session: Session, person: PersonRow
) -> None:
    answer = client.post("/password/forgotten", data={"email": person.email})
    assert answer.status_code == 303
    assert session.scalar(select(func.count()).select_from(MessageRow)) == 0
