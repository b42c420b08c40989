"""The demo's database is kept, built anew when half built or reset, and emptied only then."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from onboarding.demo.database import Found, look, make_ready
from onboarding.demo.date import set_offset
from onboarding.demo.folder import DemoFolder
from onboarding.store.database import db, unit_of_work
from onboarding.store.tables import OrganisationRow
from tests import stage
from tests.demo.seeded import demo_app


def test_kept_reset_and_half_built(tmp_path: Path) -> None:
    with demo_app(DemoFolder(tmp_path)) as app:
        assert make_ready(app, reset=False), "a new one is seeded"
        with app.app_context():
            assert look(db.engine) is Found.HALF_A_DEMO
        assert make_ready(app, reset=False), "half a demo is built anew"
        with app.app_context():
            with unit_of_work() as session:
                stage.a_customer(session)
            set_offset(timedelta())
        assert not make_ready(app, reset=False), "a whole one is kept"
        with app.app_context():
            assert db.session.scalar(select(func.count()).select_from(OrganisationRow)) == 1
        assert make_ready(app, reset=True), "asked to, it begins anew"
        with app.app_context():
            assert db.session.scalar(select(func.count()).select_from(OrganisationRow)) == 0
