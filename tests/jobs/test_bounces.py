"""A mail that comes back undoes what followed from its hand-over, and the buyer hears of it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.domain.decisions import DecisionKind
from onboarding.domain.messages import MessageKind
from onboarding.domain.people import Role
from onboarding.domain.plans import Step
from onboarding.jobs import runs
from onboarding.services.decisions import announcement_given, reply_to_block, take_decision
from onboarding.services.mail.messages import contacts_to_write
from onboarding.services.pathway.notices import reply_to_notice
from onboarding.services.pathway.proposals_given import give_proposal
from onboarding.store.tables import (
    DecisionRow,
    MailRow,
    MessageRow,
    NoticeRow,
    PathwayRow,
    PersonRow,
)
from tests import stage
from tests.jobs.inbox_stage import Post
from tests.mail.letters import BOUNCES, bounce
from tests.pathway_stage import Scene, a_scene, agreed, proposed, status_on

DUE = date(2027, 2, 1)  # a Monday
WARNED = date(2027, 2, 10)


@pytest.fixture
def scene(session: Session) -> Scene:
    return a_scene(session)


@pytest.fixture
def live(post: Post) -> Callable[..., None]:
    """On each day, at nine: the sweep, then the delivery."""

    def live(*days: date) -> None:
        for day in days:
            start = datetime.combine(day, datetime.min.time(), post.clock.zone)
            post.clock.set(start + timedelta(hours=9))
            runs.sweep(post.app)
            post.deliver()

    return live


def message(session: Session, kind: MessageKind) -> MessageRow:
    return session.scalars(select(MessageRow).where(MessageRow.kind == kind)).one()


@pytest.mark.parametrize("by", ["address", "message id"])
@pytest.mark.parametrize("shape", BOUNCES)
def test_an_address_that_takes_no_mail_is_left_alone(
    post: Post, scene: Scene, session: Session, shape: str, by: str
) -> None:
    post.owe(scene)
    post.deliver()
    to, original = "post@facilitair.example", post.original
    if by == "address":
        to, original = post.returns_to, "<0@elders.example>"
    post.put(bounce(BOUNCES[shape], to=to, original=original))
    assert post.read() == {"bounce": 1}
    assert post.person(scene).mail_refused_at == post.clock.moment().now
    assert post.mail().state == "failed"
    row = message(session, MessageKind.ACCEPTED)
    assert row.state == "failed" and str(row.end_reason).startswith("bounced: 5.1.1")
    (task,) = post.tasks("name-contact")
    assert task.relation_id == scene.relation.id
    assert message(session, MessageKind.ADDRESS_REFUSED).person_id == scene.buyer.person_id
    (event,) = post.events("mail-bounced")
    assert event.facts == {
        "person_id": scene.signatory.person_id,
        "kind": "accepted",
        "status": "5.1.1",
        "is_hard": True,
    }
    assert not event.is_shared


def test_told_twice_it_is_known(post: Post, scene: Scene) -> None:
    post.owe(scene)
    post.deliver()
    post.put(*(bounce(original=post.original, number=number) for number in (1, 2)))
    assert post.read() == {"bounce": 2}
    assert len(post.events("mail-bounced")) == len(post.tasks("name-contact")) == 1


def test_a_bounce_that_is_faster_than_we_are_is_read_later(post: Post, scene: Scene) -> None:
    post.owe(scene)
    post.deliver()
    post.mail().state = "sending"
    post.session.commit()
    post.put(bounce(original=post.original))
    assert post.read() == {}
    assert post.kinds() == [] == post.flags()
    post.mail().state = "sent"
    post.session.commit()
    assert post.read() == {"bounce": 1}


def test_a_delay_and_a_passing_failure_are_only_told(
    post: Post, scene: Scene, session: Session
) -> None:
    post.owe(scene)
    post.deliver()
    post.put(
        bounce(original=post.original, action="delayed", status="4.4.1", number=1),
        bounce(original=post.original, action="failed", status="4.2.2", number=2),
    )
    assert post.read() == {"delay": 2}
    assert post.person(scene).mail_refused_at is None
    assert message(session, MessageKind.ACCEPTED).state == "sent"
    assert post.tasks("name-contact") == []
    assert [event.facts["status"] for event in post.events("mail-bounced")] == ["4.4.1", "4.2.2"]


def test_nobody_makes_the_mail_of_another_come_back(
    post: Post, scene: Scene, session: Session
) -> None:
    """Who knows the address of its own mail, or how a Message-ID was made before, knows nothing."""
    post.owe(scene)
    post.deliver()
    own = post.returns_to
    forged = own[:20] + ("a" if own[20] != "a" else "b") + own[21:]
    post.put(
        bounce(to=forged, number=1),
        bounce(to="post+b@facilitair.example", number=2),
        bounce(original="<b0a1c2d3e4f5061728394a5b6c7d8e9f@127.0.0.1>", number=3),
    )
    assert post.read() == {"stray": 3}
    assert post.mail().state == "sent"


def test_an_address_that_was_changed_since_is_not_marked(post: Post, scene: Scene) -> None:
    post.owe(scene)
    post.deliver()
    post.person(scene).email = "nieuw@voorbeeld.example"
    post.session.commit()
    post.put(bounce(original=post.original))
    assert post.read() == {"bounce": 1}
    assert post.person(scene).mail_refused_at is None


@pytest.mark.parametrize("status", ["5.1.1", "4.4.7"])
def test_a_warning_that_came_back_is_void_and_a_new_attempt_follows(
    post: Post, scene: Scene, session: Session, live: Callable[..., None], status: str
) -> None:
    agreed(session, scene, post.clock.moment(), Step(title="quote", due_on=DUE))
    second = stage.a_contact(session, scene.relation, Role.SIGNATORY)
    session.commit()
    session.get_one(PersonRow, second.person_id).mail_refused_at = stage.BEFORE
    session.commit()
    live(date(2027, 2, 8), date(2027, 2, 9), WARNED)
    notice = session.scalars(select(NoticeRow)).one()
    assert (notice.state, notice.cure_ends_on) == ("handed-over", date(2027, 2, 24))
    sent = message(session, MessageKind.FORMAL_NOTICE)
    mail = session.get_one(MailRow, sent.mail_id)
    session.get_one(PersonRow, second.person_id).mail_refused_at = None
    session.commit()
    post.clock.forward(days=1)
    post.put(bounce(original=mail.message_id, status=status))
    assert sum(post.read().values()) == 1
    notice = session.get_one(NoticeRow, notice.id, populate_existing=True)
    assert (notice.state, notice.voided_on) == ("voided", date(2027, 2, 11))
    (task,) = post.tasks("bounced")
    assert task.facts == {"notice_id": notice.id}
    assert status_on(session, scene.relation.id, date(2027, 3, 1)) == "at-risk", "no cure is over"
    live(date(2027, 2, 12), date(2027, 2, 15), date(2027, 2, 16), date(2027, 2, 17))
    attempts = session.scalars(select(NoticeRow).order_by(NoticeRow.id)).all()
    assert attempts[-1].state == "handed-over"
    assert (attempts[-1].attempt, attempts[-1].missed_on) == (len(attempts), DUE)
    assert attempts[-1].cure_ends_on is not None
    assert attempts[-1].cure_ends_on > date(2027, 2, 24)


def test_a_warning_that_was_replied_to_has_arrived(
    post: Post, scene: Scene, session: Session, live: Callable[..., None]
) -> None:
    agreed(session, scene, post.clock.moment(), Step(title="quote", due_on=DUE))
    session.commit()
    live(date(2027, 2, 8), date(2027, 2, 9), WARNED)
    notice = session.scalars(select(NoticeRow)).one()
    sent = message(session, MessageKind.FORMAL_NOTICE)
    mail = session.get_one(MailRow, sent.mail_id)
    reply_to_notice(session, scene.signatory, post.clock.moment(), notice.id, text="Komt eraan")
    session.commit()
    post.put(bounce(original=mail.message_id))
    assert post.read() == {"bounce": 1}
    assert session.get_one(NoticeRow, notice.id, populate_existing=True).state == "handed-over"


def test_the_time_to_answer_does_not_run_for_a_proposal_that_nobody_got(
    post: Post, scene: Scene, session: Session
) -> None:
    pathway = proposed(session, scene, post.clock.moment())
    session.commit()
    post.deliver()
    row = session.get_one(PathwayRow, pathway.id, populate_existing=True)
    assert row.window_ends_on is not None
    post.put(bounce(to=post.returns_to))
    assert post.read() == {"bounce": 1}
    row = session.get_one(PathwayRow, pathway.id, populate_existing=True)
    assert (row.window_ends_on, row.window_left, row.state) == (None, None, "proposed")
    (task,) = post.tasks("give-proposal")
    assert task.facts == {"pathway_id": pathway.id}
    assert len(post.events("window-taken-back")) == 1
    post.clock.forward(days=2)
    moment = post.clock.moment()
    give_proposal(session, scene.buyer, moment, pathway.id, given_on=moment.today)
    session.commit()
    row = session.get_one(PathwayRow, pathway.id, populate_existing=True)
    assert row.window_ends_on == moment.today + timedelta(days=60)
    assert post.tasks("give-proposal") == []


def test_a_proposal_that_a_colleague_got_has_arrived(
    post: Post, scene: Scene, session: Session
) -> None:
    stage.a_contact(session, scene.relation, Role.SIGNATORY)
    pathway = proposed(session, scene, post.clock.moment())
    session.commit()
    assert len(contacts_to_write(session, scene.relation.id)) == 2
    post.deliver()
    post.put(bounce(to=post.returns_to))
    assert post.read() == {"bounce": 1}
    row = session.get_one(PathwayRow, pathway.id, populate_existing=True)
    assert row.window_ends_on is not None
    assert post.tasks("give-proposal") == []


def a_block(post: Post, scene: Scene, days: int = 20) -> DecisionRow:
    moment = post.clock.moment()
    decision_id = take_decision(
        post.session,
        scene.manager,
        moment,
        scene.relation.id,
        DecisionKind.BLOCK,
        reason="Daarom",
        starts_on=moment.today + timedelta(days=days),
        ends_on=None,
    )
    post.session.commit()
    post.deliver()
    return post.session.get_one(DecisionRow, decision_id, populate_existing=True)


def test_a_block_waits_for_an_announcement_that_came_back(
    post: Post, scene: Scene, session: Session
) -> None:
    block = a_block(post, scene)
    announced_on = block.announced_on
    assert announced_on is not None
    begins = block.starts_on
    assert status_on(session, scene.relation.id, begins) == "ineligible"
    post.put(bounce(to=post.returns_to))
    assert post.read() == {"bounce": 1}
    block = session.get_one(DecisionRow, block.id, populate_existing=True)
    assert block.announced_on is None
    assert status_on(session, scene.relation.id, begins) != "ineligible"
    (task,) = post.tasks("block-bounced")
    assert (task.for_role, task.facts) == ("manager", {"decision_id": block.id})
    post.clock.forward(days=10)
    moment = post.clock.moment()
    announcement_given(session, scene.manager, moment, block.id, given_on=moment.today)
    session.commit()
    assert post.tasks("block-bounced") == []
    later = moment.today + timedelta(days=14)
    assert status_on(session, scene.relation.id, later - timedelta(days=1)) != "ineligible"
    assert status_on(session, scene.relation.id, later) == "ineligible"


@pytest.mark.parametrize("what", ["holds", "was replied to"])
def test_a_block_that_holds_or_is_known_stays(
    post: Post, scene: Scene, session: Session, what: str
) -> None:
    block = a_block(post, scene, days=14)
    returns_to = post.returns_to
    if what == "holds":
        post.clock.forward(days=15)
    else:
        moment = post.clock.moment()
        reply_to_block(session, scene.signatory, moment, block.id, text="Waarom?")
        session.commit()
    post.put(bounce(to=returns_to))
    assert post.read() == {"bounce": 1}
    block = session.get_one(DecisionRow, block.id, populate_existing=True)
    assert block.announced_on is not None
    assert post.tasks("block-bounced") == []
