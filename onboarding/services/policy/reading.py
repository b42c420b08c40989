"""The versions of a policy, for whoever wants to know what held when and who published it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from onboarding.domain.people import Actor, Duty
from onboarding.domain.policy import Policy
from onboarding.domain.policy_versions import differences
from onboarding.services.statuses import policies_of
from onboarding.store.policies import policy_rows
from onboarding.store.tables import PersonRow


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    """`code` is in-force, to-come or past; `changed` names what differs from the one before."""

    policy: Policy
    code: str
    changed: tuple[str, ...]
    published_at: datetime
    published_by: str | None


def policy_versions(session: Session, actor: Actor, today: date) -> list[VersionView]:
    """All versions of the actor's customer, the newest first."""
    actor.must(Duty.READ)
    policies = policies_of(session, actor.customer_id)
    by_number = {policy.version: policy for policy in policies.versions}
    in_force = policies.on(today).version
    views = []
    for row in policy_rows(session, actor.customer_id):
        policy, before = by_number[row.version], by_number.get(row.version - 1)
        person = session.get(PersonRow, row.published_by) if row.published_by else None
        if row.version == in_force:
            code = "in-force"
        else:
            code = "to-come" if row.starts_on > today else "past"
        views.append(
            VersionView(
                policy=policy,
                code=code,
                changed=differences(before, policy) if before else (),
                published_at=row.published_at,
                published_by=person.name if person else None,
            )
        )
    return views
