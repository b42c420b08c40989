"""The other cadences: proposals, windows, reviews, certificates and decisions that end."""

from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Integer, cast, exists, literal_column, null, or_, select
from sqlalchemy.orm import aliased
from sqlalchemy.sql import Select

from onboarding.domain.certificates import CertificateState
from onboarding.domain.decisions import DecisionKind
from onboarding.domain.grants import DecisionState
from onboarding.domain.messages import MessageKind
from onboarding.domain.milestones import MilestoneState
from onboarding.domain.pathways import RUNNING
from onboarding.domain.people import Role
from onboarding.domain.workdays import DAY
from onboarding.services.mail.sweep import Kind, Sweep, last_day_before, negotiated
from onboarding.store import owing, stages
from onboarding.store.colleagues import acting_buyers
from onboarding.store.owing import CUSTOMER, as_facts, words
from onboarding.store.stages import TODAY, shifted
from onboarding.store.tables import (
    CertificateRow,
    DecisionRow,
    MilestoneRow,
    PathwayRow,
    RelationRow,
)

# In these words, since the index that finds them holds for a fixed state.
IS_SUBMITTED = MilestoneRow.state == literal_column(f"'{MilestoneState.SUBMITTED}'")
NO_STEP = cast(null(), Integer).label("milestone_id")


def proposal_reminders(sweep: Sweep) -> int:
    """To the supplier, 7 and 14 days after a proposal that it has not answered."""
    since = PathwayRow.turn_since_on
    sources = [
        negotiated(sweep, condition).add_columns(
            words(PathwayRow.id, ":", PathwayRow.revision, f":{stage:+d}").label("about"),
            sweep.beside(PathwayRow.relation_id).label("relation_id"),
            NO_STEP,
            _proposal(sweep),
            shifted(since, stage).label("falls_on"),
        )
        for stage, condition in sweep.stages(since, sweep.policy.cadence.proposal_reminders, since)
    ]
    return sweep.owe(MessageKind.PROPOSAL_REMINDER, sources, owing.suppliers_readers())


def proposal_calls(sweep: Sweep) -> int:
    """Reminders did not help: call."""
    cadence = sweep.policy.cadence
    after = max(cadence.proposal_reminders, default=0)
    wait = cadence.call_after_working_days
    latest = sweep.open_day(
        "proposed_by",
        lambda look: last_day_before(
            look.today, lambda day: look.calendar.add(day + after * DAY, wait)
        ),
    )
    source = negotiated(
        sweep,
        PathwayRow.turn_since_on <= latest,
        PathwayRow.turn_since_on > shifted(latest, -stages.CATCH_UP),
        PathwayRow.window_ends_on >= TODAY,
        ~owing.was_called_since(PathwayRow.turn_since_on),
    ).add_columns(
        words("proposal-", PathwayRow.id, ":", PathwayRow.revision).label("about"),
        sweep.beside(PathwayRow.relation_id).label("relation_id"),
        NO_STEP,
        _proposal(sweep),
    )
    new = sweep.owe_tasks("proposal-call", Role.BUYER, [source])
    sweep.owe(MessageKind.CALL, [source], acting_buyers(TODAY), is_counted=False)
    return new


def windows_ending(sweep: Sweep) -> int:
    """To the buyer, 14 and 3 days before the window to agree ends."""
    ends_on = PathwayRow.window_ends_on
    sources = [
        negotiated(sweep, condition, ends_on >= TODAY).add_columns(
            words(PathwayRow.id, ":", ends_on, f":{stage:+d}").label("about"),
            sweep.beside(PathwayRow.relation_id).label("relation_id"),
            NO_STEP,
            as_facts(
                sweep.session,
                {
                    "pathway_id": PathwayRow.id,
                    "revision": PathwayRow.revision,
                    "ends_on": ends_on,
                },
            ).label("facts"),
        )
        for stage, condition in sweep.stages(
            ends_on, sweep.policy.cadence.window_reminders, PathwayRow.turn_since_on
        )
    ]
    return sweep.owe(MessageKind.WINDOW_ENDING, sources, acting_buyers(TODAY))


def late_reviews(sweep: Sweep) -> int:
    """To the buyer after 5 working days, to the managers after 10."""
    cadence = sweep.policy.cadence
    new = 0
    for working_days, to in (
        (cadence.review_buyer_working_days, acting_buyers(TODAY)),
        (cadence.review_manager_working_days, owing.managers()),
    ):
        latest = sweep.open_day(
            f"submitted_by_{working_days}", partial(_last_day_that_is_late, working_days)
        )
        source = (
            select()
            .select_from(MilestoneRow)
            .join(PathwayRow, PathwayRow.id == sweep.beside(MilestoneRow.pathway_id))
            .join(RelationRow, RelationRow.id == sweep.beside(MilestoneRow.relation_id))
            .where(
                *_current(sweep),
                PathwayRow.state.in_(RUNNING),
                IS_SUBMITTED,
                MilestoneRow.submitted_on <= latest,
            )
            .add_columns(
                words(
                    "m", MilestoneRow.id, ":", MilestoneRow.submitted_on, f":{working_days}"
                ).label("about"),
                sweep.beside(MilestoneRow.relation_id).label("relation_id"),
                MilestoneRow.id.label("milestone_id"),
                as_facts(sweep.session, {"submitted_on": MilestoneRow.submitted_on}).label("facts"),
            )
        )
        new += sweep.owe(MessageKind.REVIEW_LATE, [source], to)
    return new


