"""Notes, conversations and redaction as people use them on both sides."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from onboarding.clock import Moment
from onboarding.domain.people import Role
from onboarding.store.tables import EventRow, EvidenceRow, MessageRow, PersonRow, TaskRow
from tests import pathway_stage as pathways
from tests import stage
from tests.files import a_pdf

A_BSN = "111222333"


class Two:
    """Both sides, logged in, with an agreed pathway between them."""

    def __init__(self, app: Flask, session: Session, moment: Moment) -> None:
        self.scene = pathways.a_scene(session)
        _, steps = pathways.agreed(session, self.scene, moment)
        self.step, self.relation = steps[0].id, self.scene.relation.id
        session.commit()

        def log_in(person_id: int | None, customer: Any = None) -> FlaskClient:
            person = session.get_one(PersonRow, person_id)
            return stage.log_in(app.test_client(), session, moment.now, person, customer)

        self.buyer = log_in(self.scene.buyer.person_id, self.scene.customer)
        self.manager = log_in(self.scene.manager.person_id, self.scene.customer)
        reader = stage.a_user(session, self.scene.customer, Role.READER)
        self.reader = log_in(reader.id, self.scene.customer)
        self.supplier = log_in(self.scene.signatory.person_id)

    def note(self, *files: tuple[bytes, str], **given: Any) -> TestResponse:
        form = {
            "text": "Belt liever na vieren.",
            "is_shared": "internal",
            "about": "",
            "is_clean": "y",
            "files": [(BytesIO(content), name) for content, name in files],
            **given,
        }
        address = f"/suppliers/{self.relation}/notes"
        return self.buyer.post(address, data=form, content_type="multipart/form-data")


@pytest.fixture
def two(
    app: Flask, session: Session, moment: Moment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Two:
    monkeypatch.setitem(app.config, "EVIDENCE_URL", str(tmp_path / "evidence"))
    return Two(app, session, moment)


def test_an_internal_note_is_marked_and_stays_with_us(two: Two, session: Session) -> None:
    answer = two.note((a_pdf("Intern"), "intern.pdf"), about=str(two.step))
    assert answer.location == f"/suppliers/{two.relation}#notes"
    for address in (f"/suppliers/{two.relation}", f"/milestones/{two.step}"):
        page = two.buyer.get(address).text
        assert "Belt liever na vieren." in page and "entry-internal" in page and "Intern" in page
        assert "intern.pdf" in page
    for address in ("", f"/steps/{two.step}", "/conversation"):
        page = two.supplier.get(f"/portal/{two.relation}{address}").text
        assert "Belt liever" not in page and "intern.pdf" not in page
    file = session.scalars(select(EvidenceRow)).one()
    assert two.supplier.get(f"/portal/{two.relation}/files/{file.id}/download").status_code == 404
    assert two.supplier.get(f"/portal/{two.relation}/files/{file.id}").status_code == 404
    assert two.reader.get(f"/evidence/{file.id}").data.startswith(b"%PDF")
    assert not session.scalars(select(MessageRow).where(MessageRow.kind == "note")).all()


def test_a_shared_note_is_read_on_the_other_side_with_its_file(two: Two, session: Session) -> None:
    two.note((a_pdf("Uitleg"), "uitleg.pdf"), is_shared="shared", about=str(two.step))
    page = two.buyer.get(f"/suppliers/{two.relation}").text
    assert "Gedeeld met leverancier" in page
    for address in ("", f"/steps/{two.step}", "/conversation"):
        page = two.supplier.get(f"/portal/{two.relation}{address}").text
        assert "Belt liever na vieren." in page and "Buyer Bakker" in page
        assert "uitleg.pdf" in page
    file = session.scalars(select(EvidenceRow)).one()
    got = two.supplier.get(f"/portal/{two.relation}/files/{file.id}/download")
    assert got.data.startswith(b"%PDF")
    assert session.scalars(select(MessageRow).where(MessageRow.kind == "note")).one().facts == {
        "note": "Belt liever na vieren.",
        "files": 1,
    }


@pytest.mark.parametrize(
    ("given", "content", "said"),
    [
        ({"is_clean": ""}, a_pdf("x"), "Bevestig dat er geen persoonsgegevens"),
        ({}, b"MZ and more", "Dit is geen PDF, PNG of JPEG"),
        ({"text": " "}, a_pdf("x"), "Vul dit in"),
        ({"about": "987654"}, a_pdf("x"), "bijlage.pdf"),
    ],
)
def test_what_is_wrong_keeps_the_text_and_records_nothing(
    two: Two, session: Session, given: dict[str, str], content: bytes, said: str
) -> None:
    answer = two.note((content, "bijlage.pdf"), **given)
    assert answer.status_code == 400
    assert said in answer.text or "Kies de bestanden opnieuw" in answer.text
    assert given.get("text") or "Belt liever na vieren." in answer.text
    assert not session.scalars(select(EventRow).where(EventRow.code == "note-written")).all()
    assert session.scalars(select(EvidenceRow)).first() is None


def test_a_number_in_a_file_is_asked_about_before_the_supplier_sees_it(
    two: Two, session: Session
) -> None:
    answer = two.note((a_pdf(f"order {A_BSN}"), "order.pdf"), is_shared="shared")
    file = session.scalars(select(EvidenceRow)).one()
    assert answer.location == f"/evidence/{file.id}/numbers"
    assert "order.pdf" not in two.supplier.get(f"/portal/{two.relation}").text
    done = two.buyer.post(answer.location, data={"number-0-kind": "reference"})
    assert done.location == f"/suppliers/{two.relation}#notes"
    assert "order.pdf" in two.supplier.get(f"/portal/{two.relation}").text


def test_a_question_and_its_answer_carry_files_to_the_other_side(
    two: Two, session: Session
) -> None:
    asked = two.supplier.post(
        f"/portal/{two.relation}/steps/{two.step}/question",
        data={"text": "Is dit goed?", "is_clean": "y", "files": (BytesIO(a_pdf("A")), "a.pdf")},
        content_type="multipart/form-data",
    )
    assert asked.status_code == 303
    task = session.scalars(select(TaskRow.id).where(TaskRow.kind == "question")).one()
    page = two.buyer.get(f"/milestones/{two.step}").text
    assert "Is dit goed?" in page and "a.pdf" in page and f"/questions/{task}" in page
    assert "a.pdf" in two.buyer.get(f"/questions/{task}").text
    two.buyer.post(
        f"/questions/{task}",
        data={"text": "Bijna.", "is_clean": "y", "files": (BytesIO(a_pdf("B")), "b.pdf")},
        content_type="multipart/form-data",
    )
    page = two.supplier.get(f"/portal/{two.relation}/steps/{two.step}").text
    assert page.index("Is dit goed?") < page.index("Bijna.") and "b.pdf" in page
    assert f"/questions/{task}" not in two.buyer.get(f"/milestones/{two.step}").text
    kinds = ("question", "answer")
    told = session.scalars(select(MessageRow).where(MessageRow.kind.in_(kinds))).all()
    assert [row.facts["files"] for row in told] == [1, 1]


def test_a_question_about_no_step_stands_on_both_first_pages(two: Two, session: Session) -> None:
    refused = two.supplier.post(
        f"/portal/{two.relation}/question",
        data={"text": "Wat kost het?", "files": (BytesIO(a_pdf("A")), "a.pdf")},
        content_type="multipart/form-data",
    )
    assert refused.status_code == 422 and "Wat kost het?" in refused.text
    two.supplier.post(f"/portal/{two.relation}/question", data={"text": "Wat kost het?"})
    for page in (
        two.supplier.get(f"/portal/{two.relation}").text,
        two.buyer.get(f"/suppliers/{two.relation}").text,
    ):
        assert "Wat kost het?" in page
    assert "Wat kost het?" not in two.buyer.get(f"/milestones/{two.step}").text


def test_a_manager_takes_a_text_away_and_a_buyer_cannot(two: Two, session: Session) -> None:
    text = "Fatima Jansen is ziek geworden."
    two.note(text=text, is_shared="shared", about=str(two.step))
    event = session.scalars(select(EventRow).where(EventRow.code == "note-written")).one()
    address = f"/events/{event.id}/personal-data"
    for page in (f"/suppliers/{two.relation}", f"/milestones/{two.step}"):
        assert address in two.manager.get(page).text
        assert address not in two.buyer.get(page).text
    assert text in two.manager.get(address).text
    assert two.buyer.post(address, data={"reason": "Ziekte"}).status_code == 403
    wrong = two.manager.post(address, data={"reason": text})
    assert wrong.status_code == 400 and "Zeg het in andere woorden" in wrong.text
    assert two.manager.post(address, data={"reason": ""}).status_code == 400
    done = two.manager.post(address, data={"reason": "Gezondheid van een medewerker"})
    assert done.status_code == 303
    gone = "In deze tekst stonden persoonsgegevens"
    assert gone in two.supplier.get(f"/portal/{two.relation}/steps/{two.step}").text
    assert text not in two.supplier.get(f"/portal/{two.relation}").text
    page = two.manager.get(f"/suppliers/{two.relation}").text
    assert text not in page and gone in page and "Gezondheid van een medewerker" in page
    assert "Hier staat geen tekst meer" in two.manager.get(address).text
    assert two.manager.post(address, data={"reason": "Nog eens"}).status_code == 409


def test_a_reader_reads_the_notes_and_writes_none(two: Two) -> None:
    two.note()
    page = two.reader.get(f"/suppliers/{two.relation}/notes").text
    assert "Belt liever na vieren." in page and "<textarea" not in page
    answer = two.reader.post(f"/suppliers/{two.relation}/notes", data={"text": "x"})
    assert answer.status_code == 403
