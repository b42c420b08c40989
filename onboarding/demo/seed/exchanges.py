"""Stories of what both sides say about steps: days asked for, reviews, questions."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from onboarding.demo.seed.replay import Story
from onboarding.demo.seed.supplier import Supplier
from onboarding.demo.seed.walking import NOTES, agree, late, starting_for, walk
from onboarding.domain.people import Channel
from onboarding.domain.plans import Step
from onboarding.domain.workdays import Span
from onboarding.services import amendments, contests, conversations, holds, milestones, requests
from onboarding.store.amendments import agreed_plan
from onboarding.store.tables import DateRequestRow, TaskRow


def print_shop(s: Supplier) -> Story:
    """The story's supplier: well on its way, and its next step is due in less than two weeks."""
    days = s.scene.days
    yield from agree(s, starting_for("first-placement", days.ahead(11)))
    yield from walk(s, until="plan")
    plan = s.step("plan")
    yield days.before(plan.due_on, 5)
    s.act(milestones.submit_milestone, s.contact, plan.id, note="Hierbij ons plan.")
    yield days.after(s.today, 2)
    s.act(
        milestones.return_milestone,
        s.buyer,
        plan.id,
        note="Mooi plan. Zet er nog bij wie het bij u doet en wanneer.",
    )
    yield days.after(s.today, 4)
    s.act(milestones.submit_milestone, s.contact, plan.id, note="Aangevuld met namen van functies.")
    yield days.after(s.today, 2)
    s.act(milestones.accept_milestone, s.buyer, plan.id, note="Helemaal goed zo.")
    yield days.ago(6)
    s.act(
        conversations.ask_question,
        s.contact,
        s.relation_id,
        text="Telt een leerwerkplek via het praktijkonderwijs ook mee?",
        milestone_id=s.step("first-placement").id,
    )
    yield days.ago(5)
    s.act(
        conversations.answer_question,
        s.buyer,
        _open_question(s),
        text="Ja, dat telt mee. Stuur geen naam mee, alleen dat het zo is.",
    )
    yield days.ago(3)
    s.act(milestones.start_milestone, s.contact, s.step("first-placement").id)


def date_asked(s: Supplier) -> Story:
    """Asked in time; until the answer nothing falls due."""
    step = "baseline"
    yield from agree(s, starting_for(step, s.scene.days.ahead(6)))
    yield from walk(s, until=step)
    yield s.scene.days.ago(2)
    _ask(s, step, 21, "De vestiging verhuist in die week.")


def date_granted(s: Supplier) -> Story:
    days, step = s.scene.days, "baseline"
    yield from agree(s, starting_for(step, days.ago(10)))
    yield from walk(s, until=step)
    yield days.before(s.step(step).due_on, 6)
    _ask(s, step, 28, "Wij wachten op cijfers van het uitzendbureau.")
    yield days.after(s.today, 2)
    _answer(s, step, grants=True)


def date_refused(s: Supplier) -> Story:
    days, step = s.scene.days, "plan"
    yield from agree(s, starting_for(step, days.ahead(3)))
    yield from walk(s, until=step)
    yield days.ago(7)
    _ask(s, step, 60, "Drukke tijd; liever na de zomer.")
    yield days.ago(4)
    _answer(s, step, grants=False)


def body_late(s: Supplier) -> Story:
    """The certifying body has no room before next month; nobody answered yet."""
    yield from agree(s, starting_for("audit", s.scene.days.ahead(5)))
    yield from walk(s, until="audit")
    yield s.scene.days.ago(2)
    s.act(
        requests.report_outside_delay,
        s.contact,
        s.step("audit").id,
        new_day=s.scene.days.ahead(40),
        reason="De auditor is ziek; de instelling noemt een nieuwe dag.",
    )


def body_late_and_granted(s: Supplier) -> Story:
    days = s.scene.days
    yield from agree(s, starting_for("audit", days.ago(6)))
    yield from walk(s, until="audit")
    yield days.ago(12)
    s.act(
        requests.report_outside_delay,
        s.contact,
        s.step("audit").id,
        new_day=days.ahead(18),
        reason="De instelling heeft geen auditor vrij.",
    )
    yield days.ago(9)
    _answer(s, "audit", grants=True)


def change_proposed(s: Supplier) -> Story:
    """Wants two more months for what is left; it waits for the buyer, who refused four."""
    days = s.scene.days
    yield from agree(s, days.ago(46))
    yield from walk(s, until="baseline")
    yield days.ago(11)
    amendment_id = _propose_change(s, 120, "Liever na het boekjaar.")
    yield days.ago(9)
    s.act(
        amendments.decline_amendment,
        s.buyer,
        amendment_id,
        reason="Vier maanden is te lang; kijk of het met minder kan.",
    )
    yield days.ago(2)
    _propose_change(s, 56, "Ons magazijn verhuist eerst; daarna hebben wij handen vrij.")


def change_agreed(s: Supplier) -> Story:
    """Two weeks more for what was left, agreed by both: version 2."""
    days = s.scene.days
    yield from agree(s, days.ago(66))
    yield from walk(s, until="baseline")
    yield days.ago(24)
    amendment_id = _propose_change(s, 14, "Onze administratie is ingehuurd en komt later.")
    yield days.ago(21)
    s.act(amendments.accept_amendment, s.buyer, amendment_id, revision=1)
    yield from walk(s, past="account")


