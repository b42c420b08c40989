"""Decisions: what a person grants, exempts, accepts or blocks, and what the supplier replies."""

from datetime import date

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain import decision_moves
from onboarding.domain.decisions import DecisionKind
from onboarding.domain.errors import MoveRefused
from onboarding.domain.grants import DecisionState
from onboarding.domain.messages import MessageKind
from onboarding.domain.people import Actor, Role, Said, the_tool
from onboarding.services.grants import asked_instead
from onboarding.services.mail.messages import Owed, owe, owe_to_supplier
from onboarding.services.opening import checked
from onboarding.services.statuses import reassess
from onboarding.services.tasks import Task, close_tasks_about, owe_task
from onboarding.store.decisions import add_decision, decision_row, record_decision
from onboarding.store.facts import decision_value
from onboarding.store.history import Record, check_not_sent_twice
from onboarding.store.relations import lock_relations, lock_visible_relation
from onboarding.store.tables import DecisionRow, RelationRow

BLOCK_BOUNCED = "block-bounced"


def take_decision(
    session: Session,
    actor: Actor,
    moment: Moment,
    relation_id: int,
    kind: DecisionKind,
    *,
    reason: str,
    starts_on: date,
    ends_on: date | None,
    is_urgent: bool = False,
) -> int:
    """Grant, exempt, accept equivalent proof, or block. Returns the decision's id.

    A grant beyond a limit of the policy is asked only, and counts once a second manager signed.

    A block is announced to the supplier; one that is not urgent begins 14 days after that mail
    was handed over, or later.
    """
    relation = lock_visible_relation(session, actor, relation_id)
    taken = decision_moves.decide(
        kind,
        reason=reason,
        starts_on=starts_on,
        ends_on=ends_on,
        is_urgent=is_urgent,
        actor=actor,
        today=moment.today,
    )
    record = Record(actor=actor, moment=moment, relation_id=relation.id)
    check_not_sent_twice(session, taken, record)
    if kind is DecisionKind.GRANT:
        asked_id = asked_instead(session, actor, moment, relation, taken)
        if asked_id is not None:
            return asked_id
    decision_id = add_decision(session, taken, record)
    if kind is DecisionKind.BLOCK:
        owed = Owed(
            kind=MessageKind.BLOCK_ANNOUNCED,
            about=f"decision-{decision_id}",
            relation_id=relation.id,
            facts={
                "decision_id": decision_id,
                "ends_on": ends_on,
                "is_urgent": is_urgent,
                "reason": taken.reason,
            },
        )
        owe_to_supplier(session, moment, relation, owed)
    reassess(session, moment, [relation.id])
    return decision_id


def announcement_handed_over(session: Session, moment: Moment, decision_id: int) -> None:
    """The mail that announces a block was handed to a mail server: its days are fixed.

    Told twice, or for a decision that is not announced, nothing changes.
    """
    relation_id = decision_row(session, decision_id).relation_id
    relation = lock_relations(session, [relation_id])[0]
    _announced(session, the_tool(relation.customer_id), moment, relation, decision_id, moment.today)


def announcement_bounced(session: Session, moment: Moment, decision_id: int) -> bool:
    """The announcement came back: a block that does not hold yet waits for another, which a
    manager gives. Returns False where it holds, or the supplier knows of it.
    """
    relation_id = decision_row(session, decision_id).relation_id
    relation = lock_relations(session, [relation_id])[0]
    row = decision_row(session, decision_id)
    change = decision_moves.announcement_bounced(decision_value(row), moment.today)
    if change is None:
        return False
    record = Record(
        actor=the_tool(relation.customer_id),
        moment=moment,
        relation_id=relation.id,
        is_shared=False,
    )
    record_decision(session, row, change, record)
    task = Task(
        kind=BLOCK_BOUNCED,
        about=f"{decision_id}:{moment.today.isoformat()}",
        due_on=moment.today,
        for_role=Role.MANAGER,
        facts={"decision_id": decision_id},
    )
    owe_task(session, moment, relation, task)
    reassess(session, moment, [relation.id])
    return True


def announcement_given(
    session: Session, actor: Actor, moment: Moment, decision_id: int, *, given_on: date
) -> None:
    """A manager told the supplier by letter or in person."""
    _, relation = _locked(session, actor, decision_id)
    _announced(session, actor, moment, relation, decision_id, given_on)
    close_tasks_about(session, actor, moment, BLOCK_BOUNCED, relation.id)


