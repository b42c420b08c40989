"""What a mail tells besides its own facts: steps on the table, the next step, a link's life."""

import json
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.access import LinkPurpose, link_path, link_token
from onboarding.domain.comparisons import side_by_side
from onboarding.domain.decisions import ANNOUNCED_BEFORE
from onboarding.domain.messages import ACCESS, MessageKind
from onboarding.domain.milestones import MilestoneState
from onboarding.domain.people import Role, Side
from onboarding.i18n import event_text, step_title
from onboarding.services.doubts import facts_for_mail
from onboarding.services.pathway.amendment_reading import compared
from onboarding.services.statement_reading import OWN_WORDS
from onboarding.services.statuses import policies_of
from onboarding.services.supplier_reading import tell_events
from onboarding.store.tables import (
    AmendmentRow,
    CertificateRow,
    DecisionRow,
    EventRow,
    LoginLinkRow,
    MembershipRow,
    MessageRow,
    MilestoneRow,
    PathwayRow,
    PathwayVersionRow,
    PersonRow,
    StatementRow,
)

DONE = (MilestoneState.ACCEPTED, MilestoneState.WAIVED)
ABOUT_CERTIFICATES = frozenset(kind for kind in MessageKind if kind.value.startswith("certificate"))


def gather(
    session: Session,
    kind: MessageKind,
    row: MessageRow,
    moment: Moment,
    secret_key: str,
    locale: str,
) -> dict[str, Any]:
    """Facts read from the rows; a fact of the message itself goes before one of these."""
    if kind in ACCESS:
        return link_facts(session, row, secret_key)
    if kind in (MessageKind.PROPOSAL, MessageKind.PROPOSAL_REMINDER):
        return proposal_facts(session, row, moment)
    if kind is MessageKind.AGREEMENT:
        return agreement_facts(session, row)
    if kind in (MessageKind.ACCEPTED, MessageKind.WAIVED):
        return next_step(session, row, locale)
    if kind in (MessageKind.DATE_ANSWERED, MessageKind.REVIEW, MessageKind.REVIEW_LATE):
        return milestone_facts(session, row)
    if kind is MessageKind.FORMAL_NOTICE:
        return {"manager": only_manager(session, row.customer_id)}
    if kind in (MessageKind.BLOCK_ANNOUNCED, MessageKind.BLOCK_REPLY_ANSWERED):
        return decision_facts(session, row, moment)
    if kind is MessageKind.HOLD_ENDED:
        return next_of(session, row.facts.get("pathway_id", 0), locale)
    if kind is MessageKind.AMENDMENT_PROPOSED:
        return amendment_facts(session, row)
    if kind is MessageKind.STOP_ANNOUNCED:
        return {"manager": who_stopped(session, row)}
    if kind in (MessageKind.RECORDED, MessageKind.CONTEST_ANSWERED):
        return statement_facts(session, row, locale)
    if kind is MessageKind.WRONG_PERSON:
        return facts_for_mail(session, row.facts.get("doubt_id", 0))
    if kind in ABOUT_CERTIFICATES:
        return certificate_facts(session, row)
    return {}


def link_facts(session: Session, row: MessageRow, secret_key: str) -> dict[str, Any]:
    """The link itself is made again here: only its hash and its number are stored.

    An invitation without a link leads to the page where one asks for it.
    """
    if "link_id" not in row.facts:
        return {"path": "/portal"}
    link = session.get_one(LoginLinkRow, row.facts["link_id"])
    token = link_token(secret_key, link.id, link.made_at)
    lasts = link.ends_at - link.made_at
    return {
        "path": link_path(LinkPurpose(link.purpose), token, row.facts.get("next")),
        "minutes": int(lasts / timedelta(minutes=1)),
    }


def proposal_facts(session: Session, row: MessageRow, moment: Moment) -> dict[str, Any]:
    """The steps on the table; the window of a first proposal runs from this mail's hand-over."""
    pathway = _pathway(session, row)
    if pathway is None:
        return {}
    ends_on = pathway.window_ends_on
    if ends_on is None and pathway.window_left is None:
        days = policies_of(session, row.customer_id).on(moment.today).window_days
        ends_on = moment.today + timedelta(days=days)
    return {
        "steps": [_step(step) for step in pathway.steps],
        "proposed_on": pathway.turn_since_on,
        "window_ends_on": ends_on,
    }


def agreement_facts(session: Session, row: MessageRow) -> dict[str, Any]:
    pathway = _pathway(session, row)
    if pathway is None:
        return {}
    number = row.facts.get("version") or pathway.version_number
    version = session.scalars(
        select(PathwayVersionRow).where(
            PathwayVersionRow.pathway_id == pathway.id, PathwayVersionRow.number == number
        )
    ).first()
    if version is None:
        return {}
    steps = json.loads(version.content).get("plan", {}).get("steps", [])
    return {
        "steps": [_step(step) for step in steps],
        "version": number,
        "sha256": version.content_sha256,
    }


