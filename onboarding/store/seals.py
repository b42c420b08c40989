"""Seals the history as it is written: a chain for each relation, and one for the customer itself.

The head of a chain stands in the row that its writers lock: that of the relation, or that of the
customer. So two at once cannot both follow the same row, and nothing that was taken off the end
goes unseen.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from onboarding.domain.seals import (
    GENESIS,
    WHOLE,
    Head,
    Resealed,
    assessment_seal,
    digest,
    event_seal,
    new_salt,
    periods_content,
)
from onboarding.store.relations import passed_gate
from onboarding.store.tables import (
    AssessmentRow,
    EventRow,
    OrganisationRow,
    RelationRow,
    StatusPeriodRow,
)

Owner = type[OrganisationRow] | type[RelationRow]
AT_ONCE = 1000


def sealed(session: Session, events: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events with their places in their chains; what they happen to is locked by it.

    Customers before relations, and both in id order, as all writers take them.
    """
    customers = {e["customer_id"] for e in events if e["relation_id"] is None}
    relations = {e["relation_id"] for e in events if e["relation_id"] is not None}
    heads: dict[tuple[Owner, int], Head] = {
        **_heads(session, OrganisationRow, customers),
        **_heads(session, RelationRow, relations),
    }
    done = []
    for event in events:
        owner: Owner = OrganisationRow if event["relation_id"] is None else RelationRow
        key = (owner, event["relation_id"] or event["customer_id"])
        salt, head = new_salt(), heads[key]
        row = {
            **event,
            "chain": event["relation_id"] or WHOLE,
            "position": head.length + 1,
            "salt": salt,
            "facts_sha256": digest(salt, event["facts"]),
        }
        row["sha256"] = event_seal(head.sha256, row)
        heads[key] = Head(length=row["position"], sha256=row["sha256"])
        done.append(row)
    _write_heads(session, OrganisationRow, heads)
    _write_heads(session, RelationRow, heads)
    return done


def head_of(session: Session, relation_id: int) -> Head:
    """Where the chain of a relation ends now."""
    return _heads(session, RelationRow, [relation_id], lock=False)[RelationRow, relation_id]


def _heads(
    session: Session, owner: Owner, ids: Collection[int], *, lock: bool = True
) -> dict[tuple[Owner, int], Head]:
    found: dict[tuple[Owner, int], Head] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), AT_ONCE):
        query = (
            select(owner.id, owner.history_length, owner.history_sha256)
            .where(owner.id.in_(wanted[start : start + AT_ONCE]))
            .order_by(owner.id)
        )
        if lock:
            query = query.with_for_update(key_share=True)
        if lock and owner is RelationRow:
            query = query.where(passed_gate())
        for id, length, last in session.execute(query):
            found[owner, id] = Head(length=length, sha256=last or GENESIS)
    return found


def _write_heads(session: Session, owner: Owner, heads: Mapping[tuple[Owner, int], Head]) -> None:
    written = [
        {"owner_id": id, "length": head.length, "last": head.sha256}
        for (one, id), head in heads.items()
        if one is owner
    ]
    if written:
        table = owner.__table__
        session.connection().execute(
            update(table)  # type: ignore[arg-type]
            .where(table.c.id == bindparam("owner_id"))
            .values(history_length=bindparam("length"), history_sha256=bindparam("last")),
            written,
        )


def sealed_assessment(
    assessment: dict[str, Any], periods: Sequence[Mapping[str, Any]], last: AssessmentRow | None
) -> dict[str, Any]:
    """The assessment with its seal, after that of the one before."""
    return follow({**assessment, **salted(periods)}, last.sha256 if last is not None else None)


def salted(periods: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What the seal of an assessment holds of its periods."""
    salt = new_salt()
    return {"salt": salt, "periods_sha256": digest(salt, periods_content(periods))}


def follow(assessment: dict[str, Any], previous: str | None) -> dict[str, Any]:
    """The assessment, salted, with its seal after this one; None where there is none before."""
    return {**assessment, "sha256": assessment_seal(previous or GENESIS, assessment)}


def reseal(
    session: Session, event_ids: Collection[int], period_ids: Collection[int]
) -> tuple[Resealed, ...]:
    """Rows that lost a text get a new salt; returns the digests of what is left.

    The seal stays that of what was written. The old salt goes, and with it the means to try out
    what stood there. What is returned goes into the event of the removal, which is sealed too.
    """
    session.flush()
    done = []
    for id, facts in session.execute(
        select(EventRow.id, EventRow.facts)
        .where(EventRow.id.in_(event_ids), EventRow.salt.is_not(None))
        .order_by(EventRow.id)
    ).all():
        salt = new_salt()
        done.append(Resealed(event=id, sha256=digest(salt, facts)))
        session.execute(
            update(EventRow)
            .where(EventRow.id == id)
            .values(salt=salt)
            .execution_options(synchronize_session=False)
        )
    of_periods = select(StatusPeriodRow.assessment_id).where(StatusPeriodRow.id.in_(period_ids))
    ids = session.scalars(
        select(AssessmentRow.id)
        .where(AssessmentRow.id.in_(of_periods), AssessmentRow.salt.is_not(None))
        .order_by(AssessmentRow.id)
    ).all()
    periods = periods_of(session, ids)
    for id in ids:
        salt = new_salt()
        done.append(Resealed(assessment=id, sha256=digest(salt, periods_content(periods[id]))))
        session.execute(
            update(AssessmentRow)
            .where(AssessmentRow.id == id)
            .values(salt=salt)
            .execution_options(synchronize_session=False)
        )
    return tuple(done)


def periods_of(session: Session, ids: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """The periods of assessments as stored, by assessment, in the order of their days."""
    found: dict[int, list[dict[str, Any]]] = {id: [] for id in ids}
    table = StatusPeriodRow.__table__
    for row in session.execute(
        select(table)
        .where(table.c.assessment_id.in_(list(found)))
        .order_by(table.c.assessment_id, table.c.starts_on)
    ).mappings():
        found[row["assessment_id"]].append(dict(row))
    return found
