"""Reading what was recorded for a supplier, and what came of "this is not right"."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.milestone_moves import MilestoneSubmitted
from onboarding.domain.notice_replies import NoticeReplied
from onboarding.domain.people import Actor, Duty
from onboarding.domain.renewal_moves import RenewalReported
from onboarding.services.contest_reversals import undoing_of
from onboarding.services.supplier_reading import tell_events
from onboarding.store.contacts import names_of
from onboarding.store.relations import visible_relation
from onboarding.store.statements import statement_row, statement_value, statements_of
from onboarding.store.tables import EventRow, EvidenceRow, StatementRow

OWN_WORDS = {
    MilestoneSubmitted.code: "note",
    NoticeReplied.code: "text",
    RenewalReported.code: "note",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFile:
    """The mail or letter itself."""

    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementView:
    """What a supplier said: `code` and `facts` tell it, in words that follow `said_by`.

    `does` is a code for what putting it right does, None where only words are left; `needs_manager`
    tells that a manager must do it.
    """

    id: int
    relation_id: int
    code: str
    facts: dict[str, Any]
    said_by: str
    said_on: date
    channel: str
    recorded_by: str
    recorded_on: date
    contest_until_on: date
    may_be_contested: bool
    message: MessageFile | None = None
    contest: str | None = None
    contested_by: str | None = None
    contested_on: date | None = None
    answer: str | None = None
    answered_by: str | None = None
    answered_on: date | None = None
    stands: bool | None = None
    does: str | None = None
    needs_manager: bool = False

    @property
    def words(self) -> str:
        """What was said in their own words, where the sentence about it does not hold them."""
        return str(self.facts.get(OWN_WORDS.get(self.code, "")) or "")

    @property
    def waits(self) -> bool:
        return self.contested_on is not None and self.answered_on is None


def read_statement(
    session: Session, actor: Actor, moment: Moment, statement_id: int
) -> StatementView:
    """Raises NotFound for one of somebody else."""
    row = statement_row(session, statement_id)
    visible_relation(session, actor, row.relation_id)
    return _views(session, moment, [row], with_undoing=True)[0]


def open_statements(session: Session, moment: Moment, relation_id: int) -> list[StatementView]:
    """What the supplier can still say is not right, or waits for our answer; the latest first."""
    rows = [
        row
        for row in statements_of(session, relation_id)
        if statement_value(row).waits() or statement_value(row).may_be_contested(moment.today)
    ]
    return _views(session, moment, rows)


def uncontested_statements(
    session: Session, moment: Moment, relation_id: int
) -> dict[int, StatementView]:
    """What nobody has said to be not right, by its number."""
    rows = [row for row in statements_of(session, relation_id) if row.contested_on is None]
    return {view.id: view for view in _views(session, moment, rows)}


def _views(
    session: Session, moment: Moment, rows: Sequence[StatementRow], *, with_undoing: bool = False
) -> list[StatementView]:
    events = select(EventRow).where(EventRow.id.in_([row.event_id for row in rows]))
    told = {event.id: event for event in tell_events(session, session.scalars(events).all())}
    files = _messages(session, [row.evidence_id for row in rows if row.evidence_id])
    people = [one for row in rows for one in (row.contested_by, row.answered_by) if one]
    names = names_of(session, people)
    found = []
    for row in rows:
        event, value = told[row.event_id], statement_value(row)
        undoing = undoing_of(session, row) if with_undoing and value.waits() else None
        found.append(
            StatementView(
                id=row.id,
                relation_id=row.relation_id,
                code=event.code,
                facts=event.facts,
                said_by=event.said_by or "",
                said_on=event.said_on or row.recorded_on,
                channel=event.channel or "",
                recorded_by=event.who or "",
                recorded_on=row.recorded_on,
                contest_until_on=row.contest_until_on,
                may_be_contested=value.may_be_contested(moment.today),
                message=files.get(row.evidence_id or 0),
                contest=row.contest,
                contested_by=names.get(row.contested_by or 0),
                contested_on=row.contested_on,
                answer=row.answer,
                answered_by=names.get(row.answered_by or 0),
                answered_on=row.answered_on,
                stands=row.stands,
                does=undoing.does if undoing else None,
                needs_manager=undoing is not None and undoing.needs is Duty.GOVERN,
            )
        )
    return found


def _messages(session: Session, evidence_ids: Sequence[int]) -> dict[int, MessageFile]:
    """Those that are handed in and were not removed."""
    rows = session.scalars(
        select(EvidenceRow).where(
            EvidenceRow.id.in_(evidence_ids),
            EvidenceRow.is_attached,
            EvidenceRow.removed_at.is_(None),
        )
    )
    return {row.id: MessageFile(id=row.id, name=row.file_name or "") for row in rows}
