"""With the phone at the ear: what was it, who said it, and nothing that was typed is lost."""

import io
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.on_behalf import Act
from onboarding.domain.people import Role
from onboarding.services.contests import contest_statement
from onboarding.services.conversations import ask_question
from onboarding.services.pathway.amendments import propose_amendment
from onboarding.store.amendments import agreed_plan
from onboarding.store.pathways import negotiation_value
from onboarding.store.tables import (
    AmendmentRow,
    DateRequestRow,
    EventRow,
    EvidenceRow,
    HoldRow,
    MilestoneRow,
    PersonRow,
    RenewalRow,
    StatementRow,
    TaskRow,
)
from onboarding.web.behalf.acts import WAYS
from tests import pathway_stage as pathways
from tests import proof_things, stage
from tests.conftest import SettableClock
from tests.files import a_mail, a_pdf, a_picture

BSN = "111222333"
DAY = timedelta(days=1)


@pytest.fixture
def scene(session: Session) -> pathways.Scene:
    return pathways.a_scene(session)


@pytest.fixture
def buyer(scene: pathways.Scene, enter) -> FlaskClient:
    return enter(scene.buyer)


@pytest.fixture
def kim(scene: pathways.Scene, enter) -> FlaskClient:
    return enter(scene.signatory)


@pytest.fixture
def say(session: Session, scene: pathways.Scene, moment: Moment, enter):
    """Record what the signatory said today by phone, with changes."""

    def do(act: Act, about: int = 0, /, by: FlaskClient | None = None, **fields: object):
        known = {
            "about": str(about),
            "said_by": str(scene.signatory.person_id),
            "channel": "phone",
            "said_on": moment.today.isoformat(),
        }
        session.commit()
        client = by or enter(scene.buyer)
        return client.post(address(scene, act), data=known | fields)

    return do


def address(scene: pathways.Scene, *more: str) -> str:
    return "/".join([f"/suppliers/{scene.relation.id}/contact", *more])


def a_step(session: Session, scene: pathways.Scene, moment: Moment) -> MilestoneRow:
    return pathways.agreed(session, scene, moment)[1][0]


def file(content: bytes, name: str = "bericht.eml") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def test_every_act_has_a_page() -> None:
    assert set(WAYS) == set(Act)


