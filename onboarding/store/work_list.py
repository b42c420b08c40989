"""What waits for the customer's people: one query for each section of the work list."""

from datetime import timedelta

from sqlalchemy import String, cast, func, literal, or_, select
from sqlalchemy.orm import Session

from onboarding.domain.certificates import CertificateState
from onboarding.domain.eligibility import Status
from onboarding.domain.grants import DecisionState
from onboarding.domain.milestones import ABOUT_THE_DAY, MilestoneState
from onboarding.domain.notices import NoticeState
from onboarding.domain.pathways import RUNNING, PathwayState
from onboarding.domain.people import Side
from onboarding.store.holds import ASKED
from onboarding.store.published import LAST_ASSESSMENT
from onboarding.store.tables import (
    AmendmentRow,
    CertificateRow,
    DateRequestRow,
    DecisionRow,
    HoldRow,
    MilestoneRow,
    NoticeRow,
    PathwayRow,
    RelationRow,
    RenewalRow,
    StatusPeriodRow,
    TaskRow,
)
from onboarding.store.work_items import Section, Sight, find

STEP_OVER = (MilestoneState.ACCEPTED, MilestoneState.WAIVED)  # nothing about it waits any more
TO_DECIDE = (Status.AT_RISK, Status.UNDECIDED, Status.INELIGIBLE)
TOLD_FOR = timedelta(days=7)  # nobody has to say that it was read
CALLS = ("call", "proposal-call", "give-proposal", "give-notice", "bounced", "name-contact")


def decisions_needed(session: Session, sight: Sight) -> Section:
    """Suppliers whose status today says that a person must decide."""
    reasons = cast(StatusPeriodRow.reasons, String)
    return find(
        session,
        sight,
        StatusPeriodRow,
        "decide",
        StatusPeriodRow.starts_on <= sight.today,
        StatusPeriodRow.ends_on >= sight.today,
        StatusPeriodRow.status.in_(TO_DECIDE),
        reasons.like('%"decision-needed"%'),
        since=StatusPeriodRow.starts_on,
        detail=StatusPeriodRow.reasons,
        on=StatusPeriodRow.assessment_id == LAST_ASSESSMENT,
    )


def outside_steps_late(session: Session, sight: Sight) -> Section:
    """Pathways past their last day with only the buyer's or outside steps open."""
    return find(
        session,
        sight,
        StatusPeriodRow,
        "outside-late",
        StatusPeriodRow.starts_on <= sight.today,
        StatusPeriodRow.ends_on >= sight.today,
        cast(StatusPeriodRow.warnings, String).like('%"outside-step-late"%'),
        since=StatusPeriodRow.starts_on,
        detail=StatusPeriodRow.warnings,
        on=StatusPeriodRow.assessment_id == LAST_ASSESSMENT,
    )


def block_replies(session: Session, sight: Sight) -> Section:
    return find(
        session,
        sight,
        DecisionRow,
        "block-reply",
        DecisionRow.reply_made_on.is_not(None),
        DecisionRow.reply_answered_on.is_(None),
        DecisionRow.ended_on.is_(None),
        since=DecisionRow.reply_made_on,
    )


def grants_to_sign(session: Session, sight: Sight, but_not_of: int) -> Section:
    """Grants that wait for a second signature, but for those that this person asked itself."""
    return find(
        session,
        sight,
        DecisionRow,
        "grant-asked",
        DecisionRow.state == DecisionState.ASKED,
        DecisionRow.lapses_on > sight.today,
        DecisionRow.asked_by != but_not_of,
        since=DecisionRow.asked_on,
    )


def grants_answered(session: Session, sight: Sight, asked_by: int) -> Section:
    """What became, in the last days, of the grants for which this person asked a signature."""
    return find(
        session,
        sight,
        DecisionRow,
        "grant-answered",
        DecisionRow.asked_by == asked_by,
        DecisionRow.state != DecisionState.WITHDRAWN,
        DecisionRow.answered_on >= sight.today - TOLD_FOR,
        since=DecisionRow.answered_on,
        detail=DecisionRow.state,
    )


def date_requests(session: Session, sight: Sight) -> Section:
    """Other days asked for, and delays reported."""
    return find(
        session,
        sight,
        DateRequestRow,
        DateRequestRow.kind,
        DateRequestRow.answered_on.is_(None),
        DateRequestRow.made_by != Side.BUYER,
        DateRequestRow.kind.in_(ABOUT_THE_DAY),
        MilestoneRow.state.not_in(STEP_OVER),
        PathwayRow.state.in_(RUNNING),
        since=DateRequestRow.made_on,
        due_on=DateRequestRow.asked_due_on,
        detail=MilestoneRow.title,
        joins=(
            (MilestoneRow, MilestoneRow.id == DateRequestRow.milestone_id),
            (PathwayRow, PathwayRow.id == MilestoneRow.pathway_id),
        ),
    )


