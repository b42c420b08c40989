"""What contacts report as personal data: a task for the managers until it is gone or stands.

A manager takes it out where that is done anyhow (`redaction`, `evidence`): what was reported and is
gone closes its task by itself, and who reported it is told.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain import personal_data
from onboarding.domain.errors import NotFound
from onboarding.domain.messages import MessageKind
from onboarding.domain.people import Actor, Duty, Side
from onboarding.domain.redaction import texts_of
from onboarding.services.mail.letters import managers
from onboarding.services.mail.messages import Owed, owe
from onboarding.services.tasks import Task, finish_task, owe_task
from onboarding.store.evidence import visible_evidence
from onboarding.store.history import Record, append
from onboarding.store.relations import lock_visible_relation, visible_relation
from onboarding.store.tables import EventRow, EvidenceRow, PersonRow, RelationRow, TaskRow
from onboarding.store.threads import ABOUT_A_STEP

PERSONAL_DATA = "personal-data"
Row = TypeVar("Row", EventRow, EvidenceRow, RelationRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What a contact can report, or reported: a text or a file, and since when it waits."""

    relation_id: int
    texts: tuple[str, ...] = ()
    event_id: int | None = None
    evidence_id: int | None = None
    file_name: str = ""
    waits_since: date | None = None

    @property
    def is_gone(self) -> bool:
        return not self.texts and not self.file_name


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """A report as a manager reads it; `seen` is what the contact said that it is."""

    task_id: int
    what: Reported
    who: str
    seen: str
    is_done: bool


def read_text(session: Session, actor: Actor, event_id: int) -> Reported:
    """A text that the contact can read in a conversation. Raises NotFound for any other."""
    row = session.get(EventRow, event_id)
    if row is None or row.relation_id is None:
        raise NotFound(what="event")
    visible_relation(session, actor, row.relation_id)
    if not row.is_shared or row.code not in ABOUT_A_STEP:
        raise NotFound(what="event")
    task = _open_task(session, row.relation_id, "event_id", event_id)
    return Reported(
        relation_id=row.relation_id,
        texts=texts_of(row.facts),
        event_id=event_id,
        waits_since=task.due_on if task else None,
    )


def read_file(session: Session, actor: Actor, evidence_id: int) -> Reported:
    """A file that the contact can open. Raises NotFound for any other."""
    row = visible_evidence(session, actor, evidence_id)
    if not row.is_attached:
        raise NotFound(what="evidence")
    task = _open_task(session, row.relation_id, "evidence_id", evidence_id)
    return Reported(
        relation_id=row.relation_id,
        evidence_id=evidence_id,
        file_name=(row.file_name or "") if row.removed_at is None else "",
        waits_since=task.due_on if task else None,
    )


def report(session: Session, actor: Actor, moment: Moment, what: Reported, *, seen: str) -> bool:
    """Report it to the managers. False where it waits for them already, or is gone."""
    relation = lock_visible_relation(session, actor, what.relation_id)
    again = _read(session, actor, what)
    change = personal_data.report(
        actor, seen.strip(), event_id=what.event_id, evidence_id=what.evidence_id
    )
    if again.is_gone or again.waits_since is not None:
        return False
    record = Record(actor=actor, moment=moment, relation_id=relation.id, is_shared=False)
    event = append(session, change, record)
    facts = {
        "event_id": what.event_id,
        "evidence_id": what.evidence_id,
        "person_id": actor.person_id,
        "seen": seen.strip(),
    }
    # The number of the fact in the history makes each occasion one of its own.
    task = Task(kind=PERSONAL_DATA, about=str(event.id), due_on=moment.today, facts=facts)
    owe_task(session, moment, relation, task)
    owed = Owed(
        kind=MessageKind.PERSONAL_DATA_REPORTED,
        about=str(event.id),
        facts={"report_id": _open(session, relation.id)[-1].id},
        relation_id=relation.id,
    )
    readers = [manager.id for manager in managers(session, relation.customer_id)]
    owe(session, moment, relation.customer_id, owed, readers)
    return True