def reply_to_block(
    session: Session,
    actor: Actor,
    moment: Moment,
    decision_id: int,
    *,
    text: str,
    on_behalf: Said | None = None,
) -> None:
    """The supplier answers an announced block: the manager has the turn, and the block waits."""
    row, relation = _locked(session, actor, decision_id)
    said = checked(session, relation.id, on_behalf)
    replied = decision_moves.reply(decision_value(row), text, actor, moment.today, said)
    record = Record(actor=actor, moment=moment, relation_id=relation.id, said=said)
    record_decision(session, row, replied, record)
    owed = Owed(
        kind=MessageKind.BLOCK_REPLY,
        about=_this_time(row, moment),
        relation_id=relation.id,
        facts={"decision_id": row.id, "reply": replied.reply},
    )
    if row.decided_by != actor.person_id:
        owe(session, moment, relation.customer_id, owed, [row.decided_by])
    reassess(session, moment, [relation.id])


def answer_block_reply(
    session: Session,
    actor: Actor,
    moment: Moment,
    decision_id: int,
    *,
    text: str,
    is_withdrawn: bool = False,
) -> None:
    """A manager answers; the block goes on from today at the earliest, or is withdrawn."""
    row, relation = _locked(session, actor, decision_id)
    answered = decision_moves.answer_reply(decision_value(row), text, actor, moment.today)
    record = Record(actor=actor, moment=moment, relation_id=relation.id)
    record_decision(session, row, answered, record)
    if is_withdrawn:
        ended = decision_moves.end(
            decision_value(row),
            ended_on=moment.today,
            reason=answered.answer,
            actor=actor,
            today=moment.today,
        )
        record_decision(session, row, ended, record)
    first_day = None if is_withdrawn else decision_value(row).first_day()
    owed = Owed(
        kind=MessageKind.BLOCK_REPLY_ANSWERED,
        about=_this_time(row, moment),
        relation_id=relation.id,
        facts={
            "decision_id": row.id,
            "answer": answered.answer,
            "starts_on": first_day,
            "is_withdrawn": is_withdrawn,
        },
    )
    owe_to_supplier(session, moment, relation, owed)
    reassess(session, moment, [relation.id])


def end_decision(
    session: Session,
    actor: Actor,
    moment: Moment,
    decision_id: int,
    *,
    ended_on: date,
    reason: str,
) -> None:
    """End it early; `ended_on` is the first day on which it no longer holds.

    A supplier that was told of a block hears that it ends.
    """
    row, relation = _locked(session, actor, decision_id)
    if row.state != DecisionState.TAKEN:
        raise MoveRefused(from_state=row.state, to_state="ended")
    ended = decision_moves.end(
        decision_value(row), ended_on=ended_on, reason=reason, actor=actor, today=moment.today
    )
    record = Record(actor=actor, moment=moment, relation_id=relation.id)
    record_decision(session, row, ended, record)
    close_tasks_about(session, actor, moment, BLOCK_BOUNCED, relation.id)
    if row.kind == DecisionKind.BLOCK and row.announced_on is not None:
        owed = Owed(
            kind=MessageKind.BLOCK_ENDED,
            about=f"decision-{row.id}",
            relation_id=relation.id,
            facts={"decision_id": row.id, "ended_on": ended_on, "reason": ended.reason},
        )
        owe_to_supplier(session, moment, relation, owed)
    reassess(session, moment, [relation.id])


def _announced(
    session: Session,
    actor: Actor,
    moment: Moment,
    relation: RelationRow,
    decision_id: int,
    handed_over_on: date,
) -> None:
    row = decision_row(session, decision_id)
    change = decision_moves.hand_over(decision_value(row), handed_over_on, actor, moment.today)
    if change is None:
        return
    record = Record(actor=actor, moment=moment, relation_id=relation.id)
    record_decision(session, row, change, record)
    reassess(session, moment, [relation.id])


def _locked(session: Session, actor: Actor, decision_id: int) -> tuple[DecisionRow, RelationRow]:
    """The decision, read after its relation was locked. Raises NotFound."""
    row = decision_row(session, decision_id)
    relation = lock_visible_relation(session, actor, row.relation_id)
    return decision_row(session, decision_id), relation


def _this_time(row: DecisionRow, moment: Moment) -> str:
    """Names one reply or answer: a supplier may reply again once it was answered."""
    return f"decision-{row.id}-{moment.now.isoformat()}"
