"""How a change begins: find what the actor may see, lock its relation, read it anew."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import InputInvalid, NotFound
from onboarding.domain.milestones import ABOUT_THE_DAY, Milestone
from onboarding.domain.pathways import Pathway, PathwayState
from onboarding.domain.people import Actor, Said, Side
from onboarding.domain.policy import Policy
from onboarding.domain.workdays import WorkingCalendar
from onboarding.services.statuses import policies_of
from onboarding.store.closures import closures_of
from onboarding.store.history import Record
from onboarding.store.pathways import load_pathway
from onboarding.store.relations import lock_visible_relation
from onboarding.store.tables import (
    ContactRow,
    DateRequestRow,
    MilestoneRow,
    NoticeRow,
    PathwayRow,
    RelationRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A locked relation's pathway, with what deciding about it needs.

    `calendar` knows the supplier's closures; `policy.calendar` does not.
    """

    relation: RelationRow
    row: PathwayRow
    pathway: Pathway
    policy: Policy
    calendar: WorkingCalendar
    under: Record
    said: Said | None

    def milestone(self, milestone_id: int) -> Milestone:
        return next(m for m in self.pathway.milestones if m.id == milestone_id)

    def binding(self, session: Session, grace_ends_on: date) -> date | None:
        """The days promised with an answer that was recorded, where a step falls due by them."""
        milestones = load_pathway(session, self.row).milestones
        owed = (m.falls_due_on() for m in milestones if m.is_owed_by_supplier())
        return grace_ends_on if grace_ends_on in owed else None


def open_pathway(
    session: Session,
    actor: Actor,
    moment: Moment,
    pathway_id: int,
    on_behalf: Said | None = None,
) -> Opened:
    """Raises NotFound also for a draft that a supplier's actor asks for."""
    row = session.get(PathwayRow, pathway_id)
    if row is None:
        raise NotFound(what="pathway")
    relation = lock_visible_relation(session, actor, row.relation_id)
    session.refresh(row)
    if actor.side is Side.SUPPLIER and row.state == PathwayState.DRAFT:
        raise NotFound(what="pathway")
    policy = policies_of(session, relation.customer_id).on(moment.today)
    return Opened(
        relation=relation,
        row=row,
        pathway=load_pathway(session, row),
        policy=policy,
        calendar=calendar_with_closures(session, relation.id, policy),
        under=Record(
            actor=actor,
            moment=moment,
            relation_id=relation.id,
            pathway_id=row.id,
            said=checked(session, relation.id, on_behalf),
        ),
        said=on_behalf,
    )


def open_milestone(
    session: Session,
    actor: Actor,
    moment: Moment,
    milestone_id: int,
    on_behalf: Said | None = None,
) -> tuple[Opened, MilestoneRow]:
    row = session.get(MilestoneRow, milestone_id)
    if row is None:
        raise NotFound(what="milestone")
    opened = open_pathway(session, actor, moment, row.pathway_id, on_behalf)
    session.refresh(row)
    return opened, row


def open_request(
    session: Session,
    actor: Actor,
    moment: Moment,
    request_id: int,
    on_behalf: Said | None = None,
) -> tuple[Opened, MilestoneRow, DateRequestRow]:
    """Raises NotFound also for what waits with an amendment, a pause or a contest: those are
    answered whole.
    """
    row = session.get(DateRequestRow, request_id)
    if row is None or row.kind not in ABOUT_THE_DAY:
        raise NotFound(what="request")
    opened, milestone = open_milestone(session, actor, moment, row.milestone_id, on_behalf)
    session.refresh(row)
    return opened, milestone, row


def open_notice(
    session: Session,
    actor: Actor,
    moment: Moment,
    notice_id: int,
    on_behalf: Said | None = None,
) -> tuple[Opened, MilestoneRow, NoticeRow]:
    row = session.get(NoticeRow, notice_id)
    if row is None:
        raise NotFound(what="notice")
    opened, milestone = open_milestone(session, actor, moment, row.milestone_id, on_behalf)
    session.refresh(row)
    return opened, milestone, row


def calendar_with_closures(session: Session, relation_id: int, policy: Policy) -> WorkingCalendar:
    """The policy's working days without the days on which this supplier is closed."""
    known = closures_of(session, relation_id)
    return policy.calendar.with_closures(one.span for one in known)


def checked(session: Session, relation_id: int, said: Said | None) -> Said | None:
    """What a buyer records was said by a contact of this relation, now or before."""
    if said is None:
        return None
    is_contact = session.scalar(
        select(ContactRow.id).where(
            ContactRow.relation_id == relation_id, ContactRow.person_id == said.person_id
        )
    )
    if is_contact is None:
        raise InputInvalid(field="said_by", reason="not-a-contact")
    return said