def next_step(session: Session, row: MessageRow, locale: str) -> dict[str, Any]:
    """The supplier's next open step in the same pathway."""
    this = session.get(MilestoneRow, row.milestone_id) if row.milestone_id else None
    return next_of(session, this.pathway_id, locale) if this else {}


def next_of(session: Session, pathway_id: int, locale: str) -> dict[str, Any]:
    """The step of a pathway that the supplier is to do first."""
    following = session.scalars(
        select(MilestoneRow)
        .where(
            MilestoneRow.pathway_id == pathway_id,
            MilestoneRow.owner == Side.SUPPLIER,
            MilestoneRow.state.not_in((*DONE, MilestoneState.SUBMITTED)),
        )
        .order_by(MilestoneRow.due_on, MilestoneRow.position)
    ).first()
    if following is None:
        return {}
    return {
        "next_step": step_title(following.title, locale),
        "next_due_on": following.deadline_on or following.due_on,
    }


def amendment_facts(session: Session, row: MessageRow) -> dict[str, Any]:
    """What an amendment changes, step by step."""
    amendment = session.get(AmendmentRow, row.facts.get("amendment_id", 0))
    if amendment is None:
        return {}
    agreed, plan = compared(session, amendment)
    return {
        "changes": [
            {
                "title": pair.step.title,
                "was": pair.before.due_on if pair.before else None,
                "becomes": pair.after.due_on if pair.after else None,
            }
            for pair in side_by_side(agreed.steps, plan.steps)
            if pair.is_changed
        ]
    }


def milestone_facts(session: Session, row: MessageRow) -> dict[str, Any]:
    this = session.get(MilestoneRow, row.milestone_id) if row.milestone_id else None
    if this is None:
        return {}
    return {"due_on": this.deadline_on or this.due_on, "submitted_on": this.submitted_on}


def decision_facts(session: Session, row: MessageRow, moment: Moment) -> dict[str, Any]:
    """A block's first day as it is when this mail is handed over today."""
    decision = session.get(DecisionRow, row.facts.get("decision_id", 0))
    if decision is None:
        return {}
    starts_on = decision.starts_on
    if not decision.is_urgent and decision.announced_on is None:
        starts_on = max(starts_on, moment.today + ANNOUNCED_BEFORE)
    return {
        "manager": _name(session, decision.decided_by),
        "starts_on": starts_on if decision.ended_on is None else None,
        "reason": decision.reason,
    }


def certificate_facts(session: Session, row: MessageRow) -> dict[str, Any]:
    certificate = session.get(CertificateRow, row.facts.get("certificate_id", 0))
    if certificate is None:
        return {}
    return {
        "level": certificate.level,
        "thirty_plus": certificate.thirty_plus,
        "ends_on": certificate.ends_on,
        "revoked_on": certificate.revoked_on,
        "reason": certificate.reason,
    }


def only_manager(session: Session, customer_id: int) -> str:
    """The name of who decides, where that can be one person only."""
    found = session.scalars(
        select(PersonRow.name)
        .join(MembershipRow, MembershipRow.person_id == PersonRow.id)
        .where(
            MembershipRow.organisation_id == customer_id,
            MembershipRow.role == Role.MANAGER,
            MembershipRow.ended_at.is_(None),
        )
        .limit(2)
    ).all()
    return found[0] if len(found) == 1 else ""


def who_stopped(session: Session, row: MessageRow) -> str:
    """The manager who stopped the pathway, from the history."""
    actor_id = session.scalar(
        select(EventRow.actor_id)
        .where(EventRow.relation_id == row.relation_id, EventRow.code == "pathway-stopped")
        .order_by(EventRow.id.desc())
        .limit(1)
    )
    return _name(session, actor_id)


def statement_facts(session: Session, row: MessageRow, locale: str) -> dict[str, Any]:
    """What was recorded, in words that follow the name of who said it."""
    statement = session.get(StatementRow, row.facts.get("statement_id", 0))
    if statement is None:
        return {}
    event = session.get_one(EventRow, statement.event_id)
    told = tell_events(session, [event])[0]
    return {
        "what": event_text(told.code, told.facts, locale),
        "words": told.facts.get(OWN_WORDS.get(told.code, "")),
        "said_by": told.said_by,
        "said_on": event.said_on,
        "channel": told.channel,
        "recorded_by": told.who,
    }


def _pathway(session: Session, row: MessageRow) -> PathwayRow | None:
    return session.get(PathwayRow, row.facts.get("pathway_id", 0))


def _step(step: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": step["title"],
        "due_on": step["due_on"],
        "owner": step.get("owner", Side.SUPPLIER),
    }


def _name(session: Session, person_id: int | None) -> str:
    person = session.get(PersonRow, person_id) if person_id else None
    return person.name if person else ""
