"""The manager's page: suppliers and spend by status, the funnel, what comes and what waits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.eligibility import Status
from onboarding.domain.people import Actor, Duty
from onboarding.domain.plans import add_months
from onboarding.domain.workdays import DAY
from onboarding.services.mail.sweep import last_day_before
from onboarding.services.statuses import policies_of
from onboarding.store.reports import (
    Coming,
    Funnel,
    Held,
    Reviews,
    coming,
    funnel,
    reviews,
    statuses_held,
)

MONTHS = 12
WEEKS = 12
WEEK = timedelta(weeks=1)
COMING = ("supplier", "outside", "buyer", "certificate", "decision")


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Suppliers with one status: how many, and what is bought from them in a year now."""

    status: Status
    count: int
    spend: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A day or a group, and its statuses from best to worst."""

    on: date
    group: str | None
    shares: tuple[Share, ...]

    @property
    def count(self) -> int:
        return sum(share.count for share in self.shares)

    @property
    def spend(self) -> Decimal:
        return sum((share.spend for share in self.shares), Decimal(0))

    def spend_on(self, statuses: Iterable[Status]) -> Decimal:
        wanted = set(statuses)
        return sum((one.spend for one in self.shares if one.status in wanted), Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """What comes due in the week that begins on this Monday, by kind."""

    starts_on: date
    counts: dict[str, int]

    @property
    def count(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The figures of one day. `months` run from a year ago to today; the last one is today."""

    today: date
    months: tuple[Row, ...]
    divisions: tuple[Row, ...]
    categories: tuple[Row, ...]
    funnel: Funnel
    weeks: tuple[Week, ...]
    reviews: list[Reviews]
    review_working_days: int

    @property
    def now(self) -> Row:
        return self.months[-1]


def read_report(session: Session, actor: Actor, moment: Moment) -> Report:
    """In a constant number of statements, whatever the number of suppliers."""
    actor.must(Duty.GOVERN)
    customer_id, today = actor.customer_id, moment.today
    days = [*(add_months(today.replace(day=1), -back) for back in range(MONTHS - 1, -1, -1)), today]
    policy = policies_of(session, customer_id).on(today)
    working_days = policy.cadence.review_buyer_working_days
    late_until = last_day_before(today, lambda day: policy.calendar.add(day, working_days) + DAY)
    monday = today - timedelta(days=today.weekday())
    until = monday + WEEKS * WEEK - DAY
    return Report(
        today=today,
        months=_by_day(statuses_held(session, customer_id, sorted(set(days))), days),
        divisions=_by_group(statuses_held(session, customer_id, [today], "division")),
        categories=_by_group(statuses_held(session, customer_id, [today], "category")),
        funnel=funnel(session, customer_id, today),
        weeks=_weeks(coming(session, customer_id, today, until), monday),
        reviews=reviews(session, customer_id, late_until),
        review_working_days=working_days,
    )


def _by_day(held: Sequence[Held], days: Sequence[date]) -> tuple[Row, ...]:
    """A row for each day, also where nobody had a status yet; none twice."""
    return tuple(
        Row(on=day, group=None, shares=_shares(one for one in held if one.on == day))
        for day in sorted(set(days))
    )


def _by_group(held: Sequence[Held]) -> tuple[Row, ...]:
    """The group with the largest spend first; what belongs to none comes last."""
    groups: dict[str | None, list[Held]] = {}
    for one in held:
        groups.setdefault(one.group or None, []).append(one)
    rows = [
        Row(on=there[0].on, group=name, shares=_shares(there)) for name, there in groups.items()
    ]
    rows.sort(key=lambda row: (row.group is None, -row.spend, row.group or ""))
    return tuple(rows)


def _shares(held: Iterable[Held]) -> tuple[Share, ...]:
    found: dict[str, list[Held]] = {}
    for one in held:
        found.setdefault(one.status, []).append(one)
    return tuple(
        Share(
            status=status,
            count=sum(one.count for one in found[status]),
            spend=sum((one.spend for one in found[status]), Decimal(0)),
        )
        for status in Status
        if status in found
    )


def _weeks(found: Iterable[Coming], monday: date) -> tuple[Week, ...]:
    counts: list[dict[str, int]] = [dict.fromkeys(COMING, 0) for _ in range(WEEKS)]
    for one in found:
        counts[(one.on - monday).days // 7][one.kind] += one.count
    return tuple(
        Week(starts_on=monday + number * WEEK, counts=there) for number, there in enumerate(counts)
    )
