"""What an installation starts with: one customer, its first policy, and our four templates."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.policy import Policy
from onboarding.domain.templates import TEMPLATES
from onboarding.store.policies import add_policy, first_day_of_all
from onboarding.store.tables import OrganisationRow
from onboarding.store.templates import add_template


def ensure_customer(session: Session, moment: Moment, name: str) -> OrganisationRow:
    """The installation's customer; made, with what it starts with, where there is none yet."""
    found = session.scalars(
        select(OrganisationRow).where(OrganisationRow.is_customer).order_by(OrganisationRow.id)
    ).first()
    return found or add_customer(session, moment, name)


def add_customer(session: Session, moment: Moment, name: str) -> OrganisationRow:
    """A new customer; the first policy holds on all earlier days."""
    customer = OrganisationRow(name=name, is_customer=True, created_at=moment.now)
    session.add(customer)
    session.flush()
    policy = Policy(version=1, starts_on=first_day_of_all())
    add_policy(session, customer.id, policy, {"published_at": moment.now, "published_by": None})
    for template in TEMPLATES.values():
        add_template(session, customer.id, template, created_at=moment.now, created_by=None)
    return customer
