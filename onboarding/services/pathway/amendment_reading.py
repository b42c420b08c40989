"""Reading an amendment for a page or a mail: old and new side by side, and whose turn it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.amended_plans import as_accepted, checked_plan
from onboarding.domain.amendments import AmendmentState
from onboarding.domain.comparisons import Pair, side_by_side
from onboarding.domain.errors import NotFound
from onboarding.domain.people import Actor, Side
from onboarding.domain.plans import Plan, Step
from onboarding.services.pathway.amendments import Terms, wished
from onboarding.services.statuses import policies_of
from onboarding.store.amendments import agreed_plan, amendment_value, open_amendment_row
from onboarding.store.pathways import load_pathway
from onboarding.store.relations import visible_relation
from onboarding.store.tables import AmendmentRow, PathwayRow


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentView:
    """What one side proposes instead of what is agreed and still open.

    `by` put the last version on the table, `since` then; `revision` is that version. `agreed` and
    `plan` are the two texts, `pairs` their steps side by side.
    """

    id: int
    pathway_id: int
    relation_id: int
    state: AmendmentState
    by: Side
    since: date
    revision: int
    reason: str
    answer: str | None
    answered_on: date | None
    agreed: Plan
    plan: Plan
    pairs: tuple[Pair, ...]

    @property
    def is_open(self) -> bool:
        return self.state is AmendmentState.OPEN

    @property
    def waits_for(self) -> Side:
        return Side.BUYER if self.by is Side.SUPPLIER else Side.SUPPLIER


def read_amendment(session: Session, actor: Actor, amendment_id: int) -> AmendmentView:
    """The amendment with this id. Raises NotFound."""
    row = session.get(AmendmentRow, amendment_id)
    if row is None:
        raise NotFound(what="amendment")
    return _view(session, actor, row)


def open_amendment(session: Session, actor: Actor, pathway_id: int) -> AmendmentView | None:
    """The amendment that waits for a word, if there is one."""
    row = open_amendment_row(session, pathway_id)
    return _view(session, actor, row) if row else None


def compared(session: Session, row: AmendmentRow) -> tuple[Plan, Plan]:
    """What is agreed and still open, and what accepting the amendment now would make of it."""
    pathway = session.get_one(PathwayRow, row.pathway_id)
    amendment = amendment_value(session, row, pathway)
    plan = as_accepted(amendment.plan, amendment.touches, load_pathway(session, pathway))
    return agreed_plan(session, pathway), plan


def would_become(
    session: Session,
    actor: Actor,
    moment: Moment,
    pathway_id: int,
    steps: Sequence[Step],
    terms: Terms,
    countered: AmendmentView | None = None,
) -> tuple[Plan, list[Pair]]:
    """The plan as proposing it today would put it on the table, beside what is agreed.

    Raises InputInvalid or LimitReached as proposing would. `countered` is what it would answer.
    """
    row = session.get(PathwayRow, pathway_id)
    if row is None:
        raise NotFound(what="pathway")
    relation = visible_relation(session, actor, row.relation_id)
    agreed = agreed_plan(session, row)
    before = countered.plan if countered else agreed
    policy = policies_of(session, relation.customer_id).on(moment.today)
    plan = wished(before, steps, terms)
    plan = checked_plan(load_pathway(session, row), before, plan, actor, moment.today, policy)
    return plan, side_by_side(agreed.steps, plan.steps)


def _view(session: Session, actor: Actor, row: AmendmentRow) -> AmendmentView:
    relation_id = session.get_one(PathwayRow, row.pathway_id).relation_id
    visible_relation(session, actor, relation_id)
    agreed, plan = compared(session, row)
    return AmendmentView(
        id=row.id,
        pathway_id=row.pathway_id,
        relation_id=relation_id,
        state=AmendmentState(row.state),
        by=Side(row.proposed_by),
        since=row.turn_since_on,
        revision=row.revision,
        reason=row.reason,
        answer=row.answer,
        answered_on=row.answered_on,
        agreed=agreed,
        plan=plan,
        pairs=tuple(side_by_side(agreed.steps, plan.steps)),
    )
