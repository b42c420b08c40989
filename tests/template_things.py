"""Templates of a customer's own, for tests about who sees what and about editing."""

from dataclasses import replace

from sqlalchemy.orm import Session

from onboarding.domain.templates import STRAIGHT, Template
from onboarding.store.tables import RelationRow
from onboarding.store.templates import add_template
from tests.stage import BEFORE


def an_own_template(session: Session, relation: RelationRow) -> str:
    """The code of a template that only the relation's customer has."""
    template = replace(STRAIGHT, code=f"own-{relation.id}00", title="Eigen pad")
    keep(session, relation.customer_id, template)
    return template.code


def keep(session: Session, customer_id: int, template: Template) -> None:
    """The template as it stands, saved by nobody in particular."""
    add_template(session, customer_id, template, created_at=BEFORE, created_by=None)
