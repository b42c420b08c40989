"""What the server answers tells whose trouble it is; nothing is sent in clear or twice by us."""

import socket
import ssl
import time
from contextlib import suppress
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from onboarding.mail.transport import Outcome, Parcel, Refused, Transport
from tests.mail.moody_server import MoodyServer

PARCEL = Parcel(
    "sender@facilitair.example", "reader@drukkerij.example", b"Subject: x\r\n\r\nHi\r\n"
)


def outcome_of(transport: Transport, parcel: Parcel = PARCEL) -> Outcome:
    with pytest.raises(Refused) as refused:
        transport.send(parcel)
    return refused.value.outcome


def test_many_mails_go_over_one_connection(server: MoodyServer, transport: Transport) -> None:
    for _ in range(5):
        transport.send(PARCEL)
    assert len(server.messages) == 5
    assert server.connections == 1
    assert server.messages[0].recipients == [PARCEL.recipient]
    assert server.messages[0].content == PARCEL.content


@pytest.mark.parametrize(
    ("step", "answer", "outcome"),
    [
        ("MAIL", "451 Later", Outcome.TEMPORARY),
        ("MAIL", "550 Not you", Outcome.WE_ARE_REFUSED),
        ("MAIL", "530 Log in first", Outcome.WE_ARE_REFUSED),
        ("MAIL", "552 Too large", Outcome.MESSAGE_REFUSED),
        ("RCPT", "450 Full", Outcome.TEMPORARY),
        ("RCPT", "550 Nobody here", Outcome.RECIPIENT_REFUSED),
        ("DATA", "451 Later", Outcome.TEMPORARY),
        ("DATA", "554 Spam", Outcome.MESSAGE_REFUSED),
    ],
)
def test_each_answer_has_its_outcome(
    server: MoodyServer, transport: Transport, step: str, answer: str, outcome: Outcome
) -> None:
    server.answers[step] = answer
    assert outcome_of(transport) is outcome
    del server.answers[step]
    transport.send(PARCEL)
    assert len(server.messages) == 1


def test_an_answer_that_never_comes_is_a_failure_for_now(
    server: MoodyServer, transport: Transport
) -> None:
    server.silent_at = "MAIL"
    before = time.monotonic()
    assert outcome_of(transport) is Outcome.TEMPORARY
    assert time.monotonic() - before < 1.8, "the server would answer after two seconds"


def test_an_answer_lost_after_the_data_is_a_failure_for_now(
    server: MoodyServer, transport: Transport
) -> None:
    server.drop_answers = 1
    assert outcome_of(transport) is Outcome.TEMPORARY
    assert len(server.messages) == 1, "taken, though we were not told"


def test_a_server_that_hung_up_in_between_is_called_again(
    server: MoodyServer, transport: Transport
) -> None:
    server.hang_up_after = 1
    transport.send(PARCEL)
    time.sleep(0.2)
    transport.send(PARCEL)
    assert (len(server.messages), server.connections) == (2, 2)


def test_no_server_says_nothing_about_the_mail() -> None:
    with Transport({"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": 9}, timeout=1) as transport:
        assert outcome_of(transport) is Outcome.UNAVAILABLE


def test_a_log_in_that_the_server_does_not_know_is_ours_to_solve(server: MoodyServer) -> None:
    settings = {**server.settings, "MAIL_USERNAME": "us", "MAIL_PASSWORD": "secret"}
    with Transport(settings, timeout=1) as transport:
        assert outcome_of(transport) is Outcome.WE_ARE_REFUSED


def test_without_tls_where_it_is_asked_nothing_is_sent(server: MoodyServer) -> None:
    with Transport({**server.settings, "MAIL_USE_TLS": True}, timeout=1) as transport:
        assert outcome_of(transport) is Outcome.WE_ARE_REFUSED
    assert server.messages == []


@pytest.mark.parametrize("setting", ["MAIL_USE_TLS", "MAIL_USE_SSL"])
def test_a_certificate_that_nobody_vouches_for_is_refused(setting: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(Path(__file__).parent / "untrusted.pem")
    handler = MoodyServer()
    how = {"tls_context" if setting == "MAIL_USE_TLS" else "ssl_context": context}
    server = Controller(handler, hostname="127.0.0.1", port=free_port(), **how)
    with suppress(ssl.SSLError):  # the controller tries itself out, and trusts it as little
        server.start()
    settings = {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": server.port, setting: True}
    try:
        with Transport(settings, timeout=1) as transport:
            assert outcome_of(transport) is Outcome.WE_ARE_REFUSED
        assert handler.messages == []
    finally:
        server.stop()


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b>\r\nRCPT TO:<c@d", "a b@c.nl", "<a@b.nl>", "jörg@b.nl", "a@.."]
)
def test_what_is_no_address_is_never_sent(
    server: MoodyServer, transport: Transport, address: str
) -> None:
    parcel = Parcel(PARCEL.sender, address, PARCEL.content)
    assert outcome_of(transport, parcel) is Outcome.RECIPIENT_REFUSED
    assert server.messages == []


def test_a_domain_with_accents_goes_in_ascii(server: MoodyServer, transport: Transport) -> None:
    transport.send(Parcel(PARCEL.sender, "info@bäckerei.example", PARCEL.content))
    assert server.messages[0].recipients == ["info@xn--bckerei-5wa.example"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
