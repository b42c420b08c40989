"""Fills a database with any number of open milestones, in statements over sets.

Ten steps to a supplier, one contact to each. The steps that are due are spread over the suppliers
and over the days on which a reminder goes; all others come later than anything is asked about.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.eligibility.facts import END_OF_TIME
from onboarding.domain.people import Role
from tests import stage

# A Tuesday, 10:00 in Amsterdam.
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
TODAY = date(2026, 11, 24)
MOMENT = Moment(now=NOW, today=TODAY)
THEN = TODAY - timedelta(days=300)
STEPS = 10  # to a supplier
DUE_DAYS = 13  # from tomorrow on: within the fourteen days, no day of a call yet
LATER = TODAY + timedelta(days=40)
SPREAD = 700  # days over which what is not due lies

NUMBERS = {
    "sqlite": "WITH RECURSIVE numbers(n) AS "
    "(SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count) ",
    "postgresql": "WITH numbers(n) AS (SELECT generate_series(1, :count)) ",
}
DAY = {
    "sqlite": "date(:{0}, ({1}) || ' days')",
    "postgresql": "(CAST(:{0} AS date) + CAST({1} AS integer))",
}


def fill(url: str, milestones: int, due: int) -> None:
    """So many open milestones, `due` of which bring a reminder on TODAY."""
    with _engine(url) as engine:
        with Session(engine) as session:
            customer_id, buyer_id = _people(session)
            session.commit()
        with engine.connect() as connection:
            _suppliers(connection, customer_id, buyer_id, max(1, milestones // STEPS))
            _steps(connection, milestones, due)
            connection.commit()
            connection.execute(text("ANALYZE"))
            connection.commit()


def _people(session: Session) -> tuple[int, int]:
    customer = stage.a_customer(session)
    stage.a_user(session, customer, Role.MANAGER)
    return customer.id, stage.a_user(session, customer).id


def _suppliers(connection: Connection, customer_id: int, buyer_id: int, count: int) -> None:
    """Suppliers with a running pathway and one contact; all ids follow on from what is there."""
    known = {
        "count": count,
        "customer": customer_id,
        "buyer": buyer_id,
        "now": NOW.replace(tzinfo=None) if connection.dialect.name == "sqlite" else NOW,
        "then": THEN.isoformat() if connection.dialect.name == "sqlite" else THEN,
        "end": END_OF_TIME.isoformat() if connection.dialect.name == "sqlite" else END_OF_TIME,
        "organisation": _last(connection, "organisations"),
        "person": _last(connection, "persons"),
    }
    known["now"] = f"{known['now']}.000000" if connection.dialect.name == "sqlite" else NOW
    numbers = NUMBERS[connection.dialect.name]
    for into in (
        "organisations (id, name, is_customer, history_length, created_at) "
        "{} SELECT :organisation + n, 'Leverancier ' || n, false, 0, :now FROM numbers",
        "persons (id, name, email, locale, mail_rhythm, created_at) "
        "{} SELECT :person + n, 'Sam de Vries', 'sam-' || n || '@l' || n || '.example', 'nl', "
        "'usual', :now FROM numbers",
        "relations (id, customer_id, supplier_id, name, sort_name, country, has_no_alternative, "
        "buyer_id, enrolled_on, revision, history_length, created_at, created_on, status, "
        "status_starts_on, status_ends_on) "
        "{} SELECT n, :customer, :organisation + n, 'Leverancier ' || n, 'leverancier ' || n, "
        "'NL', false, :buyer, :then, 1, 0, :now, :then, 'conditional', :then, :end FROM numbers",
        "contacts (id, relation_id, person_id, role, is_main, invited_at) "
        "{} SELECT n, n, :person + n, 'signatory', true, :now FROM numbers",
        "pathways (id, relation_id, state, starts_on, steps, revision, version_number, drafted_on, "
        "turn_since_on, agreed_on) "
        "{} SELECT n, n, 'agreed', :then, '[]', 1, 1, :then, :then, :then FROM numbers",
        "pathway_versions (id, pathway_id, number, content, content_sha256, agreed_at, agreed_on, "
        "for_buyer, for_supplier) "
        "{} SELECT n, n, 1, '{{}}', '' || n, :now, :then, '{{}}', '{{}}' FROM numbers",
    ):
        _insert(connection, into.format(numbers), known)


def _steps(connection: Connection, milestones: int, due: int) -> None:
    """One in so many is due; the numbers run over the suppliers, so each has few of them."""
    dialect = connection.dialect.name
    days = DAY[dialect]
    known = {
        "count": milestones,
        "suppliers": max(1, milestones // STEPS),
        "one_in": max(1, milestones // due) if due else 1,
        "due": due,
        "days": DUE_DAYS,
        "spread": SPREAD,
        "later": LATER.isoformat() if dialect == "sqlite" else LATER,
        "tomorrow": str(TODAY + timedelta(days=1))
        if dialect == "sqlite"
        else TODAY + timedelta(days=1),
        "then": THEN.isoformat() if dialect == "sqlite" else THEN,
    }
    is_due = "n % :one_in = 0 AND n / :one_in <= :due"
    day = (
        f"CASE WHEN {is_due} THEN {days.format('tomorrow', 'n % :days')} "
        f"ELSE {days.format('later', 'n % :spread')} END"
    )
    _insert(
        connection,
        "milestones (id, pathway_id, relation_id, position, title, owner, is_reviewed, moves_back, "
        "state, original_due_on, due_on, day_number, deadline_on, deadline_since_on, rework_count, "
        "extension_count, revision, calendar_number) "
        + NUMBERS[dialect]
        + f", steps AS (SELECT n, 1 + (n - 1) % :suppliers AS supplier, {day} AS due_on "
        "FROM numbers) "
        "SELECT n, supplier, supplier, (n - 1) / :suppliers, 'Stap ' || n, 'supplier', false, "
        "false, 'planned', due_on, due_on, 1, due_on, :then, 0, 0, 1, 0 FROM steps",
        known,
    )


def _insert(connection: Connection, into: str, known: dict[str, object]) -> None:
    connection.execute(text(f"INSERT INTO {into}"), known)


def _last(connection: Connection, table: str) -> int:
    return connection.scalar(text(f"SELECT max(id) FROM {table}")) or 0


@contextmanager
def _engine(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()
