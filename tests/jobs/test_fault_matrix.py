"""Each fault at each step of the conversation: what it costs the mail, and what it tells of the
server. Nothing is lost, and nothing goes in clear. The table stands in docs/reliability.md.
"""

import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.domain.messages import MessageKind
from onboarding.jobs import runs
from onboarding.mail.transport import Transport
from onboarding.services.mail.messages import Owed, owe_to_supplier
from onboarding.store.breaker import open_breaker
from onboarding.store.tables import MailRow, MessageRow, PersonRow
from tests.conftest import SettableClock
from tests.jobs import smtp_sink
from tests.jobs.smtp_sink import SmtpSink
from tests.mail.moody_server import MoodyServer
from tests.pathway_stage import Scene, a_scene

# What it costs: the attempts spent, whether the breaker opens, and the state of the message.
WAITS = (1, False, "sending")  # this mail is tried again
SERVER = (0, True, "sending")  # no attempt is spent, and nobody sends
FAILED = (0, False, "failed")
SENT = (0, False, "sent")

STEPS = {
    "connect": "CONNECT",
    "hello": "EHLO,HELO",
    "MAIL": "MAIL",
    "RCPT": "RCPT",
    "DATA": "DATA",
    "the dot": ".",
}
HOW = {"4xx": "-r", "5xx": "-f", "421": "-Q", "hangs up": "-q"}
MATRIX = {
    "connect": {"4xx": SERVER, "5xx": SERVER, "421": SERVER, "hangs up": SERVER},
    "hello": {"4xx": SERVER, "5xx": SERVER, "421": SERVER, "hangs up": SERVER},
    "MAIL": {"4xx": WAITS, "5xx": SERVER, "421": WAITS, "hangs up": WAITS},
    "RCPT": {"4xx": WAITS, "5xx": FAILED, "421": WAITS, "hangs up": WAITS},
    "DATA": {"4xx": WAITS, "5xx": FAILED, "421": WAITS, "hangs up": WAITS},
    "the dot": {"4xx": WAITS, "5xx": FAILED, "421": WAITS, "hangs up": WAITS},
}
CASES = [(step, fault) for step, faults in MATRIX.items() for fault in faults]
SILENT = {"connect": SERVER, "MAIL": WAITS, "RCPT": WAITS, "DATA": WAITS, "the dot": WAITS}
Cost = tuple[int, bool, str]


@pytest.fixture
def scene(session: Session, clock: SettableClock) -> Scene:
    """One mail is owed."""
    scene = a_scene(session)
    owed = Owed(kind=MessageKind.ACCEPTED, about="1", relation_id=scene.relation.id)
    owe_to_supplier(session, clock.moment(), scene.relation, owed)
    session.commit()
    return scene


@pytest.fixture
def sink(tmp_path: Path, app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmtpSink]:
    if smtp_sink.binary() is None:
        pytest.skip(smtp_sink.HOW_TO_GET_IT)
    sink = SmtpSink(tmp_path / "sink")
    tmp_path.chmod(0o755)
    monkeypatch.setitem(app.config, "MAIL_PORT", sink.port)
    yield sink
    sink.stop()


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """For how many seconds an answer is waited for."""
    return lambda seconds: monkeypatch.setattr(
        runs, "Transport", partial(Transport, timeout=seconds)
    )


def the_mail(session: Session) -> MailRow:
    """The one that is owed; one about its address goes to the buyer."""
    query = select(MailRow).where(MailRow.kind == MessageKind.ACCEPTED)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def the_message(session: Session) -> MessageRow:
    query = select(MessageRow).where(MessageRow.kind == MessageKind.ACCEPTED)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def cost(session: Session) -> Cost:
    return the_mail(session).attempts, open_breaker(session) is not None, the_message(session).state


def goes_once_it_works(session: Session, app: Flask, clock: SettableClock, sink: SmtpSink) -> None:
    """The same bytes under the same Message-ID, once the server takes mail again."""
    kept, before = the_mail(session).body, sink.taken()
    sink.start()
    clock.forward(minutes=2)
    assert runs.deliver(app).sent == 1
    mail = the_mail(session)
    assert (mail.state, mail.body, mail.last_error) == ("sent", kept, None)
    assert the_message(session).state == "sent"
    assert open_breaker(session) is None
    copies = sink.taken()
    assert len(copies) == len(before) + 1
    assert {identity for identity, _ in copies} == {mail.message_id}
    assert len(set(copies)) == 1, "a copy is the same to the byte"


