"""From what is owed to what a mail server received."""

from collections.abc import Callable
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.access import LinkPurpose
from onboarding.domain.messages import MessageKind
from onboarding.jobs.deliver import Delivered
from onboarding.services.links import Entry, mail_link
from onboarding.services.mail.messages import Owed, owe_to_supplier
from onboarding.services.pathway.amendments import accept_amendment, propose_amendment
from onboarding.store.amendments import agreed_plan
from onboarding.store.tables import MailRow, MessageRow, PathwayRow, PersonRow, TaskRow
from tests.conftest import SettableClock
from tests.jobs.conftest import text_of
from tests.mail_server import MailServer
from tests.pathway_stage import Scene, a_scene, agreed, moved, proposed

Deliver = Callable[[], Delivered]
Mails = Callable[[], list[EmailMessage]]


def owe_accepted(session: Session, scene: Scene, moment: Moment, about: str = "1") -> None:
    owed = Owed(kind=MessageKind.ACCEPTED, about=about, relation_id=scene.relation.id)
    owe_to_supplier(session, moment, scene.relation, owed)
    session.commit()


def states(session: Session) -> list[str]:
    return list(session.scalars(select(MessageRow.state).order_by(MessageRow.id)))


def test_a_proposal_goes_from_the_ledger_to_the_supplier(
    session: Session, moment: Moment, deliver: Deliver, received: Mails
) -> None:
    scene = a_scene(session)
    pathway = proposed(session, scene, moment)
    session.commit()
    done = deliver()
    assert (done.sent, done.failed, done.again) == (1, 0, 0)
    (mail,) = received()
    assert mail["Subject"].startswith("Een voorstel voor Drukkerij De Linde B.V.")
    assert "MijnPSO-account en contactpersoon" in text_of(mail)
    assert "MijnPSO-account en contactpersoon" in text_of(mail, "html")
    assert states(session) == ["sent"]
    row = session.get_one(PathwayRow, pathway.id, populate_existing=True)
    assert row.window_ends_on is not None, "the window runs from the hand-over"
    assert deliver().sent == 0


def test_an_agreement_goes_to_both_sides_with_the_paper(
    session: Session, moment: Moment, deliver: Deliver, received: Mails
) -> None:
    scene = a_scene(session)
    pathway, _ = agreed(session, scene, moment)
    session.commit()
    deliver()
    mails = [mail for mail in received() if mail["Subject"].startswith("Afgesproken")]
    assert len(mails) == 2
    for mail in mails:
        paper, *_days = mail.iter_attachments()
        assert paper.get_content_type() == "application/pdf"
        assert paper.get_filename() == f"afspraak-{pathway.id}-1.pdf"
        assert paper.get_content().startswith(b"%PDF")
        assert "MijnPSO-account" in text_of(mail)


def test_a_change_that_was_agreed_goes_with_the_paper_of_its_version(
    session: Session, moment: Moment, deliver: Deliver, received: Mails
) -> None:
    scene = a_scene(session)
    pathway, _ = agreed(session, scene, moment)
    steps = [moved(step, 7) for step in agreed_plan(session, pathway).steps]
    ours = propose_amendment(session, scene.buyer, moment, pathway.id, steps=steps, reason="Zo")
    accept_amendment(session, scene.signatory, moment, ours, revision=1, function="directeur")
    session.commit()
    deliver()
    files = [file.get_filename() or "" for mail in received() for file in mail.iter_attachments()]
    papers = [name for name in files if name.endswith(".pdf")]
    assert sorted(papers) == [f"afspraak-{pathway.id}-{n}.pdf" for n in (1, 1, 2, 2)]


def test_a_change_is_told_with_its_days_and_leads_to_its_page(
    session: Session, moment: Moment, deliver: Deliver, received: Mails
) -> None:
    scene = a_scene(session)
    pathway, _ = agreed(session, scene, moment)
    steps = list(agreed_plan(session, pathway).steps)
    steps[0] = moved(steps[0], 7)
    del steps[1]
    ours = propose_amendment(session, scene.buyer, moment, pathway.id, steps=steps, reason="Zo")
    session.commit()
    deliver()
    texts = [text_of(mail) for mail in received()]
    text = next(text for text in texts if "Bekijk de wijziging" in text)
    assert "Dit was dinsdag 8 december." in text and "dinsdag 15 december" in text
    assert "Deze stap vervalt." in text
    assert f"/portal/{scene.relation.id}/amendments/{ours}" in text


