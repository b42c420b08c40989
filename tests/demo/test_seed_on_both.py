"""A few suppliers of the demo are lived on SQLite and on PostgreSQL alike."""

from pathlib import Path

from sqlalchemy import select

from onboarding.demo.database import Found, look
from onboarding.demo.folder import DemoFolder
from onboarding.demo.seed.cast import TALES
from onboarding.domain.notices import NoticeState
from onboarding.store.database import db
from onboarding.store.tables import DecisionRow, NoticeRow
from tests import databases
from tests.demo.seeded import build, demo_app

FEW = ("visafslag", "schoonglas", "alarmlijn")


def empty_database(engine_name: str, folder: Path) -> str:
    if engine_name == "sqlite":
        return f"sqlite:///{folder / 'elsewhere.db'}"
    return databases.copy_postgresql("demo_seed", template="template0")


def test_the_seed(engine_name: str, tmp_path: Path, needs_engine: None) -> None:
    url = empty_database(engine_name, tmp_path)
    place = DemoFolder.for_database(tmp_path, url)
    build(place, url, {key: TALES[key] for key in FEW})
    with demo_app(place, url) as app, app.app_context():
        assert look(db.engine) is Found.A_DEMO
        assert list(db.session.scalars(select(NoticeRow.state))) == [NoticeState.PREPARED]
        assert db.session.scalars(select(DecisionRow.announced_on)).one() is not None
