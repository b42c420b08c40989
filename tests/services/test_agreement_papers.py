"""The agreement on paper: what was agreed, by whom, sealed; the same each time, for both sides."""

import io

import pytest
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.agreements import sha256
from onboarding.domain.errors import NotFound
from onboarding.domain.people import Actor, Role
from onboarding.services.evidence_checks import check_upload
from onboarding.services.pathway.agreement_papers import Paper, agreement_paper
from onboarding.store.tables import PathwayVersionRow, PersonRow
from tests import databases, stage
from tests import pathway_stage as pathways


@pytest.fixture
def scene(session: Session, moment: Moment) -> pathways.Scene:
    scene = pathways.a_scene(session, name="Drukkerij #De [Linde]", kvk_number="17037842")
    pathways.agreed(session, scene, moment)
    return scene


def paper(session: Session, actor: Actor, locale: str = "nl") -> Paper:
    pathway_id = session.scalars(select(PathwayVersionRow.pathway_id)).one()
    return agreement_paper(session, actor, pathway_id, 1, locale, databases.zone())


def text_of(paper: Paper) -> str:
    pages = PdfReader(io.BytesIO(paper.content)).pages
    assert len(pages) == 1
    return " ".join(pages[0].extract_text().split())


def test_it_says_what_was_agreed_and_by_whom(session: Session, scene: pathways.Scene) -> None:
    text = text_of(paper(session, scene.buyer))
    for said in (
        "Drukkerij #De [Linde]",  # signs that would mean something in markup stay as they are
        "KvK 17037842",
        "Plan van aanpak",
        "dinsdag 8 december 2026",
        "versie 1",
        session.get_one(PersonRow, scene.signatory.person_id).name,
    ):
        assert said in text


def test_its_content_is_inside_and_answers_to_its_seal(
    session: Session, scene: pathways.Scene
) -> None:
    made = paper(session, scene.buyer)
    [content] = PdfReader(io.BytesIO(made.content)).attachments.values()
    seal = session.scalars(select(PathwayVersionRow.content_sha256)).one()
    assert sha256(content[0].decode()) == seal
    assert seal in text_of(made).replace(" ", "")


def test_it_can_be_handed_in_as_it_is_and_its_inside_is_looked_through(
    session: Session, scene: pathways.Scene
) -> None:
    pathway = session.scalars(select(PathwayVersionRow)).one()
    made = paper(session, scene.signatory)
    assert check_upload(made.content, made.file_name).media_type == "application/pdf"
    pathway.content = pathway.content.replace('{"', '{"Ref 111222333":1,"', 1)
    session.flush()
    made = paper(session, scene.signatory)
    assert check_upload(made.content, made.file_name).numbers == (("111222333", 1),)


def test_both_sides_get_the_same_bytes_each_time(session: Session, scene: pathways.Scene) -> None:
    assert paper(session, scene.buyer).content == paper(session, scene.signatory).content


def test_it_speaks_the_readers_language(session: Session, scene: pathways.Scene) -> None:
    made = paper(session, scene.signatory, "en")
    assert "Tuesday 8 December 2026" in text_of(made)
    assert made.file_name.startswith("agreement-")


def test_a_name_that_was_blanked_is_gone_from_it(session: Session, scene: pathways.Scene) -> None:
    person = session.get_one(PersonRow, scene.signatory.person_id)
    name, person.name = person.name, ""
    session.flush()
    text = text_of(paper(session, scene.buyer))
    assert name not in text
    assert "naam niet meer bewaard" in text


def test_another_organisation_finds_nothing(session: Session, scene: pathways.Scene) -> None:
    elsewhere = stage.user_actor(session, stage.a_customer(session, "Ander"), Role.MANAGER)
    with pytest.raises(NotFound):
        paper(session, elsewhere)
