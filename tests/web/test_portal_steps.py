"""A step is reported with a text and files; what was typed is never lost over a file."""

import io
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.people import Role
from onboarding.services.evidence_checks import LARGEST
from onboarding.store.tables import (
    DateRequestRow,
    EventRow,
    EvidenceRow,
    MilestoneRow,
    PersonRow,
    TaskRow,
)
from tests import pathway_stage, stage
from tests.files import a_pdf, a_picture
from tests.pathway_stage import Scene

BSN = "111222333"


@pytest.fixture
def scene(session: Session) -> Scene:
    return pathway_stage.a_scene(session)


@pytest.fixture
def step(session: Session, moment: Moment, scene: Scene) -> MilestoneRow:
    _, steps = pathway_stage.agreed(session, scene, moment)
    session.commit()
    return steps[0]


@pytest.fixture
def kim(session: Session, scene: Scene, log_in_as) -> FlaskClient:
    return log_in_as(session.get_one(PersonRow, scene.signatory.person_id))


@pytest.fixture
def adviser(session: Session, scene: Scene, log_in_as) -> FlaskClient:
    contact = stage.a_contact(session, scene.relation, Role.ADVISER)
    return log_in_as(session.get_one(PersonRow, contact.person_id))


def address(step: MilestoneRow, *more: str) -> str:
    return "/".join([f"/portal/{step.relation_id}/steps/{step.id}", *more])


def send(client: FlaskClient, step: MilestoneRow, *files: bytes, action: str = "send", **fields):
    data = {"note": "Ons plan is klaar.", "action": action, **fields}
    data["files"] = [(io.BytesIO(content), f"plan-{n}.pdf") for n, content in enumerate(files)]
    return client.post(address(step), data=data, content_type="multipart/form-data")


def test_a_step_is_sent_with_a_text_and_files(
    kim: FlaskClient, session: Session, step: MilestoneRow
) -> None:
    answer = send(kim, step, a_pdf(), a_picture(), is_clean="y")
    assert answer.status_code == 303
    session.refresh(step)
    assert (step.state, step.last_note) == ("submitted", "Ons plan is klaar.")
    rows = session.scalars(select(EvidenceRow)).all()
    assert {row.milestone_id for row in rows} == {step.id} and len(rows) == 2
    page = kim.get(address(step)).text
    assert "plan-0.pdf" in page and "Wij lezen dit sinds" in page


def test_something_must_be_sent(kim: FlaskClient, session: Session, step: MilestoneRow) -> None:
    answer = send(kim, step, note="")
    assert answer.status_code == 422 and "voeg een bestand toe" in answer.text
    session.refresh(step)
    assert step.state == "planned"


@pytest.mark.parametrize(
    ("content", "fields", "said"),
    [
        (b"geen pdf", {"is_clean": "y"}, "geen PDF, PNG of JPEG"),
        (a_pdf() + bytes(LARGEST), {"is_clean": "y"}, "groter dan 10 MB"),
        (a_pdf(), {}, "Bevestig dat er geen persoonsgegevens"),
    ],
)
def test_a_refused_file_costs_no_text(
    kim: FlaskClient, session: Session, step: MilestoneRow, content: bytes, fields, said: str
) -> None:
    answer = send(kim, step, content, **fields)
    assert answer.status_code == 422
    assert said in answer.text and "Uw tekst is bewaard." in answer.text
    assert "Ons plan is klaar." in answer.text
    assert "Ons plan is klaar." in kim.get(address(step)).text  # also for who comes back later
    session.refresh(step)
    assert step.state == "planned"
    assert session.scalars(select(EvidenceRow)).all() == []


def test_a_stranger_sends_no_more_than_to_any_page(
    client: FlaskClient, kim: FlaskClient, step: MilestoneRow
) -> None:
    """The large request is for who typed something; it is read before a page asks who sent it."""
    large = a_pdf() + bytes(LARGEST + 2 * 1024 * 1024)
    assert send(client, step, large).status_code == 413
    assert send(kim, step, large).status_code == 422


def test_a_good_file_is_kept_beside_a_refused_one(
    kim: FlaskClient, session: Session, step: MilestoneRow
) -> None:
    answer = send(kim, step, a_pdf(), b"geen pdf", is_clean="y")
    assert answer.status_code == 422
    assert "en deze bestanden ook: plan-0.pdf" in answer.text
    assert len(session.scalars(select(EvidenceRow)).all()) == 1


