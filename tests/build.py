"""Plain builders of domain values: everything has a default, and a test names what matters."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from onboarding.domain.agreements import Signature
from onboarding.domain.certificates import (
    Certificate,
    CertificateState,
    Recognition,
    RecognitionKind,
    Renewal,
)
from onboarding.domain.decisions import Decision, DecisionKind
from onboarding.domain.eligibility import Facts
from onboarding.domain.milestones import (
    DateRequest,
    Milestone,
    MilestoneState,
    Notice,
    RequestKind,
)
from onboarding.domain.notices import NoticeState, PreparedNotice
from onboarding.domain.pathways import Negotiation, Pathway, PathwayState, Window
from onboarding.domain.people import Actor, Channel, Role, Said, Side
from onboarding.domain.plans import Plan, Step
from onboarding.domain.policy import Level, Policies, Policy
from onboarding.domain.workdays import WorkingCalendar

KVK = "02076358"
OTHER_KVK = "17037842"
TODAY = date(2027, 2, 1)  # a Monday

DUTCH_DAYS_OFF = frozenset(
    {
        date(2026, 12, 25),
        date(2027, 1, 1),
        date(2027, 3, 29),  # Easter Monday
        date(2027, 4, 27),  # King's Day
        date(2027, 5, 5),  # Liberation Day
        date(2027, 5, 6),  # Ascension Day
        date(2027, 5, 17),  # Whit Monday
    }
)
CALENDAR = WorkingCalendar(DUTCH_DAYS_OFF)

SIDES = {
    Role.ADMIN: Side.BUYER,
    Role.MANAGER: Side.BUYER,
    Role.BUYER: Side.BUYER,
    Role.READER: Side.BUYER,
    Role.SIGNATORY: Side.SUPPLIER,
    Role.CONTACT: Side.SUPPLIER,
    Role.ADVISER: Side.SUPPLIER,
}


def an_actor(role: Role = Role.BUYER, **fields: Any) -> Actor:
    """Somebody with one role, on the side that has it."""
    side = SIDES[role]
    values: dict[str, Any] = {
        "customer_id": 1,
        "person_id": 10 + tuple(Role).index(role),
        "side": side,
        "roles": frozenset({role}),
        "relation_id": 1 if side is Side.SUPPLIER else None,
    }
    return Actor(**(values | fields))


def a_policy(**fields: Any) -> Policy:
    """Version 1, in force since long, with the days off of 2027."""
    values: dict[str, Any] = {"version": 1, "starts_on": date(2020, 1, 1), "calendar": CALENDAR}
    return Policy(**(values | fields))


def policies(*versions: Policy, **fields: Any) -> Policies:
    """The versions given, or one with the fields given."""
    return Policies(versions or (a_policy(**fields),))


def facts(**fields: Any) -> Facts:
    """A relation that was enrolled long ago."""
    values: dict[str, Any] = {"kvk_number": KVK, "enrolled_on": date(2026, 6, 1)}
    return Facts(**(values | fields))


def imported_facts(**fields: Any) -> Facts:
    """A relation of which nothing is known but its number."""
    return facts(**({"enrolled_on": None} | fields))


def a_certificate(**fields: Any) -> Certificate:
    """Trede 1, verified, covering the relation's number, for two years from 2027-01-01."""
    values: dict[str, Any] = {
        "id": 1,
        "state": CertificateState.VERIFIED,
        "level": Level.TREDE_1,
        "starts_on": date(2027, 1, 1),
        "ends_on": date(2028, 12, 31),
        "covered_kvk_numbers": frozenset({KVK}),
    }
    values |= fields
    if values["state"] is not CertificateState.REPORTED:
        values.setdefault("verified_on", values["starts_on"])
    return Certificate(**values)


def a_recognition(**fields: Any) -> Recognition:
    values: dict[str, Any] = {
        "id": 1,
        "kind": RecognitionKind.CODE_SOCIALE_ONDERNEMINGEN,
        "checked_on": date(2027, 1, 4),
    }
    return Recognition(**(values | fields))


def a_renewal(**fields: Any) -> Renewal:
    """Reported a month before the certificate ends; waits for the buyer."""
    values: dict[str, Any] = {"id": 1, "certificate_ends_on": date(2027, 3, 31)}
    values |= fields
    values.setdefault("reported_on", values["certificate_ends_on"] - timedelta(days=30))
    return Renewal(**values)


