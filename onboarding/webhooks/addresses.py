"""Which addresses a webhook may go to: those of the internet, not those of our own network."""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from typing import Any

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# They lead to addresses that cannot be read from them, or to nobody knows where.
TUNNELS = (ipaddress.IPv6Network("2001::/32"), ipaddress.IPv6Network("64:ff9b:1::/48"))


class AddressRefused(Exception):
    """The name leads to an address that webhooks do not go to."""


def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a name, as the system knows them."""
    found: list[Any] = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def checked(host: str, port: int, *, may_be_inside: bool, ask: Resolve = resolve) -> list[str]:
    """The addresses to connect to, each of them allowed. Raises AddressRefused, OSError.

    One that is refused refuses them all: a name that leads inside and outside is no mistake.
    """
    found = list(ask(host, port))
    for one in found:
        if not is_allowed(one, may_be_inside=may_be_inside):
            raise AddressRefused(one)
    if not found:
        raise OSError("the name has no address")
    return found


def is_allowed(text: str, *, may_be_inside: bool) -> bool:
    """Whether a webhook may go to this address.

    Never to one that is no single machine, or link-local, where clouds tell their secrets.
    """
    try:
        address = _behind(ipaddress.ip_address(text.partition("%")[0]))
    except ValueError:
        return False
    if address.is_multicast or address.is_unspecified or address.is_link_local:
        return False
    if isinstance(address, ipaddress.IPv6Address) and any(address in one for one in TUNNELS):
        return False
    if may_be_inside:
        return True
    return address.is_global and not address.is_reserved


def _behind(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for, where it does."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
