"""The demo's database: made, recognised by its mark, rebuilt; never somebody's real data.

The mark is the one row of `demo_clock`. While the demo is being built its clock runs behind; so a
database whose clock is behind was left half built, and is built anew.
"""

from enum import Enum
from pathlib import Path

import flask_migrate
from flask import Flask
from sqlalchemy import Engine, insert, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from onboarding.demo.refusals import DemoRefused
from onboarding.store.database import Base, db
from onboarding.store.tables import DemoClockRow

BEING_BUILT = -1


class Found(Enum):
    """What stands in a database."""

    NOTHING = "nothing"
    HALF_A_DEMO = "half a demo"
    A_DEMO = "a demo"
    SOMETHING_ELSE = "something else"


def look(engine: Engine) -> Found:
    """What stands in the database. Raises DemoRefused where it cannot be reached."""
    try:
        tables = set(inspect(engine).get_table_names())
        if not tables:
            return Found.NOTHING
        if DemoClockRow.__tablename__ not in tables:
            return Found.SOMETHING_ELSE
        with engine.connect() as connection:
            offset = connection.scalar(select(DemoClockRow.offset_seconds))
    except SQLAlchemyError as error:
        told = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise DemoRefused(
            f"The database {shown(engine)} cannot be used: {told}. Correct DATABASE_URL, or unset "
            "it to have the demo make a database of its own."
        ) from None
    if offset is None:
        return Found.SOMETHING_ELSE
    return Found.A_DEMO if offset >= 0 else Found.HALF_A_DEMO


def make_ready(app: Flask, *, reset: bool) -> bool:
    """Migrate the demo's database, emptied first where asked; returns whether it must be seeded.

    Raises DemoRefused for a database that holds anything but a demo.
    """
    with app.app_context():
        url = db.engine.url
        if url.get_backend_name() == "sqlite" and url.database:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        found = look(db.engine)
        if found is Found.SOMETHING_ELSE:
            raise DemoRefused(
                f"The database {shown(db.engine)} holds something that is no demo, and the demo "
                "leaves it alone: name an empty one in DATABASE_URL, or unset it."
            )
        is_kept = found is Found.A_DEMO and not reset
        if not is_kept and found is not Found.NOTHING:
            empty(db.engine)
        flask_migrate.upgrade()
        if not is_kept:
            mark(db.engine)
        return not is_kept


def mark(engine: Engine) -> None:
    """From here on this is a demo, if only half of one."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(insert(DemoClockRow).values(id=1, offset_seconds=BEING_BUILT))


def empty(engine: Engine) -> None:
    """Drop every table; callers made sure that it is a demo."""
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect().execution_options(writes=True) as connection:
        if is_sqlite:  # outside a transaction, or it is ignored
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        with connection.begin():
            Base.metadata.drop_all(connection)
            connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
        if is_sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]


def shown(engine: Engine) -> str:
    """The database's address without its password."""
    return engine.url.render_as_string(hide_password=True)
