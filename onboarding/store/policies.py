"""Policies of a customer, between rows and values."""

from collections.abc import Callable
from dataclasses import asdict, fields, replace
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from onboarding.domain.changes import as_json
from onboarding.domain.policy import Cadence, Level, Policies, Policy
from onboarding.domain.workdays import WorkingCalendar
from onboarding.store.tables import PolicyRow

IN_COLUMNS = ("version", "starts_on", "calendar")

# Which days are off follows from what a policy observes; a service knows the days.
CalendarOf = Callable[[Policy], WorkingCalendar]

# Built once: it runs with every change.
BY_DAY = (
    select(PolicyRow)
    .where(PolicyRow.customer_id == bindparam("customer_id"))
    .order_by(PolicyRow.starts_on, PolicyRow.version)
)


def policy_content(policy: Policy) -> dict[str, Any]:
    """The fields of a policy as JSON, without what has columns of its own."""
    content = {
        field.name: as_json(getattr(policy, field.name))
        for field in fields(policy)
        if field.name not in (*IN_COLUMNS, "cadence")
    }
    return {**content, "cadence": {name: as_json(v) for name, v in asdict(policy.cadence).items()}}


def policy_value(row: PolicyRow, calendar_of: CalendarOf) -> Policy:
    content = dict(row.content)
    cadence: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in content.pop("cadence").items()
    }
    policy = Policy(
        version=row.version,
        starts_on=row.starts_on,
        required_level=Level(content.pop("required_level")),
        preferred_level=Level(content.pop("preferred_level")),
        cadence=Cadence(**cadence),
        **content,
    )
    return replace(policy, calendar=calendar_of(policy))


def load_policies(session: Session, customer_id: int, calendar_of: CalendarOf) -> Policies:
    """All versions of a customer, by the day each came into force."""
    rows = session.scalars(BY_DAY, {"customer_id": customer_id})
    return Policies(tuple(policy_value(row, calendar_of) for row in rows))


def add_policy(
    session: Session, customer_id: int, policy: Policy, row_facts: dict[str, Any]
) -> PolicyRow:
    """Add a version; `row_facts` are `published_at` and `published_by`."""
    row = PolicyRow(
        customer_id=customer_id,
        version=policy.version,
        starts_on=policy.starts_on,
        content=policy_content(policy),
        **row_facts,
    )
    session.add(row)
    session.flush()
    return row


def policy_rows(session: Session, customer_id: int) -> list[PolicyRow]:
    """The versions as published, newest first."""
    return list(
        session.scalars(
            select(PolicyRow)
            .where(PolicyRow.customer_id == customer_id)
            .order_by(PolicyRow.version.desc())
        )
    )


def first_day_of_all() -> date:
    """From when the first version holds: on all earlier days."""
    return date(2000, 1, 1)
