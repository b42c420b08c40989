"""What the days bring: reminders, calls, decisions. A set-based statement per kind.

Each may run any number of times, late, and on several machines at once: what is owed has a key.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Integer,
    bindparam,
    cast,
    exists,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select, Subquery

from onboarding.clock import Moment
from onboarding.domain.grants import DecisionState
from onboarding.domain.messages import MessageKind
from onboarding.domain.milestones import MilestoneState
from onboarding.domain.notices import NoticeState
from onboarding.domain.pathways import RUNNING, PathwayState
from onboarding.domain.people import Role, Side
from onboarding.domain.policy import Policy
from onboarding.domain.workdays import DAY, WorkingCalendar
from onboarding.store import owing, stages
from onboarding.store.colleagues import acting_buyers
from onboarding.store.owing import CUSTOMER, as_facts, words
from onboarding.store.stages import TODAY, shifted
from onboarding.store.tables import (
    DateRequestRow,
    DecisionRow,
    MilestoneRow,
    NoticeRow,
    PathwayRow,
    RelationRow,
)

OPEN = (MilestoneState.PLANNED, MilestoneState.STARTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """One look at one customer, on a day, under the policy of that day."""

    session: Session
    moment: Moment
    customer_id: int
    policy: Policy
    left_open: "dict[str, Callable[[Sweep], date]]" = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.moment.today

    @property
    def calendar(self) -> WorkingCalendar:
        return self.policy.calendar

    def beside(self, column: Any) -> ColumnElement[Any]:
        """The column, where a statement must begin with the few rows that are due instead."""
        return stages.not_first(column)

    def stages(
        self, column: Any, days: tuple[int, ...], since: Any
    ) -> list[tuple[int, ColumnElement[bool]]]:
        """For each stage, in days from the day in `column`, when it is owed now."""
        return stages.stages(column, days, since)

    def open_day(self, name: str, day: "Callable[[Sweep], date]") -> BindParameter[date]:
        """A day that a look finds for itself: a statement is written once for all of them."""
        self.left_open[name] = day
        return bindparam(name, type_=Date)

    def values(self) -> dict[str, Any]:
        """What the statements left open."""
        days = {name: day(self) for name, day in self.left_open.items()}
        return {
            "now": self.moment.now,
            "today": self.today,
            "customer_id": self.customer_id,
            **days,
        }

    def owe(
        self,
        kind: MessageKind,
        sources: Sequence[Select[Any]],
        to: Subquery,
        *,
        is_counted: bool = True,
    ) -> int:
        """Owe these messages; what is not counted goes along with something that is."""
        return self.carry_out(
            owing.messages_owed(self.session, kind, together(sources), to),
            is_counted=is_counted,
        )

    def owe_tasks(self, kind: str, role: Role, sources: Sequence[Select[Any]]) -> int:
        return self.carry_out(
            owing.tasks_owed(self.session, kind, role, together(sources)),
            is_counted=True,
        )

    def carry_out(self, written: owing.Written, *, is_counted: bool) -> int:
        new = written.run(self.session, self.values())
        return new if is_counted else 0

    def late_steps(self, *where: ColumnElement[bool]) -> Select[Any]:
        """Steps of running pathways that wait for the supplier; nothing waits for the buyer."""
        return (
            select()
            .select_from(MilestoneRow)
            .join(PathwayRow, PathwayRow.id == self.beside(MilestoneRow.pathway_id))
            .join(RelationRow, RelationRow.id == self.beside(MilestoneRow.relation_id))
            .where(
                self.beside(RelationRow.customer_id) == CUSTOMER,
                or_(RelationRow.ended_on.is_(None), RelationRow.ended_on > TODAY),
                PathwayRow.state.in_(RUNNING),
                MilestoneRow.state.in_(OPEN),
                ~_request_waits(),
                *where,
            )
        )


def milestone_reminders(sweep: Sweep) -> int:
    """To the supplier, 14 and 3 days before a deadline and the day after it."""
    deadline = MilestoneRow.deadline_on
    sources = [
        sweep.late_steps(condition).add_columns(
            words("m", MilestoneRow.id, ":", deadline, f":{stage:+d}").label("about"),
            sweep.beside(MilestoneRow.relation_id).label("relation_id"),
            MilestoneRow.id.label("milestone_id"),
            as_facts(sweep.session, {"deadline_on": deadline, "stage": f"{stage:+d}"}).label(
                "facts"
            ),
            shifted(deadline, stage).label("falls_on"),
        )
        for stage, condition in sweep.stages(
            deadline, sweep.policy.cadence.milestone_reminders, MilestoneRow.deadline_since_on
        )
    ]
    return sweep.owe(MessageKind.MILESTONE_REMINDER, sources, owing.suppliers_readers())


def calls(sweep: Sweep) -> int:
    """The phone comes before the notice: a task for who has not called since, and a mail."""
    deadline = MilestoneRow.deadline_on
    after = sweep.policy.cadence.call_after_working_days
    latest = sweep.open_day(
        "called_by",
        lambda look: last_day_before(look.today, lambda day: look.calendar.add(day, after)),
    )
    given = exists().where(
        NoticeRow.milestone_id == MilestoneRow.id,
        NoticeRow.missed_on == deadline,
        NoticeRow.state == NoticeState.HANDED_OVER,
    )
    source = sweep.late_steps(
        deadline <= latest,
        deadline > shifted(TODAY, -stages.CATCH_UP),
        ~given,
        ~owing.was_called_since(deadline),
    ).add_columns(
        words(MilestoneRow.id, ":", deadline).label("about"),
        sweep.beside(MilestoneRow.relation_id).label("relation_id"),
        MilestoneRow.id.label("milestone_id"),
        as_facts(sweep.session, {"deadline_on": deadline}).label("facts"),
    )
    new = sweep.owe_tasks("call", Role.BUYER, [source])
    sweep.owe(MessageKind.CALL, [source], acting_buyers(TODAY), is_counted=False)
    return new


def decisions_after_cure(sweep: Sweep) -> int:
    """A cure period is over and nothing was heard: a manager decides, not the clock."""
    decided = exists().where(
        DecisionRow.relation_id == MilestoneRow.relation_id,
        DecisionRow.state == DecisionState.TAKEN,
        DecisionRow.ended_on.is_(None),
        DecisionRow.decided_on > NoticeRow.cure_ends_on,
    )
    source = (
        sweep.late_steps(
            NoticeRow.state == NoticeState.HANDED_OVER,
            NoticeRow.missed_on == MilestoneRow.deadline_on,
            NoticeRow.cure_ends_on < TODAY,
            NoticeRow.clock_decides.is_(False),
            or_(NoticeRow.reply_made_on.is_(None), NoticeRow.reply_answered_on.is_not(None)),
            ~decided,
        )
        .join(NoticeRow, NoticeRow.milestone_id == MilestoneRow.id)
        .add_columns(
            words("notice-", NoticeRow.id, ":", NoticeRow.cure_ends_on).label("about"),
            sweep.beside(MilestoneRow.relation_id).label("relation_id"),
            MilestoneRow.id.label("milestone_id"),
            as_facts(
                sweep.session,
                {
                    "because": "cure-over",
                    "notice_id": NoticeRow.id,
                    "cure_ends_on": NoticeRow.cure_ends_on,
                    "deadline_on": MilestoneRow.deadline_on,
                },
            ).label("facts"),
        )
    )
    new = sweep.owe_tasks("decide", Role.MANAGER, [source])
    sweep.owe(MessageKind.DECIDE, [source], owing.managers(), is_counted=False)
    return new


def decisions_after_window(sweep: Sweep) -> int:
    """The window to agree is over: a manager decides, unless the policy lets the clock."""
    if sweep.policy.clock_decides:
        return 0
    ends_on = PathwayRow.window_ends_on
    source = negotiated(sweep, ends_on < TODAY).add_columns(
        words("window-", PathwayRow.id, ":", ends_on).label("about"),
        sweep.beside(PathwayRow.relation_id).label("relation_id"),
        cast(null(), Integer).label("milestone_id"),
        as_facts(
            sweep.session,
            {"because": "window-over", "pathway_id": PathwayRow.id, "ends_on": ends_on},
        ).label("facts"),
    )
    new = sweep.owe_tasks("decide", Role.MANAGER, [source])
    sweep.owe(MessageKind.DECIDE, [source], owing.managers(), is_counted=False)
    return new


def negotiated(sweep: Sweep, *where: ColumnElement[bool]) -> Select[Any]:
    """Proposals that were handed over and wait for the supplier."""
    return (
        select()
        .select_from(PathwayRow)
        .join(RelationRow, RelationRow.id == sweep.beside(PathwayRow.relation_id))
        .where(
            sweep.beside(RelationRow.customer_id) == CUSTOMER,
            or_(RelationRow.ended_on.is_(None), RelationRow.ended_on > TODAY),
            PathwayRow.state == literal_column(f"'{PathwayState.PROPOSED}'"),
            PathwayRow.window_ends_on.is_not(None),
            *where,
        )
    )


def _request_waits() -> ColumnElement[bool]:
    return exists().where(
        DateRequestRow.milestone_id == MilestoneRow.id,
        DateRequestRow.answered_on.is_(None),
        DateRequestRow.made_by != Side.BUYER,
    )


def last_day_before(today: date, later: Callable[[date], date]) -> date:
    """The last day whose `later` day has come."""
    day = today
    while later(day) > today:
        day -= DAY
    return day


def together(sources: Sequence[Select[Any]]) -> Subquery:
    if len(sources) == 1:
        return sources[0].subquery()
    return union_all(*sources).subquery()


Kind = tuple[str, Callable[[Sweep], int]]

KINDS: tuple[Kind, ...] = (
    ("reminders", milestone_reminders),
    ("calls", calls),
    ("decisions", decisions_after_cure),
    ("decisions", decisions_after_window),
)