def certificates_ending(sweep: Sweep) -> int:
    """To both sides, 180, 90 and 30 days before a certificate that nothing follows ends."""
    later = aliased(CertificateRow)
    followed = exists().where(
        later.relation_id == CertificateRow.relation_id,
        later.state == CertificateState.VERIFIED,
        later.ends_on > CertificateRow.ends_on,
    )
    sources: list[Select[Any]] = [
        select()
        .select_from(CertificateRow)
        .join(RelationRow, RelationRow.id == sweep.beside(CertificateRow.relation_id))
        .where(
            *_current(sweep),
            condition,
            CertificateRow.state == CertificateState.VERIFIED,
            CertificateRow.ends_on >= TODAY,
            ~followed,
        )
        .add_columns(
            words(CertificateRow.id, ":", CertificateRow.ends_on, f":{stage:+d}").label("about"),
            sweep.beside(CertificateRow.relation_id).label("relation_id"),
            NO_STEP,
            as_facts(
                sweep.session,
                {
                    "certificate_id": CertificateRow.id,
                    "level": CertificateRow.level,
                    "ends_on": CertificateRow.ends_on,
                },
            ).label("facts"),
            shifted(CertificateRow.ends_on, stage).label("falls_on"),
        )
        for stage, condition in sweep.stages(
            CertificateRow.ends_on,
            sweep.policy.cadence.certificate_reminders,
            CertificateRow.verified_on,
        )
    ]
    new = sweep.owe(MessageKind.CERTIFICATE_ENDING, sources, owing.suppliers_readers())
    sweep.owe(MessageKind.CERTIFICATE_TO_RENEW, sources, acting_buyers(TODAY), is_counted=False)
    return new


def decisions_ending(sweep: Sweep) -> int:
    """30 and 7 days before a decision ends: to the buyer, or for a block to the managers."""

    def ending(*where: ColumnElement[bool]) -> list[Select[Any]]:
        return [
            select()
            .select_from(DecisionRow)
            .join(RelationRow, RelationRow.id == sweep.beside(DecisionRow.relation_id))
            .where(
                *_current(sweep),
                condition,
                DecisionRow.state == DecisionState.TAKEN,
                DecisionRow.ended_on.is_(None),
                DecisionRow.ends_on >= TODAY,
                DecisionRow.starts_on <= TODAY,
                *where,
            )
            .add_columns(
                words(DecisionRow.id, ":", DecisionRow.ends_on, f":{stage:+d}").label("about"),
                sweep.beside(DecisionRow.relation_id).label("relation_id"),
                NO_STEP,
                as_facts(
                    sweep.session,
                    {"decision_id": DecisionRow.id, "ends_on": DecisionRow.ends_on},
                ).label("facts"),
            )
            for stage, condition in sweep.stages(
                DecisionRow.ends_on, sweep.policy.cadence.decision_reminders, DecisionRow.decided_on
            )
        ]

    kind, is_block = MessageKind.DECISION_ENDING, DecisionRow.kind == DecisionKind.BLOCK
    return sweep.owe(kind, ending(~is_block), acting_buyers(TODAY)) + sweep.owe(
        kind, ending(is_block), owing.managers()
    )


def _last_day_that_is_late(working_days: int, look: Sweep) -> date:
    """The last day of which something submitted waits too long for its review."""
    return last_day_before(look.today, lambda day: look.calendar.add(day, working_days) + DAY)


def _current(sweep: Sweep) -> tuple[ColumnElement[bool], ...]:
    """This customer's relations that have not ended."""
    return (
        sweep.beside(RelationRow.customer_id) == CUSTOMER,
        or_(RelationRow.ended_on.is_(None), RelationRow.ended_on > TODAY),
    )


def _proposal(sweep: Sweep) -> Any:
    return as_facts(
        sweep.session,
        {
            "because": "proposal",
            "pathway_id": PathwayRow.id,
            "revision": PathwayRow.revision,
        },
    ).label("facts")


CADENCES: tuple[Kind, ...] = (
    ("proposal reminders", proposal_reminders),
    ("calls", proposal_calls),
    ("windows ending", windows_ending),
    ("late reviews", late_reviews),
    ("certificates ending", certificates_ending),
    ("decisions ending", decisions_ending),
)
