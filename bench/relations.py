"""Fills a database with any number of suppliers whose statuses are stored, in statements over sets.

The first suppliers are of different kinds, and the tool itself assesses them. Every other one has
what one of these has, under ids of its own: its facts by INSERT … SELECT, its periods as the tool
stored those of its example. `check` holds some of them against what the tool would store.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from typing import Any

from flask import Flask
from sqlalchemy import insert, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from bench.milestones import MOMENT, NOW, NUMBERS, THEN, TODAY
from onboarding.app import create_app
from onboarding.clock import Clock
from onboarding.domain.eligibility import timeline
from onboarding.services.statuses import policies_of, reassess
from onboarding.store.assessments import last_assessments
from onboarding.store.database import db, unit_of_work
from onboarding.store.facts import load_facts
from onboarding.store.tables import (
    CertificateNumberRow,
    CertificateRow,
    MilestoneRow,
    PathwayRow,
    PathwayVersionRow,
)
from tests import databases, stage

STEPS = 11
KINDS = 20
EXAMPLES = 200  # of each kind, with different days
AT_ONCE = 20_000
KVK = 10_000_000  # and the supplier's own number
IDS = re.compile(r'"(pathway|certificate|milestone_id)": (\d+)')


class FixedClock(Clock):
    """Stands still, so that every run sees the same days."""

    @staticmethod
    def real_now() -> Any:
        return NOW


def kind_of(n: int, *, only_pathways: bool) -> str:
    """Of twenty: seven on a pathway, six that negotiate, four certified, two outside, one gone."""
    return "agreed" if only_pathways else f"{'a' * 7}{'p' * 6}{'c' * 4}{'n' * 2}e"[(n - 1) % KINDS]


def application(url: str) -> Flask:
    """The real one, on the day of the bench; no test's settings but those of its database."""
    app = create_app({**databases.settings(url), "TESTING": False, "API_PER_MINUTE": 10**9})
    app.extensions["clock"] = FixedClock(databases.zone())
    return app


@contextmanager
def writing() -> Iterator[Connection]:
    with unit_of_work() as session:
        yield session.connection()


def fill(count: int, *, only_pathways: bool = False, is_assessed: bool = True) -> int:
    """So many suppliers in the empty database of the current app; returns whose they are."""
    with unit_of_work() as session:
        customer_id = stage.a_customer(session).id
        assert session.scalar(text("SELECT count(*) FROM relations")) == 0
    examples = min(EXAMPLES, count)
    with writing() as connection:
        _suppliers(connection, customer_id, count, only_pathways=only_pathways)
        connection.execute(insert(PathwayRow), list(_pathways(examples, only_pathways)))
        connection.execute(insert(PathwayVersionRow), list(_versions(examples, only_pathways)))
        connection.execute(insert(MilestoneRow), list(_milestones(examples, only_pathways)))
        if certificates := list(_certificates(examples, only_pathways)):
            connection.execute(insert(CertificateRow), certificates)
            connection.execute(
                insert(CertificateNumberRow),
                [
                    {"id": n, "certificate_id": n, "kvk_number": str(KVK + n)}
                    for n in (one["id"] for one in certificates)
                ],
            )
        known = {"examples": examples, "count": count, "steps": STEPS}
        for table, owner, extra in (
            ("pathways", "relation_id", {}),
            ("pathway_versions", "pathway_id", {"content_sha256": "'' || numbers.n"}),
            ("certificates", "relation_id", {}),
            ("certificate_numbers", "certificate_id", {"kvk_number": f"'' || ({KVK} + numbers.n)"}),
        ):
            own = {"id": "numbers.n", owner: "numbers.n", **extra}
            _copy(connection, table, own, known, "one.id")
        _copy(
            connection,
            "milestones",
            {
                "id": "(numbers.n - 1) * :steps + one.position + 1",
                "pathway_id": "numbers.n",
                "relation_id": "numbers.n",
            },
            known,
            "one.relation_id",
        )
    if is_assessed:
        with unit_of_work() as session:
            reassess(session, MOMENT, list(range(1, examples + 1)))
        _assess_others(examples, count)
    with writing() as connection:
        connection.execute(text("ANALYZE"))
    return customer_id


