"""Grants beyond a limit of the policy: asked, taken back, and signed or refused by a second."""

from typing import Any

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain import grants
from onboarding.domain.decision_moves import DecisionTaken
from onboarding.domain.errors import AlreadyOpen, MoveRefused
from onboarding.domain.grants import AskedGrant
from onboarding.domain.messages import MessageKind
from onboarding.domain.people import Actor, the_tool
from onboarding.services.mail.messages import Owed, owe
from onboarding.services.statuses import policies_of, reassess
from onboarding.store.decisions import decision_row
from onboarding.store.facts import load_facts
from onboarding.store.grants import (
    add_asked,
    asked_value,
    has_one_waiting,
    lapsed,
    record_answer,
)
from onboarding.store.history import Record, check_not_sent_twice
from onboarding.store.relations import lock_relations, lock_visible_relation
from onboarding.store.tables import DecisionRow, PersonRow, RelationRow


def asked_instead(
    session: Session, actor: Actor, moment: Moment, relation: RelationRow, taken: DecisionTaken
) -> int | None:
    """Ask for the grant where it is beyond a limit; None where it needs no second signature.

    Raises AlreadyOpen where one waits for this supplier already.
    """
    policy = policies_of(session, relation.customer_id).on(moment.today)
    if taken.ends_on is None or (
        policy.grant_longest_days is None and policy.grant_spend_limit is None
    ):
        return None
    others = load_facts(session, [relation.id])[relation.id].decisions
    limits = grants.limits_passed(policy, taken.starts_on, taken.ends_on, relation.spend, others)
    if not limits:
        return None
    asked = grants.ask(
        reason=taken.reason,
        starts_on=taken.starts_on,
        ends_on=taken.ends_on,
        limits=limits,
        today=moment.today,
    )
    record = Record(actor=actor, moment=moment, relation_id=relation.id, is_shared=False)
    check_not_sent_twice(session, asked, record)
    if has_one_waiting(session, relation.id, moment.today):
        raise AlreadyOpen(what="grant")
    return add_asked(session, asked, record)


def confirm_grant(session: Session, actor: Actor, moment: Moment, decision_id: int) -> None:
    """The second signature: from today on at the earliest it counts, until its last day.

    Raises NotAllowed for who asked it and for who is no manager, MoveRefused once it was answered
    or has lapsed.
    """
    row, asked, relation = _locked(session, actor, decision_id)
    change = grants.confirm(asked, actor, moment.today)
    record = Record(actor=actor, moment=moment, relation_id=relation.id)
    record_answer(session, row, change, record)
    facts = {"is_signed": True, "starts_on": change.starts_on.isoformat()}
    _tell(session, moment, asked, relation, actor, facts)
    reassess(session, moment, [relation.id])


def refuse_grant(
    session: Session, actor: Actor, moment: Moment, decision_id: int, *, answer: str
) -> None:
    """Nothing changes for the supplier, which hears nothing of it."""
    row, asked, relation = _locked(session, actor, decision_id)
    change = grants.refuse(asked, answer, actor, moment.today)
    record = Record(actor=actor, moment=moment, relation_id=relation.id, is_shared=False)
    record_answer(session, row, change, record)
    _tell(session, moment, asked, relation, actor, {"answer": change.answer})


def withdraw_grant(session: Session, actor: Actor, moment: Moment, decision_id: int) -> None:
    """Who asked it takes it back; nobody need sign any more.

    Raises NotAllowed for anybody else, MoveRefused once it was answered or has lapsed.
    """
    row, asked, relation = _locked(session, actor, decision_id)
    change = grants.withdraw(asked, actor, moment.today)
    record = Record(actor=actor, moment=moment, relation_id=relation.id, is_shared=False)
    record_answer(session, row, change, record)


def lapse_grants(session: Session, moment: Moment, customer_id: int) -> int:
    """Record of those that nobody answered in time that they lapsed; returns how many."""
    found = lapsed(session, customer_id, moment.today)
    if not found:
        return 0
    lock_relations(session, sorted({relation_id for relation_id, _ in found}))
    tool, count = the_tool(customer_id), 0
    for relation_id, decision_id in found:
        row = decision_row(session, decision_id)
        asked = asked_value(row)
        change = grants.lapse(asked, tool, moment.today) if asked else None
        if change is not None:
            record = Record(actor=tool, moment=moment, relation_id=relation_id, is_shared=False)
            record_answer(session, row, change, record)
            count += 1
    return count


def _tell(
    session: Session,
    moment: Moment,
    asked: AskedGrant,
    relation: RelationRow,
    actor: Actor,
    facts: dict[str, Any],
) -> None:
    """Who asked hears what the second manager did."""
    person = session.get(PersonRow, actor.person_id) if actor.person_id else None
    owed = Owed(
        kind=MessageKind.GRANT_ANSWERED,
        about=str(asked.id),
        facts={
            "decision_id": asked.id,
            "who": person.name if person else "",
            "ends_on": asked.ends_on.isoformat(),
            **facts,
        },
        relation_id=relation.id,
    )
    owe(session, moment, relation.customer_id, owed, [asked.asked_by])


def _locked(
    session: Session, actor: Actor, decision_id: int
) -> tuple[DecisionRow, AskedGrant, RelationRow]:
    """What was asked, read after its relation was locked. Raises NotFound."""
    relation_id = decision_row(session, decision_id).relation_id
    relation = lock_visible_relation(session, actor, relation_id)
    row = decision_row(session, decision_id)
    asked = asked_value(row)
    if asked is None:
        raise MoveRefused(from_state=row.state, to_state=row.state)
    return row, asked, relation
