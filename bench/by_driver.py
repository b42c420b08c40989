"""The list of statuses as somebody would write it who knows this database and nothing else.

One statement, the driver's own cursor, a loop that writes a line of CSV for each row: the columns
that the tool's list has. It counts on one assessment for each supplier, as `bench.relations` has.
"""

import csv
import json
from io import StringIO
from typing import Any

from sqlalchemy import Engine

from bench.milestones import NOW, TODAY
from onboarding.api.streams import COLUMNS

AFTER = (
    "FROM status_periods o WHERE o.assessment_id = p.assessment_id AND o.status <> p.status "
    "AND o.starts_on > {on} ORDER BY o.starts_on LIMIT 1"
)
STATEMENT = (
    "SELECT r.kvk_number, r.name, p.status, p.reasons, p.warnings, "
    "coalesce((SELECT {following} FROM status_periods o WHERE o.assessment_id = p.assessment_id "
    "AND o.status <> p.status AND o.ends_on < {on}), a.starts_on), "
    f"(SELECT {{previous}} {AFTER}), (SELECT o.status {AFTER}), p.policy_version "
    "FROM relations r JOIN assessments a ON a.id = r.assessment_id "
    "JOIN status_periods p ON p.assessment_id = a.id AND p.starts_on <= {on} AND p.ends_on >= {on} "
    "WHERE r.customer_id = {customer} ORDER BY r.id"
)
WORDS = {
    "sqlite": {
        "on": ":on",
        "customer": ":customer",
        "following": "date(max(o.ends_on), '+1 day')",
        "previous": "date(o.starts_on, '-1 day')",
    },
    "postgresql": {
        "on": "%(on)s",
        "customer": "%(customer)s",
        "following": "max(o.ends_on) + 1",
        "previous": "o.starts_on - 1",
    },
}
ACTIONS = {"ineligible": "block", "at-risk": "warn", "undecided": "warn"}


def write_csv(engine: Engine, customer_id: int) -> str:
    """The whole list; days and lists as the driver gives them."""
    is_sqlite = engine.dialect.name == "sqlite"
    known = {"on": TODAY.isoformat() if is_sqlite else TODAY, "customer": customer_id}
    as_of, known_at = TODAY.isoformat(), NOW.isoformat().replace("+00:00", "Z")
    file = StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    pooled = engine.raw_connection()
    try:
        raw: Any = pooled.driver_connection
        cursor = raw.cursor()
        cursor.execute(STATEMENT.format(**WORDS[engine.dialect.name]), known)
        for number, name, status, reasons, warnings, since, until, then, policy in cursor:
            todo = ACTIONS.get(status, "allow")
            writer.writerow(
                (
                    number,
                    name,
                    status,
                    "false" if todo == "block" else "true",
                    todo,
                    "new-orders",
                    " ".join([one["code"] for one in _list(reasons)]),
                    " ".join([one["code"] for one in _list(warnings)]),
                    since,
                    until,
                    then,
                    policy,
                    as_of,
                    known_at,
                )
            )
        cursor.close()
    finally:
        pooled.close()
    return file.getvalue()


def _list(stored: Any) -> list[Any]:
    """On SQLite they are text; psycopg has read them already."""
    return json.loads(stored) if isinstance(stored, str) else stored
