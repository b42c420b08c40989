"""A conversation holds what both sides wrote, in order; each sees only what is theirs."""

from datetime import timedelta

import pytest
from sqlalchemy import event as listening
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import InputInvalid, NotAllowed, NotFound, SentTwice
from onboarding.domain.people import Channel, Side
from onboarding.services.conversations import (
    answer_question,
    ask_question,
    record_contact,
    write_note,
)
from onboarding.services.enclosures import enclose
from onboarding.services.evidence import keep_upload
from onboarding.services.evidence_checks import check_upload
from onboarding.services.on_behalf import Heard, record_on_behalf
from onboarding.services.pathway.milestones import return_milestone, submit_milestone
from onboarding.services.pathway.reading import read_step
from onboarding.services.pathway.requests import answer_request, ask_for_date
from onboarding.services.threads import AT_ONCE, Thread, read_step_thread, read_thread
from onboarding.store.evidence import EvidenceFiles, visible_evidence
from onboarding.store.tables import EventRow, EvidenceRow, MessageRow, MilestoneRow, TaskRow
from tests import pathway_stage as pathways
from tests import stage
from tests.conftest import SettableClock
from tests.files import a_pdf, a_picture


@pytest.fixture
def scene(session: Session) -> pathways.Scene:
    return pathways.a_scene(session)


@pytest.fixture
def files(tmp_path) -> EvidenceFiles:
    return EvidenceFiles(str(tmp_path / "evidence"))


@pytest.fixture
def plan(session: Session, scene: pathways.Scene, moment: Moment) -> MilestoneRow:
    return pathways.agreed(session, scene, moment)[1][0]


def told(thread: Thread) -> list[tuple[str, str | None, list[str]]]:
    return [(e.code, e.text, [f.file_name for f in e.files]) for e in thread.entries]


def texts(thread: Thread) -> list[str | None]:
    return [one.text for one in thread.entries]


def owed(session: Session, kind: str) -> list[MessageRow]:
    return list(session.scalars(select(MessageRow).where(MessageRow.kind == kind)))


def test_all_about_a_step_stands_in_one_order(
    session: Session,
    scene: pathways.Scene,
    plan: MilestoneRow,
    moment: Moment,
    clock: SettableClock,
    files: EvidenceFiles,
) -> None:
    relation = scene.relation.id
    asked = ask_question(
        session, scene.signatory, moment, relation, text="Mag Engels?", milestone_id=plan.id
    )
    upload = check_upload(a_pdf("Draft"), "concept.pdf")
    enclose(session, scene.signatory, moment, files, asked, [upload])
    task = session.scalars(select(TaskRow.id).where(TaskRow.kind == "question")).one()
    now = clock.forward(hours=1)
    answer = answer_question(session, scene.buyer, now, task, text="Ja.", files=1)
    enclose(session, scene.buyer, now, files, answer, [check_upload(a_picture(), "voorbeeld.png")])
    internal = write_note(
        session, scene.buyer, now, relation, text="Let op de handtekening.", milestone_id=plan.id
    )
    kept = enclose(
        session, scene.buyer, now, files, internal, [check_upload(a_pdf("Intern"), "intern.pdf")]
    )
    now = clock.forward(hours=1)
    handed = keep_upload(
        session,
        scene.signatory,
        now,
        files,
        relation,
        check_upload(a_pdf("Plan"), "plan.pdf"),
        is_declared_clean=True,
        milestone_id=plan.id,
    )
    submit_milestone(
        session, scene.signatory, now, plan.id, note="Hier is het.", evidence_ids=[handed.id]
    )
    return_milestone(session, scene.buyer, clock.forward(hours=1), plan.id, note="Teken het nog.")
    now = clock.forward(hours=1)
    wished = now.today + timedelta(28)
    request = ask_for_date(
        session, scene.signatory, now, plan.id, wished_on=wished, reason="Directeur weg."
    )
    answer_request(session, scene.buyer, now, request, granted_on=None, note="Dat lukt niet.")
    ours = read_step_thread(session, scene.buyer, plan.id)
    assert told(ours) == [
        ("question-asked", "Mag Engels?", ["concept.pdf"]),
        ("question-answered", "Ja.", ["voorbeeld.png"]),
        ("note-written", "Let op de handtekening.", ["intern.pdf"]),
        ("milestone-submitted", "Hier is het.", ["plan.pdf"]),
        ("milestone-returned", "Teken het nog.", []),
        ("date-requested", "Directeur weg.", []),
        ("request-answered", "Dat lukt niet.", []),
    ]
    theirs = read_step_thread(session, scene.signatory, plan.id)
    assert told(theirs) == [one for one in told(ours) if one[0] != "note-written"]
    assert [e.side for e in theirs.entries[:2]] == [Side.SUPPLIER, Side.BUYER]
    assert theirs.entries[1].organisation == scene.customer.name
    with pytest.raises(NotFound):
        visible_evidence(session, scene.signatory, kept[0].id)
    assert visible_evidence(session, scene.buyer, kept[0].id).file_name == "intern.pdf"
    _, step = read_step(session, scene.buyer, now, plan.id)
    assert [file.file_name for file in step.files] == ["plan.pdf"]  # what was handed in, only
    history = session.scalars(select(EventRow).where(EventRow.code == "evidence-uploaded")).all()
    hidden = [one.facts["evidence_id"] for one in history if not one.is_shared]
    assert hidden == [kept[0].id]