@pytest.mark.parametrize(("step", "fault"), CASES)
def test_a_fault_costs_what_it_says(
    session: Session,
    scene: Scene,
    app: Flask,
    clock: SettableClock,
    sink: SmtpSink,
    patience: Callable[[float], None],
    step: str,
    fault: str,
) -> None:
    patience(5)
    sink.start(HOW[fault], STEPS[step])
    done = runs.deliver(app)
    expected = MATRIX[step][fault]
    assert cost(session) == expected
    assert bool(done.trouble) is expected[1]
    if expected != FAILED:
        goes_once_it_works(session, app, clock, sink)
        return
    reason = the_message(session).end_reason or ""
    is_address = step == "RCPT"
    assert reason.startswith("address-refused: 5" if is_address else "content-refused: 5")
    person = session.get_one(PersonRow, scene.signatory.person_id, populate_existing=True)
    assert (person.mail_refused_at is not None) is is_address
    sink.start()
    clock.forward(days=1)
    runs.deliver(app)
    assert the_message(session).state == "failed", "it is not tried again by itself"


@pytest.mark.parametrize("step", SILENT)
def test_a_server_that_keeps_silent_is_not_waited_for(
    session: Session,
    scene: Scene,
    app: Flask,
    clock: SettableClock,
    sink: SmtpSink,
    patience: Callable[[float], None],
    step: str,
) -> None:
    patience(0.5)
    sink.start("-W", f"{STEPS[step]}:30")
    runs.deliver(app)
    assert cost(session) == SILENT[step]
    patience(5)
    goes_once_it_works(session, app, clock, sink)


@pytest.mark.parametrize("step", SILENT)
def test_a_slow_server_gets_its_time(
    session: Session,
    scene: Scene,
    app: Flask,
    sink: SmtpSink,
    patience: Callable[[float], None],
    step: str,
) -> None:
    patience(20)
    sink.start("-W", f"{STEPS[step]}:1")
    assert runs.deliver(app).sent == 1
    assert cost(session) == SENT
    assert len(sink.taken()) == 1


@pytest.mark.parametrize("refusal", ["-r", "-f"])
def test_a_server_that_speaks_only_the_old_greeting_is_spoken_to_in_it(
    session: Session, scene: Scene, app: Flask, sink: SmtpSink, refusal: str
) -> None:
    sink.start(refusal, "EHLO")
    assert runs.deliver(app).sent == 1
    assert cost(session) == SENT


def test_without_tls_where_it_is_asked_nothing_goes_in_clear(
    session: Session,
    scene: Scene,
    app: Flask,
    clock: SettableClock,
    sink: SmtpSink,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sink.start()
    with monkeypatch.context() as asked:
        asked.setitem(app.config, "MAIL_USE_TLS", True)
        runs.deliver(app)
    assert cost(session) == SERVER
    assert sink.taken() == []
    goes_once_it_works(session, app, clock, sink)


@pytest.mark.parametrize("setting", ["MAIL_USE_TLS", "MAIL_USE_SSL"])
def test_a_wrong_certificate_opens_the_breaker_and_nothing_goes(
    session: Session,
    scene: Scene,
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    sink: SmtpSink,
    setting: str,
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(Path(__file__).parents[1] / "mail" / "untrusted.pem")
    handler = MoodyServer()
    how = {"tls_context" if setting == "MAIL_USE_TLS" else "ssl_context": context}
    server = Controller(handler, hostname="127.0.0.1", port=sink.port, **how)
    with suppress(ssl.SSLError):  # the controller tries itself out, and trusts it as little
        server.start()
    monkeypatch.setitem(app.config, setting, True)
    try:
        runs.deliver(app)
    finally:
        server.stop()
    assert cost(session) == SERVER
    assert "TLS" in (the_mail(session).last_error or "")
    assert handler.messages == []
