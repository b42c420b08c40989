"""The caught mails: kept, listed newest first, found by recipient, shown safely."""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from onboarding.demo.caught_mail import CaughtMail


def a_mail(subject: str, to: str = "Jo Bos <jo@bos.example>", day: int = 2) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Rijnland <r@rijnland.example>", to, subject
    mail["Date"] = format_datetime(datetime(2027, 3, day, 9, tzinfo=UTC))
    mail.set_content("Kijk op https://onboarding.example/portal")
    html = '<html><head></head><body><a href="/portal">Kijk</a><script>x()</script></body></html>'
    mail.add_alternative(html, subtype="html")
    return mail.as_bytes()


def test_newest_first_and_kept(tmp_path: Path) -> None:
    caught = CaughtMail(tmp_path)
    for subject, day in (("een", 2), ("drie", 4), ("twee", 3)):
        caught.add(a_mail(subject, day=day))
    caught.add(a_mail("vier, om dezelfde tijd", day=4))
    found = [one.subject for one in CaughtMail(tmp_path).sent_to("")]
    assert found == ["vier, om dezelfde tijd", "drie", "twee", "een"]
    assert len(caught) == 4


def test_found_by_a_part_of_name_or_address(tmp_path: Path) -> None:
    caught = CaughtMail(tmp_path)
    caught.add(a_mail("aan Jo"))
    caught.add(a_mail("aan Ans", "Ans Vis <ans@vis.example>"))
    assert [one.subject for one in caught.sent_to("ANS")] == ["aan Ans"]
    assert [one.subject for one in caught.sent_to("@bos")] == ["aan Jo"]


def test_no_other_file_can_be_asked_for(tmp_path: Path) -> None:
    (tmp_path / "secret.eml").write_bytes(a_mail("geheim"))
    assert CaughtMail(tmp_path).open("secret") is None
    assert CaughtMail(tmp_path).open("../secret") is None


@pytest.mark.long
def test_the_pages(visitor: FlaskClient) -> None:
    caught = visitor.application.extensions["caught_mail"]
    key = caught.add(a_mail("Nieuwste"))
    listed = visitor.get("/demo/mail?to=jo@bos").text
    assert f"/demo/mail/{key}" in listed
    one = visitor.get(f"/demo/mail/{key}")
    assert "frame-src 'self'" in one.headers["Content-Security-Policy"]
    assert 'href="https://onboarding.example/portal"' in one.text
    assert "script>x()" not in one.text
    assert visitor.get(f"/demo/mail/{key}/source").mimetype == "text/plain"
    assert visitor.get("/demo/mail/20270302T090000-99").status_code == 404


@pytest.mark.long
def test_links_lead_here_though_the_demo_served_elsewhere_when_it_was_sent(
    visitor: FlaskClient,
) -> None:
    sent = a_mail("Eerder").replace(b"https://onboarding.example", b"http://127.0.0.1:8000")
    key = visitor.application.extensions["caught_mail"].add(sent)
    assert 'href="http://127.0.0.1:8123/portal"' in visitor.get(f"/demo/mail/{key}").text


@pytest.mark.long
def test_html_can_do_nothing_but_be_read(visitor: FlaskClient) -> None:
    key = visitor.application.extensions["caught_mail"].add(a_mail("Met script"))
    answer = visitor.get(f"/demo/mail/{key}/html")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src" not in policy
    assert "sandbox" in policy and "allow-scripts" not in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert '<base target="_top">' in answer.text
