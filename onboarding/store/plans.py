"""Plans, steps and signatures between JSON and values."""

from datetime import date, datetime
from typing import Any

from onboarding.domain.agreements import Signature
from onboarding.domain.people import Channel, Side
from onboarding.domain.plans import Plan, Step
from onboarding.domain.policy import Level
from onboarding.store.tables import AmendmentRow, PathwayRow


def step_value(stored: dict[str, Any]) -> Step:
    return Step(
        title=stored["title"],
        due_on=date.fromisoformat(stored["due_on"]),
        owner=Side(stored.get("owner", Side.SUPPLIER)),
        is_reviewed=stored.get("is_reviewed", False),
        evidence=tuple(stored.get("evidence", ())),
        explanation=stored.get("explanation"),
        moves_back=stored.get("moves_back", False),
        milestone_id=stored.get("milestone_id"),
    )


def steps_value(stored: list[Any]) -> tuple[Step, ...]:
    return tuple(step_value(step) for step in stored)


def signature_value(stored: dict[str, Any]) -> Signature:
    return Signature(
        side=Side(stored["side"]),
        person_id=stored["person_id"],
        function=stored["function"],
        signed_at=datetime.fromisoformat(stored["signed_at"]),
        channel=Channel(stored["channel"]),
        recorded_by=stored.get("recorded_by"),
    )


def plan_on_table(row: PathwayRow) -> Plan:
    """The plan that a pathway's row holds: as drafted, proposed, countered or last agreed."""
    return Plan(
        starts_on=row.starts_on,
        steps=steps_value(row.steps),
        target=Level(row.target) if row.target else None,
        template=row.template,
        template_version=row.template_version,
        cure_working_days=row.cure_working_days or 0,
        contract=row.contract,
    )


def plan_of_amendment(row: AmendmentRow, agreed: Plan) -> Plan:
    """The plan that an amendment would make of the agreed one."""
    return Plan(
        starts_on=agreed.starts_on,
        steps=steps_value(row.steps),
        target=Level(row.target) if row.target else None,
        template=row.template,
        template_version=row.template_version,
        cure_working_days=agreed.cure_working_days,
        contract=agreed.contract,
    )
