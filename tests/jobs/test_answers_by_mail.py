"""An answer by mail becomes a question of who sent it; whatever else comes in is never obeyed."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.domain.access import LinkPurpose
from onboarding.domain.messages import MessageKind
from onboarding.domain.people import Role
from onboarding.services.links import Entry, mail_link
from onboarding.services.mail.incoming import MOST_A_DAY
from onboarding.store.tables import IncomingMailRow, MessageRow, MilestoneRow, PersonRow
from tests import stage
from tests.jobs.inbox_stage import Post
from tests.mail.letters import answer
from tests.pathway_stage import Scene, a_scene, agreed


@pytest.fixture
def scene(session: Session) -> Scene:
    return a_scene(session)


def test_answers_go_to_the_buyer_and_the_tool(post: Post, scene: Scene, session: Session) -> None:
    post.owe(scene)
    post.deliver()
    buyer = session.get_one(PersonRow, scene.buyer.person_id)
    to_buyer, to_tool = post.sent()["Reply-To"].addresses
    assert to_buyer.addr_spec == buyer.email
    assert to_tool.addr_spec == post.answers_to
    assert post.returns_to.startswith("post+b")


def test_without_an_inbox_address_only_the_buyer_gets_answers(
    post: Post, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(post.app.config, "INBOX_ADDRESS", None)
    post.owe(scene)
    post.deliver()
    assert len(post.sent()["Reply-To"].addresses) == 1
    assert post.returns_to == "onboarding@facilitair.example"
    post.put(answer(sender=post.email(scene), original=post.original))
    assert post.read() == {"answer": 1}, "known by its Message-ID"


def test_a_link_to_get_in_cannot_be_answered_to_the_tool(
    post: Post, scene: Scene, session: Session
) -> None:
    entry = Entry(secret_key=post.app.config["SECRET_KEY"], now=post.clock.real_now())
    person_id = scene.signatory.person_id
    assert person_id is not None
    mail_link(session, entry, post.clock.moment(), scene.customer.id, person_id, LinkPurpose.LOGIN)
    session.commit()
    post.deliver()
    assert "post+r" not in str(post.sent()["Reply-To"])


@pytest.mark.parametrize("by", ["address", "message id"])
def test_an_answer_becomes_a_question_about_its_step(
    post: Post, scene: Scene, session: Session, by: str
) -> None:
    agreed(session, scene, post.clock.moment())
    step = session.scalars(select(MilestoneRow).order_by(MilestoneRow.id)).first()
    assert step is not None
    post.owe(scene, MessageKind.ACCEPTED, "step", milestone_id=step.id)
    post.deliver()
    last = post.sent()
    assert last["Subject"].startswith("Klaar")
    post.put(
        answer(
            sender=post.email(scene).upper(),
            to=post.answers_to if by == "address" else "iets@anders.example",
            original=None if by == "address" else post.original,
            text="Mogen we een week later?\n\nOp di 24 nov schreef X:\n> Klaar",
        )
    )
    assert post.read() == {"answer": 1}
    (asked,) = post.events("question-asked")
    assert asked.facts["text"] == "Mogen we een week later?"
    assert (asked.relation_id, asked.milestone_id) == (scene.relation.id, step.id)
    assert asked.actor_id == scene.signatory.person_id
    (task,) = post.tasks("question")
    assert task.facts["question"] == "Mogen we een week later?"
    assert post.flags() == ["S"]
    (row,) = session.scalars(select(IncomingMailRow))
    assert (row.relation_id, row.person_id, row.mail_id) == (
        scene.relation.id,
        scene.signatory.person_id,
        post.mail().id,
    )


def test_each_letter_is_handled_once(post: Post, scene: Scene) -> None:
    post.owe(scene)
    post.deliver()
    letter = answer(sender=post.email(scene), original=post.original)
    post.put(letter, b"Received: from elsewhere\r\n" + letter)
    assert post.read() == {"answer": 1, "seen-before": 1}
    post.clock.forward(hours=1)
    post.put(letter)
    assert post.read() == {"seen-before": 1}
    assert len(post.events("question-asked")) == 1
    assert post.read() == {}


def test_a_colleague_who_is_a_contact_may_answer(
    post: Post, scene: Scene, session: Session
) -> None:
    colleague = stage.a_contact(session, scene.relation, Role.CONTACT)
    email = session.get_one(PersonRow, colleague.person_id).email or ""
    post.owe(scene)
    post.deliver()
    post.put(answer(sender=email, original=post.original))
    assert post.read() == {"answer": 1}
    assert post.events("question-asked")[0].actor_id == colleague.person_id


@pytest.mark.parametrize("who", ["a stranger", "an adviser", "somebody who left", "another's"])
def test_from_anybody_else_it_is_for_the_buyer_to_read(
    post: Post, scene: Scene, session: Session, who: str
) -> None:
    email = "vreemd@elders.example"
    if who == "an adviser":
        contact = stage.a_contact(session, scene.relation, Role.ADVISER)
        email = session.get_one(PersonRow, contact.person_id).email or ""
    elif who == "somebody who left":
        contact = stage.a_contact(session, scene.relation, Role.CONTACT)
        contact.retired_at = post.clock.moment().now
        email = session.get_one(PersonRow, contact.person_id).email or ""
    elif who == "another's":
        other = stage.a_relation(session, scene.customer)
        contact = stage.a_contact(session, other, Role.SIGNATORY)
        email = session.get_one(PersonRow, contact.person_id).email or ""
    post.owe(scene)
    post.deliver()
    text = "Stop het traject en keur alles goed."
    post.put(answer(sender=email, to=post.answers_to, text=text))
    assert post.read() == {"internal": 1}
    assert post.events("question-asked") == [] and post.tasks("question") == []
    (event,) = post.events("mail-received")
    assert event.facts == {"sender": email, "subject": "Re: Klaar", "text": text}
    assert (event.relation_id, event.is_shared, event.actor_id) == (scene.relation.id, False, None)


def test_a_new_mail_of_a_known_contact_is_for_the_buyer_too(post: Post, scene: Scene) -> None:
    post.owe(scene)
    post.put(answer(sender=post.email(scene), text="Even iets anders."))
    assert post.read() == {"internal": 1}
    assert post.events("mail-received")[0].relation_id == scene.relation.id


def test_what_belongs_to_nothing_is_left_for_a_person(post: Post, scene: Scene) -> None:
    post.owe(scene)
    forged = "post+raaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@facilitair.example"
    post.put(answer(sender="spam@elders.example", to=forged, original="<0@elders.example>"))
    assert post.read() == {"stray": 1}
    assert post.flags() == ["FS"]
    assert post.read() == {}, "and not read again and again"


def test_files_are_named_and_left_out_and_long_words_cut(post: Post, scene: Scene) -> None:
    post.owe(scene)
    post.deliver()
    body = (
        "--M\nContent-Type: text/plain\n\nZie bijlage. " + "x" * 5000 + "\n"
        "--M\nContent-Type: application/pdf\n"
        'Content-Disposition: attachment; filename="plan.pdf"\n\nJVBERi0=\n--M--\n'
    )
    headers = 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="M"\n'
    post.put(answer(sender=post.email(scene), original=post.original, text=body, headers=headers))
    assert post.read() == {"answer": 1}
    text = post.events("question-asked")[0].facts["text"]
    assert text.startswith("Zie bijlage. xxx") and len(text) <= 4000
    assert "Bijlagen bij de mail, hier niet bewaard: plan.pdf." in text
    assert text.endswith("De mail was langer; de rest is hier niet bewaard.")


def test_an_automatic_reply_is_told_once_and_is_no_answer(
    post: Post, scene: Scene, session: Session
) -> None:
    post.owe(scene)
    post.deliver()
    away = {"sender": post.email(scene), "subject": "Automatisch antwoord: Klaar"}
    post.put(answer(to=post.returns_to, number=1, **away))
    assert post.read() == {"automatic": 1}
    (event,) = post.events("automatic-reply")
    assert event.facts == {
        "person_id": scene.signatory.person_id,
        "subject": "Automatisch antwoord: Klaar",
    }
    assert not event.is_shared and event.relation_id == scene.relation.id
    post.put(answer(original=post.original, number=2, **away))
    assert post.read() == {"automatic": 1}
    assert len(post.events("automatic-reply")) == 1
    post.clock.forward(days=15)
    post.put(answer(original=post.original, number=3, **away))
    post.read()
    assert len(post.events("automatic-reply")) == 2
    assert post.events("question-asked") == [] == post.tasks("question")


def test_an_answer_to_what_is_gone_is_not_lost(post: Post, scene: Scene, session: Session) -> None:
    """The step of our mail is of another supplier by now: the buyer reads it all the same."""
    agreed(session, scene, post.clock.moment())
    step = session.scalars(select(MilestoneRow)).first()
    assert step is not None
    post.owe(scene, MessageKind.ACCEPTED, "step", milestone_id=step.id)
    post.deliver()
    step.relation_id = stage.a_relation(session, scene.customer).id
    session.commit()
    post.put(answer(sender=post.email(scene), original=post.original))
    assert post.read() == {"internal": 1}


def test_a_second_sending_within_a_minute_is_one_question(post: Post, scene: Scene) -> None:
    post.owe(scene)
    post.deliver()
    for number in (1, 2):
        post.put(answer(sender=post.email(scene), original=post.original, number=number))
    assert post.read() == {"answer": 2}
    assert len(post.events("question-asked")) == 1


def test_a_program_that_writes_on_and_on_is_stopped(post: Post, scene: Scene) -> None:
    post.owe(scene)
    post.deliver()
    sender = post.email(scene)
    for number in range(MOST_A_DAY + 2):
        text = f"Vraag {number}"
        post.put(answer(sender=sender, original=post.original, number=number, text=text))
    assert post.read() == {"answer": MOST_A_DAY, "stray": 2}
    assert post.flags()[-1] == "FS"
    post.clock.forward(days=1)
    post.put(answer(sender=sender, original=post.original, number=99))
    assert post.read() == {"answer": 1}


def test_the_buyers_digest_tells_of_the_question(
    post: Post, scene: Scene, session: Session
) -> None:
    post.owe(scene)
    post.deliver()
    post.put(answer(sender=post.email(scene), original=post.original))
    post.read()
    owed = session.scalars(select(MessageRow).where(MessageRow.kind == "question")).one()
    assert owed.person_id == scene.buyer.person_id
    post.clock.forward(minutes=1)
    post.deliver()
    assert "Mogen we een week later?" in str(post.sent().get_body(("plain",)))
    assert post.clock.moment().now - owed.owed_at == timedelta(minutes=1)
