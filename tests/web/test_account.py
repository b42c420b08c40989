"""One's own account: name, phone, language and password."""

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.services import passwords
from onboarding.store.tables import ContactRow, PersonRow
from tests.web.test_log_in import PASSWORD, light_hashes

__all__ = ["light_hashes"]


def test_a_supplier_changes_phone_and_language(
    as_supplier: FlaskClient, session: Session, signatory: ContactRow
) -> None:
    data = {"name": "Kim Jansen", "phone": " 06 12345678 ", "locale": "en"}
    assert as_supplier.post("/account", data=data).status_code == 303
    person = session.get_one(PersonRow, signatory.person_id)
    assert (person.name, person.phone, person.locale) == ("Kim Jansen", "06 12345678", "en")
    assert "Your account was saved." in as_supplier.get("/account").text


def test_a_name_stays_on_one_line(as_buyer: FlaskClient, session: Session) -> None:
    """It stands in the headers of mails: with a line break none of a buyer's would go out."""
    named = {"name": "Kim\r\nBcc: a@b.example \u202eJansen", "phone": "06\r\n1", "locale": "nl"}
    assert as_buyer.post("/account", data=named).status_code == 303
    person = session.scalars(select(PersonRow)).one()
    assert (person.name, person.phone) == ("Kim Bcc: a@b.example Jansen", "06 1")
    answer = as_buyer.post("/account", data={**named, "name": "\u202e"})
    assert answer.status_code == 422 and "Vul dit in" in answer.text


def test_the_language_switch_is_remembered_with_the_person(
    as_supplier: FlaskClient, session: Session, signatory: ContactRow
) -> None:
    as_supplier.post("/language", data={"locale": "en", "next": "/help"})
    session.expire_all()
    assert session.get_one(PersonRow, signatory.person_id).locale == "en"


def test_an_account_needs_a_name(as_supplier: FlaskClient) -> None:
    answer = as_supplier.post("/account", data={"name": "  ", "phone": "06", "locale": "nl"})
    assert answer.status_code == 422
    assert "Vul uw naam in." in answer.text
    assert 'value="06"' in answer.text  # what was typed is kept


def test_a_password_is_changed_with_the_old_one(as_buyer: FlaskClient, session: Session) -> None:
    person = session.scalars(select(PersonRow)).one()
    person.password_hash = passwords.hash_password(PASSWORD)
    session.commit()
    new = "vijf zwarte katten"
    wrong = as_buyer.post("/account/password", data={"current": "fout", "password": new})
    assert wrong.status_code == 422 and "niet uw huidige wachtwoord" in wrong.text
    easy = as_buyer.post("/account/password", data={"current": PASSWORD, "password": person.email})
    assert easy.status_code == 422 and "makkelijk te raden" in easy.text
    done = as_buyer.post("/account/password", data={"current": PASSWORD, "password": new})
    assert done.status_code == 303
    session.refresh(person)
    assert passwords.matches(person.password_hash, new)
    assert as_buyer.get("/account").status_code == 200
