"""An address that names one of our mails is made by us only."""

import pytest

from onboarding.mail.envelope import message_id
from onboarding.mail.inbox_place import (
    ImapPlace,
    PlaceInvalid,
    check_address,
    place_of,
)
from onboarding.mail.verp import InboxAddress, Purpose

OURS = InboxAddress(template="post+{}@facilitair.example", secret_key="s" * 40, host="x.example")
MAIL = message_id("accepted:1:7|jan@x.nl", "https://x.example", "s" * 40)


@pytest.mark.parametrize("purpose", Purpose)
def test_it_leads_back_to_its_mail(purpose: Purpose) -> None:
    address = OURS.made_for(purpose, MAIL)
    assert address.startswith(f"post+{purpose}") and address.endswith("@facilitair.example")
    assert len(address.partition("@")[0]) <= 64
    assert OURS.message_id_in(address) == MAIL
    assert OURS.message_id_in(address.upper()) == MAIL, "servers may change the case"


def test_nobody_makes_one_for_a_mail_that_they_know_of() -> None:
    other = InboxAddress(template=OURS.template, secret_key="t" * 40, host="x.example")
    assert OURS.message_id_in(other.made_for(Purpose.BOUNCE, MAIL)) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda a: a.replace("post+b", "post+r"),
        lambda a: a.replace("@", "a@"),
        lambda a: "post+b@facilitair.example",
        lambda a: "post+@facilitair.example",
        lambda a: "post@facilitair.example",
        lambda a: a.replace("facilitair", "elders"),
        lambda a: a[:20] + "é" + a[20:],
    ],
)
def test_a_changed_one_leads_nowhere(change) -> None:
    assert OURS.message_id_in(change(OURS.made_for(Purpose.BOUNCE, MAIL))) is None


def test_an_address_without_a_place_for_a_token_stays_as_it_is() -> None:
    plain = InboxAddress(template="post@facilitair.example", secret_key="s" * 40, host="x.example")
    assert plain.made_for(Purpose.BOUNCE, MAIL) == "post@facilitair.example"
    assert plain.message_id_in("post@facilitair.example") is None
    assert OURS.made_for(Purpose.BOUNCE, "<old@x.example>") == "post@facilitair.example"


def test_a_message_id_is_the_same_for_the_same_and_needs_the_secret() -> None:
    key, url = "accepted:1:7|jan@x.nl", "https://x.example"
    assert message_id(key, url, "s" * 40) == MAIL != message_id(key, url, "t" * 40)


def test_a_place_is_read_from_its_address() -> None:
    place = place_of("imaps://in%40box:p%2Fw@imap.example.nl/Post")
    assert place == ImapPlace(
        host="imap.example.nl", port=993, user="in@box", password="p/w", mailbox="Post"
    )
    assert "p/w" not in repr(place)
    assert place_of("imaps://a:b@h:1993").port == 1993  # type: ignore[union-attr]
    assert str(place_of("maildir:/var/mail/post").path) == "/var/mail/post"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "url",
    [
        "imap://a:b@h",
        "imaps://a:b@",
        "imaps://h/INBOX",
        "imaps://a@h",
        "imaps://a:b@h:99999",
        "imaps://a:b%0d%0aX@h",
        "maildir:post",
        "maildir://host/post",
        "/var/mail/post",
    ],
)
def test_what_cannot_work_is_refused_without_telling_the_password(url: str) -> None:
    with pytest.raises(PlaceInvalid) as refused:
        place_of(url)
    assert "b@h" not in str(refused.value)


@pytest.mark.parametrize("address", ["post+{}@x.nl", "post@x.nl", "{}@in.x.nl", "a-{}-b@x.nl"])
def test_addresses_that_work(address: str) -> None:
    check_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "post",
        "@x.nl",
        "post@x",
        "post+{}{}@x.nl",
        "post@{}.nl",
        "post+{0}@x.nl",
        "a b@x.nl",
        "een-veel-te-lange-naam-voor-een-postbus+{}@x.nl",
        "jörg@x.nl",
        "a@b@x.nl",
    ],
)
def test_addresses_that_cannot_work(address: str) -> None:
    with pytest.raises(PlaceInvalid):
        check_address(address)