def test_a_suspect_number_is_asked_about_first(
    kim: FlaskClient, session: Session, step: MilestoneRow
) -> None:
    answer = send(kim, step, a_pdf(f"order {BSN}"), is_clean="y")
    file = session.scalars(select(EvidenceRow)).one()
    where = f"/portal/{step.relation_id}/files/{file.id}"
    assert (answer.status_code, answer.location) == (303, where)
    page = kim.get(where).text
    assert "••••••333" in page and BSN not in page
    assert kim.post(where, data={"action": "explain"}).status_code == 422
    answer = kim.post(where, data={"action": "explain", "number-0-kind": "reference"})
    assert (answer.status_code, answer.location) == (303, address(step))
    session.refresh(file)
    assert file.is_attached and file.numbers_declared[0]["kind"] == "reference"
    assert "Ons plan is klaar." in kim.get(address(step)).text
    assert send(kim, step).status_code == 303
    session.refresh(step)
    assert step.state == "submitted"


def test_a_file_with_a_bsn_is_removed_by_its_sender(
    kim: FlaskClient, session: Session, step: MilestoneRow
) -> None:
    send(kim, step, a_pdf(f"medewerker {BSN}"), is_clean="y")
    file = session.scalars(select(EvidenceRow)).one()
    where = f"/portal/{step.relation_id}/files/{file.id}"
    assert kim.post(where, data={"action": "remove"}).location == address(step)
    session.refresh(file)
    assert file.removed_at is not None and file.sha256 is None
    assert "Uw tekst is bewaard" in kim.get(address(step)).text


def test_a_file_is_served_to_keep_and_not_to_show(
    kim: FlaskClient, session: Session, step: MilestoneRow
) -> None:
    content = a_picture()
    send(kim, step, content, is_clean="y")
    file = session.scalars(select(EvidenceRow)).one()
    answer = kim.get(f"/portal/{step.relation_id}/files/{file.id}/download")
    assert answer.data == content
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_saving_keeps_text_and_begins_the_step(
    kim: FlaskClient, session: Session, step: MilestoneRow
) -> None:
    assert send(kim, step, action="save").location == address(step)
    session.refresh(step)
    assert step.state == "started"
    assert "Ons plan is klaar." in kim.get(address(step)).text


def test_an_adviser_prepares_and_a_colleague_sends(
    adviser: FlaskClient, kim: FlaskClient, session: Session, step: MilestoneRow
) -> None:
    assert send(adviser, step).status_code == 403
    assert send(adviser, step, a_pdf(), action="save", is_clean="y").status_code == 303
    session.refresh(step)
    assert step.state == "planned"
    page = kim.get(address(step)).text
    assert "Ons plan is klaar." in page and "plan-0.pdf" in page
    assert send(kim, step).status_code == 303
    assert "step-prepared" in session.scalars(select(EventRow.code)).all()


def test_another_date_is_asked_with_a_reason(
    kim: FlaskClient, session: Session, step: MilestoneRow
) -> None:
    day = (step.due_on + timedelta(days=14)).isoformat()
    assert kim.post(address(step, "date"), data={"wished_on": day}).status_code == 422
    data = {"wished_on": step.due_on.isoformat(), "reason": "Verhuizing"}
    answer = kim.post(address(step, "date"), data=data)
    assert answer.status_code == 422 and "Verhuizing" in answer.text
    data["wished_on"] = day
    assert kim.post(address(step, "date"), data=data).status_code == 303
    request = session.scalars(select(DateRequestRow)).one()
    assert (request.made_by, request.asked_due_on.isoformat()) == ("supplier", day)


def test_a_certifying_bodys_delay_is_reported(
    kim: FlaskClient, session: Session, step: MilestoneRow
) -> None:
    data = {
        "new_day": (step.due_on + timedelta(days=21)).isoformat(),
        "reason": "De auditor is ziek.",
    }
    assert kim.post(address(step, "delay"), data=data).status_code == 303
    assert session.scalars(select(DateRequestRow.kind)).one() == "outside-delay"


def test_a_question_reaches_the_buyer(
    kim: FlaskClient, session: Session, step: MilestoneRow
) -> None:
    data = {"text": "Mag het ook een foto zijn?"}
    assert kim.post(address(step, "question"), data=data).status_code == 303
    data = {"text": "Hoe lang duurt een audit?"}
    assert kim.post(f"/portal/{step.relation_id}/question", data=data).status_code == 303
    tasks = session.scalars(select(TaskRow).order_by(TaskRow.id)).all()
    assert [task.milestone_id for task in tasks if task.kind == "question"] == [step.id, None]
