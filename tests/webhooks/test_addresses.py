"""Which addresses a webhook may go to, in every spelling that leads inside."""

import pytest

from onboarding.webhooks.addresses import AddressRefused, checked, is_allowed

OUTSIDE = ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"]
INSIDE = [
    "10.0.0.8",
    "172.16.4.1",
    "192.168.1.1",
    "127.0.0.1",
    "127.8.8.8",
    "100.64.0.1",
    "::1",
    "fd12:3456:789a::1",
    "fc00::1",
    "::ffff:10.0.0.8",
    "::ffff:127.0.0.1",
    "64:ff9b::10.0.0.8",
    "64:ff9b::127.0.0.1",
    "2002:a00:8::1",
    "198.18.0.1",
    "192.0.2.1",
    "240.0.0.1",
    "255.255.255.255",
]
NEVER = [
    "169.254.169.254",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "fe80::1",
    "fe80::1%eth0",
    "0.0.0.0",
    "::",
    "224.0.0.1",
    "ff02::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "64:ff9b:1::1",
    "not an address",
]


@pytest.mark.parametrize("address", OUTSIDE)
def test_the_internet(address: str) -> None:
    assert is_allowed(address, may_be_inside=False)


@pytest.mark.parametrize("address", INSIDE)
def test_the_own_network_only_where_the_operator_says_so(address: str) -> None:
    assert not is_allowed(address, may_be_inside=False)
    assert is_allowed(address, may_be_inside=True)


@pytest.mark.parametrize("address", NEVER)
def test_where_clouds_tell_secrets_and_where_nobody_is(address: str) -> None:
    assert not is_allowed(address, may_be_inside=False)
    assert not is_allowed(address, may_be_inside=True)


def test_one_address_inside_refuses_the_name() -> None:
    both = ["93.184.215.14", "10.0.0.8"]
    with pytest.raises(AddressRefused):
        checked("x.example", 443, may_be_inside=False, ask=lambda host, port: both)
    assert checked("x.example", 443, may_be_inside=True, ask=lambda host, port: both) == both


def test_a_name_without_an_address() -> None:
    with pytest.raises(OSError):
        checked("x.example", 443, may_be_inside=False, ask=lambda host, port: [])
