"""Undoing what was recorded wrongly for a supplier, by the moves that exist, while it still can.

What has gone on since is not undone: then the buyer's words are all, and what it does next.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.amendments import AmendmentCountered, AmendmentProposed
from onboarding.domain.certificate_moves import CertificateReported
from onboarding.domain.certificates import CertificateState
from onboarding.domain.closures import ClosureAdded
from onboarding.domain.contact_absences import ContactAway
from onboarding.domain.conversations import QuestionAsked
from onboarding.domain.holds import HoldAsked
from onboarding.domain.milestone_moves import MilestoneSubmitted, may_be_taken_back
from onboarding.domain.negotiation import (
    PathwayAgreed,
    PathwayCountered,
    PathwayDeclined,
    PathwayStopped,
)
from onboarding.domain.pathways import RUNNING, PathwayState
from onboarding.domain.people import Actor, Duty, Side
from onboarding.domain.renewal_moves import RenewalReported
from onboarding.domain.requests import DateRequested, OutsideDelayReported
from onboarding.services.certificates import reject_certificate
from onboarding.services.closures import call_off_closure
from onboarding.services.contact_absences import end_absence
from onboarding.services.pathway.amendments import decline_amendment
from onboarding.services.pathway.holds import refuse_asked_hold
from onboarding.services.pathway.milestones import take_back_milestone
from onboarding.services.pathway.negotiation import counter_pathway, stop_pathway
from onboarding.services.pathway.requests import answer_request
from onboarding.services.renewals import refuse_renewal
from onboarding.services.tasks import finish_task
from onboarding.store.amendments import open_amendment_row
from onboarding.store.closures import closures_of
from onboarding.store.contact_absences import ahead
from onboarding.store.facts import milestone_value
from onboarding.store.holds import open_hold
from onboarding.store.pathways import last_proposed
from onboarding.store.requests import waiting
from onboarding.store.tables import (
    CertificateRow,
    EventRow,
    MilestoneRow,
    PathwayRow,
    RenewalRow,
    StatementRow,
    TaskRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """A statement that is not right, with the event in which it was recorded."""

    session: Session
    row: StatementRow
    event: EventRow

    def named(self, fact: str) -> int:
        """The number of a thing that the event names; 0 where it names none."""
        return int(self.event.facts.get(fact) or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undoing:
    """How one thing is undone: `does` is a code for what happens; some need a manager."""

    does: str
    do: Callable[[Actor, Moment, str], object]
    needs: Duty = Duty.BUY


def undoing_of(session: Session, row: StatementRow) -> Undoing | None:
    """How the record can be undone now; None where only words are left."""
    find = UNDOINGS.get(row.code)
    wrong = Wrong(session=session, row=row, event=session.get_one(EventRow, row.event_id))
    return find(wrong) if find is not None else None


def set_right(
    session: Session, actor: Actor, moment: Moment, row: StatementRow, answer: str
) -> None:
    """Undo it, with the buyer's answer as the reason. Raises NotAllowed where a manager must."""
    undoing = undoing_of(session, row)
    if undoing is not None:
        actor.must(undoing.needs)
        undoing.do(actor, moment, answer)


def _handed_in(wrong: Wrong) -> Undoing | None:
    session, row = wrong.session, wrong.session.get(MilestoneRow, wrong.row.milestone_id)
    if row is None or _pathway(wrong).state not in RUNNING or not _is_latest(wrong):
        return None
    if not may_be_taken_back(milestone_value(row, (), ())):
        return None

    def do(actor: Actor, moment: Moment, answer: str) -> None:
        take_back_milestone(session, actor, moment, row.id)

    return Undoing(does="step-goes-on", do=do)


def _asked(wrong: Wrong) -> Undoing | None:
    session = wrong.session
    kinds = {change.code: change.kind for change in (DateRequested, OutsideDelayReported)}
    asked = [
        request
        for request in waiting(session, wrong.row.milestone_id or 0)
        if request.kind == kinds[wrong.row.code] and request.made_by == Side.SUPPLIER
    ]
    if not asked:
        return None

    def do(actor: Actor, moment: Moment, answer: str) -> None:
        request_id = asked[-1].id
        answer_request(
            session, actor, moment, request_id, granted_on=None, note=answer, is_told=False
        )

    return Undoing(does="request-is-dropped", do=do)


def _countered(wrong: Wrong) -> Undoing | None:
    session, pathway = wrong.session, _pathway(wrong)
    if pathway.state != PathwayState.COUNTERED or pathway.revision != wrong.named("version"):
        return None

    def do(actor: Actor, moment: Moment, answer: str) -> None:
        steps = last_proposed(session, pathway.id)
        counter_pathway(
            session,
            actor,
            moment,
            pathway.id,
            revision=pathway.revision,
            steps=steps,
            message=answer,
        )

    return Undoing(does="proposed-again", do=do)


def _agreed(wrong: Wrong) -> Undoing | None:
    session, pathway = wrong.session, _pathway(wrong)
    if pathway.state not in RUNNING:
        return None

    def do(actor: Actor, moment: Moment, answer: str) -> None:
        stop_pathway(session, actor, moment, pathway.id, reason=answer, is_told=False)

    return Undoing(does="agreement-ends", do=do, needs=Duty.GOVERN)