def a_decision(kind: DecisionKind = DecisionKind.GRANT, **fields: Any) -> Decision:
    """From 2027-02-01; all but a block until 2027-12-31."""
    values: dict[str, Any] = {"id": 1, "kind": kind, "starts_on": TODAY}
    if kind is not DecisionKind.BLOCK:
        values["ends_on"] = date(2027, 12, 31)
    return Decision(**(values | fields))


def a_request(**fields: Any) -> DateRequest:
    """Another day, asked by the supplier; waits for the buyer."""
    values: dict[str, Any] = {
        "id": 1,
        "kind": RequestKind.ANOTHER_DATE,
        "by": Side.SUPPLIER,
        "made_on": date(2027, 1, 29),
        "day_number": 1,
    }
    return DateRequest(**(values | fields))


def a_notice(**fields: Any) -> Notice:
    """For 2027-02-01, handed over on 2027-02-10, cure until 2027-02-24."""
    values: dict[str, Any] = {
        "id": 1,
        "missed_on": TODAY,
        "handed_over_on": date(2027, 2, 10),
        "cure_ends_on": date(2027, 2, 24),
    }
    return Notice(**(values | fields))


def a_prepared_notice(**fields: Any) -> PreparedNotice:
    values: dict[str, Any] = {
        "id": 1,
        "milestone_id": 1,
        "missed_on": TODAY,
        "state": NoticeState.PREPARED,
        "planned_on": date(2027, 2, 10),
    }
    return PreparedNotice(**(values | fields))


def a_milestone(**fields: Any) -> Milestone:
    """The supplier's, planned, due on 2027-02-01."""
    values: dict[str, Any] = {
        "id": 1,
        "title": "quote",
        "owner": Side.SUPPLIER,
        "state": MilestoneState.PLANNED,
        "due_on": TODAY,
    }
    return Milestone(**(values | fields))


def a_pathway(*milestones: Milestone, **fields: Any) -> Pathway:
    """An agreed pathway to Trede 1 with the milestones given, or with one."""
    values: dict[str, Any] = {
        "id": 1,
        "state": PathwayState.AGREED,
        "target": Level.TREDE_1,
        "proposed_on": date(2026, 9, 1),
        "milestones": milestones or (a_milestone(),),
    }
    return Pathway(**(values | fields))


def a_proposal(**fields: Any) -> Pathway:
    """Proposed on 2027-02-01, handed over at once: the window ends on 2027-04-02."""
    values: dict[str, Any] = {
        "state": PathwayState.PROPOSED,
        "proposed_on": TODAY,
        "window_ends_on": TODAY + timedelta(days=60),
        "milestones": (),
    }
    return replace(a_pathway(), **(values | fields))


def a_step(**fields: Any) -> Step:
    values: dict[str, Any] = {"title": "plan", "due_on": date(2027, 5, 24)}
    return Step(**(values | fields))


def a_plan(*steps: Step, **fields: Any) -> Plan:
    """From 2027-02-01 with the steps given, or with two."""
    values: dict[str, Any] = {
        "starts_on": TODAY,
        "steps": steps
        or (a_step(title="agreement", due_on=date(2027, 2, 15)), a_step(is_reviewed=True)),
        "target": Level.TREDE_1,
        "cure_working_days": 10,
    }
    return Plan(**(values | fields))


def a_signature(side: Side = Side.BUYER, **fields: Any) -> Signature:
    values: dict[str, Any] = {
        "side": side,
        "person_id": 12 if side is Side.BUYER else 14,
        "function": "inkoper" if side is Side.BUYER else "directeur",
        "signed_at": datetime(2027, 2, 1, 9, 0, tzinfo=UTC),
    }
    return Signature(**(values | fields))


def a_negotiation(**fields: Any) -> Negotiation:
    """A proposal on the table, version 1, whose window runs for 60 days from 2027-02-01."""
    values: dict[str, Any] = {
        "id": 1,
        "state": PathwayState.PROPOSED,
        "plan": a_plan(),
        "version": 1,
        "signature": a_signature(),
        "window": Window().begun(TODAY, 60),
    }
    return Negotiation(**(values | fields))


def said(on: date = TODAY, channel: Channel = Channel.PHONE) -> Said:
    return Said(said_on=on, channel=channel, person_id=14)


def days(first: date, last: date) -> Iterable[date]:
    """Each day from `first` to `last`, both included."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
