"""The year after a pathway whose steps come back: offered in time, drafted or left out."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Integer, cast, null
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import MoveRefused, NotFound
from onboarding.domain.messages import MessageKind
from onboarding.domain.next_years import begins_on, near_from_start, next_year, skip
from onboarding.domain.pathways import PathwayState
from onboarding.domain.people import Actor, Role, Side
from onboarding.domain.plans import Plan
from onboarding.domain.templates import Template
from onboarding.services.mail.sweep import Sweep
from onboarding.services.pathway.drafts import draft_pathway
from onboarding.services.pathway.templates import live_templates
from onboarding.services.statuses import policies_of
from onboarding.store import next_years as kept
from onboarding.store.colleagues import acting_buyers
from onboarding.store.history import Record, append
from onboarding.store.owing import CUSTOMER, as_facts, words
from onboarding.store.pathways import last_pathway_row
from onboarding.store.relations import lock_visible_relation, visible_relation
from onboarding.store.stages import TODAY
from onboarding.store.tables import PathwayRow
from onboarding.store.templates import has_yearly_steps, last_template_rows, template_value
from onboarding.store.work_items import Section, Sight


@dataclass(frozen=True, slots=True, kw_only=True)
class NextYear:
    """What a pathway for the year after would hold."""

    pathway_id: int
    relation_id: int
    template: Template
    plan: Plan


def close_overtaken_years(session: Session, moment: Moment, customer_id: int) -> None:
    """What was offered for a year that is no longer to come."""
    kept.close_overtaken(session, moment, customer_id, yearly_of(session, customer_id))


def offer_next_years(yearly: kept.Yearly, sweep: Sweep) -> int:
    """A task for the buyer, and a mail about it, 60 days before the year after begins.

    A pathway that is completed later than that is followed at once.
    """
    if not yearly:
        return 0
    started_by = sweep.open_day("started_by", lambda look: near_from_start(look.today, look.policy))
    source = (
        kept.followed_by_a_year(CUSTOMER, yearly)
        .where(kept.is_near(started_by))
        .add_columns(
            words(PathwayRow.id).label("about"),
            PathwayRow.relation_id,
            cast(null(), Integer).label("milestone_id"),
            as_facts(
                sweep.session,
                {"pathway_id": PathwayRow.id, "started_on": PathwayRow.starts_on},
            ).label("facts"),
        )
    )
    new = sweep.owe_tasks(kept.KIND, Role.BUYER, [source])
    sweep.owe(MessageKind.NEXT_YEAR, [source], acting_buyers(TODAY), is_counted=False)
    return new


def years_to_begin(session: Session, sight: Sight) -> Section:
    """What was offered and waits, by the day on which the year begins."""
    found = kept.offered(session, sight)
    items = (
        replace(item, due_on=begins_on(date.fromisoformat(item.detail["started_on"])))
        for item in found.items
    )
    return Section(tuple(items), found.total)


def read_next_year(
    session: Session, actor: Actor, moment: Moment, pathway_id: int
) -> NextYear | None:
    """None where no step comes back, or where another pathway was begun. Raises NotFound."""
    row = session.get(PathwayRow, pathway_id)
    if row is None:
        raise NotFound(what="pathway")
    visible_relation(session, actor, row.relation_id)
    template = _template_of(session, actor, row)
    if template is None:
        return None
    policy = policies_of(session, actor.customer_id).on(moment.today)
    return NextYear(
        pathway_id=row.id,
        relation_id=row.relation_id,
        template=template,
        plan=next_year(template, row.starts_on, moment.today, policy),
    )


def draft_next_year(session: Session, actor: Actor, moment: Moment, pathway_id: int) -> PathwayRow:
    """The draft for the year after, ready to be checked and proposed."""
    found = _still_to_come(session, actor, moment, pathway_id)
    row = draft_pathway(session, actor, moment, found.relation_id, found.plan)
    kept.close(session, moment, pathway_id, actor.person_id, "drafted")
    return row


def skip_next_year(
    session: Session, actor: Actor, moment: Moment, pathway_id: int, *, reason: str
) -> None:
    """There is no pathway for the year after; the reason stays in the history."""
    found = _still_to_come(session, actor, moment, pathway_id)
    under = Record(
        actor=actor,
        moment=moment,
        relation_id=found.relation_id,
        pathway_id=found.pathway_id,
        is_shared=False,
    )
    append(session, skip(found.pathway_id, reason, actor), under)
    kept.close(session, moment, pathway_id, actor.person_id, "skipped")


def _still_to_come(session: Session, actor: Actor, moment: Moment, pathway_id: int) -> NextYear:
    """Read under the relation's lock. Raises MoveRefused where somebody was ahead."""
    row = session.get(PathwayRow, pathway_id)
    if row is None:
        raise NotFound(what="pathway")
    lock_visible_relation(session, actor, row.relation_id)
    found = read_next_year(session, actor, moment, pathway_id)
    if found is None:
        raise MoveRefused(from_state="over", to_state=PathwayState.DRAFT.value)
    return found


def _template_of(session: Session, actor: Actor, row: PathwayRow) -> Template | None:
    """The live template of a completed pathway whose steps come back, where nothing followed."""
    last = last_pathway_row(session, row.relation_id)
    if row.state != PathwayState.COMPLETED or last is None or last.id != row.id:
        return None
    live = (one for one in live_templates(session, actor) if one.code == row.template)
    return next((one for one in live if one.yearly_steps), None)


def yearly_of(session: Session, customer_id: int) -> kept.Yearly:
    """The customer's templates with steps that come back."""
    with_supplier, buyers_only = [], []
    for row in last_template_rows(session, customer_id):
        is_live = row.retired_at is None and has_yearly_steps(row)
        steps = template_value(row).yearly_steps if is_live else ()
        if any(step.owner is not Side.BUYER for step in steps):
            with_supplier.append(row.code)
        elif steps:
            buyers_only.append(row.code)
    return kept.Yearly(with_supplier=tuple(with_supplier), buyers_only=tuple(buyers_only))
