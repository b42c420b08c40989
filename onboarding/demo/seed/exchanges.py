"""Stories of what both sides say about steps: days asked for, reviews, questions."""

from datetime import timedelta

from sqlalchemy import select

from onboarding.demo.seed.replay import Story
from onboarding.demo.seed.supplier import Supplier
from onboarding.demo.seed.walking import NOTES, agree, late, starting_for, walk
from onboarding.domain.people import Channel
from onboarding.services import contests, conversations
from onboarding.services.pathway import milestones, requests
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
    yield days.ago(2)
    s.act(
        conversations.write_note,
        s.buyer,
        s.relation_id,
        text="Bij Catering is ook werk voor hen; bespreken in het voorjaar.",
    )
    s.act(
        conversations.write_note,
        s.buyer,
        s.relation_id,
        text="De gemeente kent een regeling voor begeleiding op de werkplek. Vraag ernaar.",
        milestone_id=s.step("first-placement").id,
        is_shared=True,
    )


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


def to_review(s: Supplier) -> Story:
    """Asked for another day, did without it after all, and handed in."""
    yield from agree(s, starting_for("plan", s.scene.days.ahead(3)))
    yield from walk(s, until="plan")
    yield s.scene.days.ago(4)
    request_id = _ask(s, "plan", 14, "De directie vergadert pas volgende maand.")
    yield s.scene.days.ago(3)
    s.act(requests.withdraw_request, s.contact, request_id)
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


def _ask(s: Supplier, step: str, days_later: int, reason: str) -> int:
    row = s.step(step)
    request_id: int = s.act(
        requests.ask_for_date,
        s.contact,
        row.id,
        wished_on=row.due_on + timedelta(days=days_later),
        reason=reason,
    )
    return request_id


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
