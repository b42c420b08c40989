"""The buyer's pages about pathways: compose, check, propose, answer, review, warn and note."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.people import Role
from onboarding.services.conversations import ask_question
from onboarding.services.pathway.milestones import submit_milestone
from onboarding.services.pathway.negotiation import counter_pathway
from onboarding.services.pathway.notice_upkeep import prepare_due_notices
from onboarding.services.pathway.requests import ask_for_date
from onboarding.store.pathways import negotiation_value
from onboarding.store.tables import EventRow, NoticeRow, PathwayRow, PersonRow, TaskRow
from tests import pathway_stage as pathways
from tests import stage
from tests.conftest import SettableClock


@pytest.fixture
def scene(session: Session) -> pathways.Scene:
    return pathways.a_scene(session)


@pytest.fixture
def buyer(app: Flask, session: Session, scene: pathways.Scene, clock: SettableClock) -> FlaskClient:
    return logged_in(app, session, scene, clock, scene.buyer.person_id)


def logged_in(
    app: Flask,
    session: Session,
    scene: pathways.Scene,
    clock: SettableClock,
    person_id: int | None,
) -> FlaskClient:
    person = session.get_one(PersonRow, person_id)
    return stage.log_in(app.test_client(), session, clock.real_now(), person, scene.customer)


def listed(pathway: PathwayRow, **changes: str) -> dict[str, str]:
    """The list as its form sends it back, with changes."""
    form = {"count": str(len(pathway.steps)), "revision": str(pathway.revision)}
    for n, step in enumerate(pathway.steps):
        form |= {f"title-{n}": step["title"], f"code-{n}": step["title"]}
        form |= {f"owner-{n}": step["owner"], f"due-{n}": step["due_on"]}
    return form | changes


def test_from_template_to_proposal(
    buyer: FlaskClient, session: Session, scene: pathways.Scene
) -> None:
    relation_id = scene.relation.id
    page = buyer.get(f"/suppliers/{relation_id}/pathway/new")
    assert "Hoe komt deze leverancier er?" in page.text
    begun = buyer.post(
        f"/suppliers/{relation_id}/pathway/new",
        data={"template": "straight", "target": "trede-1", "starts_on": "2026-12-01"},
    )
    assert begun.status_code == 303
    row = session.scalars(select(PathwayRow)).one()
    editor = buyer.get(begun.location).text
    assert "Nulmeting" in editor
    check = buyer.get(f"/pathways/{row.id}/check").text
    assert "Samen werken wij toe naar Trede 1" in check
    done = buyer.post(
        f"/pathways/{row.id}/propose", data={"revision": row.revision, "message": "Fijn!"}
    )
    assert done.status_code == 303
    session.refresh(row)
    assert (row.state, row.note) == ("proposed", "Fijn!")
    again = buyer.get(f"/suppliers/{relation_id}/pathway/new")
    assert again.location == f"/pathways/{row.id}"


def test_the_list_is_changed_without_losing_what_was_typed(
    buyer: FlaskClient, session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row = pathways.a_draft(session, scene, moment)
    session.commit()
    typed = listed(row, **{"title-1": "Eigen stap", "due-0": "", "do": "up-1"})
    page = buyer.post(f"/pathways/{row.id}/edit", data=typed).text
    assert page.index('value="Eigen stap"') < page.index('value="plan"')
    session.refresh(row)
    assert row.revision == 0
    wrong = buyer.post(f"/pathways/{row.id}/edit", data=typed | {"do": "save"})
    assert wrong.status_code == 400
    assert "Stap 1: Vul een datum in" in wrong.text
    assert 'value="Eigen stap"' in wrong.text
    longer = buyer.post(f"/pathways/{row.id}/edit", data=typed | {"do": "add"}).text
    assert 'name="title-4"' in longer


def test_the_check_refuses_what_proposing_would(
    buyer: FlaskClient, session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row = pathways.a_draft(session, scene, moment)
    session.commit()
    early = listed(row, **{"due-0": "2020-01-01", "do": "check"})
    wrong = buyer.post(f"/pathways/{row.id}/edit", data=early)
    assert wrong.status_code == 400
    assert "Stap 1: kies een dag op of na" in wrong.text
    assert 'value="2020-01-01"' in wrong.text


def test_a_saved_list_keeps_codes_and_own_titles(
    buyer: FlaskClient, session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row = pathways.a_draft(session, scene, moment)
    session.commit()
    shown = buyer.get(f"/pathways/{row.id}/edit").text
    assert "Plan van aanpak met directie-akkoord" in shown
    typed = listed(row, **{"title-0": "Plan van aanpak met directie-akkoord", "do": "check"})
    typed |= {"title-1": "Iets anders"}
    assert buyer.post(f"/pathways/{row.id}/edit", data=typed).status_code == 303
    session.refresh(row)
    assert [step["title"] for step in row.steps[:2]] == ["plan", "Iets anders"]


def test_moving_the_start_moves_all_days(
    buyer: FlaskClient, session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row = pathways.a_draft(session, scene, moment)
    session.commit()
    later = moment.today + timedelta(7)
    typed = listed(row, starts_on=later.isoformat(), do="shift")
    page = buyer.post(f"/pathways/{row.id}/edit", data=typed, follow_redirects=True)
    assert "Alle data zijn meegeschoven" in page.text
    session.refresh(row)
    assert row.starts_on == later
    assert row.steps[0]["due_on"] == (later + timedelta(14)).isoformat()


def test_a_list_that_a_colleague_saved_is_not_overwritten(
    buyer: FlaskClient, session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row = pathways.a_draft(session, scene, moment)
    session.commit()
    typed = listed(row, do="save")
    saved = buyer.post(f"/pathways/{row.id}/edit", data=typed, follow_redirects=True)
    assert "Het concept is opgeslagen. De leverancier ziet nog niets." in saved.text
    late = buyer.post(f"/pathways/{row.id}/edit", data=typed | {"title-0": "Te laat"})
    assert late.status_code == 400
    assert "Iemand heeft dit intussen veranderd" in late.text
    assert 'value="Te laat"' in late.text


def test_two_steps_on_one_day_are_remarked_upon(
    buyer: FlaskClient, session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row = pathways.a_draft(session, scene, moment)
    session.commit()
    same = row.steps[0]["due_on"]
    page = buyer.post(
        f"/pathways/{row.id}/edit", data=listed(row, **{"due-1": same, "do": "add-0"})
    ).text
    assert "Op deze dag valt nog een stap." not in page  # the added line has no day yet
    buyer.post(f"/pathways/{row.id}/edit", data=listed(row, **{"due-1": same, "do": "save"}))
    assert "Op deze dag valt nog een stap." in buyer.get(f"/pathways/{row.id}/check").text
    early = {"due-1": (moment.today + timedelta(3)).isoformat(), "do": "save"}
    session.refresh(row)
    buyer.post(f"/pathways/{row.id}/edit", data=listed(row, **early))
    for page in ("edit", "check"):
        assert "Dit is eerder dan de stap erboven." in buyer.get(f"/pathways/{row.id}/{page}").text


def test_a_counter_proposal_stands_beside_the_proposal(
    buyer: FlaskClient, session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row = pathways.proposed(session, scene, moment)
    steps = list(negotiation_value(row).plan.steps)
    steps[0] = pathways.moved(steps[0], 7)
    counter_pathway(
        session, scene.signatory, moment, row.id, revision=1, steps=steps, message="Te vroeg"
    )
    session.commit()
    page = buyer.get(f"/pathways/{row.id}/answer").text
    assert "Te vroeg" in page
    assert "7 dagen later" in page
    outdated = buyer.post(f"/pathways/{row.id}/agree", data={"revision": 1})
    assert outdated.status_code == 409
    assert buyer.post(f"/pathways/{row.id}/agree", data={"revision": 2}).status_code == 303
    session.refresh(row)
    assert row.state == "agreed"


def test_answering_with_other_days(
    buyer: FlaskClient, session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row = pathways.proposed(session, scene, moment)
    steps = negotiation_value(row).plan.steps
    counter_pathway(
        session, scene.signatory, moment, row.id, revision=1, steps=steps, message="Anders"
    )
    session.commit()
    form = {f"due-{n}": step.due_on.isoformat() for n, step in enumerate(steps)}
    form |= {"revision": "2", "message": ""}
    missing = buyer.post(f"/pathways/{row.id}/counter", data=form)
    assert missing.status_code == 400
    form |= {"due-0": "2026-12-14", "message": "Zo wel"}
    assert buyer.post(f"/pathways/{row.id}/counter", data=form).status_code == 303
    session.refresh(row)
    assert (row.state, row.steps[0]["due_on"], row.note) == ("proposed", "2026-12-14", "Zo wel")


def test_reviewing_accepts_or_sends_back(
    buyer: FlaskClient, session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    _, (plan, *_) = pathways.agreed(session, scene, moment)
    submit_milestone(session, scene.signatory, moment, plan.id)
    session.commit()
    seen = plan.revision
    url = f"/milestones/{plan.id}"
    assert "Terugsturen om aan te vullen" in buyer.get(url).text
    nothing = buyer.post(f"{url}/return", data={"revision": seen, "note": ""})
    assert nothing.status_code == 400
    assert "Vul dit in." in nothing.text
    back = buyer.post(f"{url}/return", data={"revision": seen, "note": "Graag cijfers"})
    assert back.status_code == 303
    outdated = buyer.post(f"{url}/accept", data={"revision": seen})
    assert outdated.status_code == 409
    assert "intussen veranderd" in outdated.text


def test_a_date_that_is_asked_is_answered(
    buyer: FlaskClient, session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    _, (plan, *_) = pathways.agreed(session, scene, moment)
    wished = plan.due_on + timedelta(7)
    request = ask_for_date(
        session, scene.signatory, moment, plan.id, wished_on=wished, reason="Ziek"
    )
    session.commit()
    url = f"/requests/{request}"
    assert "Ziek" in buyer.get(url).text
    assert buyer.post(url, data={"decision": "other"}).status_code == 400
    refused = buyer.post(url, data={"decision": "refused", "note": ""})
    assert refused.status_code == 400
    assert buyer.post(url, data={"decision": "asked"}).status_code == 303
    session.refresh(plan)
    assert plan.due_on == wished
    assert "de nieuwe datum is" in buyer.get(url).text
    assert buyer.post(url, data={"decision": "asked"}).status_code == 409


def test_a_notice_is_looked_at_before_it_goes(
    app: Flask,
    session: Session,
    scene: pathways.Scene,
    moment: Moment,
    clock: SettableClock,
) -> None:
    _, (plan, *_) = pathways.agreed(session, scene, moment)
    late = clock.forward(days=22)
    prepare_due_notices(session, late, scene.customer.id)
    buyer = logged_in(app, session, scene, clock, scene.buyer.person_id)
    notice = session.scalars(select(NoticeRow)).one()
    url = f"/notices/{notice.id}"
    page = buyer.get(url).text
    assert "geen ingebrekestelling" in page
    assert "Sinds de deadline heeft niemand gebeld" in page
    assert buyer.post(f"{url}/line", data={"line": "Bel mij gerust."}).status_code == 303
    assert "Bel mij gerust." in buyer.get(url).text
    assert buyer.post(f"{url}/hold", data={"reason": "Ik bel eerst"}).status_code == 303
    assert "Vastgehouden: Ik bel eerst" in buyer.get(url).text
    assert buyer.post(f"{url}/send").status_code == 303
    assert "Onderweg naar de leverancier" in buyer.get(url).text
    assert buyer.post(f"{url}/send").status_code == 409
    given = {"channel": "letter", "given_on": late.today.isoformat()}
    assert buyer.post(f"{url}/given", data=given).status_code == 303
    session.refresh(notice)
    assert (notice.state, plan.title) == ("handed-over", "plan")


def test_a_call_is_noted_and_a_question_answered(
    buyer: FlaskClient, session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    relation_id = scene.relation.id
    ask_question(session, scene.signatory, moment, relation_id, text="Mag het korter?")
    session.commit()
    form = {
        "channel": "phone",
        "contact_on": moment.today.isoformat(),
        "who": str(scene.signatory.person_id),
        "was_reached": "yes",
        "note": "",
        "is_shared": "internal",
    }
    url = f"/suppliers/{relation_id}/contact/note"
    assert buyer.post(url, data=form).status_code == 400
    assert buyer.post(url, data=form | {"note": "Gaat goed"}).status_code == 303
    event = session.scalars(select(EventRow).where(EventRow.code == "contact-noted")).one()
    assert (event.facts["note"], event.is_shared) == ("Gaat goed", False)
    session.refresh(scene.relation)
    assert scene.relation.contact_on == date(2026, 11, 24)
    task = session.scalars(select(TaskRow)).one()
    assert "Mag het korter?" in buyer.get(f"/questions/{task.id}").text
    assert buyer.post(f"/questions/{task.id}", data={"text": "Ja"}).status_code == 303
    assert buyer.post(f"/questions/{task.id}", data={"text": "Nee"}).status_code == 409


def test_a_call_does_not_end_what_asks_for_an_answer(
    buyer: FlaskClient, session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    ask_question(session, scene.signatory, moment, scene.relation.id, text="Mag het korter?")
    session.commit()
    task = session.scalars(select(TaskRow)).one()
    noted = {"channel": "phone", "contact_on": "2026-11-24", "who": "", "is_shared": "internal"}
    where = f"/suppliers/{scene.relation.id}/contact/note?task={task.id}"
    assert buyer.post(f"/tasks/{task.id}/not-reached").status_code == 404
    assert buyer.post(where, data={**noted, "was_reached": "no"}).status_code == 404
    session.refresh(task)
    assert task.done_at is None


def test_a_manager_stops_a_pathway_with_a_reason(
    app: Flask,
    session: Session,
    scene: pathways.Scene,
    moment: Moment,
    clock: SettableClock,
) -> None:
    row, _ = pathways.agreed(session, scene, moment)
    manager = logged_in(app, session, scene, clock, scene.manager.person_id)
    assert manager.post(f"/pathways/{row.id}/stop", data={"reason": ""}).status_code == 400
    assert manager.post(f"/pathways/{row.id}/stop", data={"reason": "Fusie"}).status_code == 303
    session.refresh(row)
    assert (row.state, row.over_reason) == ("stopped", "Fusie")


def test_a_reader_sees_and_does_nothing(
    app: Flask,
    session: Session,
    scene: pathways.Scene,
    moment: Moment,
    clock: SettableClock,
) -> None:
    row, (plan, *_) = pathways.agreed(session, scene, moment)
    submit_milestone(session, scene.signatory, moment, plan.id)
    person = stage.a_user(session, scene.customer, Role.READER)
    reader = stage.log_in(app.test_client(), session, clock.real_now(), person, scene.customer)
    for url in (f"/pathways/{row.id}", f"/milestones/{plan.id}"):
        page = reader.get(url)
        assert page.status_code == 200
        assert "btn-primary" not in page.text


def test_a_proposal_given_by_letter_lets_the_time_count(
    buyer: FlaskClient, session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row = pathways.proposed(session, scene, moment)
    session.commit()
    url = f"/pathways/{row.id}"
    assert "Anders gegeven" in buyer.get(url).text
    tomorrow = (moment.today + timedelta(1)).isoformat()
    assert buyer.post(f"{url}/given", data={"given_on": tomorrow}).status_code == 400
    today = moment.today.isoformat()
    assert buyer.post(f"{url}/given", data={"given_on": today}).status_code == 303
    session.refresh(row)
    assert row.window_ends_on == moment.today + timedelta(60)
    assert buyer.post(f"{url}/given", data={"given_on": today}).status_code == 409
