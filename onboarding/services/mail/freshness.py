"""Is a message still true? Asked at the last moment; one that is not is superseded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from onboarding.domain.mail_choices import WatchRhythm, is_wanted
from onboarding.domain.messages import ACCESS, MessageKind, is_for_colleague
from onboarding.domain.milestones import MilestoneState
from onboarding.domain.notices import NoticeState
from onboarding.domain.pathways import PathwayState
from onboarding.store.database import Base
from onboarding.store.tables import (
    AmendmentRow,
    ContactRow,
    DateRequestRow,
    DecisionRow,
    HoldRow,
    LoginLinkRow,
    MembershipRow,
    MessageRow,
    MilestoneRow,
    NoticeRow,
    PathwayRow,
    PersonRow,
    RelationRow,
    RenewalRow,
    StatementRow,
    TaskRow,
    WatchRow,
)

# What is still said after a relation has ended.
AFTER_THE_END = ACCESS | {
    MessageKind.RELATION_ENDED,
    MessageKind.STOP_ANNOUNCED,
    MessageKind.EVIDENCE_REMOVED,
    MessageKind.TEXT_REDACTED,
    MessageKind.PERSONAL_DATA_ANSWERED,
    MessageKind.ANSWER,
    MessageKind.NOTE,
    MessageKind.RECORDED,
    MessageKind.CONTEST_ANSWERED,
}
STEP_OPEN = frozenset({MessageKind.MILESTONE_REMINDER, MessageKind.CALL, MessageKind.DECIDE})
TO_REVIEW = frozenset({MessageKind.REVIEW, MessageKind.REVIEW_LATE})
# Built once, and of tables: they are asked for each mail.
_memberships = MembershipRow.__table__.c
_requests = DateRequestRow.__table__.c
AS_COLLEAGUE = select(_memberships.ended_at).where(
    _memberships.person_id == bindparam("person"),
    _memberships.organisation_id == bindparam("customer"),
)
UNANSWERED = (
    select(_requests.id)
    .where(
        _requests.milestone_id == bindparam("step"),
        _requests.answered_on.is_(None),
        _requests.made_by != "buyer",
    )
    .limit(1)
)
OPEN_STATES = (MilestoneState.PLANNED, MilestoneState.STARTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """`today` and `now` as the work counts them; links live on `real_now`."""

    today: date
    now: datetime
    real_now: datetime


Named = TypeVar("Named", bound=Base)
Check = Callable[[Session, MessageRow, Now], str | None]


def why_stale(session: Session, row: MessageRow, now: Now) -> str | None:
    """Why the message must not go any more; None where it may. A code, for the ledger."""
    return next(filter(None, (check(session, row, now) for check in CHECKS)), None)


def reader(session: Session, row: MessageRow, now: Now) -> str | None:
    person = session.get_one(PersonRow, row.person_id)
    kind = MessageKind(row.kind)
    if not person.email:
        return "no-address"
    if person.mail_refused_at is not None and kind not in ACCESS:
        return "address-refused"
    if kind in ACCESS:
        return None
    # Somebody can be on both sides: what a buyer must do is not told to a contact.
    contact = None if is_for_colleague(kind) else row.contact
    if contact is not None and contact.retired_at is None:
        return None
    if None in _as_colleague(session, row):
        return None
    return "role-ended" if contact is None else "contact-retired"


def _as_colleague(session: Session, row: MessageRow) -> Sequence[datetime | None]:
    """When the reader's roles at the customer ended, or have not."""
    asked = {"person": row.person_id, "customer": row.customer_id}
    return session.connection().scalars(AS_COLLEAGUE, asked).all()


def wanted(session: Session, row: MessageRow, now: Now) -> str | None:
    """What the reader declined: a reminder, or news of suppliers that it follows."""
    person = session.get_one(PersonRow, row.person_id)
    if row.kind == MessageKind.WATCHED and person.watch_rhythm == WatchRhythm.NONE:
        return "not-wanted"
    return None if is_wanted(row.kind, person.mail_rhythm) else "not-wanted"


def relation(session: Session, row: MessageRow, now: Now) -> str | None:
    if row.relation_id is None or MessageKind(row.kind) in AFTER_THE_END:
        return None
    found = session.get_one(RelationRow, row.relation_id)
    if found.ended_on is not None and found.ended_on <= now.today:
        return "relation-ended"
    return None


def link(session: Session, row: MessageRow, now: Now) -> str | None:
    if MessageKind(row.kind) not in ACCESS or "link_id" not in row.facts:
        return None
    found = session.get(LoginLinkRow, row.facts["link_id"])
    if found is None or found.spent_at is not None:
        return "link-spent"
    return "link-expired" if found.ends_at <= now.real_now else None


def milestone(session: Session, row: MessageRow, now: Now) -> str | None:
    if row.milestone_id is None:
        return None
    kind = MessageKind(row.kind)
    found = session.get_one(MilestoneRow, row.milestone_id)
    if kind in TO_REVIEW:
        return None if found.state == MilestoneState.SUBMITTED else "reviewed"
    if kind not in STEP_OPEN:
        return None
    if found.state not in OPEN_STATES:
        return "step-done"
    if _is_on_hold(session, found, now):
        return "on-hold"
    deadline = _day(row, "deadline_on")
    if found.deadline_on is None or (deadline is not None and found.deadline_on != deadline):
        return "day-moved"
    waits = session.connection().scalar(UNANSWERED, {"step": found.id})
    return "waits-for-buyer" if waits is not None else None


