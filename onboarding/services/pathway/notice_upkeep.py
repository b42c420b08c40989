"""Formal notices as the days pass: prepared, sent when their day comes, written anew or dropped."""

from collections.abc import Sequence

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.messages import MessageKind
from onboarding.domain.milestones import Milestone
from onboarding.domain.notices import (
    NoticeState,
    cure_end,
    prepare_notice,
    superseded_because,
    write_anew,
)
from onboarding.domain.notices import supersede as decide_supersede
from onboarding.domain.pathways import RUNNING
from onboarding.domain.people import the_tool
from onboarding.services.mail.messages import Owed, owe_to_buyer, owe_to_supplier
from onboarding.services.opening import Opened, open_pathway
from onboarding.services.statuses import reassess
from onboarding.services.tasks import Task, owe_task
from onboarding.store import notices as notice_store
from onboarding.store.contact_days import last_contact_on
from onboarding.store.stages import not_first
from onboarding.store.tables import MilestoneRow, NoticeRow, PathwayRow, RelationRow


def prepare_due_notices(session: Session, moment: Moment, customer_id: int) -> int:
    """Prepare what is due, drop what is moot, and queue what goes out today.

    The sweep calls it on working days; any number of times on a day changes nothing more.
    Returns how many notices were newly prepared.
    """
    prepared = 0
    for pathway_id in _pathways_with_lateness(session, moment, customer_id):
        prepared += tend_pathway(session, moment, customer_id, pathway_id)
    return prepared


def tend_pathway(session: Session, moment: Moment, customer_id: int, pathway_id: int) -> int:
    """The notices of one pathway, brought to today; returns how many were newly prepared."""
    opened = open_pathway(session, the_tool(customer_id), moment, pathway_id)
    is_held = opened.pathway.hold is not None and moment.today in opened.pathway.hold
    milestones = {one.id: one for one in opened.pathway.milestones}
    prepared = 0
    for row in _late_or_warned(session, moment, pathway_id):
        milestone = milestones[row.id]
        supersede_moot(session, moment, opened, row)
        if is_held or milestone.request_waits():
            continue
        if not notice_store.unsent(session, milestone.id):
            prepared += _prepare(session, moment, opened, row, milestone)
        for notice in notice_store.unsent(session, milestone.id):
            if notice.state == NoticeState.PREPARED and notice.planned_on <= moment.today:
                queue(session, moment, opened, row, notice)
    reassess(session, moment, [opened.relation.id])
    return prepared


def supersede_moot(session: Session, moment: Moment, opened: Opened, row: MilestoneRow) -> None:
    """Drop an unsent notice about the step that must not go out any more.

    One whose day passed without a hand-over is written anew for the next working day, unless the
    step waits for the buyer or stands on hold: then a new one is prepared when that is over.
    """
    session.flush()
    waiting = notice_store.unsent(session, row.id)
    if not waiting:
        return
    tool = the_tool(opened.relation.customer_id)
    now = open_pathway(session, tool, moment, opened.row.id)
    waits = now.milestone(row.id).request_waits()
    is_held = now.pathway.hold is not None and moment.today in now.pathway.hold
    for notice in waiting:
        text = notice_store.notice_text(notice)
        because = superseded_because(text, now.pathway, moment.today)
        if because is None:
            continue
        change = decide_supersede(text, because, tool)
        notice_store.record(session, notice, row, change, now.under)
        if because == "day-passed" and not waits and not is_held:
            again = write_anew(text, moment.today, now.policy)
            rewritten = notice_store.add_notice(session, row, again, now.under)
            rewritten.added_line = notice.added_line


def queue(
    session: Session, moment: Moment, opened: Opened, row: MilestoneRow, notice: NoticeRow
) -> None:
    """Owe the mail; its text holds for today. Without an address a person gives it."""
    milestone = opened.milestone(row.id)
    cure_ends_on = cure_end(
        moment.today, opened.row.cure_working_days or 0, opened.policy, opened.calendar
    )
    notice.text_on = moment.today
    facts = {
        "notice_id": notice.id,
        "missed_on": notice.missed_on,
        "cure_ends_on": cure_ends_on,
        "clock_decides": opened.policy.clock_decides,
        "added_line": notice.added_line,
        **last_contact_on(session, opened.relation.id, notice.missed_on),
    }
    owed = Owed(
        kind=MessageKind.FORMAL_NOTICE,
        about=f"{notice.id}:{moment.today.isoformat()}",
        facts={name: value for name, value in facts.items() if value is not None},
        relation_id=opened.relation.id,
        milestone_id=milestone.id,
    )
    if not owe_to_supplier(session, moment, opened.relation, owed):
        task = Task(
            kind="give-notice",
            about=str(notice.id),
            due_on=moment.today,
            facts={"notice_id": notice.id},
            milestone_id=milestone.id,
        )
        owe_task(session, moment, opened.relation, task)


def _prepare(
    session: Session, moment: Moment, opened: Opened, row: MilestoneRow, milestone: Milestone
) -> int:
    change = prepare_notice(milestone, moment.today, opened.policy)
    if change is None:
        return 0
    notice = notice_store.add_notice(session, row, change, opened.under)
    owed = Owed(
        kind=MessageKind.NOTICE_PREPARED,
        about=str(notice.id),
        facts={"notice_id": notice.id, "planned_on": notice.planned_on},
        relation_id=opened.relation.id,
        milestone_id=row.id,
    )
    owe_to_buyer(session, moment, opened.relation, owed)
    return 1


UNSENT_NOTICES = select(NoticeRow.milestone_id).where(NoticeRow.state.in_(notice_store.UNSENT))


def _late_or_warned(session: Session, moment: Moment, pathway_id: int) -> Sequence[MilestoneRow]:
    """The pathway's steps that were missed, or have a notice that was not handed over."""
    return session.scalars(
        select(MilestoneRow)
        .where(
            MilestoneRow.pathway_id == pathway_id,
            (MilestoneRow.deadline_on < moment.today) | MilestoneRow.id.in_(UNSENT_NOTICES),
        )
        .order_by(MilestoneRow.position, MilestoneRow.id)
    ).all()


def _pathways_with_lateness(session: Session, moment: Moment, customer_id: int) -> Sequence[int]:
    """Running pathways with a missed step, or with a notice that was not handed over."""
    missed = select(MilestoneRow.pathway_id).where(MilestoneRow.deadline_on < moment.today)
    unsent = select(MilestoneRow.pathway_id).where(MilestoneRow.id.in_(UNSENT_NOTICES))
    either = union(missed, unsent).subquery()
    rows = session.execute(
        select(PathwayRow.relation_id, PathwayRow.id)
        .join(either, PathwayRow.id == not_first(either.c.pathway_id))
        .join(RelationRow, RelationRow.id == not_first(PathwayRow.relation_id))
        .where(
            not_first(RelationRow.customer_id) == customer_id,
            PathwayRow.state.in_(RUNNING) | PathwayRow.id.in_(unsent),
        )
    ).tuples()
    return [pathway_id for _, pathway_id in sorted(rows)]
