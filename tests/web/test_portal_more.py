"""Replies to a warning and a block, certificates and renewals, and letting a colleague in."""

import io
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.i18n.days import day_in_words
from onboarding.services.renewals import accept_renewal
from onboarding.store.tables import (
    CertificateNumberRow,
    CertificateRow,
    ContactRow,
    DecisionRow,
    EvidenceRow,
    MessageRow,
    NoticeRow,
    OrganisationRow,
    PersonRow,
    RelationRow,
    RenewalRow,
)
from tests import pathway_things, proof_things, stage
from tests.files import a_pdf, a_picture


def test_a_warning_is_replied_to(
    as_supplier: FlaskClient, session: Session, relation: RelationRow
) -> None:
    notice = pathway_things.a_notice(session, relation)
    session.commit()
    where = f"/portal/{relation.id}/notices/{notice.id}"
    page = as_supplier.get(where).text
    assert "geen ingebrekestelling" in page and "Lopende opdrachten gaan door" in page
    assert as_supplier.post(where, data={"text": " "}).status_code == 422
    answer = as_supplier.post(where, data={"text": "De directeur was ziek."})
    assert answer.status_code == 303
    row = session.get_one(NoticeRow, notice.id)
    session.refresh(row)
    assert row.reply == "De directeur was ziek."


def test_an_announced_block_is_replied_to_once(
    as_supplier: FlaskClient, session: Session, relation: RelationRow
) -> None:
    block = proof_things.a_block(session, relation)
    session.commit()
    where = f"/portal/{relation.id}/decisions/{block.id}"
    assert "staan al een half jaar stil" in as_supplier.get(where).text
    assert as_supplier.post(where, data={"text": "Dit klopt niet."}).status_code == 303
    row = session.get_one(DecisionRow, block.id)
    session.refresh(row)
    assert row.reply == "Dit klopt niet."
    page = as_supplier.get(where).text
    assert "Dit klopt niet." in page and "Verstuur mijn reactie" not in page
    assert as_supplier.post(where, data={"text": "Nog eens."}).status_code == 422


CERTIFICATE = {
    "level": "trede-2",
    "starts_on": "2026-06-01",
    "ends_on": "2028-05-31",
    "kvk_numbers": "12345678, 02076358",
}


def test_a_certificate_is_reported_and_changes_nothing_yet(
    as_supplier: FlaskClient, session: Session, relation: RelationRow
) -> None:
    where = f"/portal/{relation.id}/certificates/report"
    assert relation.kvk_number in as_supplier.get(where).text
    data = {**CERTIFICATE, "files": (io.BytesIO(a_pdf()), "certificaat.pdf"), "is_clean": "y"}
    answer = as_supplier.post(where, data=data, content_type="multipart/form-data")
    assert answer.status_code == 303
    row = session.scalars(select(CertificateRow)).one()
    assert (row.state, row.level, row.reported_by) == ("reported", "trede-2", "supplier")
    numbers = session.scalars(select(CertificateNumberRow.kvk_number)).all()
    assert sorted(numbers) == ["02076358", "12345678"]
    assert session.scalars(select(EvidenceRow.certificate_id)).one() == row.id
    assert "Te controleren" in as_supplier.get(answer.location).text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"kvk_numbers": "123"}, "8 cijfers"),
        ({"level": ""}, "Kies een niveau."),
        ({"ends_on": "2025-01-01"}, "Kies"),
    ],
)
def test_a_wrong_certificate_is_told_with_all_that_was_typed(
    as_supplier: FlaskClient, session: Session, relation: RelationRow, changed, said: str
) -> None:
    where = f"/portal/{relation.id}/certificates/report"
    answer = as_supplier.post(where, data={**CERTIFICATE, "body": "Kiwa", **changed})
    assert answer.status_code == 422
    assert said in answer.text and 'value="Kiwa"' in answer.text
    assert session.scalars(select(CertificateRow)).all() == []