def pathway(session: Session, row: MessageRow, now: Now) -> str | None:
    found = _named(session, PathwayRow, row, "pathway_id")
    if found is None:
        return None
    match MessageKind(row.kind):
        case MessageKind.PROPOSAL | MessageKind.PROPOSAL_REMINDER | MessageKind.WINDOW_ENDING:
            state = PathwayState.PROPOSED
        case MessageKind.DECIDE if row.facts.get("because") == "window-over":
            state = PathwayState.PROPOSED
        case MessageKind.CALL if row.facts.get("because") == "proposal":
            state = PathwayState.PROPOSED
        case MessageKind.COUNTER_PROPOSAL:
            state = PathwayState.COUNTERED
        case MessageKind.NEXT_YEAR:
            task = session.scalars(select(TaskRow).where(TaskRow.key == f"next-year:{found.id}"))
            return "done" if any(one.done_at is not None for one in task) else None
        case _:
            return None
    if found.state != state:
        return "turn-passed"
    seen = row.facts.get("revision")
    return "newer-version" if seen is not None and seen != found.revision else None


def notice(session: Session, row: MessageRow, now: Now) -> str | None:
    found = _named(session, NoticeRow, row, "notice_id")
    if found is None:
        return None
    match MessageKind(row.kind):
        case MessageKind.FORMAL_NOTICE:
            # A second contact gets it too, on the day on which the first one did.
            is_waiting = found.state == NoticeState.PREPARED
            if not is_waiting and found.handed_over_on != now.today:
                return "notice-overtaken"
            return None if found.text_on == now.today else "day-passed"
        case MessageKind.NOTICE_PREPARED:
            is_waiting = found.state in (NoticeState.PREPARED, NoticeState.HELD)
            return None if is_waiting and found.text_on is None else "notice-overtaken"
        case MessageKind.NOTICE_REPLY:
            return "answered" if found.reply_answered_on is not None else None
        case MessageKind.DECIDE:
            is_standing = found.state == NoticeState.HANDED_OVER
            replied = found.reply_made_on is not None and found.reply_answered_on is None
            return None if is_standing and not replied else "notice-overtaken"
        case _:
            return None


def asked(session: Session, row: MessageRow, now: Now) -> str | None:
    """Requests, renewals and replies that somebody answered meanwhile."""
    if row.kind in (MessageKind.DATE_ASKED, MessageKind.DELAY_REPORTED):
        request = _named(session, DateRequestRow, row, "request_id")
        if request is None:
            return None
        step = session.get_one(MilestoneRow, request.milestone_id)
        if step.state in (MilestoneState.ACCEPTED, MilestoneState.WAIVED):
            return "step-done"
        return "answered" if request.answered_on is not None else None
    if row.kind == MessageKind.HOLD_ASKED:
        hold = _named(session, HoldRow, row, "hold_id")
        return "answered" if hold is not None and hold.answered_on is not None else None
    if row.kind in (MessageKind.AMENDMENT_ASKED, MessageKind.AMENDMENT_PROPOSED):
        amendment = _named(session, AmendmentRow, row, "amendment_id")
        if amendment is None:
            return None
        is_newer = amendment.revision != row.facts.get("revision", amendment.revision)
        return "answered" if amendment.answered_on is not None or is_newer else None
    if row.kind == MessageKind.RENEWAL_REPORTED:
        renewal = _named(session, RenewalRow, row, "renewal_id")
        is_done = renewal is not None and (renewal.accepted_on or renewal.refused_on)
        return "answered" if is_done else None
    if row.kind == MessageKind.WRONG_PERSON:
        contact = _named(session, ContactRow, row, "contact_id")
        return "answered" if contact is not None and contact.doubted_at is None else None
    if row.kind == MessageKind.PERSONAL_DATA_REPORTED:
        task = _named(session, TaskRow, row, "report_id")
        return "answered" if task is not None and task.done_at is not None else None
    if row.kind == MessageKind.CONTESTED:
        statement = _named(session, StatementRow, row, "statement_id")
        return "answered" if statement is not None and statement.answered_on else None
    if row.kind in (MessageKind.BLOCK_REPLY, MessageKind.BLOCK_ANNOUNCED):
        decision = _named(session, DecisionRow, row, "decision_id")
        if decision is None:
            return None
        if decision.ended_on is not None and decision.ended_on <= now.today:
            return "decision-ended"
        is_answered = row.kind == MessageKind.BLOCK_REPLY and decision.reply_answered_on
        return "answered" if is_answered else None
    return None


def watch(session: Session, row: MessageRow, now: Now) -> str | None:
    """Whether the reader follows the supplier still."""
    if row.kind != MessageKind.WATCHED:
        return None
    found = session.get(WatchRow, row.facts.get("watch_id", 0))
    return None if found is not None and found.person_id == row.person_id else "not-followed"


CHECKS: tuple[Check, ...] = (
    reader,
    wanted,
    relation,
    link,
    milestone,
    pathway,
    notice,
    asked,
    watch,
)


def _named(session: Session, table: type[Named], row: MessageRow, fact: str) -> Named | None:
    """The row that a fact of the message names; no statement where there is no such fact."""
    number = row.facts.get(fact)
    return session.get(table, number) if number else None


def _is_on_hold(session: Session, found: MilestoneRow, now: Now) -> bool:
    row = session.get_one(PathwayRow, found.pathway_id)
    return (
        row.hold_starts_on is not None
        and row.hold_ends_on is not None
        and row.hold_starts_on <= now.today <= row.hold_ends_on
    )


def _day(row: MessageRow, name: str) -> date | None:
    value = row.facts.get(name)
    return date.fromisoformat(value) if isinstance(value, str) else None