def test_a_shared_note_is_mailed_once_and_an_internal_one_never(
    session: Session, scene: pathways.Scene, plan: MilestoneRow, moment: Moment
) -> None:
    relation = scene.relation.id
    write_note(session, scene.buyer, moment, relation, text="Intern")
    assert owed(session, "note") == []
    shared = write_note(
        session, scene.buyer, moment, relation, text="Gedeeld", is_shared=True, files=2
    )
    (message,) = owed(session, "note")
    assert message.key == f"note:{shared}:{scene.signatory.person_id}"
    assert message.facts == {"note": "Gedeeld", "files": 2}
    with pytest.raises(SentTwice):
        write_note(session, scene.buyer, moment, relation, text="Gedeeld", is_shared=True)
    assert "Intern" not in str([row.facts for row in session.scalars(select(MessageRow))])
    assert texts(read_thread(session, scene.signatory, relation)) == ["Gedeeld"]
    assert texts(read_thread(session, scene.buyer, relation)) == ["Intern", "Gedeeld"]


def test_a_call_that_was_noted_stands_among_the_notes(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    def call(**given: object) -> None:
        record_contact(
            session,
            scene.buyer,
            moment,
            scene.relation.id,
            channel=Channel.PHONE,
            contact_on=moment.today,
            **given,
        )

    call(note="Zij bellen terug.")
    call(was_reached=False)
    call(note="Afgesproken: maandag.", is_shared=True)
    assert texts(read_thread(session, scene.buyer, scene.relation.id)) == [
        "Zij bellen terug.",
        "Afgesproken: maandag.",
    ]
    assert texts(read_thread(session, scene.signatory, scene.relation.id)) == [
        "Afgesproken: maandag."
    ]
    assert [one.facts["note"] for one in owed(session, "note")] == ["Afgesproken: maandag."]


def test_a_question_by_phone_is_the_suppliers_and_says_who_wrote_it_down(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    heard = Heard(said_on=moment.today, channel=Channel.PHONE, by=scene.signatory.person_id or 0)
    record_on_behalf(
        session,
        scene.buyer,
        moment,
        scene.relation.id,
        heard,
        lambda said: ask_question(
            session, scene.buyer, moment, scene.relation.id, text="Hoe?", on_behalf=said
        ),
    )
    (entry,) = read_thread(session, scene.buyer, scene.relation.id).entries
    assert (entry.side, entry.who, entry.by) == (Side.SUPPLIER, "Signatory Jansen", "Buyer Bakker")
    assert entry.channel == "phone" and entry.task_id is not None
    (theirs,) = read_thread(session, scene.signatory, scene.relation.id).entries
    assert theirs.task_id is None  # answering is not theirs


def test_of_many_the_last_are_shown_and_all_can_be_read(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    for n in range(AT_ONCE + 3):
        write_note(session, scene.buyer, moment, scene.relation.id, text=f"Notitie {n}")
    short = read_thread(session, scene.buyer, scene.relation.id)
    assert texts(short) == [f"Notitie {n}" for n in range(3, AT_ONCE + 3)]
    assert not short.is_whole
    whole = read_thread(session, scene.buyer, scene.relation.id, most=None)
    assert len(whole.entries) == AT_ONCE + 3 and whole.is_whole


def test_the_number_of_queries_does_not_grow(
    session: Session,
    scene: pathways.Scene,
    plan: MilestoneRow,
    moment: Moment,
    files: EvidenceFiles,
) -> None:
    def queries() -> int:
        session.flush()
        session.expire_all()
        found = []
        bind = session.get_bind()
        count = lambda *args: found.append(args[2])  # noqa: E731
        listening.listen(bind, "before_cursor_execute", count)
        read_step_thread(session, scene.buyer, plan.id)
        listening.remove(bind, "before_cursor_execute", count)
        return len(found)

    def write(n: int) -> None:
        note = write_note(
            session, scene.buyer, moment, scene.relation.id, text=f"N {n}", milestone_id=plan.id
        )
        upload = check_upload(a_pdf(f"Bijlage {n}"), "b.pdf")
        enclose(session, scene.buyer, moment, files, note, [upload])

    write(0)
    few = queries()
    for n in range(1, 8):
        write(n)
    assert queries() == few


def test_only_a_buyer_writes_and_about_its_own_suppliers_steps(
    session: Session, scene: pathways.Scene, plan: MilestoneRow, moment: Moment
) -> None:
    other = stage.a_relation(session, scene.customer, "Bakkerij Sterk")
    with pytest.raises(NotAllowed):
        write_note(session, scene.signatory, moment, scene.relation.id, text="x")
    with pytest.raises(NotFound):
        write_note(session, scene.buyer, moment, other.id, text="x", milestone_id=plan.id)
    with pytest.raises(InputInvalid):
        write_note(session, scene.buyer, moment, scene.relation.id, text=" ")
    stranger = stage.contact_actor(session, other)
    with pytest.raises(NotFound):
        read_step_thread(session, stranger, plan.id)


def test_a_file_with_a_number_waits_for_its_sender(
    session: Session,
    scene: pathways.Scene,
    plan: MilestoneRow,
    moment: Moment,
    files: EvidenceFiles,
) -> None:
    note = write_note(
        session,
        scene.buyer,
        moment,
        scene.relation.id,
        text="Zie de bijlage.",
        is_shared=True,
        milestone_id=plan.id,
    )
    upload = check_upload(a_pdf("order 111222333"), "order.pdf")
    (kept,) = enclose(session, scene.buyer, moment, files, note, [upload])
    assert kept.numbers
    assert session.get_one(EvidenceRow, kept.id).event_id == note
    (entry,) = read_step_thread(session, scene.signatory, plan.id).entries
    assert entry.files == ()