def test_a_renewal_is_reported_waits_and_is_under_way(
    as_supplier: FlaskClient, session: Session, relation: RelationRow, moment: Moment
) -> None:
    certificate = proof_things.a_certificate(session, relation)
    session.commit()
    where = f"/portal/{relation.id}/certificates/{certificate.id}/renewal"
    data = {"note": "De aanvraag is verstuurd."}
    assert as_supplier.post(where, data=data).status_code == 303
    assert session.scalars(select(RenewalRow.note)).one() == "De aanvraag is verstuurd."
    assert as_supplier.post(where, data=data).status_code == 422
    page = f"/portal/{relation.id}/certificates"
    assert "Wacht op ons sinds dinsdag 24 november 2026." in as_supplier.get(page).text
    buyer = stage.user_actor(session, session.get_one(OrganisationRow, relation.customer_id))
    renewal = session.scalars(select(RenewalRow)).one()
    accept_renewal(session, buyer, moment, renewal.id, answer="Mooi")
    session.commit()
    until = day_in_words(renewal.certificate_ends_on + timedelta(days=90), "nl")
    shown = as_supplier.get(page).text
    assert f"De verlenging loopt. Tot en met {until}" in shown and "Mooi" in shown


def test_what_does_not_count_is_not_renewed(
    as_supplier: FlaskClient, session: Session, relation: RelationRow
) -> None:
    certificate = proof_things.a_certificate(session, relation)
    pages = f"/portal/{relation.id}/certificates"
    session.commit()
    assert f"{pages}/{certificate.id}/renewal" in as_supplier.get(pages).text
    session.scalars(select(CertificateNumberRow)).one().kvk_number = "87654321"
    session.commit()
    assert f"{pages}/{certificate.id}/renewal" not in as_supplier.get(pages).text
    answer = as_supplier.post(f"{pages}/{certificate.id}/renewal", data={"note": "Bezig"})
    assert answer.status_code == 422
    assert f"geldt niet voor KvK-nummer {relation.kvk_number}" in answer.text


INVITED = {"name": "Noor Smit", "email": "noor@drukkerij.example", "role": "contact"}


def test_a_colleague_is_let_in_with_a_link(
    as_contact: FlaskClient, session: Session, relation: RelationRow
) -> None:
    where = f"/portal/{relation.id}/people/invite"
    assert as_contact.post(where, data=INVITED).status_code == 303
    noor = session.scalars(
        select(PersonRow).where(PersonRow.email == "noor@drukkerij.example")
    ).one()
    contact = session.scalars(select(ContactRow).where(ContactRow.person_id == noor.id)).one()
    assert (contact.relation_id, contact.role) == (relation.id, "contact")
    message = session.scalars(select(MessageRow)).one()
    assert message.kind == "invitation" and "link_id" in message.facts
    assert "Noor Smit" in as_contact.get(f"/portal/{relation.id}/people").text


def test_nobody_gives_more_than_they_may_themselves(
    as_contact: FlaskClient, as_supplier: FlaskClient, session: Session, relation: RelationRow
) -> None:
    where = f"/portal/{relation.id}/people/invite"
    asked = {**INVITED, "role": "signatory", "function": "Directeur"}
    assert "Tekenbevoegde" not in as_contact.get(where).text
    assert as_contact.post(where, data=asked).status_code == 422
    assert as_supplier.post(where, data=asked).status_code == 303


def test_personal_data_are_removed_by_a_buyer(
    as_buyer: FlaskClient, session: Session, relation: RelationRow
) -> None:
    file = proof_things.a_file(session, relation)
    session.commit()
    assert as_buyer.get(f"/evidence/{file.id}").data == a_picture()
    where = f"/evidence/{file.id}/personal-data"
    assert as_buyer.post(where, data={"reason": ""}).status_code == 422
    assert as_buyer.post(where, data={"reason": "Namen in een lijst"}).status_code == 303
    assert as_buyer.get(f"/evidence/{file.id}").status_code == 404
    session.refresh(file)
    assert (file.sha256, file.file_name) == (None, None)
    assert session.scalars(select(MessageRow.kind)).one() == "evidence-removed"
    assert "al verwijderd" in as_buyer.get(where).text


def test_a_request_that_is_far_too_large_gets_a_clear_page(
    as_supplier: FlaskClient, relation: RelationRow, customer: OrganisationRow
) -> None:
    data = {"text": "x", "file": (io.BytesIO(bytes(12 * 1024 * 1024)), "groot.pdf")}
    where = f"/portal/{relation.id}/people/invite"
    answer = as_supplier.post(where, data=data, content_type="multipart/form-data")
    assert answer.status_code == 413
    assert "10 MB" in answer.text


def test_an_adviser_may_not_report_a_certificate(
    as_adviser: FlaskClient, relation: RelationRow, session: Session
) -> None:
    assert as_adviser.get(f"/portal/{relation.id}/certificates/report").status_code == 403
    assert as_adviser.get(f"/portal/{relation.id}/certificates").status_code == 200
