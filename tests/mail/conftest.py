"""A server with moods, and a transport that speaks to it."""

from collections.abc import Iterator

import pytest

from onboarding.mail.transport import Transport
from tests.mail.moody_server import MoodyServer


@pytest.fixture
def server() -> Iterator[MoodyServer]:
    server = MoodyServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def transport(server: MoodyServer) -> Iterator[Transport]:
    with Transport(server.settings, timeout=1) as transport:
        yield transport