def read_report(session: Session, actor: Actor, task_id: int) -> ReportView:
    """Raises NotFound for a task of another kind or customer."""
    actor.must(Duty.GOVERN)
    task = _task(session, actor, task_id)
    person = session.get(PersonRow, task.facts.get("person_id") or 0)
    event = session.get(EventRow, task.facts.get("event_id") or 0)
    file = session.get(EvidenceRow, task.facts.get("evidence_id") or 0)
    what = Reported(
        relation_id=task.relation_id,
        texts=texts_of(event.facts) if event else (),
        event_id=event.id if event else None,
        evidence_id=file.id if file else None,
        file_name=(file.file_name or "") if file and file.removed_at is None else "",
        waits_since=task.due_on,
    )
    return ReportView(
        task_id=task.id,
        what=what,
        who=person.name if person else "",
        seen=task.facts.get("seen") or "",
        is_done=task.done_at is not None,
    )


def keep(session: Session, actor: Actor, moment: Moment, task_id: int, *, answer: str) -> None:
    """It holds no personal data, or what must stand: who reported it reads why."""
    report_ = read_report(session, actor, task_id)
    relation = lock_visible_relation(session, actor, report_.what.relation_id)
    change = personal_data.keep(
        actor, answer, event_id=report_.what.event_id, evidence_id=report_.what.evidence_id
    )
    task = finish_task(session, actor, moment, task_id, "kept")
    record = Record(actor=actor, moment=moment, relation_id=relation.id, is_shared=False)
    append(session, change, record)
    _tell(session, moment, relation, task, answer=change.answer)


def close_what_is_gone(
    session: Session, actor: Actor, moment: Moment, relation_ids: Collection[int]
) -> None:
    """Something was taken out: reports of what is gone by now are done, and told so."""
    session.flush()
    tasks = _open(session, *relation_ids)
    if not tasks:
        return
    events = _by_id(session, EventRow, [task.facts.get("event_id") for task in tasks])
    files = _by_id(session, EvidenceRow, [task.facts.get("evidence_id") for task in tasks])
    relations = _by_id(session, RelationRow, [task.relation_id for task in tasks])
    for task in tasks:
        event = events.get(task.facts.get("event_id") or 0)
        file = files.get(task.facts.get("evidence_id") or 0)
        is_there = (event is not None and texts_of(event.facts)) or (
            file is not None and file.removed_at is None
        )
        if not is_there:
            task.done_at, task.done_by, task.outcome = moment.now, actor.person_id, "removed"
            _tell(session, moment, relations[task.relation_id], task)


def _read(session: Session, actor: Actor, what: Reported) -> Reported:
    if what.event_id is not None:
        return read_text(session, actor, what.event_id)
    return read_file(session, actor, what.evidence_id or 0)


def _tell(
    session: Session, moment: Moment, relation: RelationRow, task: TaskRow, answer: str = ""
) -> None:
    """Who reported it hears what became of it; what it said that it is, is forgotten."""
    is_file = task.facts.get("evidence_id") is not None
    facts = {"is_file": is_file, **({"answer": answer} if answer else {"is_removed": True})}
    owed = Owed(
        kind=MessageKind.PERSONAL_DATA_ANSWERED,
        about=str(task.id),
        facts=facts,
        relation_id=relation.id,
    )
    owe(session, moment, relation.customer_id, owed, [task.facts["person_id"]])
    task.facts = {**task.facts, "seen": ""}


def _task(session: Session, actor: Actor, task_id: int) -> TaskRow:
    row = session.get(TaskRow, task_id)
    if row is None or row.kind != PERSONAL_DATA or actor.side is not Side.BUYER:
        raise NotFound(what="task")
    visible_relation(session, actor, row.relation_id)
    return row


def _open(session: Session, *relation_ids: int) -> list[TaskRow]:
    return list(
        session.scalars(
            select(TaskRow)
            .where(
                TaskRow.relation_id.in_(relation_ids),
                TaskRow.kind == PERSONAL_DATA,
                TaskRow.done_at.is_(None),
            )
            .order_by(TaskRow.id)
        )
    )


def _open_task(session: Session, relation_id: int, fact: str, number: int) -> TaskRow | None:
    rows = _open(session, relation_id)
    return next((row for row in rows if row.facts.get(fact) == number), None)


def _by_id(session: Session, table: type[Row], ids: Collection[int | None]) -> dict[int, Row]:
    wanted = {number for number in ids if number}
    rows = session.scalars(
        select(table).where(table.id.in_(wanted)).execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}
