"""A contact reports personal data: the managers take it out or say why it stands, and tell it."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.decisions import DecisionKind
from onboarding.domain.errors import InputInvalid, MoveRefused, NotAllowed, NotFound
from onboarding.domain.people import Actor, Role
from onboarding.services.conversations import ask_question, write_note
from onboarding.services.decisions import take_decision
from onboarding.services.evidence import keep_upload, remove_personal_data
from onboarding.services.evidence_checks import check_upload
from onboarding.services.mail.freshness import Now, why_stale
from onboarding.services.personal_data import keep, read_file, read_report, read_text, report
from onboarding.services.redaction import redact_text
from onboarding.services.work_list import read_work_list
from onboarding.store.evidence import EvidenceFiles
from onboarding.store.tables import EventRow, EvidenceRow, MessageRow, TaskRow
from tests import pathway_stage as pathways
from tests import stage
from tests.files import a_picture

TEXT = "Fatima de Vries is ziek en ligt in het ziekenhuis."


@pytest.fixture
def scene(session: Session) -> pathways.Scene:
    return pathways.a_scene(session)


@pytest.fixture
def files(tmp_path: Any) -> EvidenceFiles:
    return EvidenceFiles(str(tmp_path / "evidence"))


def told(session: Session, kind: str) -> list[tuple[int, dict[str, Any]]]:
    query = select(MessageRow).where(MessageRow.kind == kind).order_by(MessageRow.key)
    return [(row.person_id, row.facts) for row in session.scalars(query)]


def a_note(session: Session, scene: pathways.Scene, moment: Moment) -> int:
    return write_note(session, scene.buyer, moment, scene.relation.id, text=TEXT, is_shared=True)


def a_picture_of(
    session: Session, scene: pathways.Scene, moment: Moment, files: EvidenceFiles, by: Actor
) -> int:
    upload = check_upload(a_picture(), "lijst.png")
    return keep_upload(
        session, by, moment, files, scene.relation.id, upload, is_declared_clean=True
    ).id


def reported(session: Session, scene: pathways.Scene, moment: Moment, note: int) -> TaskRow:
    what = read_text(session, scene.signatory, note)
    assert report(session, scene.signatory, moment, what, seen=" Een naam ")
    return session.scalars(select(TaskRow).where(TaskRow.kind == "personal-data")).one()


def to_decide(session: Session, actor: Actor, moment: Moment) -> list[int]:
    decide = read_work_list(session, actor, moment, mine=False).decide
    return [item.id for item in decide.items if item.what == "personal-data"]


def test_a_text_is_reported_to_the_managers_and_the_reporter_hears_that_it_is_gone(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    note = a_note(session, scene, moment)
    task = reported(session, scene, moment, note)
    assert to_decide(session, scene.manager, moment) == [task.id]
    assert to_decide(session, scene.buyer, moment) == []
    assert told(session, "personal-data-reported") == [
        (scene.manager.person_id, {"report_id": task.id})
    ]
    found = read_report(session, scene.manager, task.id)
    assert (found.what.texts, found.seen) == ((TEXT,), "Een naam")
    event = session.scalars(select(EventRow).where(EventRow.code == "personal-data-reported")).one()
    assert (event.facts, event.is_shared) == ({"event_id": note}, False)
    redact_text(session, scene.manager, moment, note, reason="Gezondheid")
    session.refresh(task)
    assert (task.outcome, task.done_by, task.facts["seen"]) == (
        "removed",
        scene.manager.person_id,
        "",
    )
    assert to_decide(session, scene.manager, moment) == []
    assert told(session, "personal-data-answered") == [
        (scene.signatory.person_id, {"is_file": False, "is_removed": True})
    ]


def test_a_text_that_goes_with_another_closes_its_report_too(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    first = a_note(session, scene, moment)
    second = write_note(
        session, scene.manager, moment, scene.relation.id, text=TEXT, is_shared=True
    )
    task = reported(session, scene, moment, second)
    redact_text(session, scene.manager, moment, first, reason="Gezondheid")
    session.refresh(task)
    assert task.outcome == "removed"


def test_what_is_something_else_stays_reported(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    task = reported(session, scene, moment, a_note(session, scene, moment))
    other = ask_question(
        session, scene.signatory, moment, scene.relation.id, text="Mag Piet Jansen mee?"
    )
    redact_text(session, scene.manager, moment, other, reason="Een naam")
    session.refresh(task)
    assert task.done_at is None


def test_a_file_goes_and_who_reported_it_hears(
    session: Session, scene: pathways.Scene, moment: Moment, files: EvidenceFiles
) -> None:
    evidence_id = a_picture_of(session, scene, moment, files, scene.signatory)
    colleague = stage.contact_actor(session, scene.relation, Role.ADVISER)
    what = read_file(session, colleague, evidence_id)
    assert report(session, colleague, moment, what, seen="")
    remove_personal_data(session, scene.buyer, moment, files, evidence_id, reason="Namen")
    assert told(session, "personal-data-answered") == [
        (colleague.person_id, {"is_file": True, "is_removed": True})
    ]
    assert to_decide(session, scene.manager, moment) == []
    assert not report(session, colleague, moment, what, seen="")  # there is nothing left


def test_a_manager_says_why_it_stands(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    note = a_note(session, scene, moment)
    task = reported(session, scene, moment, note)
    with pytest.raises(NotAllowed):
        keep(session, scene.buyer, moment, task.id, answer="Openbaar")
    with pytest.raises(InputInvalid):
        keep(session, scene.manager, moment, task.id, answer=" ")
    keep(session, scene.manager, moment, task.id, answer="Dit is openbaar.")
    assert told(session, "personal-data-answered") == [
        (scene.signatory.person_id, {"is_file": False, "answer": "Dit is openbaar."})
    ]
    with pytest.raises(MoveRefused):
        keep(session, scene.manager, moment, task.id, answer="Nog eens")
    again = read_text(session, scene.signatory, note)
    assert again.waits_since is None
    assert report(session, scene.signatory, moment, again, seen="")  # it can be reported anew


def test_it_is_reported_once_while_it_waits(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    note = a_note(session, scene, moment)
    what = read_text(session, scene.signatory, note)
    assert report(session, scene.signatory, moment, what, seen="")
    assert not report(session, scene.signatory, moment, what, seen="")
    assert read_text(session, scene.signatory, note).waits_since == moment.today


def test_only_what_the_contact_may_see(
    session: Session, scene: pathways.Scene, moment: Moment, files: EvidenceFiles
) -> None:
    internal = write_note(session, scene.manager, moment, scene.relation.id, text=TEXT)
    grant = take_decision(
        session,
        scene.manager,
        moment,
        scene.relation.id,
        DecisionKind.GRANT,
        reason="Nodig",
        starts_on=moment.today,
        ends_on=moment.today,
    )
    assert grant
    decided = session.scalars(select(EventRow.id).where(EventRow.code == "grant-given")).one()
    for event_id in (internal, decided, 2**31 - 1):
        with pytest.raises(NotFound):
            read_text(session, scene.signatory, event_id)
    other = stage.a_relation(session, scene.customer)
    stranger = stage.contact_actor(session, other)
    note = a_note(session, scene, moment)
    evidence_id = a_picture_of(session, scene, moment, files, scene.signatory)
    with pytest.raises(NotFound):
        read_text(session, stranger, note)
    with pytest.raises(NotFound):
        read_file(session, stranger, evidence_id)
    row = session.get_one(EvidenceRow, evidence_id)
    row.is_shared = False
    with pytest.raises(NotFound):
        read_file(session, scene.signatory, evidence_id)
    task = reported(session, scene, moment, note)
    elsewhere = stage.user_actor(session, stage.a_customer(session, "Elders"), Role.MANAGER)
    with pytest.raises(NotFound):
        read_report(session, elsewhere, task.id)


def test_a_buyer_reports_nothing_and_a_hint_is_short(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    what = read_text(session, scene.signatory, a_note(session, scene, moment))
    with pytest.raises(NotAllowed):
        report(session, scene.manager, moment, what, seen="")
    with pytest.raises(InputInvalid):
        report(session, scene.signatory, moment, what, seen="x" * 201)


def test_the_managers_mail_does_not_go_once_it_is_done(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    task = reported(session, scene, moment, a_note(session, scene, moment))
    query = select(MessageRow).where(MessageRow.kind == "personal-data-reported")
    mail = session.scalars(query).one()
    now = Now(today=moment.today, now=moment.now, real_now=moment.now)
    assert why_stale(session, mail, now) is None
    keep(session, scene.manager, moment, task.id, answer="Openbaar")
    assert why_stale(session, mail, now) == "answered"
