"""Stories of what is asked about a whole pathway: another agreement, or a pause."""

from dataclasses import replace
from datetime import timedelta

from onboarding.demo.seed.replay import Story
from onboarding.demo.seed.supplier import Supplier
from onboarding.demo.seed.walking import agree, walk
from onboarding.domain.plans import Step
from onboarding.domain.workdays import Span
from onboarding.services import conversations
from onboarding.services.pathway import amendments, holds
from onboarding.store.amendments import agreed_plan


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
    """We would like a visit in between, and give the steps after it more time; it has not said.

    Two months more for everything we proposed first, and took back the next day.
    """
    days = s.scene.days
    yield from agree(s, days.ago(50))
    yield from walk(s, until="baseline")
    yield days.ago(6)
    too_much = s.act(
        amendments.propose_amendment,
        s.buyer,
        s.pathway.id,
        steps=[
            replace(step, due_on=step.due_on + timedelta(days=56))
            for step in agreed_plan(s.scene.session, s.pathway).steps
        ],
        reason="Wij willen eerst een bezoek met u plannen.",
    )
    yield days.ago(5)
    s.act(
        amendments.withdraw_amendment,
        s.buyer,
        too_much,
        revision=1,
        note="Alles opschuiven is niet nodig. Wij komen met een kleiner voorstel.",
    )
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
