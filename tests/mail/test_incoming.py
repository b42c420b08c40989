"""Mail of others is read for what it is: a bounce, a program's answer, or a person's words."""

import pytest

from onboarding.mail.incoming import Unreadable, identity, read
from onboarding.mail.plain_text import plain
from onboarding.mail.quotes import new_part
from tests.mail.letters import BOUNCES, EXIM_WARNING, answer, bounce

ORIGINAL = "<0123456789abcdef0123456789abcdef@leveranciers.example.nl>"
SENDER = "jan@voorbeeld.example"


@pytest.mark.parametrize("shape", BOUNCES.values(), ids=BOUNCES)
def test_a_bounce_for_good_is_known_and_names_our_mail(shape: str) -> None:
    found = read(bounce(shape, original=ORIGINAL)).bounce
    assert found is not None
    assert (found.status, found.is_final, found.is_hard) == ("5.1.1", True, True)
    assert ORIGINAL in found.refers_to
    assert found.said


@pytest.mark.parametrize("shape", ["postfix", "exchange", "gmail"])
def test_a_delay_is_no_end(shape: str) -> None:
    found = read(bounce(BOUNCES[shape], action="delayed", status="4.4.1")).bounce
    assert found is not None
    assert (found.status, found.is_final, found.is_hard) == ("4.4.1", False, False)


def test_a_server_that_gave_up_for_a_passing_reason_says_nothing_of_the_address() -> None:
    found = read(bounce(action="failed", status="4.4.7")).bounce
    assert found is not None
    assert (found.is_final, found.is_hard) == (True, False)


def test_a_plain_warning_of_delay_is_no_end() -> None:
    found = read(bounce(EXIM_WARNING, original=ORIGINAL)).bounce
    assert found is not None
    assert (found.status, found.is_final) == ("4.7.1", False)
    assert ORIGINAL in found.refers_to


def test_a_report_of_delivery_is_no_bounce() -> None:
    found = read(bounce(action="delivered", status="2.0.0"))
    assert found.bounce is None
    assert found.is_automatic


def test_who_writes_about_a_failure_is_no_server() -> None:
    text = "Uw mail kwam terug: 550 5.1.1 unknown."
    found = read(answer(sender=SENDER, original=ORIGINAL, subject="Undelivered mail?", text=text))
    assert found.bounce is None and not found.is_automatic
    assert found.text == text


def test_an_answer_says_who_and_to_what() -> None:
    found = read(answer(sender="Jan@Voorbeeld.example", original=ORIGINAL, to="a@b.nl, c@d.nl"))
    assert found.sender == SENDER
    assert found.recipients == ("a@b.nl", "c@d.nl")
    assert found.refers_to == (ORIGINAL, "<eerder@x.example>")
    assert found.text == "Mogen we een week later?"
    assert found.message_id == "<1.antwoord@voorbeeld.example>"


@pytest.mark.parametrize(
    "headers",
    [
        "Auto-Submitted: auto-replied\n",
        "Auto-Submitted: auto-generated (vacation)\n",
        "X-Autoreply: yes\n",
        "X-Auto-Response-Suppress: All\n",
        "Precedence: bulk\n",
        "Precedence: auto_reply\n",
    ],
)
def test_a_programs_answer_is_known_by_its_headers(headers: str) -> None:
    assert read(answer(sender=SENDER, original=ORIGINAL, headers=headers)).is_automatic


@pytest.mark.parametrize(
    ("subject", "is_automatic"),
    [
        ("Automatisch antwoord: Klaar", True),
        ("Automatic reply: Klaar", True),
        ("Out of Office: Klaar", True),
        ("Afwezig tot 4 januari", True),
        ("Ik ben afwezig", True),
        ("Re: Klaar", False),
        ("Ik ben niet akkoord met deze datum", False),
        ("Re: afwezigheid van onze directeur", False),
    ],
)
def test_a_programs_answer_is_known_by_its_subject(subject: str, is_automatic: bool) -> None:
    found = read(answer(sender=SENDER, original=ORIGINAL, subject=subject))
    assert found.is_automatic is is_automatic


def test_who_says_that_a_person_wrote_it_is_believed() -> None:
    assert not read(answer(sender=SENDER, headers="Auto-Submitted: no\n")).is_automatic


