"""Importing suppliers: what a list of them would do, and taking its good rows in sets."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.imports import ImportPlan, Outcome, Sheet
from onboarding.domain.people import Actor
from onboarding.services.lists.import_columns import SUPPLIER_COLUMNS
from onboarding.services.lists.import_planning import plan_import
from onboarding.services.lists.importing import ListKind, import_list
from onboarding.services.suppliers import add_suppliers, change_suppliers
from onboarding.store.imports import load_known
from onboarding.store.suppliers import buyers_of

FROM_A_LIST = "list"


def import_suppliers(
    session: Session,
    actor: Actor,
    moment: Moment,
    sheet: Sheet,
    choices: Mapping[str, str],
    *,
    dry_run: bool = False,
) -> ImportPlan:
    """Take a list at once. Raises ColumnsUnclear, ColumnUnknown."""
    return import_list(SUPPLIERS, session, actor, moment, sheet, choices, dry_run=dry_run)


def _plan(
    session: Session, actor: Actor, moment: Moment, sheet: Sheet, places: Mapping[str, int]
) -> ImportPlan:
    people = buyers_of(session, actor.customer_id)
    buyers = {person.name.casefold(): person.id for person in people}
    buyers |= {person.email.casefold(): person.id for person in people if person.email}
    known = load_known(session, actor.customer_id)
    return plan_import(sheet, places, known, buyers, moment.today.year)


def _take(session: Session, actor: Actor, moment: Moment, plan: ImportPlan) -> None:
    changed: dict[int, dict[str, Any]] = {}
    for row in plan.of(Outcome.CHANGED):
        if row.relation_id is not None:
            changed.setdefault(row.relation_id, {}).update(row.values)
    change_suppliers(session, actor, moment, changed, FROM_A_LIST)
    new = [row.values for row in plan.of(Outcome.NEW) if row.joins is None]
    add_suppliers(session, actor, moment, new, FROM_A_LIST)


SUPPLIERS = ListKind(name="suppliers", columns=SUPPLIER_COLUMNS, plan=_plan, take=_take)