def check(customer_id: int, relation_ids: list[int]) -> None:
    """What is stored of these is what the tool would store."""
    session = db.session()
    facts = load_facts(session, relation_ids)
    policies = policies_of(session, customer_id)
    stored = last_assessments(session, relation_ids)
    for one in relation_ids:
        assert stored[one][1] == timeline(facts[one], policies, TODAY), one
    db.session.remove()


def _suppliers(
    connection: Connection, customer_id: int, count: int, *, only_pathways: bool
) -> None:
    is_sqlite = connection.dialect.name == "sqlite"
    known = {
        "count": count,
        "customer": customer_id,
        "organisation": connection.scalar(text("SELECT max(id) FROM organisations")),
        "now": "2026-11-24 09:00:00.000000" if is_sqlite else NOW,
        "then": THEN.isoformat() if is_sqlite else THEN,
        "today": TODAY.isoformat() if is_sqlite else TODAY,
        "all": only_pathways,
    }
    numbers = NUMBERS[connection.dialect.name]
    place = f"(n - 1) % {KINDS}"
    for into in (
        "organisations (id, name, is_customer, created_at, history_length) "
        "{} SELECT :organisation + n, 'Leverancier ' || n, false, :now, 0 FROM numbers",
        "relations (id, customer_id, supplier_id, name, sort_name, kvk_number, country, "
        "has_no_alternative, enrolled_on, ended_on, revision, created_at, created_on, "
        "history_length) "
        "{} SELECT n, :customer, :organisation + n, 'Leverancier ' || n || ' B.V.', "
        f"'leverancier ' || n || ' b.v.', '' || ({KVK} + n), 'NL', false, "
        f"CASE WHEN :all OR {place} NOT IN (17, 18) THEN :then END, "
        f"CASE WHEN NOT :all AND {place} = 19 THEN :today END, "
        "1, :now, :then, 0 FROM numbers",
    ):
        connection.execute(text(f"INSERT INTO {into.format(numbers)}"), known)


def _pathways(count: int, only_pathways: bool) -> Iterator[dict[str, Any]]:
    for n in range(1, count + 1):
        kind = kind_of(n, only_pathways=only_pathways)[0]
        if kind not in "ap":
            continue
        is_agreed = kind == "a"
        yield {
            "id": n,
            "relation_id": n,
            "state": "agreed" if is_agreed else "proposed",
            "starts_on": THEN,
            "steps": [],
            "drafted_on": THEN,
            "proposed_on": THEN,
            "turn_since_on": THEN,
            "window_ends_on": None if is_agreed else TODAY + timedelta(days=1 + n % 60),
            "agreed_on": THEN if is_agreed else None,
            "target": "trede-1",
            "version_number": int(is_agreed),
            "cure_working_days": 10,
        }


def _versions(count: int, only_pathways: bool) -> Iterator[dict[str, Any]]:
    for n in range(1, count + 1):
        if kind_of(n, only_pathways=only_pathways)[0] == "a":
            yield {
                "id": n,
                "pathway_id": n,
                "number": 1,
                "content": "{}",
                "content_sha256": str(n),
                "agreed_at": NOW,
                "agreed_on": THEN,
                "for_buyer": {},
                "for_supplier": {},
            }


