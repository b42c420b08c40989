"""Databases for tests: one migrated template per run and engine, and copies of it.

The run's folder is named in the environment, so that xdist's workers share one PostgreSQL and one
template. It is locked by the process that made it; `tests/cluster.py` stops when that lock goes.
"""

import atexit
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import flask_migrate
from flask import Flask
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.pool import NullPool

from onboarding.app import create_app
from onboarding.store.database import db
from tests import cluster

RUN_FOLDER = "ONBOARDING_TEST_RUN"
TEMPLATE = "template_migrated"

SETTINGS: dict[str, Any] = {
    "SECRET_KEY": "a secret of the tests and of nothing else",
    "SQLALCHEMY_DATABASE_URI": "sqlite://",
    "PUBLIC_URL": "http://127.0.0.1:8000",
    "CUSTOMER_NAME": "Facilitair Bedrijf",
    "TIMEZONE": "Europe/Amsterdam",
    "BABEL_DEFAULT_LOCALE": "nl",
    "DEFAULT_LOCALE": "nl",
    "MAIL_SERVER": "127.0.0.1",
    "MAIL_PORT": 9,
    "MAIL_USE_TLS": False,
    "MAIL_USE_SSL": False,
    "MAIL_USERNAME": None,
    "MAIL_PASSWORD": None,
    "MAIL_DEFAULT_SENDER": "onboarding@facilitair.example",
    "EVIDENCE_URL": "memory://evidence",
    "TESTING": True,
}


def settings(url: str) -> dict[str, Any]:
    """What `create_app` takes, with the database at `url`."""
    # Tests post without a token; tests/web/test_forgery.py tells that nobody else may.
    return {**SETTINGS, "SQLALCHEMY_DATABASE_URI": url, "WTF_CSRF_ENABLED": False}


def zone() -> ZoneInfo:
    return ZoneInfo(SETTINGS["TIMEZONE"])


def own_run_folder() -> None:
    """Make the folder of this run, unless a parent process did."""
    if RUN_FOLDER in os.environ:
        return
    folder = Path(tempfile.mkdtemp(prefix="onboarding-test-"))
    folder.chmod(0o711)  # PostgreSQL may run as another user
    os.environ[RUN_FOLDER] = str(folder)
    owner = (folder / "owner").open("w")
    fcntl.flock(owner, fcntl.LOCK_EX)

    def leave() -> None:
        owner.close()
        if not (folder / "postgresql").exists():
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(leave)


def run_folder() -> Path:
    return Path(os.environ[RUN_FOLDER])


def worker_name() -> str:
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    with (run_folder() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def app_for(url: str) -> Iterator[Flask]:
    """An application in its context, for Flask-Migrate; nothing stays connected after."""
    app = create_app(settings(url))
    with app.app_context():
        yield app
        db.engine.dispose()  # PostgreSQL copies only what nobody is connected to


def migrate(url: str) -> None:
    """Bring the database at `url` up to date by the real migrations."""
    with app_for(url):
        flask_migrate.upgrade()


def sqlite_template() -> Path:
    template = run_folder() / "template.db"
    with one_at_a_time("sqlite"):
        if not template.exists():
            making = template.with_suffix(".making")
            making.unlink(missing_ok=True)
            migrate(f"sqlite:///{making}")
            making.touch()
            making.rename(template)
    return template


def copy_sqlite(folder: Path, name: str) -> str:
    """The address of a new copy of the template."""
    path = folder / f"{name}.db"
    shutil.copyfile(sqlite_template(), path)
    return f"sqlite:///{path}"


def make_savepoints_cheap(engine: Engine) -> None:
    """Each transaction of a test is a savepoint, and there are tens of thousands.

    SQLAlchemy gives each a name of its own, so that the driver reads each statement anew and
    forgets those of the application, and it leaves those that it rolled back: every write then
    looks at all of them. Here they have one name, and one that ends is gone.
    """

    def tell(connection: Connection, *statements: str) -> None:
        driver = connection.connection.driver_connection
        for statement in statements:
            driver.execute(statement)

    dialect = engine.dialect
    dialect.do_savepoint = lambda connection, _name: tell(connection, "SAVEPOINT one")
    dialect.do_release_savepoint = lambda connection, _name: tell(connection, "RELEASE one")
    dialect.do_rollback_to_savepoint = lambda connection, _name: tell(
        connection, "ROLLBACK TO one", "RELEASE one"
    )


def postgresql_cluster() -> Path:
    """The folder of the run's cluster, started at its first use."""
    folder = run_folder() / "postgresql"
    with one_at_a_time("postgresql"):
        if not (folder / "template").exists():
            if not (folder / "ready").exists():
                folder.mkdir(exist_ok=True)
                cluster.start(folder, run_folder() / "owner")
            administer(f"DROP DATABASE IF EXISTS {TEMPLATE}")
            administer(f"CREATE DATABASE {TEMPLATE}")
            migrate(cluster.address(folder, TEMPLATE))
            (folder / "template").touch()
    return folder


def administer(statement: str) -> None:
    url = cluster.address(run_folder() / "postgresql", "postgres")
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)


def copy_postgresql(name: str, template: str = TEMPLATE) -> str:
    """The address of a new copy of the template; `template0` is empty."""
    folder = postgresql_cluster()
    with one_at_a_time("postgresql"):
        administer(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        administer(f"CREATE DATABASE {name} TEMPLATE {template}")
    return cluster.address(folder, name)


def disconnect_all(engine: Engine) -> None:
    """PostgreSQL ends every other connection to this database, as when it is started anew."""
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    with engine.connect() as connection:
        connection.execute(
            text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
        )
