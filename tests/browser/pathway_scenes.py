"""Furnishes an application with pathways in several states, for a browser to look at."""

from datetime import timedelta
from typing import Any

from flask import Flask

from onboarding.clock import Moment
from onboarding.domain.people import Role
from onboarding.domain.policy import Level
from onboarding.domain.templates import TEMPLATES, schedule
from onboarding.services.conversations import ask_question
from onboarding.services.pathway.drafts import draft_pathway
from onboarding.services.pathway.milestones import submit_milestone
from onboarding.services.pathway.negotiation import agree_pathway, counter_pathway, propose_pathway
from onboarding.services.pathway.notice_upkeep import prepare_due_notices
from onboarding.services.pathway.requests import ask_for_date
from onboarding.services.sessions import open_session
from onboarding.services.statuses import policies_of
from onboarding.services.tasks import Task, owe_task
from onboarding.store.database import unit_of_work
from onboarding.store.milestones import rows_of_pathway
from onboarding.store.pathways import negotiation_value
from onboarding.store.tables import (
    MilestoneRow,
    NoticeRow,
    PathwayRow,
    PersonRow,
    RelationRow,
    TaskRow,
)
from tests import pathway_stage as pathways
from tests import stage


def furnish(app: Flask, moment: Moment) -> tuple[str, dict[str, str]]:
    """The token of a manager's log-in, and the addresses of the pages by name."""
    with app.app_context(), unit_of_work() as session:
        return _furnish(session, moment)


def _furnish(session: Any, moment: Moment) -> tuple[str, dict[str, str]]:
    customer = stage.a_customer(session)
    buyer = stage.user_actor(session, customer, Role.MANAGER)
    session.get_one(PersonRow, buyer.person_id).name = "M. de Boer"
    calendar = policies_of(session, customer.id).on(moment.today).calendar
    before = Moment(now=moment.now - timedelta(days=50), today=moment.today - timedelta(days=50))

    def a_supplier(name: str, spend: int, when: Moment = moment) -> tuple[RelationRow, PathwayRow]:
        relation = stage.a_relation(
            session,
            customer,
            name,
            buyer_id=buyer.person_id,
            division="Catering",
            spend=spend,
            enrolled_on=when.today,
        )
        plan = schedule(TEMPLATES["straight"], when.today, calendar, Level.TREDE_1)
        return relation, draft_pathway(session, buyer, when, relation.id, plan)

    def agreed(name: str, spend: int, when: Moment) -> tuple[RelationRow, Any, list[Any]]:
        relation, row = a_supplier(name, spend, when)
        signatory = stage.contact_actor(session, relation)
        propose_pathway(session, buyer, when, relation.id, row.revision)
        agree_pathway(session, signatory, when, row.id, revision=row.revision, function="directeur")
        return relation, signatory, rows_of_pathway(session, row.id)

    urls = {"worklist": "/?show=all"}
    drafted, draft = a_supplier("Drukkerij De Linde B.V.", 184200)
    urls["begin"] = f"/suppliers/{stage.a_relation(session, customer).id}/pathway/new"
    urls["edit"] = f"/pathways/{draft.id}/edit"
    urls["check"] = f"/pathways/{draft.id}/check"
    urls["contact"] = f"/suppliers/{drafted.id}/contact"
    stage.a_contact(session, drafted, name="Jan Peters", phone="+31 20 123 45 67")

    countered, row = a_supplier("Groenvoorziening Het Veen", 310400)
    propose_pathway(session, buyer, moment, countered.id, row.revision)
    steps = list(negotiation_value(row).plan.steps)
    steps[3] = pathways.moved(steps[3], 21)
    signatory = stage.contact_actor(session, countered)
    counter_pathway(
        session,
        signatory,
        moment,
        row.id,
        revision=row.revision,
        steps=steps,
        message="Onze directeur is in maart afwezig.",
    )
    urls["answer"] = f"/pathways/{row.id}/answer"

    late, signatory, milestones = agreed("Schoonmaakbedrijf Van Dijk", 1204000, before)
    prepare_due_notices(session, moment, customer.id)
    notice = session.query(NoticeRow).first()
    urls["notice"] = f"/notices/{notice.id}"
    owe_task(
        session,
        moment,
        late,
        Task(kind="call", about="1", due_on=moment.today, milestone_id=milestones[0].id),
    )

    good, signatory, milestones = agreed("Technisch Beheer Noord", 48900, moment)
    submit_milestone(session, signatory, moment, milestones[0].id, note="Getekend door ons beiden")
    request = ask_for_date(
        session,
        signatory,
        moment,
        milestones[2].id,
        wished_on=milestones[2].due_on + timedelta(14),
        reason="De accountant heeft pas later tijd.",
    )
    ask_question(session, signatory, moment, good.id, text="Moet de hele vestiging mee?")
    urls["overview"] = f"/pathways/{milestones[0].pathway_id}"
    late_step = session.get_one(MilestoneRow, notice.milestone_id)
    urls["late-overview"] = f"/pathways/{late_step.pathway_id}"
    urls["step"] = f"/milestones/{milestones[0].id}"
    urls["own-step"] = f"/milestones/{milestones[-1].id}"
    urls["request"] = f"/requests/{request}"
    task = session.query(TaskRow).filter_by(kind="question").first()
    urls["question"] = f"/questions/{task.id}"
    token = open_session(session, moment.now, buyer.person_id or 0, buyer.side, customer.id)
    return token, urls