@pytest.mark.parametrize(
    "quoted",
    [
        "Op di 24 nov. 2026 om 10:00 schreef Facilitair <a@x.example>:\n\n> Beste Jan,\n> Klaar.",
        "On Tue, Nov 24, 2026 at 10:00 AM Facilitair Bedrijf\n<post@x.example> wrote:\n> Beste Jan",
        "Van: Facilitair <post@x.example>\nVerzonden: dinsdag 24 november\nAan: Jan\n\nBeste Jan,",
        "From: Facilitair\nSent: Tuesday\nTo: Jan\nSubject: Klaar\n\nBeste Jan,",
        "-----Oorspronkelijk bericht-----\nVan: Facilitair\nBeste Jan,",
        "________________________________\nVan: Facilitair\nBeste Jan,",
        "Op 24 november heeft Facilitair <post@x.example> het volgende geschreven:\n\nBeste Jan,",
        "> Beste Jan,\n> Klaar.",
        "-- \nJan Jansen\nDirecteur",
        "Verstuurd vanaf mijn iPhone",
    ],
)
def test_only_what_is_new_is_taken(quoted: str) -> None:
    assert new_part(f"Dat is goed.\n\nGroet, Jan\n\n{quoted}") == "Dat is goed.\n\nGroet, Jan"


def test_an_answer_below_or_between_what_it_quotes_is_taken() -> None:
    text = "Op di 24 nov schreef Facilitair:\n> Kan het?\nJa, dat kan.\n> En de audit?\nIn maart."
    assert new_part(text) == "Ja, dat kan.\nIn maart."


def test_where_nothing_would_be_left_all_is_taken() -> None:
    assert new_part("> Ja, dat is goed.") == "> Ja, dat is goed."


def test_html_becomes_lines_without_the_quote() -> None:
    html = (
        "<html><head><style>p {color: red}</style><title>x</title></head><body>"
        "<div>Dat is <b>goed</b> &amp; fijn.</div><div><br></div><p>Groet,<br>Jan</p>"
        '<div class="gmail_quote"><div>Op di schreef X:</div><blockquote>Beste<p>Jan</blockquote>'
        "</div><script>alert(1)</script></body></html>"
    )
    assert plain(html) == "Dat is goed & fijn.\n\nGroet,\nJan"
    outlook = '<p>Akkoord</p><div id="divRplyFwdMsg"><b>Van:</b> X</div><div>Beste Jan</div>'
    assert plain(outlook) == "Akkoord"


def test_a_mail_in_html_only_with_files_is_read() -> None:
    body = (
        '--M\nContent-Type: text/html; charset="utf-8"\n\n<p>Zie bijlage — <i>plan</i></p>\n'
        '--M\nContent-Type: application/pdf; name="plan.pdf"\n'
        'Content-Disposition: attachment; filename="plan van aanpak.pdf"\n\nJVBERi0=\n'
        "--M\nContent-Type: image/png\nContent-ID: <logo>\n"
        'Content-Disposition: inline; filename="logo.png"\n\nAAAA\n--M--\n'
    )
    headers = 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="M"\n'
    found = read(answer(sender=SENDER, text=body, headers=headers))
    assert found.text == "Zie bijlage — plan"
    assert found.file_names == ("plan van aanpak.pdf",)


def test_an_unknown_alphabet_and_null_characters_are_read_as_they_come() -> None:
    headers = 'Content-Type: text/plain; charset="klingon"\n'
    found = read(answer(sender=SENDER, text="Goed\0zo", headers=headers))
    assert found.text == "Goedzo"


def test_without_a_message_id_a_mail_is_known_by_its_bytes() -> None:
    content = b"From: jan@x.nl\r\nSubject: x\r\n\r\nhoi\r\n"
    assert read(content).message_id == identity(content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"From: \r\n\r\nhoi",
        b"no headers at all",
        b"Subject: nobody\r\n\r\nhoi",
        b"From: a@b.nl\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n\r\n" * 300,
    ],
)
def test_what_is_no_mail_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read(content)


def test_a_server_that_signs_without_a_domain_is_a_server() -> None:
    letter = bounce(BOUNCES["qmail"], original=ORIGINAL)
    found = read(letter.replace(b"MAILER-DAEMON@oud.example", b"MAILER-DAEMON (Mail System)"))
    assert found.bounce is not None and found.bounce.is_hard


def test_half_a_mail_is_read_as_far_as_it_goes() -> None:
    whole = answer(sender=SENDER, text="Begin " + "x" * 1000)
    assert read(whole[:600], is_cut=True).text.startswith("Begin")
