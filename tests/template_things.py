"""Templates of a customer's own, and pathways that are done, for tests of several layers."""

from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from onboarding.domain.templates import STRAIGHT, Template
from onboarding.store.tables import PathwayRow, RelationRow
from onboarding.store.templates import add_template
from tests.stage import BEFORE

STARTED = date(2026, 2, 2)


def an_own_template(session: Session, relation: RelationRow) -> str:
    """The code of a template that only the relation's customer has."""
    template = replace(STRAIGHT, code=f"own-{relation.id}00", title="Eigen pad")
    keep(session, relation.customer_id, template)
    return template.code


def keep(session: Session, customer_id: int, template: Template) -> None:
    """The template as it stands, saved by nobody in particular."""
    add_template(session, customer_id, template, created_at=BEFORE, created_by=None)


def completed(
    session: Session, relation: RelationRow, template: str = "no-certificate", **fields: object
) -> PathwayRow:
    """A pathway from STARTED of which every step is done; committed."""
    given: dict[str, object] = {
        "relation_id": relation.id,
        "state": "completed",
        "template": template,
        "template_version": 1,
        "starts_on": STARTED,
        "steps": [],
        "drafted_on": STARTED,
        "turn_since_on": STARTED,
        "agreed_on": STARTED,
        "version_number": 1,
        "over_on": date(2026, 11, 2),
        "over_by": "buyer",
    }
    row = PathwayRow(**(given | fields))
    session.add(row)
    session.commit()
    return row
