"""Takes a text out of every row of a relation: the one exception to nothing is rewritten.

Whole words of people stand in columns of prose and in JSON, under many names and in copies. So
this walks over the tables as they are mapped: one that is added later is looked through as well.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Select,
    Table,
    Text,
    bindparam,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.agreements import canonical_json
from onboarding.domain.messages import MessageKind
from onboarding.domain.redaction import without, without_in
from onboarding.store.database import Base
from onboarding.store.tables import (
    BatchItemRow,
    BatchRow,
    EvidenceRow,
    MailRow,
    MergedRelationRow,
    MessageRow,
    MilestoneRow,
    PathwayVersionRow,
    RelationRow,
)

RELATIONS = Base.metadata.tables[RelationRow.__tablename__]
BATCHES = Base.metadata.tables[BatchRow.__tablename__]
ITEMS = Base.metadata.tables[BatchItemRow.__tablename__]
VERSIONS = Base.metadata.tables[PathwayVersionRow.__tablename__]
MAILS = Base.metadata.tables[MailRow.__tablename__]
# Short columns that hold words of people; the others hold names, addresses, codes and keys.
LINES = {
    EvidenceRow.__table__.c.removed_reason,
    MAILS.c.subject,
    MilestoneRow.__table__.c.title,
}
ELSEWHERE = {MAILS, VERSIONS}  # each has its own way, below


def relations_with(session: Session, relation_id: int, texts: Sequence[str]) -> set[int]:
    """The relation, what went into it, and those that got the same text in one batch."""
    found = {relation_id}
    items = select(BatchItemRow.batch_id).where(BatchItemRow.relation_id == relation_id)
    batches = session.execute(
        select(BatchRow.id, BatchRow.facts).where(BatchRow.id.in_(items))
    ).all()
    same = [id for id, facts in batches if any(without_in(facts, t) != facts for t in texts)]
    if same:
        with_it = select(BatchItemRow.relation_id).where(BatchItemRow.batch_id.in_(same))
        found |= set(session.scalars(with_it))
    former = select(MergedRelationRow.former_id).where(MergedRelationRow.relation_id.in_(found))
    return found | set(session.scalars(former))


def redact_rows(
    session: Session, relation_ids: Collection[int], texts: Sequence[str]
) -> dict[str, set[int]]:
    """Take the texts out of all tables but those of mails and agreements.

    Returns the ids of what changed, by the name of the table.
    """
    changed: defaultdict[str, set[int]] = defaultdict(set)
    for table in Base.metadata.sorted_tables:
        of_relations = _rows_of(table, relation_ids)
        if of_relations is None or table in ELSEWHERE:
            continue
        for column in table.columns:
            if isinstance(column.type, Text):
                clean: Callable[[Any], Any] = _in_text(texts)
            elif column in LINES:
                # One word of a title can be a code; what somebody typed there has several.
                clean = _in_text([t for t in texts if " " in t])
            elif isinstance(column.type, JSON):
                clean = _in_json(texts)
            else:
                continue
            changed[table.name] |= _rewrite(session, column, of_relations, clean)
    return changed


def redact_versions(
    session: Session, moment: Moment, relation_ids: Collection[int], texts: Sequence[str]
) -> set[tuple[int, int]]:
    """Take the texts out of what was agreed, and mark it; returns pathway and number of those.

    The hash stays that of what was agreed.
    """
    of_relations = _rows_of(VERSIONS, relation_ids)
    assert of_relations is not None
    changed = set()
    rows = session.scalars(select(PathwayVersionRow).where(of_relations)).all()
    for row in rows:
        before = json.loads(row.content)
        after = _in_json(texts)(before)
        if after != before:
            row.content, row.redacted_at = canonical_json(after), moment.now
            changed.add((row.pathway_id, row.number))
    session.flush()
    return changed


def mails_telling(
    session: Session,
    relation_ids: Collection[int],
    texts: Sequence[str],
    agreed: Collection[tuple[int, int]],
) -> set[int]:
    """Mails of which a message tells the text in its facts, or that bring an agreement with it."""
    rows = session.execute(
        select(MessageRow.mail_id, MessageRow.kind, MessageRow.facts).where(
            MessageRow.relation_id.in_(relation_ids), MessageRow.mail_id.is_not(None)
        )
    )
    clean = _in_json(texts)
    return {
        mail_id
        for mail_id, kind, facts in rows
        if clean(facts) != facts
        or (
            kind == MessageKind.AGREEMENT
            and (facts.get("pathway_id"), facts.get("version")) in agreed
        )
    }


def mails_of(session: Session, relation_ids: Collection[int]) -> Iterator[tuple[int, bytes | None]]:
    """Each mail about the relations of which the bytes are kept, digests included."""
    in_one = select(MessageRow.mail_id).where(MessageRow.relation_id.in_(relation_ids))
    query = select(MailRow.id, MailRow.body).where(
        or_(MailRow.relation_id.in_(relation_ids), MailRow.id.in_(in_one)),
        MailRow.body.is_not(None),
    )
    yield from session.execute(query.execution_options(yield_per=50)).tuples()


def forget_mails(session: Session, mail_ids: Collection[int], texts: Sequence[str]) -> None:
    """The bytes of these mails go; what was not sent yet is written anew, without the text."""
    if not mail_ids:
        return
    ids = sorted(mail_ids)
    these = MailRow.id.in_(ids)
    _rewrite(session, MAILS.c.subject, these, _in_text(texts))
    unsent = list(session.scalars(select(MailRow.id).where(these, _is_unsent())))
    for mail_id in unsent:
        # It was never handed over: the name is free for the mail that comes instead.
        mail = session.get_one(MailRow, mail_id, populate_existing=True)
        mail.message_id = f"{mail.message_id[:200]}#{mail_id}"
        mail.state, mail.last_error = "superseded", "text-redacted"
        mail.lease_owner = mail.lease_until = None
    session.flush()
    session.execute(
        update(MailRow).where(these).values(body=None).execution_options(synchronize_session=False)
    )
    session.execute(
        update(MessageRow)
        .where(MessageRow.mail_id.in_(unsent), MessageRow.state == "sending")
        .values(state="queued", mail_id=None)
        .execution_options(synchronize_session=False)
    )


def _is_unsent() -> ColumnElement[bool]:
    return MailRow.state.in_(("queued", "sending"))


def _in_text(texts: Sequence[str]) -> Callable[[str], str]:
    def clean(value: str) -> str:
        for text in texts:
            value = without(value, text)
        return value

    return clean


def _in_json(texts: Sequence[str]) -> Callable[[Any], Any]:
    def clean(value: Any) -> Any:
        for text in texts:
            value = without_in(value, text)
        return value

    return clean


def _rewrite(
    session: Session,
    column: Column[Any],
    of_relations: ColumnElement[bool],
    clean: Callable[[Any], Any],
) -> set[int]:
    """Read the column once, and write what changed in one statement; returns of which rows."""
    table = column.table
    assert isinstance(table, Table)
    rows = session.execute(select(table.c.id, column).where(of_relations, column.is_not(None)))
    changed = [
        {"row_id": row_id, "cleaned": after}
        for row_id, before in rows
        if (after := clean(before)) != before
    ]
    if changed:
        writing = update(table).where(table.c.id == bindparam("row_id"))
        cleaned = bindparam("cleaned", type_=column.type)
        session.connection().execute(writing.values({column: cleaned}), changed)
    return {row["row_id"] for row in changed}


def _rows_of(table: Table, relation_ids: Collection[int]) -> ColumnElement[bool] | None:
    """Which rows of the table are about the relations; None where none ever is."""
    if table is RELATIONS:
        return table.c.id.in_(relation_ids)
    if table is BATCHES:
        items = select(ITEMS.c.batch_id).where(ITEMS.c.relation_id.in_(relation_ids))
        return table.c.id.in_(items)
    keys = [(column, key.column.table) for column in table.columns for key in column.foreign_keys]
    named = [column for column, target in keys if target is RELATIONS]
    if named:
        return or_(*(column.in_(relation_ids) for column in named))
    for column, target in keys:
        if target is not table and (through := _rows_of(target, relation_ids)) is not None:
            ids: Select[tuple[Any]] = select(target.c.id).where(through)
            return column.in_(ids)
    return None
