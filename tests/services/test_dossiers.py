"""The dossier of one supplier: all that is kept, on paper and as JSON, and who took it along."""

import io
import json
from dataclasses import replace
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.agreements import sha256
from onboarding.domain.dossiers import DossierForm
from onboarding.domain.errors import NotFound
from onboarding.services.conversations import write_note
from onboarding.services.dossier.as_json import dossier_content, dossier_json
from onboarding.services.dossier.dossiers import Dossier, read_dossier, record_export
from onboarding.services.dossier.history_checks import check_history
from onboarding.services.dossier.papers import typeset_dossier
from onboarding.store.tables import EventRow, MailRow, PersonRow, RelationRow
from tests import databases, proof_rows, rows_of_relation, stage
from tests import pathway_stage as pathways


@pytest.fixture
def scene(session: Session, moment: Moment) -> pathways.Scene:
    scene = pathways.a_scene(session, name="Drukkerij #De [Linde]", kvk_number="17037842")
    pathways.agreed(session, scene, moment)
    proof_rows.a_certificate(session, scene.relation)
    proof_rows.a_recognition(session, scene.relation)
    proof_rows.a_decision(session, scene.relation)
    write_note(session, scene.buyer, moment, scene.relation.id, text="Belt liever na vieren.")
    mail = stage.a_mail(session, scene.relation)
    stage.a_reminder(
        session,
        scene.relation,
        state="sent",
        mail_id=mail.id,
        person_id=scene.signatory.person_id,
    )
    return scene


def dossier(session: Session, moment: Moment, scene: pathways.Scene) -> Dossier:
    session.flush()
    moment = replace(moment, now=moment.now.replace(microsecond=123_456))  # as clocks tell it
    return read_dossier(session, scene.buyer, moment, scene.relation.id)


def test_it_holds_all_that_is_kept(session: Session, moment: Moment, scene: pathways.Scene) -> None:
    made = dossier(session, moment, scene)
    told = json.loads(dossier_json(made))
    assert (told["format"], told["version"], told["is_internal"]) == ("onboarding-dossier", 1, True)
    assert told["supplier"]["kvk_number"] == "17037842"
    [agreement] = told["agreements"]
    assert sha256(agreement["content"]) == agreement["sha256"]
    signatory = session.get_one(PersonRow, scene.signatory.person_id).name
    assert agreement["for_supplier"]["name"] == signatory
    assert agreement["for_supplier"]["function"] == "directeur"
    assert len(told["pathways"][0]["steps"]) == 4
    for kind in ("certificates", "recognitions", "decisions"):
        assert len(told[kind]) == 1, kind
    reminder = next(one for one in told["messages"] if one["kind"] == "certificate-ending")
    mail = session.scalars(select(MailRow)).one()
    assert reminder["message_id"] == mail.message_id
    assert reminder["to"] == {"name": signatory, "role": "signatory"}
    assert [one["code"] for one in told["history"]][-1] == "note-written"
    assert told["history_seal"]["sha256"] == told["history"][-1]["sha256"]
    assert told["status_held"][-1]["ends_on"] == "9999-12-31"
    assert [one["number"] for one in told["assessments"]] == list(
        range(1, len(told["assessments"]) + 1)
    )


def test_addresses_and_keys_are_not_in_it(
    session: Session, moment: Moment, scene: pathways.Scene
) -> None:
    person = session.get_one(PersonRow, scene.signatory.person_id)
    person.phone = "06-12345678"
    stage.a_reminder(session, scene.relation, kind="login-link", key="login-link:1")
    told = dossier_json(dossier(session, moment, scene))
    assert str(person.email) not in told and "06-12345678" not in told
    assert "login-link" not in told


def test_a_blanked_name_is_gone_from_it(
    session: Session, moment: Moment, scene: pathways.Scene
) -> None:
    person = session.get_one(PersonRow, scene.signatory.person_id)
    person.name = ""
    made = dossier(session, moment, scene)
    [agreement] = dossier_content(made)["agreements"]
    assert agreement["for_supplier"]["name"] is None
    assert "naam niet meer bewaard" in text_of(made)


def text_of(made: Dossier, locale: str = "nl") -> str:
    paper = typeset_dossier(made, locale, databases.zone())
    pages = PdfReader(io.BytesIO(paper.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_it_can_be_read_from_begin_to_end(
    session: Session, moment: Moment, scene: pathways.Scene
) -> None:
    made = dossier(session, moment, scene)
    text = text_of(made)
    for said in (
        "Dossier van Drukkerij #De [Linde]",
        "Intern: voor de opdrachtgever",
        "Vrijgegeven, met afspraken",
        "Plan van aanpak",
        "schreef een notitie",
        made.head.sha256,
    ):
        assert said in text, said
    assert "Dossier of Drukkerij" in text_of(made, "en")


def test_the_json_is_inside_the_paper_and_the_bytes_are_the_same_each_time(
    session: Session, moment: Moment, scene: pathways.Scene
) -> None:
    made = dossier(session, moment, scene)
    paper = typeset_dossier(made, "nl", databases.zone())
    assert paper.file_name == f"dossier-id-{scene.relation.id}-2026-11-24.pdf"
    assert typeset_dossier(made, "nl", databases.zone()).content == paper.content
    [content] = PdfReader(io.BytesIO(paper.content)).attachments.values()
    assert content[0].decode() == dossier_json(made)


def test_that_it_was_taken_along_is_sealed_in_the_history(
    session: Session, moment: Moment, scene: pathways.Scene
) -> None:
    made = dossier(session, moment, scene)
    record_export(session, scene.buyer, moment, made, DossierForm.JSON)
    row = session.scalars(select(EventRow).order_by(EventRow.id.desc())).first()
    assert row is not None and row.code == "dossier-exported" and not row.is_shared
    assert row.facts == {
        "form": "json",
        "length": made.head.length,
        "sha256": made.head.sha256,
    }
    assert check_history(session, scene.customer.id).broken == []


def test_nobody_else_gets_it(session: Session, moment: Moment, scene: pathways.Scene) -> None:
    other = stage.user_actor(session, stage.a_customer(session, "Ander Bedrijf"))
    with pytest.raises(NotFound):
        read_dossier(session, other, moment, scene.relation.id)


def queries(session: Session, moment: Moment, scene: pathways.Scene, row: RelationRow) -> int:
    told: list[str] = []

    def tell(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        told.append(statement)

    session.flush()
    session.expire_all()
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", tell)
    dossier_json(read_dossier(session, scene.buyer, moment, row.id))
    event.remove(connection, "before_cursor_execute", tell)
    return len(told)


def test_the_number_of_queries_does_not_grow(
    session: Session, moment: Moment, scene: pathways.Scene
) -> None:
    of_pathways = frozenset({"pathways", "milestones", "date_requests", "notices", "statements"})
    rows_of_relation.fill(session, scene.relation, leave_out=of_pathways)
    before = queries(session, moment, scene, scene.relation)
    for place in range(3):
        stage.a_contact(session, scene.relation)
        proof_rows.a_certificate(session, scene.relation)
        proof_rows.a_decision(session, scene.relation)
        stage.a_reminder(session, scene.relation)
        write_note(session, scene.buyer, moment, scene.relation.id, text=f"Nog iets, {place}.")
    assert queries(session, moment, scene, scene.relation) == before
