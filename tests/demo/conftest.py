"""The demo as tests find it: seeded, with its mail server, on the real clock."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from onboarding.demo.folder import DemoFolder
from tests.demo.seeded import copy_of_a_small_demo, demo_app


@pytest.fixture
def demo_folder(tmp_path: Path) -> DemoFolder:
    """A copy of a small demo."""
    return copy_of_a_small_demo(tmp_path)


@pytest.fixture
def demo(demo_folder: DemoFolder) -> Iterator[Flask]:
    with demo_app(demo_folder) as app:
        app.config["WTF_CSRF_ENABLED"] = False
        yield app


@pytest.fixture
def visitor(demo: Flask) -> FlaskClient:
    return demo.test_client()
