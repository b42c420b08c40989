"""A sweep reads what is due, not all that is open: SQLite says how it would find the rows."""

import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from bench import milestones
from onboarding.app import create_app
from onboarding.jobs import runs
from onboarding.store.database import db
from tests import databases

GROWS = re.compile(
    r"SCAN (milestones|pathways|relations|messages|contacts|persons|organisations)\b"
)


@pytest.mark.parametrize("is_analysed", [True, False])
def test_no_statement_of_a_sweep_goes_through_all_rows(tmp_path: Path, is_analysed: bool) -> None:
    url = databases.copy_sqlite(tmp_path, "plans")
    milestones.fill(url, 2000, 20)
    app = create_app(databases.settings(url))
    statements: list[tuple[str, Any]] = []

    def note(conn: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        statements.append((statement, parameters))

    with app.app_context():
        if not is_analysed:  # as on an installation where nobody ever asks for it
            with db.engine.begin() as connection:
                connection.execute(text("DELETE FROM sqlite_stat1"))
            db.engine.dispose()
        event.listen(db.engine, "before_cursor_execute", note)
        runs.sweep(app, milestones.MOMENT)
        event.remove(db.engine, "before_cursor_execute", note)
        with db.engine.connect() as connection:
            scans = {
                (found.group(), statement[:200])
                for statement, parameters in statements
                if statement.startswith(("SELECT", "INSERT", "UPDATE"))
                for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
                if (found := GROWS.match(row[-1]))
            }
        db.engine.dispose()
    assert len(statements) > 20
    assert scans == set()