def change_of_ours(s: Supplier) -> Story:
    """We would like a visit in between, and give the steps after it more time; it has not said."""
    days = s.scene.days
    yield from agree(s, days.ago(50))
    yield from walk(s, until="baseline")
    yield days.ago(4)
    visit = Step(title="Werkbezoek bij een collega-cateraar", due_on=days.ahead(24))
    left = ("first-placement",)
    steps = [
        replace(step, due_on=step.due_on + timedelta(days=28)) if step.title == "plan" else step
        for step in agreed_plan(s.scene.session, s.pathway).steps
        if step.title not in left
    ]
    s.act(
        amendments.propose_amendment,
        s.buyer,
        s.pathway.id,
        steps=(*steps, visit),
        reason="Eerst samen kijken hoe een ander het doet, dan pas een plan. De inkoop bij een "
        "sociale onderneming hebt u al laten zien.",
    )


def _propose_change(s: Supplier, days: int, reason: str) -> int:
    steps = agreed_plan(s.scene.session, s.pathway).steps
    amendment_id: int = s.act(
        amendments.propose_amendment,
        s.contact,
        s.pathway.id,
        steps=tuple(replace(step, due_on=step.due_on + timedelta(days=days)) for step in steps),
        reason=reason,
    )
    return amendment_id


def to_review(s: Supplier) -> Story:
    yield from agree(s, starting_for("plan", s.scene.days.ahead(3)))
    yield from walk(s, until="plan")
    yield s.scene.days.ago(2)
    s.act(milestones.submit_milestone, s.contact, s.step("plan").id, note=NOTES["plan"])


def said_otherwise(s: Supplier) -> Story:
    """We wrote down that a step is done; it says that this is not right, and waits for us."""
    days, step = s.scene.days, "first-placement"
    yield from agree(s, starting_for(step, days.ahead(9)))
    yield from walk(s, until="plan")
    plan_id = s.step("plan").id
    yield days.before(s.step("plan").due_on, 4)
    first = s.told(milestones.submit_milestone, plan_id, channel=Channel.MAIL, note=NOTES["plan"])
    yield days.after(s.today, 1)
    s.act(contests.contest_statement, s.contact, first, text="Dit was nog een concept.")
    yield days.after(s.today, 1)
    answer = "In uw mail stond dat dit het goedgekeurde plan is. Klopt dat niet? Bel mij."
    s.act(contests.answer_contest, s.buyer, first, stands=True, text=answer)
    yield days.after(s.today, 1)
    s.act(milestones.accept_milestone, s.buyer, plan_id)
    yield days.ago(3)
    note = "Er is een leerwerkplek in de wasserij."
    second = s.told(milestones.submit_milestone, s.step(step).id, note=note)
    yield days.ago(2)
    text = "De leerwerkplek begint pas volgende maand. Ik zei dat wij ermee bezig zijn."
    s.act(contests.contest_statement, s.contact, second, text=text)


def review_late(s: Supplier) -> Story:
    """Ours to answer for three weeks: the supplier is not late, we are."""
    yield from agree(s, starting_for("plan", s.scene.days.ago(18)))
    yield from walk(s, until="plan")
    yield s.scene.days.ago(21)
    s.act(milestones.submit_milestone, s.contact, s.step("plan").id, note=NOTES["plan"])


def returned(s: Supplier) -> Story:
    yield from agree(s, starting_for("plan", s.scene.days.ago(3)))
    yield from walk(s, until="plan")
    yield s.scene.days.ago(7)
    s.act(milestones.submit_milestone, s.contact, s.step("plan").id, note="Eerste versie.")
    yield s.scene.days.ago(4)
    s.act(
        milestones.return_milestone,
        s.buyer,
        s.step("plan").id,
        note="De handtekening van de directie ontbreekt nog.",
    )


def waived(s: Supplier) -> Story:
    days = s.scene.days
    yield from late(s, "account", days.ago(30))
    yield days.ago(32)
    s.act(
        milestones.waive_milestone,
        s.buyer,
        s.step("account").id,
        reason="Had al een account via het moederbedrijf.",
    )
    yield from walk(s, past="account")


def pause_asked(s: Supplier) -> Story:
    """Asks for a pause, and something else besides; both wait for the buyer."""
    days = s.scene.days
    yield from agree(s, days.ago(40))
    yield from walk(s, until="baseline")
    yield days.ago(2)
    s.act(
        holds.ask_for_hold,
        s.contact,
        s.pathway.id,
        span=Span(days.ahead(3), days.ahead(35)),
        reason="Onze directeur is ziek; na een maand is de vervanger er.",
    )
    yield days.ago(1)
    s.act(
        conversations.ask_question,
        s.contact,
        s.relation_id,
        text="Mag onze accountant meekijken in dit portaal?",
    )


def _ask(s: Supplier, step: str, days_later: int, reason: str) -> None:
    row = s.step(step)
    s.act(
        requests.ask_for_date,
        s.contact,
        row.id,
        wished_on=row.due_on + timedelta(days=days_later),
        reason=reason,
    )


def _answer(s: Supplier, step: str, *, grants: bool) -> None:
    row = s.scene.session.scalars(
        select(DateRequestRow)
        .where(DateRequestRow.milestone_id == s.step(step).id)
        .order_by(DateRequestRow.id.desc())
    ).first()
    assert row is not None
    s.act(
        requests.answer_request,
        s.buyer,
        row.id,
        granted_on=row.asked_due_on if grants else None,
        note="Prima zo." if grants else "Zo lang kan niet; stuur wat u hebt.",
    )


def _open_question(s: Supplier) -> int:
    task = s.scene.session.scalars(
        select(TaskRow)
        .where(TaskRow.relation_id == s.relation_id, TaskRow.kind == "question")
        .order_by(TaskRow.id.desc())
    ).first()
    assert task is not None
    return task.id
