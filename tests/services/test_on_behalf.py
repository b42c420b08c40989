"""What a supplier says is written down, confirmed to it, and in time by the day it was said."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.certificate_moves import Claim
from onboarding.domain.errors import InputInvalid, NotAllowed, NotFound
from onboarding.domain.on_behalf import Act
from onboarding.domain.people import Channel, Role, Said
from onboarding.domain.policy import Level
from onboarding.services.certificates import report_certificate
from onboarding.services.decisions import reply_to_block
from onboarding.services.evidence_checks import check_upload
from onboarding.services.on_behalf import (
    Heard,
    NewContact,
    Papers,
    Recorded,
    record_on_behalf,
    what_is_possible,
)
from onboarding.services.pathway.milestones import submit_milestone
from onboarding.services.pathway.negotiation import agree_pathway
from onboarding.services.pathway.requests import ask_for_date
from onboarding.services.renewals import report_renewal
from onboarding.store.evidence import EvidenceFiles
from onboarding.store.tables import (
    ContactRow,
    EventRow,
    EvidenceRow,
    MessageRow,
    MilestoneRow,
    PathwayVersionRow,
    PersonRow,
    StatementRow,
    TaskRow,
)
from tests import pathway_stage as pathways
from tests import proof_things, stage
from tests.conftest import SettableClock
from tests.files import a_mail, a_pdf

DAY = timedelta(days=1)
BSN = "111222333"


@pytest.fixture
def scene(session: Session) -> pathways.Scene:
    return pathways.a_scene(session)


@pytest.fixture
def files(tmp_path) -> EvidenceFiles:
    return EvidenceFiles(str(tmp_path / "evidence"))


@pytest.fixture
def record(session: Session, scene: pathways.Scene):
    def do(moment: Moment, heard: Heard, doing, **more: object) -> Recorded:
        return record_on_behalf(
            session, scene.buyer, moment, scene.relation.id, heard, doing, **more
        )

    return do


def heard(scene: pathways.Scene, moment: Moment, **fields: object) -> Heard:
    known = {"said_on": moment.today, "channel": Channel.PHONE, "by": scene.signatory.person_id}
    return Heard(**(known | fields))


def handing_in(session: Session, scene: pathways.Scene, moment: Moment, step: MilestoneRow):
    return lambda said: submit_milestone(
        session, scene.buyer, moment, step.id, note="Klaar", on_behalf=said
    )


def test_the_supplier_gets_a_confirmation_and_five_working_days(
    session: Session, scene: pathways.Scene, moment: Moment, record
) -> None:
    _, (plan, *_) = pathways.agreed(session, scene, moment)
    done = record(moment, heard(scene, moment), handing_in(session, scene, moment, plan))
    row = session.get_one(StatementRow, done.statement_id)
    assert (row.code, row.milestone_id) == ("milestone-submitted", plan.id)
    assert row.contest_until_on == moment.today + timedelta(7)
    [mail] = session.scalars(select(MessageRow).where(MessageRow.kind == "recorded"))
    assert (mail.person_id, mail.state) == (scene.signatory.person_id, "queued")
    assert mail.facts["statement_id"] == row.id
    event = session.get_one(EventRow, row.event_id)
    assert (event.channel, event.said_on, event.said_by, event.actor_id) == (
        "phone",
        moment.today,
        scene.signatory.person_id,
        scene.buyer.person_id,
    )
    assert scene.relation.contact_on == moment.today


def test_somebody_new_is_known_afterwards_and_not_invited(
    session: Session, scene: pathways.Scene, moment: Moment, record
) -> None:
    _, (plan, *_) = pathways.agreed(session, scene, moment)
    who = NewContact(name="Fatima Aksoy", email="fatima@drukkerij.example")
    record(moment, heard(scene, moment, by=who), handing_in(session, scene, moment, plan))
    person = session.scalars(select(PersonRow).where(PersonRow.name == "Fatima Aksoy")).one()
    contact = session.scalars(select(ContactRow).where(ContactRow.person_id == person.id)).one()
    assert (contact.relation_id, contact.role) == (scene.relation.id, Role.CONTACT)
    kinds = session.scalars(select(MessageRow.kind).where(MessageRow.person_id == person.id)).all()
    assert kinds == ["recorded"]


def test_what_cannot_have_been_said_leaves_nothing_behind(
    session: Session, scene: pathways.Scene, moment: Moment, record
) -> None:
    _, (plan, *_) = pathways.agreed(session, scene, moment)
    doing = handing_in(session, scene, moment, plan)
    stranger = stage.a_contact(session, stage.a_relation(session, scene.customer, "Ander"))
    wrong = [
        (heard(scene, moment, said_on=moment.today + DAY), {}, "said_on"),
        (heard(scene, moment, said_on=moment.today - DAY), {"since": moment.today}, "said_on"),
        (heard(scene, moment, by=stranger.person_id), {}, "said_by"),
        (heard(scene, moment, channel=Channel.PORTAL), {}, "channel"),
        (heard(scene, moment, by=NewContact(name="Zonder nummer")), {}, "email"),
    ]
    for given, more, field in wrong:
        with pytest.raises(InputInvalid) as refused, session.begin_nested():
            record(moment, given, doing, **more)
        assert refused.value.facts["field"] == field
    assert session.scalar(select(func.count()).select_from(StatementRow)) == 0
    assert plan.state == "planned"


def test_only_a_buyer_of_this_customer_records(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    _, (plan, *_) = pathways.agreed(session, scene, moment)
    elsewhere = stage.user_actor(session, stage.a_customer(session, "Ander"))
    doing = handing_in(session, scene, moment, plan)
    for actor, error in ((elsewhere, NotFound), (scene.signatory, NotAllowed)):
        with pytest.raises(error):
            given = heard(scene, moment)
            record_on_behalf(session, actor, moment, scene.relation.id, given, doing)
        with pytest.raises(error):
            what_is_possible(session, actor, moment, scene.relation.id)


def test_a_contact_of_another_supplier_said_none_of_it(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    """Whichever service is asked, and not through the page."""
    other = stage.a_contact(session, stage.a_relation(session, scene.customer, "Ander"))
    said = Said(said_on=moment.today, channel=Channel.PHONE, person_id=other.person_id)
    relation, buyer = scene.relation, scene.buyer
    block = proof_things.a_block(session, relation)
    held = proof_things.a_certificate(session, relation)
    claim = a_claim(relation.kvk_number or "", moment)
    for do in (
        lambda: reply_to_block(session, buyer, moment, block.id, text="Nee", on_behalf=said),
        lambda: report_certificate(session, buyer, moment, relation.id, claim, on_behalf=said),
        lambda: report_renewal(session, buyer, moment, held.id, note="Loopt", on_behalf=said),
    ):
        with pytest.raises(InputInvalid, match="not-a-contact"):
            do()


def a_claim(kvk_number: str, moment: Moment) -> Claim:
    return Claim(
        level=Level.TREDE_1,
        starts_on=moment.today,
        ends_on=moment.today + timedelta(700),
        kvk_numbers=(kvk_number,),
    )


def test_the_mail_is_kept_with_it_and_files_with_the_step(
    session: Session, scene: pathways.Scene, moment: Moment, record, files: EvidenceFiles
) -> None:
    _, (plan, *_) = pathways.agreed(session, scene, moment)
    mail = check_upload(a_mail(), "bericht.eml", takes_mail=True)
    done = record(
        moment,
        heard(scene, moment, channel=Channel.MAIL),
        handing_in(session, scene, moment, plan),
        papers=Papers(files=files, original=mail, others=(check_upload(a_pdf(), "plan.pdf"),)),
    )
    row = session.get_one(StatementRow, done.statement_id)
    kept = session.get_one(EvidenceRow, row.evidence_id)
    assert (kept.media_type, kept.milestone_id, kept.is_attached) == ("message/rfc822", None, True)
    assert files.read(scene.customer.id, kept.sha256 or "") == mail.content
    attached = select(EvidenceRow.file_name).where(EvidenceRow.milestone_id == plan.id)
    assert session.scalars(attached).all() == ["plan.pdf"]
    assert done.unexplained == ()


def test_a_number_in_the_mail_waits_for_the_buyers_word_and_the_record_does_not(
    session: Session, scene: pathways.Scene, moment: Moment, record, files: EvidenceFiles
) -> None:
    _, (plan, *_) = pathways.agreed(session, scene, moment)
    mail = check_upload(a_mail(f"Nummer {BSN}"), "bericht.eml", takes_mail=True)
    papers = Papers(files=files, original=mail)
    doing = handing_in(session, scene, moment, plan)
    done = record(moment, heard(scene, moment, channel=Channel.MAIL), doing, papers=papers)
    row = session.get_one(StatementRow, done.statement_id)
    assert done.unexplained == (row.evidence_id,)
    assert not session.get_one(EvidenceRow, row.evidence_id).is_attached
    assert plan.state == "submitted"


def test_a_call_that_was_to_be_made_is_done_with_it(
    session: Session, scene: pathways.Scene, moment: Moment, clock: SettableClock, record
) -> None:
    _, (plan, account, *_) = pathways.agreed(session, scene, moment)
    task = TaskRow(
        key="call:1",
        customer_id=scene.customer.id,
        relation_id=scene.relation.id,
        milestone_id=account.id,
        kind="call",
        for_role="buyer",
        facts={},
        due_on=moment.today,
        owed_at=moment.now,
    )
    session.add(task)
    session.flush()
    doing = handing_in(session, scene, moment, plan)
    record(moment, heard(scene, moment), doing, task_id=task.id)
    assert (task.outcome, task.done_by) == ("reached", scene.buyer.person_id)


def test_asked_in_time_by_mail_and_recorded_late_it_was_in_time(
    session: Session, scene: pathways.Scene, moment: Moment, clock: SettableClock, record
) -> None:
    _, (plan, *_) = pathways.agreed(session, scene, moment)
    due_on, relation_id = plan.due_on, scene.relation.id
    late = clock.forward(days=17)
    assert pathways.status_on(session, relation_id, late.today) == "at-risk"
    record(
        late,
        heard(scene, late, said_on=due_on, channel=Channel.MAIL),
        lambda said: ask_for_date(
            session,
            scene.buyer,
            late,
            plan.id,
            wished_on=due_on + timedelta(21),
            reason="Ziek",
            on_behalf=said,
        ),
    )
    assert pathways.status_on(session, relation_id, late.today) == "conditional"


def test_the_agreed_version_names_who_agreed_how_and_who_recorded_it(
    session: Session, scene: pathways.Scene, moment: Moment, record
) -> None:
    row = pathways.proposed(session, scene, moment)
    possible = {one.act for one in what_is_possible(session, scene.buyer, moment, row.relation_id)}
    assert {Act.AGREE, Act.COUNTER, Act.DECLINE} <= possible
    record(
        moment,
        heard(scene, moment, channel=Channel.LETTER),
        lambda said: agree_pathway(
            session,
            scene.buyer,
            moment,
            row.id,
            revision=row.revision,
            function="eigenaar",
            on_behalf=said,
        ),
    )
    signed = session.scalars(select(PathwayVersionRow)).one().for_supplier
    assert (signed["channel"], signed["function"]) == ("letter", "eigenaar")
    assert (signed["person_id"], signed["recorded_by"]) == (
        scene.signatory.person_id,
        scene.buyer.person_id,
    )
    assert session.scalars(select(StatementRow.code)).all() == ["pathway-agreed"]