def _left(wrong: Wrong) -> Undoing | None:
    """Nothing to do: an end that does not stand no longer counts for the status."""
    return Undoing(does="end-does-not-count", do=lambda actor, moment, answer: None)


def _paused(wrong: Wrong) -> Undoing | None:
    session, hold = wrong.session, open_hold(wrong.session, wrong.row.pathway_id or 0)
    if hold is None or hold.asked_by != Side.SUPPLIER:
        return None

    def do(actor: Actor, moment: Moment, answer: str) -> None:
        refuse_asked_hold(session, actor, moment, hold.id, reason=answer, is_told=False)

    return Undoing(does="request-is-dropped", do=do)


def _amended(wrong: Wrong) -> Undoing | None:
    session = wrong.session
    amendment = open_amendment_row(session, wrong.row.pathway_id or 0)
    if amendment is None or amendment.proposed_by != Side.SUPPLIER:
        return None

    def do(actor: Actor, moment: Moment, answer: str) -> None:
        decline_amendment(session, actor, moment, amendment.id, reason=answer, is_told=False)

    return Undoing(does="request-is-dropped", do=do)


def _certificate(wrong: Wrong) -> Undoing | None:
    session = wrong.session
    certificate = session.get(CertificateRow, wrong.named("certificate_id"))
    if certificate is None or certificate.state != CertificateState.REPORTED:
        return None

    def do(actor: Actor, moment: Moment, answer: str) -> None:
        reject_certificate(session, actor, moment, certificate.id, reason=answer, is_told=False)

    return Undoing(does="report-is-dropped", do=do)


def _renewal(wrong: Wrong) -> Undoing | None:
    session = wrong.session
    renewal = session.get(RenewalRow, wrong.named("renewal_id"))
    if renewal is None or renewal.accepted_on is not None or renewal.refused_on is not None:
        return None

    def do(actor: Actor, moment: Moment, answer: str) -> None:
        refuse_renewal(session, actor, moment, renewal.id, answer=answer, is_told=False)

    return Undoing(does="report-is-dropped", do=do)


def _question(wrong: Wrong) -> Undoing | None:
    session = wrong.session
    task = session.scalars(
        select(TaskRow).where(
            TaskRow.key == f"question:{wrong.event.id}", TaskRow.done_at.is_(None)
        )
    ).first()
    if task is None:
        return None

    def do(actor: Actor, moment: Moment, answer: str) -> None:
        finish_task(session, actor, moment, task.id, "overtaken")

    return Undoing(does="request-is-dropped", do=do)


def _closed(wrong: Wrong) -> Undoing | None:
    session, ends_on = wrong.session, date.fromisoformat(wrong.event.facts["ends_on"])
    known = closures_of(session, wrong.row.relation_id, ends_on)
    closure = next((one for one in known if one.span.ends_on == ends_on), None)
    if closure is None:
        return None

    def do(actor: Actor, moment: Moment, answer: str) -> None:
        if closure.span.ends_on >= moment.today:
            call_off_closure(session, actor, moment, closure.id)

    return Undoing(does="closure-is-called-off", do=do)


def _away(wrong: Wrong) -> Undoing | None:
    session, relation_id = wrong.session, wrong.row.relation_id
    person_id, ends_on = wrong.named("person_id"), wrong.event.facts["ends_on"]
    known = ahead(session, [relation_id], date.fromisoformat(ends_on))
    if not any(one.row.person_id == person_id for one in known):
        return None

    def do(actor: Actor, moment: Moment, answer: str) -> None:
        still = ahead(session, [relation_id], moment.today)
        if any(one.row.person_id == person_id for one in still):
            end_absence(session, actor, moment, relation_id, person_id)

    return Undoing(does="contact-is-back", do=do)


def _pathway(wrong: Wrong) -> PathwayRow:
    return wrong.session.get_one(PathwayRow, wrong.row.pathway_id)


def _is_latest(wrong: Wrong) -> bool:
    """Whether the same did not happen with the step again since."""
    later = select(EventRow.id).where(
        EventRow.milestone_id == wrong.row.milestone_id,
        EventRow.code == wrong.row.code,
        EventRow.id > wrong.event.id,
    )
    return wrong.session.scalar(later.limit(1)) is None


UNDOINGS: dict[str, Callable[[Wrong], Undoing | None]] = {
    MilestoneSubmitted.code: _handed_in,
    DateRequested.code: _asked,
    OutsideDelayReported.code: _asked,
    PathwayCountered.code: _countered,
    PathwayAgreed.code: _agreed,
    PathwayDeclined.code: _left,
    PathwayStopped.code: _left,
    HoldAsked.code: _paused,
    ClosureAdded.code: _closed,
    ContactAway.code: _away,
    AmendmentProposed.code: _amended,
    AmendmentCountered.code: _amended,
    CertificateReported.code: _certificate,
    RenewalReported.code: _renewal,
    QuestionAsked.code: _question,
}
