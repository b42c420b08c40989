"""The work list: what waits, in order, with one button each, in a constant number of queries."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.people import Actor, Channel, Role
from onboarding.services.conversations import ask_question, record_contact
from onboarding.services.pathway.milestones import submit_milestone
from onboarding.services.pathway.negotiation import counter_pathway
from onboarding.services.pathway.notice_upkeep import prepare_due_notices
from onboarding.services.pathway.notices import notice_handed_over
from onboarding.services.pathway.requests import ask_for_date
from onboarding.services.tasks import Task, owe_task
from onboarding.services.work_list import read_work_list
from onboarding.store.pathways import negotiation_value
from onboarding.store.tables import CertificateRow, NoticeRow, PersonRow, TaskRow
from tests import pathway_stage as pathways
from tests import stage
from tests.conftest import SettableClock


@pytest.fixture
def scene(session: Session) -> pathways.Scene:
    return pathways.a_scene(session, division="Catering", spend=184200)


@pytest.fixture
def page(
    app: Flask, session: Session, scene: pathways.Scene, clock: SettableClock
) -> Callable[..., str]:
    """The page as somebody sees it now."""

    def shown(actor: Actor | None = None, query: str = "") -> str:
        person = session.get_one(PersonRow, (actor or scene.buyer).person_id)
        client: FlaskClient = stage.log_in(
            app.test_client(), session, clock.real_now(), person, scene.customer
        )
        return client.get(f"/{query}").text

    return shown


def test_a_new_installation_says_what_to_do_first(
    app: Flask, session: Session, clock: SettableClock
) -> None:
    customer = stage.a_customer(session)
    person = stage.a_user(session, customer)
    client = stage.log_in(app.test_client(), session, clock.real_now(), person, customer)
    assert "Er zijn nog geen leveranciers" in client.get("/").text


def test_nothing_waits(page: Callable[..., str]) -> None:
    assert "Er wacht niets op u" in page()


def test_what_waits_is_counted_and_has_a_button(
    page: Callable[..., str], session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    _, (plan, account, *_) = pathways.agreed(session, scene, moment)
    submit_milestone(session, scene.signatory, moment, plan.id)
    day = account.due_on + timedelta(7)
    ask_for_date(session, scene.signatory, moment, account.id, wished_on=day, reason="Ziek")
    ask_question(session, scene.signatory, moment, scene.relation.id, text="Mag het?")
    shown = page()
    assert "3 wachten op u" in shown
    assert shown.index("Te beantwoorden") < shown.index("Te beoordelen")
    assert f'href="/milestones/{plan.id}"' in shown
    assert "Catering" in shown
    assert "€\xa0184.200" in shown


def test_a_counter_proposal_waits(
    page: Callable[..., str], session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row = pathways.proposed(session, scene, moment)
    steps = negotiation_value(row).plan.steps
    counter_pathway(
        session, scene.signatory, moment, row.id, revision=1, steps=steps, message="Later"
    )
    assert f'href="/pathways/{row.id}/answer"' in page()


def test_a_missed_step_is_late_then_a_warning_then_a_decision(
    page: Callable[..., str],
    session: Session,
    scene: pathways.Scene,
    moment: Moment,
    clock: SettableClock,
) -> None:
    pathways.agreed(session, scene, moment)
    clock.forward(days=20)
    shown = page()
    assert "Te laat" in shown
    assert "6 dagen te laat" in shown
    late = clock.forward(days=2)  # 16 December, the day before it is planned
    prepare_due_notices(session, late, scene.customer.id)
    assert "1 waarschuwing gaat morgen uit" in page()
    notice = session.scalars(select(NoticeRow)).one()
    notice_handed_over(session, late, notice.id)
    clock.forward(days=60)
    shown = page(scene.manager)
    assert "Te beslissen" in shown
    assert "contractmanager moet beslissen" in shown
    assert ">Beslis<" in shown
    assert ">Beslis<" not in page(), "a buyer is not asked to do what only a manager may"


def test_a_call_is_done_with_one_click(
    app: Flask,
    page: Callable[..., str],
    session: Session,
    scene: pathways.Scene,
    moment: Moment,
    clock: SettableClock,
) -> None:
    task = Task(kind="call", about="1:2026-12-08", due_on=moment.today)
    owe_task(session, moment, scene.relation, task)
    owe_task(session, moment, scene.relation, task)
    assert "1 bellen" in page()
    row = session.scalars(select(TaskRow)).one()
    person = session.get_one(PersonRow, scene.buyer.person_id)
    client = stage.log_in(app.test_client(), session, clock.real_now(), person, scene.customer)
    done = client.post(f"/tasks/{row.id}/not-reached", data={"next": "/?show=mine"})
    assert done.location == "/?show=mine"
    session.refresh(row)
    assert (row.outcome, row.done_by) == ("not-reached", scene.buyer.person_id)
    assert client.post(f"/tasks/{row.id}/not-reached").status_code == 409
    assert "bellen" not in page()


def test_a_supplier_is_called_once_about_all_its_late_steps(
    page: Callable[..., str],
    session: Session,
    scene: pathways.Scene,
    moment: Moment,
) -> None:
    _, (plan, account, *_) = pathways.agreed(session, scene, moment)
    for step in (plan, account):
        task = Task(kind="call", about=f"{step.id}:x", due_on=moment.today, milestone_id=step.id)
        owe_task(session, moment, scene.relation, task)
    person = session.get_one(PersonRow, scene.signatory.person_id)
    person.phone = "010 123 45 67"
    session.commit()
    shown = page()
    assert "1 bellen" in shown
    assert "2 stappen zijn over de datum" in shown
    assert 'href="tel:0101234567"' in shown
    assert "nog geen contact" in shown
    record_contact(
        session,
        scene.buyer,
        moment,
        scene.relation.id,
        channel=Channel.PHONE,
        contact_on=moment.today,
        note="Volgende week.",
    )
    assert set(session.scalars(select(TaskRow.outcome))) == {"reached"}


def test_late_steps_of_a_supplier_share_a_row(
    page: Callable[..., str],
    session: Session,
    scene: pathways.Scene,
    moment: Moment,
    clock: SettableClock,
) -> None:
    pathways.agreed(session, scene, moment)
    clock.forward(days=60)
    shown = page(query="?show=all")
    assert "en nog 1 stap" in shown
    assert shown.count("dagen te laat") == 1


def test_certificates_wait_to_be_checked_and_end(
    page: Callable[..., str], session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    for state, ends_on in (("reported", date(2028, 1, 1)), ("verified", date(2027, 1, 15))):
        session.add(
            CertificateRow(
                relation_id=scene.relation.id,
                state=state,
                level="trede-1",
                starts_on=date(2025, 1, 16),
                ends_on=ends_on,
                reported_by="supplier",
                reported_at=moment.now,
                reported_on=moment.today,
            )
        )
    shown = page()
    assert "Certificaten te controleren" in shown
    assert "Eindigt binnen 90 dagen" in shown


def test_mine_leaves_out_what_is_a_colleagues(
    page: Callable[..., str], session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    colleague = stage.a_user(session, scene.customer)
    scene.relation.buyer_id = colleague.id
    ask_question(session, scene.signatory, moment, scene.relation.id, text="Mag het?")
    session.commit()
    assert "Mag het?" not in page()
    assert "Mag het?" in page(query="?show=all")
    assert "Mag het?" in page(scene.manager)


def test_another_customer_sees_none_of_it(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    ask_question(session, scene.signatory, moment, scene.relation.id, text="Mag het?")
    elsewhere = stage.user_actor(session, stage.a_customer(session, "Ander"), Role.MANAGER)
    assert read_work_list(session, elsewhere, moment, mine=False).is_empty
    assert read_work_list(session, scene.buyer, moment, mine=True).waiting == 1


def test_the_number_of_queries_does_not_grow(
    session: Session, scene: pathways.Scene, moment: Moment, request: pytest.FixtureRequest
) -> None:
    asked: list[str] = []

    def note(_c: Any, _u: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    engine = session.connection().engine
    event.listen(engine, "before_cursor_execute", note)
    request.addfinalizer(lambda: event.remove(engine, "before_cursor_execute", note))

    def queries() -> int:
        session.flush()
        asked.clear()
        read_work_list(session, scene.buyer, moment, mine=True)
        return len(asked)

    ask_question(session, scene.signatory, moment, scene.relation.id, text="Mag het?")
    one = queries()
    for number in range(4):
        relation = stage.a_relation(session, scene.customer, f"Bakkerij {number}")
        actor = stage.contact_actor(session, relation)
        ask_question(session, actor, moment, relation.id, text="Mag het?")
    assert read_work_list(session, scene.buyer, moment, mine=True).answer.total == 5
    assert queries() == one
