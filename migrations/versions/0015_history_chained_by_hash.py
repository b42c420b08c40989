"""The history chained by hash: seals of events and assessments, and where each chain ends."""

import hashlib
import json
import secrets
from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

OWNERS = ("organisations", "relations")
NEW = {
    "events": ("chain", "position", "salt", "facts_sha256", "sha256"),
    "assessments": ("salt", "periods_sha256", "sha256"),
}
TYPES = {"chain": sa.Integer(), "position": sa.Integer(), "salt": sa.String(32)}
AT_ONCE = 1000
GENESIS = "0" * 64

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)
EVENTS = sa.table(
    "events",
    *(sa.column(name, sa.Integer) for name in ("id", "customer_id", "relation_id", "pathway_id")),
    *(sa.column(name, sa.Integer) for name in ("milestone_id", "actor_id", "said_by")),
    *(sa.column(name, sa.String) for name in ("code", "actor_side", "channel")),
    *(sa.column(name, sa.Date) for name in ("on", "said_on")),
    sa.column("facts", JSON),
    sa.column("at", INSTANT),
    sa.column("is_shared", sa.Boolean),
    *(sa.column(name, TYPES.get(name, sa.String(64))) for name in NEW["events"]),
)
ASSESSMENTS = sa.table(
    "assessments",
    *(sa.column(name, sa.Integer) for name in ("id", "relation_id", "number", "rules_version")),
    sa.column("starts_on", sa.Date),
    sa.column("known_from", INSTANT),
    *(sa.column(name, TYPES.get(name, sa.String(64))) for name in NEW["assessments"]),
)
PERIODS = sa.table(
    "status_periods",
    *(sa.column(name, sa.Integer) for name in ("assessment_id", "policy_version")),
    *(sa.column(name, sa.Date) for name in ("starts_on", "ends_on")),
    *(sa.column(name, JSON) for name in ("reasons", "warnings")),
    sa.column("status", sa.String),
)


def upgrade() -> None:
    for table in OWNERS:
        op.add_column(
            table, sa.Column("history_length", sa.Integer(), nullable=False, server_default="0")
        )
        op.add_column(table, sa.Column("history_sha256", sa.String(64), nullable=True))
    for table, names in NEW.items():
        for name in names:
            op.add_column(table, sa.Column(name, TYPES.get(name, sa.String(64)), nullable=True))
    connection = op.get_bind()
    _seal_events(connection)
    _seal_assessments(connection)
    op.create_index("uq_events_chain", "events", ["customer_id", "chain", "position"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_events_chain", table_name="events")
    for table, names in NEW.items():
        with op.batch_alter_table(table) as batch_op:
            for name in names:
                batch_op.drop_column(name)
    for table in OWNERS:
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column("history_sha256")
            batch_op.drop_column("history_length")


def _seal_events(connection: sa.Connection) -> None:
    """A hash cannot be had from the database: pages are read, sealed and written in one go."""
    heads: dict[tuple[str, int], tuple[int, str]] = {}
    last_id = 0
    while True:
        rows = connection.execute(
            sa.select(EVENTS).where(EVENTS.c.id > last_id).order_by(EVENTS.c.id).limit(AT_ONCE)
        ).mappings()
        page = [dict(row) for row in rows]
        if not page:
            break
        last_id = page[-1]["id"]
        for event in page:
            of_relation = event["relation_id"] is not None
            key = ("relations" if of_relation else "organisations", _owner(event))
            length, previous = heads.get(key, (0, GENESIS))
            event["chain"] = event["relation_id"] if of_relation else 0
            event["position"], event["salt"] = length + 1, secrets.token_hex(16)
            event["facts_sha256"] = _digest(event["salt"], event["facts"])
            left_out = ("id", "relation_id", "facts", "salt", "sha256")
            event["sha256"] = _seal(previous, {k: event[k] for k in event if k not in left_out})
            heads[key] = (event["position"], event["sha256"])
        _write(connection, EVENTS, NEW["events"], page)
    for name in OWNERS:
        table = sa.table(name, *(sa.column(c) for c in ("id", "history_length", "history_sha256")))
        written = [
            {"row_id": id, "history_length": length, "history_sha256": last}
            for (owner, id), (length, last) in heads.items()
            if owner == name
        ]
        _write(connection, table, ("history_length", "history_sha256"), written)


def _owner(event: dict) -> int:
    return event["customer_id"] if event["relation_id"] is None else event["relation_id"]


def _seal_assessments(connection: sa.Connection) -> None:
    last, previous = (0, 0), GENESIS
    place = sa.tuple_(ASSESSMENTS.c.relation_id, ASSESSMENTS.c.number)
    while True:
        rows = connection.execute(
            sa.select(ASSESSMENTS)
            .where(place > last)
            .order_by(ASSESSMENTS.c.relation_id, ASSESSMENTS.c.number)
            .limit(AT_ONCE)
        ).mappings()
        page = [dict(row) for row in rows]
        if not page:
            return
        told = {row["id"]: [] for row in page}
        for row in connection.execute(
            sa.select(PERIODS)
            .where(PERIODS.c.assessment_id.in_(list(told)))
            .order_by(PERIODS.c.assessment_id, PERIODS.c.starts_on)
        ).mappings():
            period = dict(row)
            told[period.pop("assessment_id")].append(period)
        for row in page:
            if row["relation_id"] != last[0]:
                previous = GENESIS
            last = (row["relation_id"], row["number"])
            row["salt"] = secrets.token_hex(16)
            row["periods_sha256"] = _digest(row["salt"], told[row["id"]])
            left_out = ("id", "salt", "sha256")
            previous = _seal(previous, {k: row[k] for k in row if k not in left_out})
            row["sha256"] = previous
        _write(connection, ASSESSMENTS, NEW["assessments"], page)


def _write(
    connection: sa.Connection, table: sa.TableClause, names: tuple[str, ...], rows: list[dict]
) -> None:
    if rows:
        connection.execute(
            sa.update(table)
            .where(table.c.id == sa.bindparam("row_id"))
            .values({name: sa.bindparam(f"new_{name}") for name in names}),
            [
                {"row_id": row.get("row_id", row.get("id"))}
                | {f"new_{name}": row[name] for name in names}
                for row in rows
            ],
        )


def _digest(salt: str, content: object) -> str:
    return hashlib.sha256(f"{salt}:{_canonical(_plain(content))}".encode()).hexdigest()


def _seal(previous: str, content: dict) -> str:
    text = _canonical({"previous": previous, **_plain(content)})
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: object) -> str:
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def _plain(value: object) -> object:
    match value:
        case datetime():
            aware = value if value.tzinfo else value.replace(tzinfo=UTC)
            return aware.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return int(value)
        case dict():
            return {name: _plain(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case _:
            return value
