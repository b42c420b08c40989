"""What if: the facts as they would be if something were done, which nobody did."""

from dataclasses import dataclass, replace
from datetime import date

from onboarding.domain.certificates import Certificate, CertificateState
from onboarding.domain.decisions import Decision, DecisionKind
from onboarding.domain.eligibility.facts import Facts
from onboarding.domain.errors import InputInvalid
from onboarding.domain.milestones import ABOUT_THE_DAY, Milestone
from onboarding.domain.pathways import Pathway
from onboarding.domain.policy import Policies
from onboarding.domain.policy_versions import BOUNDS
from onboarding.domain.workdays import DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposed:
    """What is supposed; None leaves a thing as it is. Days are inclusive.

    `milestone_id` gets the day `due_on`; `certificate_id` counts up to and including
    `certificate_ends_on`; a cure period that begins later has `cure_working_days`; a grant holds
    from today up to and including `granted_until`.
    """

    milestone_id: int | None = None
    due_on: date | None = None
    certificate_id: int | None = None
    certificate_ends_on: date | None = None
    cure_working_days: int | None = None
    granted_until: date | None = None

    def is_empty(self) -> bool:
        return self == Supposed()


def steps_to_move(facts: Facts) -> tuple[Milestone, ...]:
    """The open steps of the running pathway, in its order."""
    running = (pathway for pathway in facts.pathways if pathway.is_running())
    return tuple(m for pathway in running for m in pathway.milestones if m.is_open())


def certificates_to_end(facts: Facts, on: date) -> tuple[Certificate, ...]:
    """Those that were verified and are not over."""
    return tuple(
        certificate
        for certificate in facts.certificates
        if certificate.state is CertificateState.VERIFIED and certificate.last_day() >= on
    )


def suppose(
    facts: Facts, policies: Policies, supposed: Supposed, on: date
) -> tuple[Facts, Policies]:
    """The facts and policies of that world. Raises InputInvalid for what cannot be, by field."""
    if supposed.milestone_id is not None:
        facts = _moved(facts, supposed.milestone_id, supposed.due_on, on)
    if supposed.certificate_id is not None:
        ends_on = supposed.certificate_ends_on
        facts = _ended(facts, supposed.certificate_id, ends_on, on)
    if supposed.granted_until is not None:
        _check_not_before(supposed.granted_until, on, "granted_until")
        grant = Decision(
            id=0, kind=DecisionKind.GRANT, starts_on=on, ends_on=supposed.granted_until
        )
        facts = replace(facts, decisions=(*facts.decisions, grant))
    if supposed.cure_working_days is not None:
        facts, policies = _cured_in(facts, policies, supposed.cure_working_days)
    return facts, policies


def _moved(facts: Facts, milestone_id: int, due_on: date | None, on: date) -> Facts:
    """With another agreed day, the number of which is the next; a request for one is answered."""
    if milestone_id not in {milestone.id for milestone in steps_to_move(facts)}:
        raise InputInvalid(field="milestone_id", reason="unknown")
    if due_on is None:
        raise InputInvalid(field="due_on", reason="required")
    _check_not_before(due_on, on, "due_on")

    def moved(milestone: Milestone) -> Milestone:
        if milestone.id != milestone_id:
            return milestone
        return replace(
            milestone,
            due_on=due_on,
            day_number=milestone.day_number + 1,
            requests=tuple(
                request
                for request in milestone.requests
                if not (request.waits() and request.kind in ABOUT_THE_DAY)
            ),
            notice_planned_on=None,
            notice_is_held=False,
        )

    def with_moved(pathway: Pathway) -> Pathway:
        return replace(pathway, milestones=tuple(moved(m) for m in pathway.milestones))

    return replace(facts, pathways=tuple(with_moved(pathway) for pathway in facts.pathways))


def _ended(facts: Facts, certificate_id: int, ends_on: date | None, on: date) -> Facts:
    known = {one.id: one for one in certificates_to_end(facts, on)}
    if certificate_id not in known:
        raise InputInvalid(field="certificate_id", reason="unknown")
    if ends_on is None:
        raise InputInvalid(field="certificate_ends_on", reason="required")
    _check_not_before(ends_on, on, "certificate_ends_on")
    latest = known[certificate_id].last_day()
    if ends_on > latest:
        raise InputInvalid(
            field="certificate_ends_on", reason="too-late", latest=latest.isoformat()
        )
    return replace(
        facts,
        certificates=tuple(
            replace(one, revoked_on=ends_on + DAY) if one.id == certificate_id else one
            for one in facts.certificates
        ),
    )


def _cured_in(facts: Facts, policies: Policies, working_days: int) -> tuple[Facts, Policies]:
    """Another period for what is not promised yet, agreed and by policy alike."""
    least, most = BOUNDS["cure_working_days"]
    if not least <= working_days <= most:
        raise InputInvalid(field="cure_working_days", reason="out-of-range", least=least, most=most)
    pathways = (replace(one, cure_working_days=working_days) for one in facts.pathways)
    versions = (replace(one, cure_working_days=working_days) for one in policies.versions)
    return replace(facts, pathways=tuple(pathways)), Policies(tuple(versions))


def _check_not_before(day: date, earliest: date, field: str) -> None:
    if day < earliest:
        raise InputInvalid(field=field, reason="in-the-past", given=day.isoformat())
