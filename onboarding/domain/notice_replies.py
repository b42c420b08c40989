"""Replies to a formal notice, and the buyer's answer with its promise."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from onboarding.domain.changes import Change
from onboarding.domain.errors import MoveRefused
from onboarding.domain.milestones import Milestone
from onboarding.domain.moves import BUYER, CONTACT, check, said_day, text_given
from onboarding.domain.pathways import Pathway
from onboarding.domain.people import Actor, Said
from onboarding.domain.requests import grace_from
from onboarding.domain.workdays import WorkingCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeReplied(Change):
    code: ClassVar[str] = "notice-replied"
    notice_id: int
    milestone_id: int
    reply_made_on: date
    text: str
    said: Said | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeReplyAnswered(Change):
    """The buyer answered, and promises a new end of the cure period."""

    code: ClassVar[str] = "notice-reply-answered"
    notice_id: int
    milestone_id: int
    reply_answered_on: date
    cure_ends_on: date
    text: str


def reply(
    milestone: Milestone, text: str, actor: Actor, today: date, said: Said | None = None
) -> NoticeReplied:
    """The supplier answers a notice: the buyer has the turn."""
    check(actor, CONTACT, said)
    notice = milestone.standing_notice()
    if notice is None or notice.reply_waits():
        raise MoveRefused(from_state="replied" if notice else "none", to_state="replied")
    return NoticeReplied(
        notice_id=notice.id,
        milestone_id=milestone.id,
        reply_made_on=said_day(said, today),
        text=text_given(text, "text"),
        said=said,
    )


def answer_reply(
    pathway: Pathway,
    milestone: Milestone,
    text: str,
    actor: Actor,
    today: date,
    calendar: WorkingCalendar,
) -> NoticeReplyAnswered:
    """The later of the old cure end and five working days from now is promised."""
    check(actor, BUYER)
    notice = milestone.notice
    if notice is None or not notice.reply_waits():
        raise MoveRefused(from_state="answered", to_state="answered")
    return NoticeReplyAnswered(
        notice_id=notice.id,
        milestone_id=milestone.id,
        reply_answered_on=today,
        cure_ends_on=max(notice.cure_ends_on, grace_from(today, pathway.hold, calendar)),
        text=text_given(text, "text"),
    )
