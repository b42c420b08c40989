"""A few suppliers of the demo are lived on PostgreSQL too, and their database is known again."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from onboarding.demo.database import Found, look
from onboarding.demo.folder import DemoFolder
from onboarding.demo.seed.cast import TALES
from onboarding.domain.notices import NoticeState
from onboarding.store.database import db
from onboarding.store.tables import DecisionRow, NoticeRow, PathwayRow
from tests import databases
from tests.conftest import need_postgresql
from tests.demo.seeded import build, demo_app

pytestmark = pytest.mark.long

FEW = ("visafslag", "stofvrij", "watersnip")


def test_the_seed(tmp_path: Path) -> None:
    need_postgresql()
    url = databases.copy_postgresql("demo_seed", template="template0")
    place = DemoFolder.for_database(tmp_path, url)
    assert place.path != tmp_path
    build(place, url, {key: TALES[key] for key in FEW}, timedelta(days=60))
    with demo_app(place, url) as app, app.app_context():
        assert look(db.engine) is Found.A_DEMO
        assert NoticeState.VOIDED in set(db.session.scalars(select(NoticeRow.state)))
        assert db.session.scalars(select(DecisionRow.announced_on)).one() is not None
        assert "proposed" in set(db.session.scalars(select(PathwayRow.state)))
    databases.administer("DROP DATABASE demo_seed WITH (FORCE)")