def counter_proposals(session: Session, sight: Sight) -> Section:
    return find(
        session,
        sight,
        PathwayRow,
        "counter-proposal",
        PathwayRow.state == PathwayState.COUNTERED,
        since=PathwayRow.turn_since_on,
    )


def notice_replies(session: Session, sight: Sight) -> Section:
    return find(
        session,
        sight,
        NoticeRow,
        "notice-reply",
        NoticeRow.state == NoticeState.HANDED_OVER,
        NoticeRow.reply_made_on.is_not(None),
        NoticeRow.reply_answered_on.is_(None),
        MilestoneRow.state.not_in(STEP_OVER),
        since=NoticeRow.reply_made_on,
        detail=MilestoneRow.title,
        joins=((MilestoneRow, MilestoneRow.id == NoticeRow.milestone_id),),
    )


def pathway_requests(session: Session, sight: Sight) -> tuple[Section, Section]:
    """Pauses asked for, and amendments proposed, by suppliers."""
    via = (PathwayRow, PathwayRow.relation_id == RelationRow.id)
    holds = find(
        session,
        sight,
        HoldRow,
        "hold-asked",
        HoldRow.state == ASKED,
        HoldRow.asked_by == Side.SUPPLIER,
        PathwayRow.id == HoldRow.pathway_id,
        PathwayRow.state.in_(RUNNING),
        since=HoldRow.asked_on,
        due_on=HoldRow.starts_on,
        joins=(via,),
        on=literal(True),
    )
    amendments = find(
        session,
        sight,
        AmendmentRow,
        "amendment",
        AmendmentRow.answered_on.is_(None),
        AmendmentRow.proposed_by == Side.SUPPLIER,
        PathwayRow.id == AmendmentRow.pathway_id,
        PathwayRow.state.in_(RUNNING),
        since=AmendmentRow.turn_since_on,
        joins=(via,),
        on=literal(True),
    )
    return holds, amendments


def renewals(session: Session, sight: Sight) -> Section:
    return find(
        session,
        sight,
        RenewalRow,
        "renewal",
        RenewalRow.accepted_on.is_(None),
        RenewalRow.refused_on.is_(None),
        since=RenewalRow.reported_on,
        due_on=RenewalRow.certificate_ends_on,
    )


def tasks(
    session: Session, sight: Sight, kinds: tuple[str, ...], *, one_each: bool = False
) -> Section:
    return find(
        session,
        sight,
        TaskRow,
        TaskRow.kind,
        TaskRow.done_at.is_(None),
        TaskRow.kind.in_(kinds),
        since=TaskRow.due_on,
        detail=TaskRow.facts,
        one_each=one_each,
    )


def certificates_to_check(session: Session, sight: Sight) -> Section:
    return find(
        session,
        sight,
        CertificateRow,
        "certificate",
        CertificateRow.state == CertificateState.REPORTED,
        since=CertificateRow.reported_on,
        detail=CertificateRow.level,
    )


def steps_to_review(session: Session, sight: Sight) -> Section:
    return find(
        session,
        sight,
        MilestoneRow,
        "review",
        MilestoneRow.state == MilestoneState.SUBMITTED,
        PathwayRow.state.in_(RUNNING),
        since=MilestoneRow.submitted_on,
        detail=MilestoneRow.title,
        joins=((PathwayRow, PathwayRow.id == MilestoneRow.pathway_id),),
    )


def notices_to_go(session: Session, sight: Sight) -> Section:
    """Prepared and held, the first to go first; what is on its way today is not among them."""
    return find(
        session,
        sight,
        NoticeRow,
        NoticeRow.state,
        NoticeRow.state.in_((NoticeState.PREPARED, NoticeState.HELD)),
        or_(NoticeRow.text_on.is_(None), NoticeRow.text_on != sight.today),
        since=NoticeRow.planned_on,
        due_on=NoticeRow.planned_on,
        detail=MilestoneRow.title,
        joins=((MilestoneRow, MilestoneRow.id == NoticeRow.milestone_id),),
    )


def counts(session: Session, customer_id: int) -> tuple[int, int]:
    """How many suppliers the customer has, and how many of them are in the programme."""
    row = session.execute(
        select(func.count(), func.count(RelationRow.enrolled_on)).where(
            RelationRow.customer_id == customer_id
        )
    ).one()
    return row[0], row[1]
