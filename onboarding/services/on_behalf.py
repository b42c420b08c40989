"""Writing down what a supplier said by phone, mail, letter or in a meeting, as if it did it itself.

A pathway can run without one log-in. Whatever is written down, the supplier gets a confirmation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import InputInvalid
from onboarding.domain.identifiers import name_from
from onboarding.domain.messages import MessageKind
from onboarding.domain.moves import said_day
from onboarding.domain.on_behalf import Possible, Standing, possible_now
from onboarding.domain.people import Actor, Channel, Duty, Role, Said
from onboarding.domain.statements import contest_until
from onboarding.services.contacts import add_contact
from onboarding.services.evidence import Kept, keep_upload
from onboarding.services.evidence_checks import Upload
from onboarding.services.mail.messages import Owed, contacts_to_write, owe
from onboarding.services.opening import calendar_with_closures, checked
from onboarding.services.statuses import policies_of
from onboarding.services.tasks import finish_call
from onboarding.store.amendments import amendment_value, open_amendment_row
from onboarding.store.contacts import contacts_of
from onboarding.store.evidence import EvidenceFiles
from onboarding.store.facts import load_facts
from onboarding.store.holds import open_hold
from onboarding.store.pathways import open_pathway_row
from onboarding.store.relations import lock_visible_relation, visible_relation
from onboarding.store.statements import said_since, statement_value, statements_of
from onboarding.store.tables import EventRow, EvidenceRow, RelationRow, StatementRow, TaskRow


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContact:
    """Somebody of the supplier whom we did not know yet; nobody is invited by it."""

    name: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Who said it, when and how; `by` is a person, or somebody new."""

    said_on: date
    channel: Channel
    by: int | NewContact


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """The mail or letter itself, and what belongs to what is done; `files` keeps the bytes."""

    files: EvidenceFiles
    original: Upload | None = None
    others: tuple[Upload, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What came of it; `unexplained` are files with a number that waits for the buyer's word."""

    statement_id: int
    said: Said
    unexplained: tuple[int, ...]
    is_mailed: bool


def what_is_possible(
    session: Session, actor: Actor, moment: Moment, relation_id: int
) -> tuple[Possible, ...]:
    """What this supplier could do now, and so a buyer for it. Raises NotFound."""
    actor.must(Duty.BUY)
    visible_relation(session, actor, relation_id)
    pathway = open_pathway_row(session, relation_id)
    amendment = open_amendment_row(session, pathway.id) if pathway else None
    standing = Standing(
        facts=load_facts(session, [relation_id])[relation_id],
        today=moment.today,
        amendment=amendment_value(session, amendment, pathway) if amendment and pathway else None,
        hold_is_asked=pathway is not None and open_hold(session, pathway.id) is not None,
        statements=tuple(statement_value(row) for row in statements_of(session, relation_id)),
    )
    return possible_now(standing)


def record_on_behalf(
    session: Session,
    actor: Actor,
    moment: Moment,
    relation_id: int,
    heard: Heard,
    doing: Callable[[Said], object],
    *,
    papers: Papers | None = None,
    since: date | None = None,
    task_id: int | None = None,
) -> Recorded:
    """Do what the supplier said, by `doing`, and confirm it to the supplier.

    `task_id` is the call of which it is the result. Before `since` it cannot have been said. The
    papers come last: were the rest refused, none is kept.
    """
    actor.must(Duty.BUY)
    relation = lock_visible_relation(session, actor, relation_id)
    said = _said(session, actor, moment, relation_id, heard, since)
    before = session.scalar(
        select(func.max(EventRow.id)).where(EventRow.relation_id == relation_id)
    )
    doing(said)
    event = said_since(session, relation_id, before or 0)
    assert event is not None, "nothing was recorded on the supplier's behalf"
    relation.contact_on = max(relation.contact_on or said.said_on, said.said_on)
    _finish_call(session, actor, moment, relation_id, task_id)
    original, others = _keep(session, actor, moment, papers, event)
    row = _statement(session, moment, relation, event, original)
    kept = [*others, *([original] if original else [])]
    return Recorded(
        statement_id=row.id,
        said=said,
        unexplained=tuple(one.id for one in kept if one.numbers),
        is_mailed=_confirm(session, moment, relation, row, said) > 0,
    )


def _said(
    session: Session,
    actor: Actor,
    moment: Moment,
    relation_id: int,
    heard: Heard,
    since: date | None,
) -> Said:
    """Raises InputInvalid for a day to come, before it could be said, or for a stranger."""
    if isinstance(heard.by, NewContact):
        person_id = _somebody_new(session, actor, moment, relation_id, heard.by)
    else:
        person_id = heard.by
    said = Said(said_on=heard.said_on, channel=heard.channel, person_id=person_id)
    said_day(said, moment.today)
    if since is not None and said.said_on < since:
        raise InputInvalid(field="said_on", reason="too-early", earliest=since.isoformat())
    if said.channel is Channel.PORTAL:
        raise InputInvalid(field="channel", reason="required")
    checked(session, relation_id, said)
    return said


def _somebody_new(
    session: Session, actor: Actor, moment: Moment, relation_id: int, new: NewContact
) -> int:
    """Who has the same name and number as a contact is that one, as after a second click."""
    for one in contacts_of(session, relation_id):
        known = one.person
        if not new.email and (known.name, known.phone) == (name_from(new.name), new.phone):
            return known.id
    return add_contact(
        session,
        actor,
        moment,
        relation_id,
        name=new.name,
        email=new.email,
        phone=new.phone,
        role=Role.CONTACT,
    ).person_id


def _finish_call(
    session: Session, actor: Actor, moment: Moment, relation_id: int, task_id: int | None
) -> None:
    """The call was made, unless what was recorded has closed the task already."""
    task = session.get(TaskRow, task_id, populate_existing=True) if task_id else None
    if task is not None and task.done_at is None:
        finish_call(session, actor, moment, relation_id, task.id, "reached")


def _keep(
    session: Session, actor: Actor, moment: Moment, papers: Papers | None, event: EventRow
) -> tuple[Kept | None, list[Kept]]:
    """The mail or letter, and what belongs to the step or certificate that the event is about."""
    if papers is None:
        return None, []

    def keep(upload: Upload, milestone_id: int | None = None) -> Kept:
        return keep_upload(
            session,
            actor,
            moment,
            papers.files,
            event.relation_id or 0,
            upload,
            is_declared_clean=True,
            milestone_id=milestone_id,
        )

    others = [keep(upload, event.milestone_id) for upload in papers.others]
    for one in others:
        row = session.get_one(EvidenceRow, one.id)
        row.certificate_id = event.facts.get("certificate_id")
    return (keep(papers.original) if papers.original else None), others


def _statement(
    session: Session, moment: Moment, relation: RelationRow, event: EventRow, original: Kept | None
) -> StatementRow:
    policy = policies_of(session, relation.customer_id).on(moment.today)
    calendar = calendar_with_closures(session, relation.id, policy)
    row = StatementRow(
        relation_id=relation.id,
        event_id=event.id,
        code=event.code,
        pathway_id=event.pathway_id,
        milestone_id=event.milestone_id,
        recorded_on=moment.today,
        contest_until_on=contest_until(moment.today, calendar),
        evidence_id=original.id if original else None,
        waiting=[],
    )
    session.add(row)
    session.flush()
    return row


def _confirm(
    session: Session, moment: Moment, relation: RelationRow, row: StatementRow, said: Said
) -> int:
    """To who said it, and to whom we always write; returns how many have an address."""
    readers = contacts_to_write(session, relation.id)
    owed = Owed(
        kind=MessageKind.RECORDED,
        about=str(row.id),
        facts={"statement_id": row.id, "contest_until_on": row.contest_until_on},
        relation_id=relation.id,
        milestone_id=row.milestone_id,
    )
    owe(session, moment, relation.customer_id, owed, [*readers, said.person_id])
    return len(readers)
