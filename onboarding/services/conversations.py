"""Notes written, calls and mails noted, and questions asked and answered."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.conversations import answer, ask, note_contact, write
from onboarding.domain.errors import NotFound
from onboarding.domain.messages import MessageKind
from onboarding.domain.people import Actor, Channel, Said
from onboarding.services.mail.messages import Owed, owe_to_buyer, owe_to_supplier
from onboarding.services.opening import checked
from onboarding.services.tasks import Task, close_calls, finish_call, finish_task, owe_task
from onboarding.store.history import Record, append, check_not_sent_twice
from onboarding.store.relations import lock_visible_relation
from onboarding.store.tables import EventRow, MilestoneRow, RelationRow, TaskRow

QUESTION = "question"


def write_note(
    session: Session,
    actor: Actor,
    moment: Moment,
    relation_id: int,
    *,
    text: str,
    is_shared: bool = False,
    milestone_id: int | None = None,
    files: int = 0,
) -> int:
    """Write something down about a supplier or a step; returns its number in the history.

    One that is shared goes to the supplier as a mail, once; `files` is how many go with it.
    """
    relation = lock_visible_relation(session, actor, relation_id)
    _check_milestone(session, relation_id, milestone_id)
    change = write(text, actor)
    under = Record(
        actor=actor,
        moment=moment,
        relation_id=relation_id,
        milestone_id=milestone_id,
        is_shared=is_shared,
    )
    check_not_sent_twice(session, change, under)
    event = append(session, change, under)
    if is_shared:
        _share(session, moment, relation, event, change.text, files)
    return event.id


def record_contact(
    session: Session,
    actor: Actor,
    moment: Moment,
    relation_id: int,
    *,
    channel: Channel,
    contact_on: date,
    was_reached: bool = True,
    note: str | None = None,
    person_id: int | None = None,
    milestone_id: int | None = None,
    is_shared: bool = False,
    task_id: int | None = None,
) -> int:
    """Note a call, mail, meeting or letter; `task_id` is the call that was to be made.

    What was noted and is shared goes to the supplier as a mail. Returns the note's number.

    Whoever called has called about everything: no other call to this supplier waits. Raises
    NotFound for a task that no call ends: a question, or what a manager decides.
    """
    relation = lock_visible_relation(session, actor, relation_id)
    _check_milestone(session, relation_id, milestone_id)
    change = note_contact(
        channel,
        contact_on,
        actor,
        moment.today,
        was_reached=was_reached,
        note=note,
        person_id=person_id,
    )
    under = Record(
        actor=actor,
        moment=moment,
        relation_id=relation_id,
        milestone_id=milestone_id,
        is_shared=is_shared,
    )
    check_not_sent_twice(session, change, under)
    event = append(session, change, under)
    if is_shared and change.note:
        _share(session, moment, relation, event, change.note)
    relation.contact_on = max(relation.contact_on or contact_on, contact_on)
    outcome = "reached" if was_reached else "not-reached"
    if task_id is not None:
        finish_call(session, actor, moment, relation_id, task_id, outcome)
    if channel is Channel.PHONE:
        close_calls(session, actor, moment, relation_id, outcome)
    return event.id


def ask_question(
    session: Session,
    actor: Actor,
    moment: Moment,
    relation_id: int,
    *,
    text: str,
    milestone_id: int | None = None,
    on_behalf: Said | None = None,
    files: int = 0,
) -> int:
    """Ask the buyer something, about a step or not; returns the question's number.

    `files` is how many go with it.
    """
    relation = lock_visible_relation(session, actor, relation_id)
    _check_milestone(session, relation_id, milestone_id)
    change = ask(text, actor, moment.today, on_behalf)
    under = Record(
        actor=actor,
        moment=moment,
        relation_id=relation_id,
        milestone_id=milestone_id,
        said=checked(session, relation_id, on_behalf),
    )
    check_not_sent_twice(session, change, under)
    event = append(session, change, under)
    facts = {"question_id": event.id, "question": change.text}
    task = Task(
        kind=QUESTION,
        about=str(event.id),
        due_on=moment.today,
        facts=facts,
        milestone_id=milestone_id,
    )
    owe_task(session, moment, relation, task)
    owed = Owed(
        kind=MessageKind.QUESTION,
        about=str(event.id),
        facts=_with_files(facts, files),
        relation_id=relation_id,
        milestone_id=milestone_id,
    )
    owe_to_buyer(session, moment, relation, owed)
    return event.id


def answer_question(
    session: Session, actor: Actor, moment: Moment, task_id: int, *, text: str, files: int = 0
) -> int:
    """Answer the question that the task is about; returns the answer's number.

    `files` is how many go with it. Raises MoveRefused where somebody answered before.
    """
    task = session.get(TaskRow, task_id)
    if task is None or task.kind != QUESTION:
        raise NotFound(what="question")
    relation = lock_visible_relation(session, actor, task.relation_id)
    task = finish_task(session, actor, moment, task_id, "answered")
    asked = session.get(EventRow, task.facts["question_id"])
    change = answer(asked.id if asked else None, text, actor)
    under = Record(
        actor=actor, moment=moment, relation_id=relation.id, milestone_id=task.milestone_id
    )
    event = append(session, change, under)
    facts = {"question": task.facts["question"], "answer": change.text}
    owed = Owed(
        kind=MessageKind.ANSWER,
        about=str(change.question),
        facts=_with_files(facts, files),
        relation_id=relation.id,
        milestone_id=task.milestone_id,
    )
    owe_to_supplier(session, moment, relation, owed)
    return event.id


def _share(
    session: Session,
    moment: Moment,
    relation: RelationRow,
    event: EventRow,
    text: str,
    files: int = 0,
) -> None:
    """Tell the supplier what was written for it."""
    owed = Owed(
        kind=MessageKind.NOTE,
        about=str(event.id),
        facts=_with_files({"note": text}, files),
        relation_id=relation.id,
        milestone_id=event.milestone_id,
    )
    owe_to_supplier(session, moment, relation, owed)


def _with_files(facts: dict[str, Any], files: int) -> dict[str, Any]:
    return facts | ({"files": files} if files else {})


def _check_milestone(session: Session, relation_id: int, milestone_id: int | None) -> None:
    if milestone_id is None:
        return
    row = session.get(MilestoneRow, milestone_id)
    if row is None or row.relation_id != relation_id:
        raise NotFound(what="milestone")