def test_only_what_is_possible_is_offered(
    buyer: FlaskClient, session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row = pathways.proposed(session, scene, moment)
    session.commit()
    page = buyer.get(address(scene)).text
    assert "Akkoord met het voorstel" in page and "Een stap is klaar" not in page
    assert buyer.get(address(scene, "step-done")).location == address(scene)
    assert buyer.get(address(scene, "sing")).status_code == 404
    row.state = "draft"
    session.commit()
    assert "Akkoord met het voorstel" not in buyer.get(address(scene)).text


def test_the_page_begins_with_today_by_phone_by_whom_we_mostly_speak(
    buyer: FlaskClient, session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    a_step(session, scene, moment)
    stage.a_contact(session, scene.relation, Role.CONTACT, name="Anna Admin", is_main=True)
    session.commit()
    page = buyer.get(address(scene, "step-done")).text
    assert 'value="2026-11-24"' in page
    assert page.index("Anna Admin") < page.index("Signatory Jansen")
    assert "Plan van aanpak met directie-akkoord, uiterlijk" in page


def test_what_can_not_have_been_said_is_refused_beside_the_field(
    say, session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    step = a_step(session, scene, moment)
    other = stage.a_contact(session, stage.a_relation(session, scene.customer, "Ander"))
    wrong = [
        ({"said_on": (moment.today + DAY).isoformat()}, "Deze dag moet nog komen"),
        ({"said_on": (moment.today - DAY).isoformat()}, "Kies dinsdag 24 november 2026 of later"),
        ({"said_on": "gisteren"}, "Vul een datum in"),
        ({"said_by": str(other.person_id)}, "Kies iemand van deze leverancier"),
        ({"said_by": "new"}, "Vul in wie het was"),
        ({"said_by": "new", "name": "Fatima"}, "Vul een telefoonnummer of een e-mailadres in"),
        ({"said_by": "new", "name": "Fatima", "email": "fatima"}, "fatima is geen e-mailadres"),
        ({"channel": "portal"}, "Kies een antwoord"),
        ({"about": "999999"}, "Dit kan niet meer"),
        ({"note": ""}, "Schrijf in een paar woorden wat zij deden"),
    ]
    for fields, message in wrong:
        answer = say(Act.STEP_DONE, step.id, **({"note": "Ons plan is af."} | fields))
        assert answer.status_code == 422, fields
        assert message in answer.text, (fields, message)
        assert "<title>Fout:" in answer.text
        assert fields.get("note", "Ons plan is af.") in answer.text
    assert session.scalars(select(StatementRow)).all() == []
    session.refresh(step)
    assert step.state == "planned"


def test_a_wrong_file_costs_nothing_that_was_typed(
    say, session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    step = a_step(session, scene, moment)
    wrong = [
        ({"original": file(b"no mail at all"), "is_clean": "y"}, "Dit is geen mail (.eml), PDF"),
        ({"original": file(a_mail())}, "Bevestig dat"),
        ({"original": "no file", "note": ""}, "voeg een bestand toe"),
        ({"files": [file(a_mail())], "is_clean": "y"}, "Dit is geen PDF, PNG of JPEG"),
        (
            {"original": file(a_mail(), "x.eml"), "is_clean": "y", "said_on": "2027-01-01"},
            "Kies het bestand opnieuw",
        ),
    ]
    for fields, message in wrong:
        given = {"note": "Ons plan is af."} | fields
        answer = say(Act.STEP_DONE, step.id, **given)
        assert answer.status_code == 422, fields
        assert message in answer.text and given["note"] in answer.text, message
    assert session.scalars(select(EvidenceRow)).all() == []


def test_a_mail_is_kept_served_as_attachment_and_shown_to_both(
    say, buyer: FlaskClient, kim: FlaskClient, session: Session, scene, moment: Moment
) -> None:
    step = a_step(session, scene, moment)
    answer = say(
        Act.STEP_DONE,
        step.id,
        note="Klaar",
        channel="mail",
        original=file(a_mail(), "RE Plan.eml"),
        files=[file(a_pdf(), "plan.pdf"), file(a_picture(), "foto.png")],
        is_clean="y",
    )
    assert answer.location == f"/suppliers/{scene.relation.id}"
    row = session.scalars(select(StatementRow)).one()
    mine = buyer.get(f"/evidence/{row.evidence_id}")
    assert mine.mimetype == "message/rfc822"
    assert mine.headers["Content-Disposition"].startswith("attachment;")
    assert "RE Plan.eml" in buyer.get(f"/statements/{row.id}").text
    theirs = kim.get(f"/portal/{scene.relation.id}/statements/{row.id}").text
    assert "RE Plan.eml" in theirs and "e-mail" in theirs
    attached = select(EvidenceRow.file_name).where(EvidenceRow.milestone_id == step.id)
    assert session.scalars(attached).all() == ["plan.pdf", "foto.png"]


def test_a_number_in_the_mail_is_asked_about_once_it_is_recorded(
    say, buyer: FlaskClient, session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    step = a_step(session, scene, moment)
    mail = file(a_mail(f"Ons nummer is {BSN}."))
    answer = say(Act.STEP_DONE, step.id, note="Klaar", original=mail, is_clean="y")
    row = session.scalars(select(StatementRow)).one()
    page = f"/evidence/{row.evidence_id}/numbers"
    assert answer.location == page
    assert "••••••333" in buyer.get(page).text
    told = buyer.get(f"/statements/{row.id}").text
    assert f'href="{page}"' in told and f'/evidence/{row.evidence_id}"' not in told
    assert buyer.post(page, data={"action": "explain"}).status_code == 400
    done = buyer.post(page, data={"action": "explain", "number-0-kind": "reference"})
    assert done.location == f"/suppliers/{scene.relation.id}"
    assert f'href="/evidence/{row.evidence_id}"' in buyer.get(f"/statements/{row.id}").text
    assert buyer.get(page).location == f"/suppliers/{scene.relation.id}"


def test_a_file_with_a_number_can_go_and_the_record_stays(
    say, buyer: FlaskClient, session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    step = a_step(session, scene, moment)
    mail = file(a_mail(f"Ons nummer is {BSN}."))
    page = say(Act.STEP_DONE, step.id, note="Klaar", original=mail, is_clean="y").location
    assert buyer.post(page, data={"action": "remove"}).status_code == 303
    assert session.scalars(select(EvidenceRow.removed_reason)).one() == "withdrawn"
    session.refresh(step)
    assert step.state == "submitted"


def test_the_page_tells_whether_it_counts_as_in_time(
    say, enter, session: Session, scene, moment: Moment, clock: SettableClock
) -> None:
    step = a_step(session, scene, moment)
    due_on = step.due_on
    clock.forward(days=17)
    buyer = enter(scene.buyer)
    wished = {"wished_on": (due_on + 30 * DAY).isoformat(), "reason": "Ziek"}
    after, before = (due_on + DAY).isoformat(), due_on.isoformat()
    late = say(Act.ANOTHER_DATE, step.id, by=buyer, said_on=after, **wished)
    assert "dat telt niet als op tijd" in buyer.get(late.location).text
    session.execute(delete(DateRequestRow))
    early = say(Act.ANOTHER_DATE, step.id, by=buyer, said_on=before, **wished)
    page = buyer.get(early.location).text
    assert "dat telt als op tijd" in page and "Vrijgegeven, met afspraken" in page
    assert "gezegd door Signatory Jansen op dinsdag 8 december 2026" in page


def test_other_days_are_typed_beside_the_steps_and_kept_when_one_is_wrong(
    say, session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row = pathways.proposed(session, scene, moment)
    days = [step.due_on + 14 * DAY for step in negotiation_value(row).plan.steps]
    typed = {f"due-{n}": day.isoformat() for n, day in enumerate(days)}
    more = {"revision": str(row.revision), "message": "Wij zijn dicht."}
    wrong = say(Act.COUNTER, row.id, **more, **(typed | {"due-1": "ooit"}))
    assert wrong.status_code == 422
    assert "Dit is geen dag" in wrong.text and 'value="ooit"' in wrong.text
    assert "Wij zijn dicht." in wrong.text
    assert say(Act.COUNTER, row.id, **more, **typed).status_code == 303
    session.refresh(row)
    assert row.state == "countered"
    assert [step.due_on for step in negotiation_value(row).plan.steps] == days


def test_a_proposal_that_changed_meanwhile_is_not_agreed_to(
    say, session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row = pathways.proposed(session, scene, moment)
    old = say(Act.AGREE, row.id, revision="0", function="eigenaar")
    assert old.status_code == 422 and "Iemand heeft dit intussen veranderd" in old.text
    assert 'value="eigenaar"' in old.text
    assert f'name="revision" value="{row.revision}"' in old.text
    again = say(Act.AGREE, row.id, revision=str(row.revision), function="eigenaar")
    assert again.status_code == 303


def test_somebody_new_is_filled_in_where_a_name_stands(
    say, session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    a_step(session, scene, moment)
    done = say(Act.QUESTION, text="Mag het later?", name="Fatima Aksoy", phone="06 555 12 34")
    assert done.status_code == 303
    event = session.scalars(select(EventRow).where(EventRow.code == "question-asked")).one()
    assert session.get_one(PersonRow, event.said_by).name == "Fatima Aksoy"


def test_what_else_a_supplier_can_say_is_done(
    say, session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row, (plan, _, audit, _) = pathways.agreed(session, scene, moment)
    held = proof_things.a_certificate(session, scene.relation)
    block = proof_things.a_block(session, scene.relation)
    soon, later = (moment.today + 7 * DAY).isoformat(), (moment.today + 20 * DAY).isoformat()
    far = (moment.today + 90 * DAY).isoformat()
    said = [
        (Act.STEP_STARTED, plan.id, {}),
        (Act.OUTSIDE_DELAY, audit.id, {"new_day": far, "reason": "Auditor ziek"}),
        (Act.HOLD, row.id, {"starts_on": soon, "ends_on": later, "reason": "Brand"}),
        (Act.RENEWAL, held.id, {"note": "Audit op 12 mei"}),
        (Act.REPLY_TO_BLOCK, block.id, {"text": "Niet eens"}),
        (Act.STOP, row.id, {"reason": "Te druk"}),
    ]
    for act, about, fields in said:
        answer = say(act, about, **fields)
        assert answer.status_code == 303, (act, answer.text)
    session.expire_all()
    assert (plan.state, row.state, row.over_by) == ("started", "stopped", "supplier")
    assert session.scalars(select(HoldRow.reason)).one() == "Brand"
    assert session.scalars(select(RenewalRow.note)).one() == "Audit op 12 mei"
    assert block.reply == "Niet eens"
    told = session.scalars(select(StatementRow.code).order_by(StatementRow.id)).all()
    assert told == [
        "milestone-started",
        "outside-delay-reported",
        "hold-asked",
        "renewal-reported",
        "block-replied",
        "pathway-stopped",
    ]


@pytest.mark.parametrize("accepts", [True, False])
def test_our_change_is_answered(
    say, buyer: FlaskClient, session: Session, scene, moment: Moment, accepts: bool
) -> None:
    row, _ = pathways.agreed(session, scene, moment)
    steps = tuple(pathways.moved(step, 14) for step in agreed_plan(session, row).steps)
    amendment_id = propose_amendment(
        session, scene.buyer, moment, row.id, steps=steps, reason="Onze audit schuift"
    )
    act = Act.ACCEPT_AMENDMENT if accepts else Act.DECLINE_AMENDMENT
    session.commit()
    page = buyer.get(address(scene, act)).text
    assert "Onze audit schuift" in page and "in plaats van dinsdag 8 december 2026" in page
    fields = {"revision": "1", "function": "directeur", "reason": "Te laat"}
    assert say(act, amendment_id, **fields).status_code == 303
    session.expire_all()
    state = session.get_one(AmendmentRow, amendment_id).state
    assert state == ("accepted" if accepts else "declined")


def test_the_supplier_says_that_it_is_not_right_and_the_buyer_answers(
    say, buyer: FlaskClient, kim: FlaskClient, session: Session, scene, moment: Moment
) -> None:
    step = a_step(session, scene, moment)
    say(Act.STEP_DONE, step.id, note="Klaar")
    row = session.scalars(select(StatementRow)).one()
    page = f"/portal/{scene.relation.id}/statements/{row.id}"
    home = kim.get(f"/portal/{scene.relation.id}").text
    assert page in home and "Klopt dit niet?" in home
    assert kim.post(page, data={"text": ""}).status_code == 422
    assert kim.post(page, data={"text": "Nog niet af."}).status_code == 303
    assert (
        "U liet weten dat iets wat wij noteerden niet klopt."
        in kim.get(f"/portal/{scene.relation.id}").text
    )
    again = kim.post(page, data={"text": "Echt niet."})
    assert again.status_code == 422 and "Dit is al gemeld" in again.text
    work = buyer.get("/").text
    assert "Nog niet af." in work and f"/statements/{row.id}" in work
    answer = f"/statements/{row.id}"
    assert "De stap gaat weer open" in buyer.get(answer).text
    assert buyer.post(answer, data={"text": "Sorry"}).status_code == 422
    assert buyer.post(answer, data={"decision": "wrong", "text": "Sorry"}).status_code == 303
    session.refresh(step)
    assert step.state == "started"
    assert "Sorry" in kim.get(page).text
    late = buyer.post(answer, data={"decision": "stands", "text": "Toch"})
    assert late.status_code == 422


def test_after_five_working_days_the_supplier_is_sent_to_the_phone(
    say, enter, session: Session, scene, moment: Moment, clock: SettableClock
) -> None:
    step = a_step(session, scene, moment)
    say(Act.STEP_DONE, step.id, note="Klaar")
    row = session.scalars(select(StatementRow)).one()
    page = f"/portal/{scene.relation.id}/statements/{row.id}"
    clock.forward(days=8)
    kim = enter(scene.signatory)
    assert "Bel uw inkoper" in kim.get(page).text
    late = kim.post(page, data={"text": "Nee"})
    assert late.status_code == 422 and "Dit kon tot en met" in late.text


def test_only_a_manager_ends_an_agreement_that_was_none(
    say, buyer: FlaskClient, session: Session, scene, moment: Moment, enter
) -> None:
    row = pathways.proposed(session, scene, moment)
    say(Act.AGREE, row.id, revision=str(row.revision), function="eigenaar")
    statement = session.scalars(select(StatementRow)).one()
    contest_statement(session, scene.signatory, moment, statement.id, text="Nooit gezegd")
    session.commit()
    page = f"/statements/{statement.id}"
    assert "Dan antwoordt een contractmanager" in buyer.get(page).text
    wrong = {"decision": "wrong", "text": "U hebt gelijk"}
    assert buyer.post(page, data=wrong).status_code == 422
    assert enter(scene.manager).post(page, data=wrong).status_code == 303
    session.refresh(row)
    assert (row.state, row.over_by) == ("stopped", "buyer")


def test_a_call_from_the_work_list_ends_there(
    say, buyer: FlaskClient, session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    a_step(session, scene, moment)
    task = TaskRow(
        key="call:9",
        customer_id=scene.customer.id,
        relation_id=scene.relation.id,
        kind="call",
        for_role="buyer",
        facts={},
        due_on=date(2026, 11, 24),
        owed_at=moment.now,
    )
    session.add(task)
    session.commit()
    page = buyer.get(address(scene) + f"?task={task.id}").text
    assert f"/contact/question?task={task.id}" in page
    done = say(Act.QUESTION, text="Mag het later?", task=str(task.id))
    assert done.location == "/"
    session.refresh(task)
    assert task.outcome == "reached"


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        (Act.QUESTION, {"text": "Mag het ook anders?"}),
        (
            Act.CERTIFICATE,
            {
                "level": "trede-1",
                "starts_on": "2026-06-01",
                "ends_on": "2028-05-31",
                "kvk_numbers": "02076358",
            },
        ),
    ],
)
def test_a_second_click_records_nothing_twice(
    say, buyer: FlaskClient, session: Session, act: Act, fields: dict[str, str]
) -> None:
    new = {"said_by": "new", "name": "Noor Vos", "phone": "0612345678"}
    assert say(act, by=buyer, **fields, **new).status_code == 303
    people = session.scalars(select(PersonRow.id)).all()
    again = say(act, by=buyer, **fields, **new)
    assert again.status_code == 422 and "zojuist al en het is vastgelegd" in again.text
    assert len(session.scalars(select(StatementRow)).all()) == 1
    assert session.scalars(select(PersonRow.id)).all() == people


def test_what_was_said_does_not_end_what_asks_for_an_answer(
    say, session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    ask_question(session, scene.signatory, moment, scene.relation.id, text="Mag het korter?")
    task = session.scalars(select(TaskRow)).one()
    assert say(Act.QUESTION, text="Nog iets", task=str(task.id)).status_code == 404
    session.refresh(task)
    assert task.done_at is None
