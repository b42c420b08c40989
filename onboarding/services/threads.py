"""Reading a conversation: who wrote what about a step or beside the steps, with its files."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from onboarding.domain.people import Actor, Side
from onboarding.domain.redaction import PROSE, REDACTED
from onboarding.services.pathway.views import FileView
from onboarding.services.supplier_reading import HistoryEvent, tell_events
from onboarding.store.milestones import evidence_of
from onboarding.store.relations import visible_relation
from onboarding.store.tables import (
    EventRow,
    EvidenceRow,
    MilestoneRow,
    OrganisationRow,
    RelationRow,
)
from onboarding.store.threads import (
    events_beside_steps,
    events_of_step,
    files_with,
    open_questions,
)

AT_ONCE = 6
ON_FIRST_PAGE = 3  # of a supplier, whose next step comes first
HANDED_IN = ("milestone-submitted", "milestone-accepted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing said or done; `facts` are without the `text`, which stands apart.

    `who` is the person on whose side it was said; `by` wrote it down for that person, on the
    phone or after a letter. `task_id` is where a question without an answer is answered, and
    `step` the title of the step, where it is shown beside the steps.
    """

    id: int
    at: datetime
    code: str
    facts: dict[str, Any]
    text: str | None
    side: Side
    who: str | None
    organisation: str
    by: str | None
    channel: str | None
    said_on: date | None
    is_shared: bool
    files: tuple[FileView, ...]
    task_id: int | None = None
    milestone_id: int | None = None
    step: str | None = None

    @property
    def is_redacted(self) -> bool:
        return self.text == REDACTED

    @property
    def is_note(self) -> bool:
        """Whether who may read it was somebody's choice."""
        return self.code in ("note-written", "contact-noted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """The entries that the reader may see, the oldest first; `is_whole` where none came before."""

    entries: tuple[Entry, ...]
    is_whole: bool = True


def read_step_thread(session: Session, actor: Actor, milestone_id: int) -> Thread:
    """All that both sides said about a step. The caller has seen that the step is the actor's."""
    milestone = session.get_one(MilestoneRow, milestone_id)
    relation = visible_relation(session, actor, milestone.relation_id)
    rows = _told_once(events_of_step(session, milestone_id, actor.side))
    handed_in = evidence_of(session, [milestone_id])
    return Thread(entries=_entries(session, actor, relation, rows, handed_in, tells_step=False))


def _told_once(rows: Sequence[EventRow]) -> list[EventRow]:
    """A step that nobody reviews is accepted as it is handed in: that is one thing to read."""
    handed_in = {row.at for row in rows if row.code == "milestone-submitted"}
    return [
        row
        for row in rows
        if row.code != "milestone-accepted"
        or row.facts.get("was_reviewed")
        or row.at not in handed_in
    ]


def read_thread(
    session: Session, actor: Actor, relation_id: int, most: int | None = AT_ONCE
) -> Thread:
    """The notes about a supplier, and the questions about no step: the last ones, or all."""
    relation = visible_relation(session, actor, relation_id)
    limit = None if most is None else most + 1
    rows = events_beside_steps(session, relation_id, actor.side, limit)
    shown = rows if most is None else rows[-most:]
    return Thread(
        entries=_entries(session, actor, relation, shown, (), tells_step=True),
        is_whole=len(shown) == len(rows),
    )


def _entries(
    session: Session,
    actor: Actor,
    relation: RelationRow,
    rows: Sequence[EventRow],
    handed_in: Sequence[EvidenceRow],
    *,
    tells_step: bool,
) -> tuple[Entry, ...]:
    """A query for each kind of thing, however many entries there are."""
    if not rows:
        return ()
    names = {
        Side.BUYER: session.get_one(OrganisationRow, relation.customer_id).name,
        Side.SUPPLIER: relation.name,
    }
    files = _files(session, actor, rows, handed_in)
    tasks = open_questions(session, relation.id) if actor.side is Side.BUYER else {}
    return tuple(
        _entry(row, told, names, files[row.id], tasks.get(row.id), tells_step)
        for row, told in zip(rows, tell_events(session, rows), strict=True)
    )


def _files(
    session: Session, actor: Actor, rows: Sequence[EventRow], handed_in: Sequence[EvidenceRow]
) -> defaultdict[int, list[FileView]]:
    """The files of each event; what was handed in goes with the first handing in after it."""
    found: defaultdict[int, list[FileView]] = defaultdict(list)
    for file in files_with(session, [row.id for row in rows], actor.side):
        found[file.event_id or 0].append(_file_view(file))
    submissions = [row for row in rows if row.code == "milestone-submitted"]
    submissions = submissions or [row for row in rows if row.code in HANDED_IN]
    for file in handed_in:
        with_it = next((row for row in submissions if row.at >= file.uploaded_at), None)
        if with_it is not None:
            found[with_it.id].append(_file_view(file))
    return found


def _file_view(row: EvidenceRow) -> FileView:
    return FileView(
        id=row.id,
        file_name=row.file_name or "",
        uploaded_on=row.uploaded_on,
        by=Side(row.uploaded_side),
    )


def _entry(
    row: EventRow,
    told: HistoryEvent,
    names: dict[Side, str],
    files: Sequence[FileView],
    task_id: int | None,
    tells_step: bool,
) -> Entry:
    facts = dict(told.facts)
    texts = [facts.pop(name) for name in PROSE if isinstance(facts.get(name), str)]
    side = Side.SUPPLIER if row.said_by else Side(row.actor_side)
    return Entry(
        id=row.id,
        at=row.at,
        code=row.code,
        facts=facts,
        text=texts[0] if texts else None,
        side=side,
        who=told.said_by or told.who,
        organisation=names.get(side, ""),
        by=told.who if row.said_by else None,
        channel=told.channel or (facts.get("channel") if row.code == "contact-noted" else None),
        said_on=told.said_on,
        is_shared=row.is_shared,
        files=tuple(files),
        task_id=task_id,
        milestone_id=row.milestone_id,
        step=facts.get("milestone") if tells_step else None,
    )
