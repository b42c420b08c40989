"""Stories of pathways before they are agreed, on hold, and after they are over."""

from dataclasses import replace
from datetime import timedelta

from onboarding.demo.seed.replay import Story
from onboarding.demo.seed.supplier import Supplier
from onboarding.demo.seed.walking import agree, propose, walk
from onboarding.domain.plans import Step
from onboarding.domain.policy import Level
from onboarding.domain.workdays import Span
from onboarding.services.pathway import holds, milestones, negotiation, proposals_given
from onboarding.store.pathways import negotiation_value


def drafted(s: Supplier) -> Story:
    yield s.scene.days.ago(6)
    s.enrol()
    s.invite()
    yield s.scene.days.ago(2)
    s.draft(s.plan(s.scene.days.ahead(20), "straight", None))


def proposed(s: Supplier) -> Story:
    yield from propose(s, s.scene.days.ahead(12))


def proposed_without_answer(s: Supplier) -> Story:
    yield from propose(s, s.scene.days.ago(6))


def window_over(s: Supplier) -> Story:
    """No answer in sixty days: a person decides."""
    yield from propose(s, s.scene.days.ago(68))
    yield s.scene.days.ago(50)
    s.call("Ingesproken op de voicemail.", was_reached=False)


def countered(s: Supplier) -> Story:
    """The supplier wants three weeks more; it waits for the buyer."""
    yield from propose(s, s.scene.days.ahead(14))
    yield s.scene.days.ago(2)
    pathway = s.pathway
    s.act(
        negotiation.counter_pathway,
        s.contact,
        pathway.id,
        revision=pathway.revision,
        steps=_later(s, 21),
        message="Wij zijn in de zomer drie weken dicht. Kan alles drie weken later?",
    )


def countered_and_agreed(s: Supplier, starts_on_ago: int = 74) -> Story:
    days = s.scene.days
    yield from propose(s, days.ago(starts_on_ago))
    yield days.after(s.today, 3)
    pathway = s.pathway
    s.act(
        negotiation.counter_pathway,
        s.contact,
        pathway.id,
        revision=pathway.revision,
        steps=_later(s, 14),
        message="Graag twee weken later beginnen met alles.",
    )
    yield days.after(s.today, 2)
    s.act(negotiation.agree_pathway, s.buyer, pathway.id, revision=s.pathway.revision)
    yield from walk(s)


def withdrawn(s: Supplier) -> Story:
    yield from propose(s, s.scene.days.ago(1))
    yield s.scene.days.ago(3)
    s.act(negotiation.withdraw_proposal, s.buyer, s.pathway.id)


def declined(s: Supplier) -> Story:
    yield from propose(s, s.scene.days.ago(60))
    yield s.scene.days.ago(66)
    s.act(
        negotiation.decline_pathway,
        s.contact,
        s.pathway.id,
        reason="Wij zijn met ons tweeën en hebben hier de tijd niet voor.",
    )


def stopped_by_supplier(s: Supplier) -> Story:
    yield from agree(s, s.scene.days.ago(150))
    yield from walk(s, until="first-placement")
    yield s.scene.days.ago(25)
    s.act(
        negotiation.stop_pathway,
        s.contact,
        s.pathway.id,
        reason="Wij worden overgenomen; de nieuwe eigenaar kijkt er later naar.",
    )


def stopped_by_manager(s: Supplier) -> Story:
    yield from agree(s, s.scene.days.ago(190))
    yield from walk(s, until="plan")
    yield s.scene.days.ago(38)
    s.act(
        negotiation.stop_pathway,
        s.manager,
        s.pathway.id,
        reason="Na drie gesprekken komt er geen plan. Wij beginnen gerust later opnieuw.",
    )


def on_hold(s: Supplier) -> Story:
    """A fire in the workshop: paused, and all that is open moves along."""
    days = s.scene.days
    yield from agree(s, days.ago(75))
    yield from walk(s, until="plan")
    yield days.ago(8)
    hold_id = s.act(
        holds.ask_for_hold,
        s.contact,
        s.pathway.id,
        span=Span(days.ago(5), days.ahead(40)),
        reason="Brand in de werkplaats. Wij moeten eerst weer open.",
    )
    yield days.ago(6)
    s.act(holds.grant_asked_hold, s.buyer, hold_id, answer="Sterkte. Wij pauzeren alles tot dan.")


def by_phone(s: Supplier) -> Story:
    """Never logs in: the buyer records what is said on the phone."""
    days = s.scene.days
    starts_on = days.ago(62)
    yield days.before(starts_on, 12)
    s.enrol()
    s.invite(has_mail=False)
    yield days.before(starts_on, 8)
    s.draft(s.plan(starts_on, "straight", None))
    yield s.today
    s.propose()
    yield days.before(starts_on, 5)
    s.act(proposals_given.give_proposal, s.buyer, s.pathway.id, given_on=s.today)
    yield days.before(starts_on, 0)
    s.agree(by_phone=True)
    s.call("Het hele voorstel doorgenomen. Akkoord.")
    yield from walk_on_behalf(s)


def walk_on_behalf(s: Supplier) -> Story:
    for step_id, due_on, is_reviewed in [
        (row.id, row.due_on, row.is_reviewed) for row in s.steps[:2]
    ]:
        yield s.scene.days.before(due_on, 2)
        s.told(milestones.submit_milestone, step_id, note="Verteld aan de telefoon.")
        if is_reviewed:
            yield s.scene.days.after(s.today, 2)
            s.act(milestones.accept_milestone, s.buyer, step_id)


def through_aspirant(s: Supplier) -> Story:
    """The long way: a first certificate on the road."""
    yield from agree(s, s.scene.days.ago(300), "through-aspirant", Level.TREDE_1)
    yield from walk(s, until="progress-measurement", level=Level.ASPIRANT)


def _later(s: Supplier, days: int) -> tuple[Step, ...]:
    steps = negotiation_value(s.pathway).plan.steps
    return tuple(replace(step, due_on=step.due_on + timedelta(days=days)) for step in steps)
