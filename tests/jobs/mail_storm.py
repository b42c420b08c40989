"""A storm over mail: workers sweep and deliver, and the mail server refuses some and hangs up."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onboarding.services.mail.delivery import LEASE
from onboarding.store.tables import MailRow, MessageRow
from tests.jobs.storm import Filled, Left, Storm, Verdict
from tests.jobs.storm_stage import NOW, fill
from tests.jobs.storm_verdict import judge

OPEN = ("planned", "queued", "sending")


class MailStorm(Storm):
    SERVER: ClassVar[str] = "tests.jobs.storm_server"
    WORK: ClassVar[str] = "mail"
    LEASE: ClassVar[timedelta] = LEASE

    def first_shift(self) -> timedelta:
        return NOW - datetime.now(UTC)

    def fill(self, session: Session, messages: int, port: int) -> Filled:
        return fill(session, messages)

    def left(self, session: Session, filled: Filled, now: datetime) -> Left:
        owed = select(MessageRow.state, MessageRow.due_at).where(MessageRow.state.in_(OPEN))
        mails = select(
            MailRow.state, MailRow.next_at, MailRow.lease_owner, MailRow.lease_until
        ).where(MailRow.state.in_(OPEN))
        total = session.scalar(select(func.count(MessageRow.id))) or 0
        messages, in_mails = session.execute(owed).all(), session.execute(mails).all()
        if total < filled.messages:
            return Left.NOW
        if not messages:
            return Left.NOTHING
        is_due = any(state != "sending" and due_at <= now for state, due_at in messages)
        for state, next_at, owner, until in in_mails:
            if state == "queued":
                is_due |= next_at <= now
            else:
                is_due |= self.is_living(owner) or until < now
        return Left.NOW if is_due else Left.LATER

    def held_by(self, session: Session, worker: int) -> list[int]:
        """One mail, or none."""
        held: Sequence[int] = session.scalars(
            select(MailRow.id).where(
                MailRow.state == "sending", MailRow.lease_owner.contains(f":{worker}:")
            )
        ).all()
        return list(held)

    def judge(self, session: Session, filled: Filled, seconds: float) -> Verdict:
        return judge(session, self.taken, filled, self.in_hand, self.killed, seconds)