def test_the_headers_say_who_and_that_no_person_typed_it(
    session: Session, moment: Moment, deliver: Deliver, received: Mails
) -> None:
    scene = a_scene(session)
    owe_accepted(session, scene, moment)
    deliver()
    (mail,) = received()
    buyer = session.get_one(PersonRow, scene.buyer.person_id)
    contact = session.get_one(PersonRow, scene.signatory.person_id)
    assert mail["From"] == "Facilitair Bedrijf <onboarding@facilitair.example>"
    assert mail["Reply-To"] == f"{buyer.name} <{buyer.email}>"
    assert contact.email in mail["To"]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime == moment.now
    assert len(mail.get_all("Message-ID")) == 1
    assert mail["Message-ID"].endswith("@127.0.0.1>")
    assert mail.get_content_type() == "multipart/alternative"
    kinds = [part.get_content_type() for part in mail.iter_parts()]
    assert kinds == ["text/plain", "text/html"]


def test_of_a_link_that_was_sent_only_the_hash_is_kept(
    app: Flask, session: Session, moment: Moment, deliver: Deliver, received: Mails
) -> None:
    scene = a_scene(session)
    owe_accepted(session, scene, moment)
    assert scene.signatory.person_id is not None
    entry = Entry(secret_key=app.config["SECRET_KEY"], now=moment.now)
    mail_link(
        session, entry, moment, scene.customer.id, scene.signatory.person_id, LinkPurpose.LOGIN
    )
    session.commit()
    assert deliver().sent == 2
    assert "/portal/enter/" in text_of(next(m for m in received() if "/portal/enter/" in str(m)))
    kept = dict(session.execute(select(MailRow.kind, MailRow.body)).all())  # type: ignore[arg-type]
    assert kept["login-link"] is None
    assert b"Klaar" in kept["accepted"]


@pytest.mark.parametrize(("locale", "word"), [("nl", "Klaar"), ("en", "Done")])
def test_a_mail_speaks_the_readers_language(
    session: Session, moment: Moment, deliver: Deliver, received: Mails, locale: str, word: str
) -> None:
    scene = a_scene(session)
    session.get_one(PersonRow, scene.signatory.person_id).locale = locale
    owe_accepted(session, scene, moment)
    deliver()
    (mail,) = received()
    assert mail["Subject"].startswith(word)
    assert mail["Content-Language"] == locale


def test_a_refused_address_is_left_alone_and_another_contact_asked_for(
    session: Session,
    moment: Moment,
    deliver: Deliver,
    received: Mails,
    mail_server: MailServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    scene = a_scene(session)
    person = session.get_one(PersonRow, scene.signatory.person_id)
    mail_server.refused.add(person.email or "")
    owe_accepted(session, scene, moment)
    done = deliver()
    assert done.failed == 1
    assert "recipient-refused" in caplog.text
    assert person.email not in caplog.text
    assert session.get_one(PersonRow, person.id, populate_existing=True).mail_refused_at
    task = session.scalars(select(TaskRow)).one()
    assert (task.kind, task.relation_id) == ("name-contact", scene.relation.id)
    (mail,) = received()
    assert mail["Subject"].startswith("Vraag Drukkerij De Linde B.V. om een andere contactpersoon")
    assert person.email in text_of(mail)


def test_without_a_server_everything_waits_and_no_attempt_is_spent(
    session: Session,
    moment: Moment,
    deliver: Deliver,
    app: Flask,
    mail_server: MailServer,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scene = a_scene(session)
    owe_accepted(session, scene, moment)
    with monkeypatch.context() as down:
        down.setitem(app.config, "MAIL_PORT", 9)
        done = deliver()
    assert done.trouble
    mail = session.scalars(select(MailRow)).one()
    assert (mail.state, mail.attempts) == ("queued", 0)
    kept = mail.body
    assert deliver().sent == 0, "not before its time"
    clock.forward(minutes=6)
    assert deliver().sent == 1
    assert [one.content for one in mail_server.messages] == [kept]
