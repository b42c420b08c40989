"""Formal notices in people's hands: held, sent, given, bounced, replied to and answered."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain import notice_replies, notices
from onboarding.domain.errors import MoveRefused
from onboarding.domain.messages import MessageKind
from onboarding.domain.milestones import Milestone
from onboarding.domain.notices import NoticeState
from onboarding.domain.people import Actor, Channel, Said, the_tool
from onboarding.services.mail.messages import Owed, owe_to_buyer, owe_to_supplier
from onboarding.services.opening import Opened, open_notice
from onboarding.services.pathway.notice_upkeep import queue
from onboarding.services.statuses import reassess
from onboarding.services.tasks import Task, close_tasks, owe_task
from onboarding.store import notices as notice_store
from onboarding.store.tables import MilestoneRow, NoticeRow, RelationRow


def hold_notice(
    session: Session, actor: Actor, moment: Moment, notice_id: int, *, reason: str
) -> None:
    """It does not go out until somebody releases it."""
    opened, milestone, row = open_notice(session, actor, moment, notice_id)
    change = notices.hold_notice(notice_store.notice_text(row), reason, actor)
    _record(session, moment, opened, milestone, row, change)


def release_notice(session: Session, actor: Actor, moment: Moment, notice_id: int) -> None:
    """It goes out after all, on the next working day."""
    opened, milestone, row = open_notice(session, actor, moment, notice_id)
    text = notice_store.notice_text(row)
    change = notices.release_notice(text, actor, moment.today, opened.policy)
    _record(session, moment, opened, milestone, row, change)


def add_line(session: Session, actor: Actor, moment: Moment, notice_id: int, *, line: str) -> None:
    """A line of the buyer's own in the notice; it was not handed over yet."""
    opened, milestone, row = open_notice(session, actor, moment, notice_id)
    if row.text_on == moment.today:
        raise MoveRefused(from_state="queued", to_state=row.state)
    change = notices.add_line(notice_store.notice_text(row), line, actor)
    _record(session, moment, opened, milestone, row, change)


def send_now(session: Session, actor: Actor, moment: Moment, notice_id: int) -> None:
    """It goes out today, or on the next working day, instead of on its planned day.

    Raises MoveRefused where it is on its way already.
    """
    opened, milestone, row = open_notice(session, actor, moment, notice_id)
    text = notice_store.notice_text(row)
    because = notices.superseded_because(text, opened.pathway, moment.today)
    if because == "moot" or row.text_on == moment.today:
        raise MoveRefused(from_state=because or "queued", to_state="queued")
    at_once = replace(text, planned_on=moment.today)
    change = notices.release_notice(at_once, actor, moment.today, opened.policy)
    notice_store.record(session, row, milestone, change, opened.under)
    if change.planned_on == moment.today:
        queue(session, moment, opened, milestone, row)
    reassess(session, moment, [opened.relation.id])


def notice_handed_over(session: Session, moment: Moment, notice_id: int) -> None:
    """The mail server took it: that fixes the end of the cure period and who decides after it."""
    tool = _tool(session, notice_id)
    opened, milestone, row = open_notice(session, tool, moment, notice_id)
    if row.state == NoticeState.HANDED_OVER:
        return
    change = notices.hand_over(
        notice_store.notice_text(row),
        tool,
        moment.today,
        opened.policy,
        opened.calendar,
        opened.row.cure_working_days or 0,
    )
    _record(session, moment, opened, milestone, row, change)


def given_otherwise(
    session: Session,
    actor: Actor,
    moment: Moment,
    notice_id: int,
    *,
    given_on: date,
    channel: Channel = Channel.LETTER,
    evidence_id: int | None = None,
) -> None:
    """Somebody gave it by letter or by hand, on a day; a copy may be kept as a file."""
    opened, milestone, row = open_notice(session, actor, moment, notice_id)
    change = notices.give_otherwise(
        notice_store.notice_text(row),
        given_on,
        channel,
        actor,
        moment.today,
        opened.policy,
        opened.calendar,
        opened.row.cure_working_days or 0,
    )
    row.evidence_id = evidence_id
    _record(session, moment, opened, milestone, row, change)
    close_tasks(session, actor, moment, ("give-notice", "bounced"), milestone_id=milestone.id)


def notice_bounced(session: Session, moment: Moment, notice_id: int) -> None:
    """It did not arrive, whenever that became known: void, a task, and a new attempt follows."""
    tool = _tool(session, notice_id)
    opened, milestone, row = open_notice(session, tool, moment, notice_id)
    if row.state == NoticeState.VOIDED:
        return
    change = notices.void(notice_store.notice_text(row), "bounced", tool)
    _record(session, moment, opened, milestone, row, change)
    task = Task(
        kind="bounced",
        about=str(notice_id),
        due_on=moment.today,
        facts={"notice_id": notice_id},
        milestone_id=milestone.id,
    )
    owe_task(session, moment, opened.relation, task)


def reply_to_notice(
    session: Session,
    actor: Actor,
    moment: Moment,
    notice_id: int,
    *,
    text: str,
    on_behalf: Said | None = None,
) -> None:
    """The supplier says why; until the answer nothing more follows from the notice."""
    opened, milestone, row = open_notice(session, actor, moment, notice_id, on_behalf)
    seen = _about(opened, row)
    change = notice_replies.reply(seen, text, actor, moment.today, opened.said)
    _record(session, moment, opened, milestone, row, change)
    facts = {"notice_id": notice_id, "reply": change.text}
    about = f"{notice_id}:{change.reply_made_on.isoformat()}"
    owed = _owed(opened, milestone, MessageKind.NOTICE_REPLY, about, facts)
    owe_to_buyer(session, moment, opened.relation, owed)


def answer_reply(
    session: Session, actor: Actor, moment: Moment, notice_id: int, *, text: str
) -> date:
    """Answer a reply; returns the end of the cure period that the answer promises."""
    opened, milestone, row = open_notice(session, actor, moment, notice_id)
    change = notice_replies.answer_reply(
        opened.pathway, _about(opened, row), text, actor, moment.today, opened.calendar
    )
    _record(session, moment, opened, milestone, row, change)
    facts = {
        "notice_id": notice_id,
        "answer": change.text,
        "cure_ends_on": change.cure_ends_on,
    }
    about = f"{notice_id}:{change.reply_answered_on.isoformat()}"
    owed = _owed(opened, milestone, MessageKind.NOTICE_REPLY_ANSWERED, about, facts)
    owe_to_supplier(session, moment, opened.relation, owed)
    return change.cure_ends_on


def _about(opened: Opened, row: NoticeRow) -> Milestone:
    """The step, where the notice asked about is the one that stands for it."""
    milestone = opened.milestone(row.milestone_id)
    if milestone.notice is None or milestone.notice.id != row.id:
        raise MoveRefused(from_state=row.state, to_state="replied")
    return milestone


def _record(
    session: Session,
    moment: Moment,
    opened: Opened,
    milestone: MilestoneRow,
    row: NoticeRow,
    change: Any,
) -> None:
    notice_store.record(session, row, milestone, change, opened.under)
    reassess(session, moment, [opened.relation.id])


def _tool(session: Session, notice_id: int) -> Actor:
    row = session.get_one(NoticeRow, notice_id)
    return the_tool(session.get_one(RelationRow, row.relation_id).customer_id)


def _owed(
    opened: Opened, row: MilestoneRow, kind: MessageKind, about: str, facts: dict[str, Any]
) -> Owed:
    return Owed(
        kind=kind,
        about=about,
        facts=facts,
        relation_id=opened.relation.id,
        milestone_id=row.id,
    )
