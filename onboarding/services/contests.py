"""A supplier says that what was recorded for it is not right, and the buyer answers."""

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain import statements
from onboarding.domain.errors import NotFound
from onboarding.domain.messages import MessageKind
from onboarding.domain.people import Actor, Said, the_tool
from onboarding.domain.workdays import WorkingCalendar
from onboarding.services.contest_reversals import set_right
from onboarding.services.mail.messages import Owed, owe_to_buyer, owe_to_supplier
from onboarding.services.opening import Opened, checked, open_pathway
from onboarding.services.pathway.notice_upkeep import supersede_moot
from onboarding.services.statuses import reassess
from onboarding.services.tasks import close_tasks
from onboarding.store import statements as statement_store
from onboarding.store.history import Record
from onboarding.store.relations import lock_visible_relation
from onboarding.store.tables import MilestoneRow, RelationRow, StatementRow


def contest_statement(
    session: Session,
    actor: Actor,
    moment: Moment,
    statement_id: int,
    *,
    text: str,
    on_behalf: Said | None = None,
) -> None:
    """The buyer has the turn; until its answer nothing that follows from the record falls due.

    Raises ContestTooLate after the days for it, AlreadyOpen where it was said before.
    """
    row, relation, opened = _open(session, actor, moment, statement_id)
    change = statements.contest(
        statement_store.statement_value(row),
        opened.pathway if opened else None,
        text,
        actor,
        moment.today,
        checked(session, relation.id, on_behalf),
    )
    statement_store.record_contest(session, row, change, _under(actor, moment, row, on_behalf))
    if opened is not None:
        for milestone_id in change.touches:
            milestone = session.get_one(MilestoneRow, milestone_id)
            close_tasks(session, actor, moment, ("call",), milestone_id=milestone_id)
            supersede_moot(session, moment, opened, milestone)
    facts = {"statement_id": row.id, "text": change.text}
    owe_to_buyer(session, moment, relation, _owed(MessageKind.CONTESTED, row, facts))
    reassess(session, moment, [relation.id])


def answer_contest(
    session: Session,
    actor: Actor,
    moment: Moment,
    statement_id: int,
    *,
    stands: bool,
    text: str,
) -> None:
    """It stands after all; or the supplier is right, and what can be undone is undone."""
    row, relation, opened = _open(session, actor, moment, statement_id)
    waiting = [one.milestone_id for one in statement_store.waiting_requests(session, row)]
    change = statements.answer(
        statement_store.statement_value(row),
        opened.pathway if opened else None,
        waiting,
        stands=stands,
        text=text,
        actor=actor,
        today=moment.today,
        calendar=opened.calendar if opened else WorkingCalendar(),
    )
    statement_store.record_answer(session, row, change, _under(actor, moment, row))
    if not stands:
        set_right(session, actor, moment, row, change.text)
    facts = {
        "statement_id": row.id,
        "stands": change.stands,
        "answer": change.text,
        "grace_ends_on": change.grace_ends_on,
    }
    owe_to_supplier(session, moment, relation, _owed(MessageKind.CONTEST_ANSWERED, row, facts))
    reassess(session, moment, [relation.id])


def _open(
    session: Session, actor: Actor, moment: Moment, statement_id: int
) -> tuple[StatementRow, RelationRow, Opened | None]:
    """The statement, read after its relation was locked, and the pathway that it is about."""
    row = session.get(StatementRow, statement_id)
    if row is None:
        raise NotFound(what="statement")
    relation = lock_visible_relation(session, actor, row.relation_id)
    row = statement_store.statement_row(session, statement_id)
    opened = None
    if row.pathway_id is not None:  # also one that is a draft again, which a supplier cannot see
        tool = the_tool(relation.customer_id)
        opened = open_pathway(session, tool, moment, row.pathway_id)
    return row, relation, opened


def _under(actor: Actor, moment: Moment, row: StatementRow, said: Said | None = None) -> Record:
    return Record(
        actor=actor,
        moment=moment,
        relation_id=row.relation_id,
        pathway_id=row.pathway_id,
        milestone_id=row.milestone_id,
        said=said,
    )


def _owed(kind: MessageKind, row: StatementRow, facts: dict[str, object]) -> Owed:
    return Owed(
        kind=kind,
        about=str(row.id),
        facts={name: value for name, value in facts.items() if value is not None},
        relation_id=row.relation_id,
        milestone_id=row.milestone_id,
    )