def _milestones(count: int, only_pathways: bool) -> Iterator[dict[str, Any]]:
    """Half of the steps are done."""
    for n in range(1, count + 1):
        if kind_of(n, only_pathways=only_pathways)[0] != "a":
            continue
        for place in range(STEPS):
            is_done = place < STEPS // 2
            due_on = TODAY + timedelta(days=30 * (place - STEPS // 2) + 5 + n % 17)
            yield {
                "id": (n - 1) * STEPS + place + 1,
                "pathway_id": n,
                "relation_id": n,
                "position": place,
                "title": f"Stap {place}",
                "owner": "supplier",
                "is_reviewed": False,
                "state": "accepted" if is_done else "planned",
                "original_due_on": due_on,
                "due_on": due_on,
                "submitted_on": due_on if is_done else None,
                "accepted_on": due_on if is_done else None,
            }


def _certificates(count: int, only_pathways: bool) -> Iterator[dict[str, Any]]:
    for n in range(1, count + 1):
        if kind_of(n, only_pathways=only_pathways) == "c":
            yield {
                "id": n,
                "relation_id": n,
                "state": "verified",
                "level": "trede-1" if n % KINDS < 16 else "trede-3",
                "thirty_plus": False,
                "starts_on": THEN,
                "ends_on": TODAY + timedelta(days=100 + n),
                "reported_by": "buyer",
                "reported_at": NOW,
                "reported_on": THEN,
                "verified_on": THEN,
            }


def _copy(
    connection: Connection, table: str, own: dict[str, str], known: dict[str, int], example: str
) -> None:
    """For each later supplier the rows of its example, but for the columns of its own."""
    columns = [column.name for column in db.metadata.tables[table].columns]
    values = ", ".join(own.get(name, f"one.{name}") for name in columns)
    connection.execute(
        text(
            f"INSERT INTO {table} ({', '.join(columns)}) {NUMBERS[connection.dialect.name]} "
            f"SELECT {values} FROM numbers JOIN {table} one ON {example} = "
            "1 + (numbers.n - 1) % :examples WHERE numbers.n > :examples"
        ),
        known,
    )


def _assess_others(examples: int, count: int) -> None:
    session = db.session()
    assessed = last_assessments(session, list(range(1, examples + 1)))
    assert all(row.id == relation_id for relation_id, (row, _) in assessed.items())
    stored = _stored_periods(session, examples)
    db.session.remove()
    known = {"examples": examples, "count": count}
    with writing() as connection:
        own = {"id": "numbers.n", "relation_id": "numbers.n"}
        _copy(connection, "assessments", own, known, "one.id")
        rows = (
            row
            for n in range(examples + 1, count + 1)
            for row in _periods(n, stored[1 + (n - 1) % examples])
        )
        while some := list(islice(rows, AT_ONCE)):
            _insert_periods(connection, some)
        columns = "status, status_starts_on, status_ends_on, status_changes_on, next_on"
        connection.execute(
            text(
                f"UPDATE relations SET assessment_id = id, ({columns}) = (SELECT {columns} "
                "FROM relations one WHERE one.id = 1 + (relations.id - 1) % :examples) "
                "WHERE id > :examples"
            ),
            known,
        )


def _stored_periods(session: Session, examples: int) -> dict[int, list[list[str]]]:
    """The columns of each example's periods, with places for ids in their text."""
    found: dict[int, list[list[str]]] = {n: [] for n in range(1, examples + 1)}
    for assessment_id, *columns in session.execute(
        text(
            "SELECT assessment_id, starts_on, ends_on, status, policy_version, "
            "CAST(reasons AS text), CAST(warnings AS text) FROM status_periods ORDER BY id"
        )
    ):
        found[assessment_id].append(
            [IDS.sub(_placed, str(column).replace("%", "%%")) for column in columns]
        )
    return found


def _placed(found: re.Match[str]) -> str:
    name, number = found[1], int(found[2])
    place = f"%(m{(number - 1) % STEPS})s" if name == "milestone_id" else "%(n)s"
    return f'"{name}": {place}'


def _periods(n: int, stored: list[list[str]]) -> Iterator[tuple[Any, ...]]:
    ids = {f"m{place}": (n - 1) * STEPS + place + 1 for place in range(STEPS)} | {"n": n}
    for starts_on, ends_on, status, policy_version, reasons, warnings in stored:
        yield n, starts_on, ends_on, status, policy_version, reasons % ids, warnings % ids


def _insert_periods(connection: Connection, rows: list[tuple[Any, ...]]) -> None:
    columns = "assessment_id, starts_on, ends_on, status, policy_version, reasons, warnings"
    if connection.dialect.name == "sqlite":
        statement = f"INSERT INTO status_periods ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)"
        connection.exec_driver_sql(statement, rows)
        return
    raw: Any = connection.connection.driver_connection
    with raw.cursor() as cursor, cursor.copy(f"COPY status_periods ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


__all__ = ["KINDS", "MOMENT", "STEPS", "application", "check", "fill"]
