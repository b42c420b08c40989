"""A record is not right: the buyer has the turn for it, and puts right what can be put right."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.certificate_moves import Claim
from onboarding.domain.errors import AlreadyOpen, MoveRefused, NotAllowed, NotFound
from onboarding.domain.people import Channel, Said
from onboarding.domain.policy import Level
from onboarding.domain.statements import ContestTooLate
from onboarding.domain.workdays import Span
from onboarding.services.certificates import report_certificate
from onboarding.services.contests import answer_contest, contest_statement
from onboarding.services.conversations import ask_question
from onboarding.services.on_behalf import Heard, record_on_behalf
from onboarding.services.pathway.amendments import propose_amendment
from onboarding.services.pathway.holds import ask_for_hold
from onboarding.services.pathway.milestones import (
    accept_milestone,
    start_milestone,
    submit_milestone,
)
from onboarding.services.pathway.negotiation import agree_pathway, counter_pathway, decline_pathway
from onboarding.services.pathway.notice_upkeep import prepare_due_notices
from onboarding.services.pathway.notices import given_otherwise
from onboarding.services.pathway.reading import pathway_panel
from onboarding.services.pathway.requests import ask_for_date
from onboarding.services.pathway.turns import turns_of
from onboarding.services.renewals import report_renewal
from onboarding.services.statement_reading import open_statements, read_statement
from onboarding.services.work_list import read_work_list
from onboarding.store.amendments import agreed_plan
from onboarding.store.pathways import negotiation_value
from onboarding.store.tables import (
    AmendmentRow,
    CertificateRow,
    DateRequestRow,
    EventRow,
    HoldRow,
    MessageRow,
    NoticeRow,
    PathwayRow,
    RenewalRow,
    StatementRow,
    TaskRow,
)
from tests import pathway_stage as pathways
from tests import proof_things, stage
from tests.conftest import SettableClock

Doing = Callable[[Said], object]


@pytest.fixture
def scene(session: Session) -> pathways.Scene:
    return pathways.a_scene(session)


@pytest.fixture
def recorded(session: Session, scene: pathways.Scene):
    """What the service does for the supplier, recorded by the buyer; returns the statement."""

    def do(moment: Moment, service: Callable[..., object], *args: Any, **fields: Any) -> int:
        def doing(said: Said) -> object:
            return service(session, scene.buyer, moment, *args, on_behalf=said, **fields)

        person = scene.signatory.person_id or 0
        heard = Heard(said_on=moment.today, channel=Channel.PHONE, by=person)
        return record_on_behalf(
            session, scene.buyer, moment, scene.relation.id, heard, doing
        ).statement_id

    return do


def reasons(session: Session, scene: pathways.Scene, day: date) -> list[str]:
    return pathways.reasons_on(session, scene.relation.id, day)


def kinds_owed(session: Session, kind: str) -> list[MessageRow]:
    return list(session.scalars(select(MessageRow).where(MessageRow.kind == kind)))


def test_while_it_waits_no_step_of_a_contested_agreement_falls_due(
    session: Session, scene: pathways.Scene, moment: Moment, clock: SettableClock, recorded
) -> None:
    row = pathways.proposed(session, scene, moment)
    statement = recorded(moment, agree_pathway, row.id, revision=row.revision)
    soon = clock.forward(days=2)
    contest_statement(session, scene.signatory, soon, statement, text="Ik zou erover denken.")
    later = clock.forward(days=20)
    assert reasons(session, scene, later.today) == ["on-track"]
    turn = turns_of(session, [scene.relation.id], soon.today)[scene.relation.id]
    assert (turn.side, turn.since, turn.step) == ("buyer", soon.today, "answer-contest")
    panel = pathway_panel(session, scene.buyer, later, scene.relation.id)
    assert panel is not None and (panel.turn.side, panel.turn.since) == ("buyer", soon.today)
    work = read_work_list(session, scene.buyer, later, mine=True)
    assert [(one.what, one.since) for one in work.answer.items] == [("contest", soon.today)]
    assert [m.person_id for m in kinds_owed(session, "contested")] == [scene.buyer.person_id]
    answer_contest(session, scene.buyer, later, statement, stands=True, text="U zei letterlijk ja.")
    grace_ends_on = later.today + timedelta(7)
    assert pathways.statuses(session, scene.relation.id)[0][1] == grace_ends_on
    assert "milestone-overdue" in reasons(session, scene, grace_ends_on + timedelta(1))
    [mail] = kinds_owed(session, "contest-answered")
    assert (mail.person_id, mail.facts["stands"]) == (scene.signatory.person_id, True)
    assert read_work_list(session, scene.buyer, later, mine=True).answer.total == 0


def test_a_contest_about_a_missed_day_stops_the_cure_period_only(
    session: Session, scene: pathways.Scene, moment: Moment, clock: SettableClock, recorded
) -> None:
    """It was late before; what comes late helps no more than another late request does."""
    _, (plan, *_) = pathways.agreed(session, scene, moment)
    late = clock.forward(days=27)  # two weeks after its day
    prepare_due_notices(session, late, scene.customer.id)
    notice = session.scalars(select(NoticeRow)).one()
    given_otherwise(session, scene.buyer, late, notice.id, given_on=late.today)
    assert notice.cure_ends_on is not None
    statement = recorded(late, start_milestone, plan.id)
    soon = clock.forward(days=1)
    contest_statement(session, scene.signatory, soon, statement, text="Nog niet begonnen.")
    after_cure = clock.forward(days=21)
    assert after_cure.today > notice.cure_ends_on
    assert "decision-needed" not in reasons(session, scene, after_cure.today)
    assert "milestone-overdue" in reasons(session, scene, after_cure.today)
    answer_contest(session, scene.buyer, after_cure, statement, stands=True, text="Jawel.")
    assert notice.cure_ends_on == after_cure.today + timedelta(7)


def test_a_day_that_was_never_asked_for_stays_and_no_second_mail_goes(
    session: Session, scene: pathways.Scene, moment: Moment, recorded
) -> None:
    _, (plan, *_) = pathways.agreed(session, scene, moment)
    day = moment.today + timedelta(60)
    statement = recorded(moment, ask_for_date, plan.id, wished_on=day, reason="Druk")
    assert contest_and_give_in(session, scene, moment, statement) == "request-is-dropped"
    asked = select(DateRequestRow).where(DateRequestRow.kind == "another-date")
    request = session.scalars(asked).one()
    assert (request.answered_on, request.granted_due_on) == (moment.today, None)
    assert kinds_owed(session, "date-answered") == []


def test_it_is_said_within_five_working_days_once_and_answered_once(
    session: Session, scene: pathways.Scene, moment: Moment, clock: SettableClock, recorded
) -> None:
    _, (plan, account, *_) = pathways.agreed(session, scene, moment)
    one = recorded(moment, submit_milestone, plan.id)
    other = recorded(moment, submit_milestone, account.id)
    last = clock.forward(days=7)
    contest_statement(session, scene.signatory, last, one, text="Nee")
    with pytest.raises(AlreadyOpen):
        contest_statement(session, scene.signatory, last, one, text="Nee!")
    late = clock.forward(days=1)
    with pytest.raises(ContestTooLate):
        contest_statement(session, scene.signatory, late, other, text="Nee")
    said = Said(said_on=last.today, channel=Channel.PHONE, person_id=scene.signatory.person_id or 0)
    contest_statement(session, scene.buyer, late, other, text="Nee", on_behalf=said)
    answer_contest(session, scene.buyer, late, one, stands=True, text="Toch wel.")
    with pytest.raises(MoveRefused):
        answer_contest(session, scene.buyer, late, one, stands=True, text="Nog eens.")


def test_who_may_say_it_and_who_may_answer(
    session: Session, scene: pathways.Scene, moment: Moment, recorded
) -> None:
    _, (plan, *_) = pathways.agreed(session, scene, moment)
    statement = recorded(moment, submit_milestone, plan.id)
    stranger = stage.contact_actor(session, stage.a_relation(session, scene.customer, "Ander"))
    with pytest.raises(NotFound):
        contest_statement(session, stranger, moment, statement, text="Nee")
    with pytest.raises(NotAllowed):
        contest_statement(session, scene.buyer, moment, statement, text="Nee")
    contest_statement(session, scene.signatory, moment, statement, text="Nee")
    with pytest.raises(NotAllowed):
        answer_contest(session, scene.signatory, moment, statement, stands=True, text="Ja")
    elsewhere = stage.user_actor(session, stage.a_customer(session, "Elders"))
    with pytest.raises(NotFound):
        answer_contest(session, elsewhere, moment, statement, stands=True, text="Ja")


def contest_and_give_in(
    session: Session, scene: pathways.Scene, moment: Moment, statement: int
) -> str | None:
    """The supplier is right; returns what the buyer was told that would happen."""
    contest_statement(session, scene.signatory, moment, statement, text="Klopt niet.")
    does = read_statement(session, scene.manager, moment, statement).does
    answer_contest(session, scene.manager, moment, statement, stands=False, text="U hebt gelijk.")
    return does


@pytest.mark.parametrize("title", ["plan", "account"])
def test_what_was_not_handed_in_goes_on_and_counts_as_no_rework(
    session: Session, scene: pathways.Scene, moment: Moment, recorded, title: str
) -> None:
    """Also where nobody looks at it, so that it was done at once."""
    step = next(m for m in pathways.agreed(session, scene, moment)[1] if m.title == title)
    statement = recorded(moment, submit_milestone, step.id)
    assert contest_and_give_in(session, scene, moment, statement) == "step-goes-on"
    assert (step.state, step.rework_count) == ("started", 0)
    assert (step.submitted_on, step.accepted_on) == (None, None)
    assert step.rework_on == moment.today + timedelta(14)
    told = [event.code for event in session.scalars(select(EventRow).order_by(EventRow.id))]
    assert told[-3:] == ["statement-contested", "contest-answered", "milestone-taken-back"]


def test_what_has_gone_on_since_is_not_undone(
    session: Session, scene: pathways.Scene, moment: Moment, recorded
) -> None:
    _, (plan, *_) = pathways.agreed(session, scene, moment)
    statement = recorded(moment, submit_milestone, plan.id)
    accept_milestone(session, scene.buyer, moment, plan.id)
    assert contest_and_give_in(session, scene, moment, statement) is None
    assert plan.state == "accepted"
    assert session.get_one(StatementRow, statement).stands is False


def test_a_counter_proposal_that_was_none_is_proposed_to_again(
    session: Session, scene: pathways.Scene, moment: Moment, recorded
) -> None:
    row = pathways.proposed(session, scene, moment)
    ours = negotiation_value(row).plan.steps
    theirs = tuple(pathways.moved(step, 28) for step in ours)
    statement = recorded(
        moment, counter_pathway, row.id, revision=row.revision, steps=theirs, message="Later"
    )
    assert contest_and_give_in(session, scene, moment, statement) == "proposed-again"
    assert (row.state, row.note) == ("proposed", "U hebt gelijk.")
    assert [s.due_on for s in negotiation_value(row).plan.steps] == [s.due_on for s in ours]


def test_a_supplier_that_never_declined_is_in_conversation_again(
    session: Session, scene: pathways.Scene, moment: Moment, recorded
) -> None:
    row = pathways.proposed(session, scene, moment)
    statement = recorded(moment, decline_pathway, row.id, reason="Geen tijd")
    assert reasons(session, scene, moment.today) == ["decision-needed"]
    contest_statement(session, scene.signatory, moment, statement, text="Nooit gezegd.")
    assert reasons(session, scene, moment.today) == ["in-negotiation"]
    answer_contest(session, scene.buyer, moment, statement, stands=True, text="U zei nee.")
    assert reasons(session, scene, moment.today) == ["decision-needed"]


def test_an_agreement_that_was_none_ends_by_a_manager_and_not_by_the_supplier(
    session: Session, scene: pathways.Scene, moment: Moment, recorded
) -> None:
    row = pathways.proposed(session, scene, moment)
    statement = recorded(moment, agree_pathway, row.id, revision=row.revision)
    contest_statement(session, scene.signatory, moment, statement, text="Ik niet.")
    assert read_statement(session, scene.buyer, moment, statement).needs_manager
    with pytest.raises(NotAllowed), session.begin_nested():
        answer_contest(session, scene.buyer, moment, statement, stands=False, text="Klopt.")
    answer_contest(session, scene.manager, moment, statement, stands=False, text="Klopt.")
    assert (row.state, row.over_by) == ("stopped", "buyer")
    assert reasons(session, scene, moment.today) == ["in-negotiation"]
    assert kinds_owed(session, "stop-announced") == []


def test_what_was_never_asked_or_reported_is_dropped(
    session: Session, scene: pathways.Scene, moment: Moment, recorded
) -> None:
    row, _ = pathways.agreed(session, scene, moment)
    held = proof_things.a_certificate(session, scene.relation)
    span = Span(moment.today + timedelta(7), moment.today + timedelta(21))
    steps = tuple(pathways.moved(step, 14) for step in agreed_plan(session, row).steps)
    claim = Claim(
        level=Level.TREDE_2,
        starts_on=moment.today,
        ends_on=moment.today + timedelta(100),
        kvk_numbers=(scene.relation.kvk_number or "",),
    )
    for service, about, fields, does in (
        (ask_for_hold, row.id, {"span": span, "reason": "Ziek"}, "request-is-dropped"),
        (propose_amendment, row.id, {"steps": steps, "reason": "Ziek"}, "request-is-dropped"),
        (ask_question, scene.relation.id, {"text": "Mag het?"}, "request-is-dropped"),
        (report_certificate, scene.relation.id, {"claim": claim}, "report-is-dropped"),
        (report_renewal, held.id, {"note": "Loopt"}, "report-is-dropped"),
    ):
        statement = recorded(moment, service, about, **fields)
        assert contest_and_give_in(session, scene, moment, statement) == does
    assert session.scalars(select(HoldRow.state)).all() == ["refused"]
    assert session.scalars(select(AmendmentRow.state)).all() == ["declined"]
    assert session.scalars(select(TaskRow.outcome)).all() == ["overtaken"]
    assert sorted(session.scalars(select(CertificateRow.state))) == ["rejected", "verified"]
    assert session.scalars(select(RenewalRow.refused_on)).all() == [moment.today]
    told = {message.kind for message in session.scalars(select(MessageRow))}
    assert not told & {"certificate-rejected", "hold-answered", "amendment-declined"}


def test_the_supplier_sees_what_it_can_still_say(
    session: Session, scene: pathways.Scene, moment: Moment, clock: SettableClock, recorded
) -> None:
    _, (plan, *_) = pathways.agreed(session, scene, moment)
    statement = recorded(moment, submit_milestone, plan.id)
    [view] = open_statements(session, moment, scene.relation.id)
    assert (view.id, view.code, view.facts["milestone"]) == (
        statement,
        "milestone-submitted",
        "plan",
    )
    assert (view.channel, view.may_be_contested, view.recorded_by) == (
        "phone",
        True,
        "Buyer Bakker",
    )
    assert open_statements(session, clock.forward(days=8), scene.relation.id) == []


def test_a_draft_again_can_still_be_said_not_to_be_right(
    session: Session, scene: pathways.Scene, moment: Moment, recorded
) -> None:
    row = pathways.proposed(session, scene, moment)
    theirs = tuple(pathways.moved(step, 28) for step in negotiation_value(row).plan.steps)
    statement = recorded(
        moment, counter_pathway, row.id, revision=row.revision, steps=theirs, message="Later"
    )
    session.get_one(PathwayRow, row.id).state = "draft"
    assert contest_and_give_in(session, scene, moment, statement) is None
