"""Buyers who are away, who hand over, and who leave: work, mail and answers follow."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import InputInvalid, NotAllowed
from onboarding.domain.messages import MessageKind
from onboarding.domain.people import Actor, Role
from onboarding.services.colleagues import hand_over, set_absence, set_reply_to
from onboarding.services.conversations import ask_question
from onboarding.services.mail.letters import colleague
from onboarding.services.mail.messages import Owed, owe
from onboarding.services.users import set_roles
from onboarding.services.work_list import read_work_list
from onboarding.store.tables import EventRow, MessageRow, PersonRow
from tests import pathway_stage as pathways
from tests import stage

DAY = timedelta(days=1)


@pytest.fixture
def scene(session: Session) -> pathways.Scene:
    return pathways.a_scene(session)


@pytest.fixture
def other(session: Session, scene: pathways.Scene) -> Actor:
    """Another buyer of the same customer."""
    return stage.user_actor(session, scene.customer, Role.BUYER)


def readers(session: Session, kind: str = "question") -> list[tuple[int, str]]:
    rows = session.execute(
        select(MessageRow.person_id, MessageRow.state)
        .where(MessageRow.kind == kind)
        .order_by(MessageRow.id)
    )
    return list(rows.tuples())


def away(session: Session, scene: pathways.Scene, moment: Moment, other: Actor) -> None:
    """Bram is away tomorrow and the day after."""
    set_absence(
        session,
        scene.buyer,
        moment,
        scene.buyer.person_id or 0,
        deputy_id=other.person_id,
        starts_on=moment.today + DAY,
        ends_on=moment.today + 2 * DAY,
    )


def test_while_away_the_deputy_gets_mail_work_and_answers(
    session: Session, scene: pathways.Scene, moment: Moment, other: Actor, clock
) -> None:
    away(session, scene, moment, other)
    for days, expected in ((0, scene.buyer), (1, other), (2, other), (3, scene.buyer)):
        on = clock.moment_at(moment.now + days * DAY)
        text = f"Vraag van dag {days}"
        ask_question(session, scene.signatory, on, scene.relation.id, text=text)
        assert readers(session)[-1][0] == expected.person_id
        found = colleague(session, scene.customer.id, scene.relation, on.today)
        assert found is not None
        assert found.email == session.get_one(PersonRow, expected.person_id).email
        work = read_work_list(session, other, on, mine=True)
        assert bool(work.answer.total) == (expected is other)
        assert bool(work.stands_in_for) == (expected is other)


def test_answers_go_to_the_mailbox_of_the_team(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    person_id = scene.buyer.person_id or 0
    set_reply_to(session, scene.buyer, moment, person_id, " Inkoop@Rijnland.example ")
    found = colleague(session, scene.customer.id, scene.relation, moment.today)
    assert found is not None and found.email == "inkoop@rijnland.example"
    assert found.name == session.get_one(PersonRow, person_id).name
    with pytest.raises(InputInvalid, match="not-an-email"):
        set_reply_to(session, scene.buyer, moment, person_id, "inkoop")


@pytest.mark.parametrize("mistake", ["oneself", "no buyer", "over already"])
def test_a_deputy_who_cannot_is_refused(
    session: Session, scene: pathways.Scene, moment: Moment, other: Actor, mistake: str
) -> None:
    reader = stage.user_actor(session, scene.customer, Role.READER)
    deputies = {"oneself": scene.buyer, "no buyer": reader, "over already": other}
    with pytest.raises(InputInvalid):
        set_absence(
            session,
            scene.buyer,
            moment,
            scene.buyer.person_id or 0,
            deputy_id=deputies[mistake].person_id,
            starts_on=None,
            ends_on=moment.today - DAY if mistake == "over already" else moment.today,
        )


def test_only_a_manager_arranges_it_for_another(
    session: Session, scene: pathways.Scene, moment: Moment, other: Actor
) -> None:
    with pytest.raises(NotAllowed):
        set_reply_to(session, other, moment, scene.buyer.person_id or 0, None)
    set_reply_to(session, scene.manager, moment, scene.buyer.person_id or 0, None)


def test_a_hand_over_moves_suppliers_and_what_was_not_sent_yet(
    session: Session, scene: pathways.Scene, moment: Moment, other: Actor
) -> None:
    buyer, successor = scene.buyer.person_id or 0, other.person_id or 0
    for number in (1, 2, 3):
        owed = Owed(kind=MessageKind.CALL, about=str(number), relation_id=scene.relation.id)
        owe(session, moment, scene.customer.id, owed, [buyer])
    sent = session.scalars(select(MessageRow).order_by(MessageRow.id)).first()
    assert sent is not None
    sent.state = "sent"
    owed = Owed(kind=MessageKind.CALL, about="2", relation_id=scene.relation.id)
    owe(session, moment, scene.customer.id, owed, [successor])
    assert hand_over(session, scene.manager, moment, buyer, successor) == 1
    assert scene.relation.buyer_id == successor
    session.expire_all()
    assert readers(session, "call") == [
        (buyer, "sent"),
        (buyer, "superseded"),  # the successor was owed this one already
        (successor, "queued"),
        (successor, "queued"),
    ]
    changed = session.scalars(select(EventRow).where(EventRow.code == "supplier-changed")).one()
    assert changed.facts["origin"] == "hand-over"
    assert hand_over(session, scene.manager, moment, buyer, successor) == 0


def test_a_buyer_hands_nothing_over_itself(
    session: Session, scene: pathways.Scene, moment: Moment, other: Actor
) -> None:
    with pytest.raises(NotAllowed):
        hand_over(session, scene.buyer, moment, scene.buyer.person_id or 0, other.person_id or 0)


def test_who_leaves_needs_a_successor_and_stands_in_for_nobody(
    session: Session, scene: pathways.Scene, moment: Moment, other: Actor
) -> None:
    away(session, scene, moment, other)
    admin = stage.user_actor(session, scene.customer, Role.ADMIN)
    buyer, nothing = scene.buyer.person_id or 0, frozenset[Role]()
    with pytest.raises(InputInvalid) as refused:
        set_roles(session, admin, moment, buyer, nothing)
    assert refused.value.facts["field"] == "successor"
    set_roles(session, admin, moment, buyer, nothing, successor_id=other.person_id)
    assert scene.relation.buyer_id == other.person_id
    third = stage.user_actor(session, scene.customer, Role.MANAGER)
    set_roles(session, admin, moment, other.person_id or 0, nothing, successor_id=third.person_id)
    found = colleague(session, scene.customer.id, scene.relation, moment.today + DAY)
    assert found is not None
    assert found.email == session.get_one(PersonRow, third.person_id).email
