"""The inbox itself: a Maildir and an IMAP server are read, and nothing in them stops the rest."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from onboarding.jobs import inbox as job
from onboarding.jobs.inbox import InboxUnavailable, read_inbox
from onboarding.jobs.timetable import TIMETABLE
from onboarding.mail import inbox
from onboarding.store.tables import IncomingMailRow
from tests.imap_server import CERTIFICATE, ImapServer
from tests.jobs.inbox_stage import Post
from tests.mail.letters import answer
from tests.pathway_stage import Scene, a_scene


@pytest.fixture
def scene(post: Post, session: Session) -> Scene:
    """One mail was sent, that can be answered."""
    scene = a_scene(session)
    post.owe(scene)
    post.deliver()
    return scene


@pytest.fixture
def imap(post: Post, monkeypatch: pytest.MonkeyPatch) -> Iterator[ImapServer]:
    server = ImapServer()
    server.start()
    monkeypatch.setitem(post.app.config, "INBOX_URL", server.url)
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    yield server
    server.stop()


def letter(post: Post, scene: Scene, number: int, text: str = "Vraag") -> bytes:
    return answer(
        sender=post.email(scene), original=post.original, number=number, text=f"{text} {number}"
    )


def test_a_poisonous_letter_is_set_aside_and_the_rest_goes_on(
    post: Post, scene: Scene, session: Session
) -> None:
    post.put(letter(post, scene, 1), b"\xff\xfe no mail", letter(post, scene, 2))
    assert post.read() == {"answer": 2, "poisonous": 1}
    assert post.flags() == ["S", "FS", "S"]
    row = session.scalars(select(IncomingMailRow).where(IncomingMailRow.kind == "poisonous")).one()
    assert row.why == "Unreadable: it has no sender"
    assert post.read() == {}


def test_a_letter_that_breaks_what_handles_it_is_set_aside(
    post: Post, scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    handle = job.take_in

    def fragile(session, moment, address, mail):  # type: ignore[no-untyped-def]
        kind = handle(session, moment, address, mail)
        if "1" in mail.text:
            raise RuntimeError("boom")
        return kind

    monkeypatch.setattr(job, "take_in", fragile)
    post.put(letter(post, scene, 1), letter(post, scene, 2))
    assert post.read() == {"poisonous": 1, "answer": 1}
    assert [event.facts["text"] for event in post.events("question-asked")] == ["Vraag 2"]
    assert post.email(scene) not in caplog.text


def test_without_the_database_letters_wait(
    post: Post, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object) -> None:
        raise OperationalError("x", {}, Exception("database is locked"))

    post.put(letter(post, scene, 1))
    with monkeypatch.context() as broken:
        broken.setattr(job, "take_in", locked)
        with pytest.raises(OperationalError):
            post.read()
    assert post.read() == {"answer": 1}


def test_a_letter_is_read_up_to_a_size(
    post: Post, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "MOST_BYTES", 2000)
    post.put(letter(post, scene, 1, "Begin " + "x" * 5000))
    assert post.read() == {"answer": 1}
    text = post.events("question-asked")[0].facts["text"]
    assert text.startswith("Begin") and "De mail was langer" in text


def test_mail_that_somebody_opened_is_still_read(post: Post, scene: Scene) -> None:
    (post.maildir / "cur" / "000009.test:2,").write_bytes(letter(post, scene, 1))
    (post.maildir / "cur" / "000008.test:2,S").write_bytes(letter(post, scene, 2))
    assert post.read() == {"answer": 1}
    assert post.flags() == ["S", "S"]


def test_asked_to_stop_it_leaves_the_rest(post: Post, scene: Scene) -> None:
    post.put(letter(post, scene, 1), letter(post, scene, 2))
    answers = iter([False, True])
    assert read_inbox(post.app, stop=lambda: next(answers)) == {"answer": 1}
    assert post.read() == {"answer": 1}


def test_a_folder_that_is_no_maildir_is_told(
    post: Post, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(post.app.config, "INBOX_URL", f"maildir:{tmp_path / 'nothing'}")
    with pytest.raises(InboxUnavailable, match="is no Maildir"):
        post.read()


def test_without_an_inbox_nothing_is_read(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(post.app.config, "INBOX_URL", None)
    assert post.read() == {}


def test_an_imap_server_is_read_and_letters_are_marked(
    post: Post, scene: Scene, imap: ImapServer
) -> None:
    imap.add(letter(post, scene, 1))
    imap.add(b"no mail")
    imap.add(letter(post, scene, 2))
    imap.flags[3].add(r"\Seen")
    assert post.read() == {"answer": 1, "poisonous": 1}
    assert imap.flags[1] == {r"\Seen"}
    assert imap.flags[2] == {r"\Seen", r"\Flagged"}
    assert all(r"BODY.PEEK[]<0.2000000>" in asked for asked in imap.fetched)
    assert post.read() == {}


@pytest.mark.parametrize(
    ("what", "why"),
    [("password", "wrong password"), ("mailbox", "no mailbox 'Elders'"), ("port", "refused")],
)
def test_what_is_wrong_with_the_server_is_told_without_the_password(
    post: Post, imap: ImapServer, monkeypatch: pytest.MonkeyPatch, what: str, why: str
) -> None:
    url = imap.url
    if what == "password":
        imap.password = "another"
    elif what == "mailbox":
        url = url.replace("/INBOX", "/Elders")
    else:
        url = url.replace(f":{imap.port}/", ":9/")
    monkeypatch.setitem(post.app.config, "INBOX_URL", url)
    with pytest.raises(InboxUnavailable, match=why) as told:
        post.read()
    assert "secret" not in str(told.value)


def test_a_server_that_nobody_vouches_for_gets_no_password(
    post: Post, imap: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(InboxUnavailable, match="TLS"):
        post.read()


def test_the_timetable_reads_it_each_minute_and_tells_trouble_in_a_line(
    post: Post, scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (at,) = [one for one in TIMETABLE if one.name == "inbox"]
    post.put(letter(post, scene, 1))
    assert at.run(post.app, lambda: False) == "answer: 1"
    monkeypatch.setitem(post.app.config, "INBOX_URL", "maildir:/nowhere/at/all")
    assert at.run(post.app, lambda: False) == ""
    assert "Mail that came in cannot be read" in caplog.text
    assert "Traceback" not in caplog.text
