"""What every test may ask for: a database on both engines, a session, the app, a clock, mail."""

import gc

# What is imported and collected stays: see `pytest_collection_finish`.
gc.disable()

import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session, sessionmaker

from onboarding.api.rate_limits import COUNTS, Counts
from onboarding.app import create_app
from onboarding.clock import Moment
from onboarding.domain.people import Role
from onboarding.services.sessions import roles_of
from onboarding.store.database import db
from onboarding.store.readers import READERS, Readers
from onboarding.store.tables import ContactRow, OrganisationRow, PersonRow, RelationRow
from tests import browsers, cluster, databases, stage
from tests.mail_server import MailServer
from tests.settable_clock import SettableClock

NOTHING_SKIPPED = os.environ.get("NOTHING_MAY_BE_SKIPPED") == "1"
QUICK = os.environ.get("QUICK") == "1"
ENGINES = ("sqlite",) if QUICK else ("sqlite", "postgresql")
fresh_numbers = count(1)


def pytest_configure(config: pytest.Config) -> None:
    databases.own_run_folder()


def pytest_collection_finish() -> None:
    """A test makes many objects and drops them all: look for circles among them seldom.

    That takes a tenth of the time and finds next to nothing; what was collected stays anyway.
    """
    gc.freeze()
    gc.set_threshold(200_000)
    gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Iterator[pytest.TestReport]:
    report = yield
    return _skip_is_failure(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[pytest.CollectReport]:
    report = yield
    return _skip_is_failure(report)


def _skip_is_failure(report: Any) -> Any:
    if NOTHING_SKIPPED and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"Nothing may be skipped in this mode. {reason}"
    return report


def need_postgresql() -> None:
    if cluster.binaries() is None:
        pytest.skip(cluster.HOW_TO_GET_IT)


# --- a database: most tests ask for `session` or `app` and never see an address ---


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Every test that depends on this runs once on each."""
    return request.param


@pytest.fixture(scope="session")
def sqlite_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("sqlite")
    engine = create_engine(databases.copy_sqlite(folder, "shared"))
    databases.make_savepoints_cheap(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_engine() -> Iterator[Engine]:
    need_postgresql()
    engine = create_engine(databases.copy_postgresql(f"shared_{databases.worker_name()}"))
    databases.make_savepoints_cheap(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(engine_name: str, request: pytest.FixtureRequest) -> Engine:
    """The worker's migrated, empty database. Nothing is ever committed to it: use `session`."""
    return request.getfixturevalue(f"{engine_name}_engine")


@pytest.fixture
def database_url(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


class OneSession:
    """Stands in for Flask-SQLAlchemy's scoped session: test and requests share one session.

    What the test read before a request cannot be rolled back over what the request committed,
    as would happen with two sessions on one connection. The end of a request ends the
    transaction, as it does in production: what was not committed is lost, and every row is read
    anew when asked for again.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def __call__(self) -> Session:
        return self._session

    def remove(self) -> None:
        self._session.rollback()

    def __getattr__(self, name: str) -> object:
        return getattr(self._session, name)


@pytest.fixture
def session(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """The session of this test, of its requests and of `unit_of_work`.

    Commits and rollbacks work as they should, inside an outer transaction that never commits.
    """
    with engine.connect() as connection:
        outer = connection.begin()
        session = Session(
            connection, join_transaction_mode="create_savepoint", expire_on_commit=False
        )
        monkeypatch.setattr(db, "session", OneSession(session))
        monkeypatch.setattr(Readers, "take", lambda _: session.connection())
        monkeypatch.setattr(Readers, "give_back", lambda *_: None)
        monkeypatch.setattr(Readers, "discard", lambda *_: None)
        yield session
        session.close()
        outer.rollback()


@pytest.fixture
def fresh_database_url(engine_name: str, tmp_path: Path) -> Iterator[str]:
    """A migrated database of the test's own: for real commits, threads and processes."""
    name = f"fresh_{databases.worker_name()}_{next(fresh_numbers)}"
    if engine_name == "sqlite":
        yield databases.copy_sqlite(tmp_path, name)
        return
    need_postgresql()
    yield databases.copy_postgresql(name)
    databases.administer(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def fresh_engine(fresh_database_url: str) -> Iterator[Engine]:
    engine = create_engine(fresh_database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def fresh_sessions(fresh_engine: Engine) -> sessionmaker[Session]:
    """Makes sessions as the application has them, each with a connection of its own."""
    return sessionmaker(fresh_engine, expire_on_commit=False)


# --- the clock ---


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(databases.zone())


@pytest.fixture
def moment(clock: SettableClock) -> Moment:
    """Tuesday 24 November 2026, 10:00 in Amsterdam."""
    return clock.moment()


# --- the application ---


@pytest.fixture(scope="session")
def shared_apps() -> dict[str, Flask]:
    """One application per worker and engine: making it and its templates takes time."""
    return {}


@pytest.fixture
def app(
    session: Session,
    database_url: str,
    shared_apps: dict[str, Flask],
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> Flask:
    """The application on the test's session. No context is pushed: requests make their own."""
    if database_url not in shared_apps:
        app = create_app(databases.settings(database_url))
        # What one worker compiles of the templates is there for the others.
        app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(databases.run_folder()))
        shared_apps[database_url] = app
    app = shared_apps[database_url]
    monkeypatch.setitem(app.extensions, "clock", clock)
    monkeypatch.setitem(app.extensions, COUNTS, Counts())
    for name, value in databases.settings(database_url).items():
        monkeypatch.setitem(app.config, name, value)
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def fresh_app(fresh_database_url: str, clock: SettableClock) -> Iterator[Flask]:
    """An application with a database of its own and real commits."""
    app = create_app(databases.settings(fresh_database_url))
    app.extensions["clock"] = clock
    yield app
    app.extensions[READERS].close()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


# --- who looks: clients that are logged in, by real rows ---


@pytest.fixture
def customer(session: Session) -> OrganisationRow:
    """The customer that `as_buyer` and the others belong to."""
    return stage.a_customer(session)


@pytest.fixture
def relation(session: Session, customer: OrganisationRow) -> RelationRow:
    """The customer's supplier that `as_supplier` and the others are contacts of."""
    return stage.a_relation(session, customer)


@pytest.fixture
def log_in_as(
    app: Flask, session: Session, customer: OrganisationRow, clock: SettableClock
) -> Callable[[PersonRow], FlaskClient]:
    """Logs a person in: `log_in_as(stage.a_user(session, customer, Role.BUYER))`.

    A person with a membership of the customer gets in on its side, another on the supplier's.
    """

    def enter(person: PersonRow) -> FlaskClient:
        is_user = bool(roles_of(session, person.id, customer.id))
        place = customer if is_user else None
        return stage.log_in(app.test_client(), session, clock.real_now(), person, place)

    return enter


@pytest.fixture
def as_buyer(log_in_as, session, customer) -> FlaskClient:
    return log_in_as(stage.a_user(session, customer, Role.BUYER))


@pytest.fixture
def as_manager(log_in_as, session, customer) -> FlaskClient:
    return log_in_as(stage.a_user(session, customer, Role.MANAGER))


@pytest.fixture
def as_admin(log_in_as, session, customer) -> FlaskClient:
    return log_in_as(stage.a_user(session, customer, Role.ADMIN))


@pytest.fixture
def as_reader(log_in_as, session, customer) -> FlaskClient:
    return log_in_as(stage.a_user(session, customer, Role.READER))


@pytest.fixture
def signatory(session, relation) -> ContactRow:
    """Who `as_supplier` is."""
    return stage.a_contact(session, relation, Role.SIGNATORY, is_main=True)


@pytest.fixture
def as_supplier(log_in_as, session, signatory) -> FlaskClient:
    """The signatory of `relation`."""
    return log_in_as(session.get_one(PersonRow, signatory.person_id))


@pytest.fixture
def as_contact(log_in_as, session, relation) -> FlaskClient:
    """A contact of `relation` who may not agree."""
    contact = stage.a_contact(session, relation, Role.CONTACT)
    return log_in_as(session.get_one(PersonRow, contact.person_id))


@pytest.fixture
def as_adviser(log_in_as, session, relation) -> FlaskClient:
    contact = stage.a_contact(session, relation, Role.ADVISER)
    return log_in_as(session.get_one(PersonRow, contact.person_id))


# --- mail ---


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """Addresses put in `refused` get a 550; `settings` go into `app.config`."""
    server = MailServer()
    server.start()
    yield server
    server.stop()


# --- a browser ---


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    tests = Path(__file__).parent
    in_browser = [i for i in items if "browser" in i.path.relative_to(tests).parts[:-1]]
    lacking = browsers.lacks() if in_browser else None
    for item in in_browser:
        item.add_marker(pytest.mark.browser)
        if lacking:
            item.add_marker(pytest.mark.skip(reason=lacking))
