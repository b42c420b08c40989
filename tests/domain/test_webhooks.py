"""Where webhooks may be sent to, and how long they are tried."""

from datetime import timedelta

import pytest

from onboarding.domain.errors import InputInvalid
from onboarding.domain.webhooks import LONGEST_REST, WAITS, rest_after, url_from, wait_after


@pytest.mark.parametrize(
    "url", ["https://erp.example.nl", "https://erp.example.nl:8443/a/b?c=d", " https://a.example/ "]
)
def test_an_address_to_send_to(url: str) -> None:
    assert url_from(url, may_be_inside=False) == url.strip()


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "required"),
        ("erp.example.nl", "webhook-url"),
        ("https://", "webhook-url"),
        ("https://user:word@erp.example.nl/", "webhook-url"),
        ("https://erp.example.nl/#top", "webhook-url"),
        ("https://erp.example.nl:99999/", "webhook-url"),
        ("https://erp.example.nl/a b", "webhook-url"),
        ("https://erp.example.nl\\@evil.example/", "webhook-url"),
        ("https://erp.example.nl/\r\nX: y", "webhook-url"),
        ("https://[::1/", "webhook-url"),
        ("https://erp..example/", "webhook-url"),
        ("http://erp.example.nl/", "webhook-https"),
        ("file:///etc/passwd", "webhook-url"),
        ("ftp://erp.example.nl/", "webhook-https"),
        ("https://erp.example.nl/" + "a" * 500, "too-long"),
    ],
)
def test_no_address_to_send_to(url: str, reason: str) -> None:
    with pytest.raises(InputInvalid) as refused:
        url_from(url, may_be_inside=False)
    assert refused.value.facts["reason"] == reason


def test_plain_http_where_the_operator_allows_the_own_network() -> None:
    assert url_from("http://erp.intern/", may_be_inside=True) == "http://erp.intern/"


def test_it_is_tried_for_four_days_and_then_given_up() -> None:
    assert [wait_after(attempts) for attempts in range(1, len(WAITS) + 1)] == list(WAITS)
    assert wait_after(len(WAITS) + 1) is None
    assert timedelta(days=4) <= sum(WAITS, timedelta()) <= timedelta(days=5)


def test_an_address_in_trouble_is_asked_each_hour() -> None:
    assert [rest_after(n) for n in (1, 2, 3)] == list(WAITS[:3])
    assert rest_after(50) == LONGEST_REST
