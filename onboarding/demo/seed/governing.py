"""Stories of decisions, of relations that end, and of the policy and templates themselves."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from onboarding.demo.seed.replay import Scene, Story
from onboarding.demo.seed.supplier import Supplier
from onboarding.demo.seed.walking import agree, walk
from onboarding.domain.decisions import DecisionKind
from onboarding.domain.people import Actor
from onboarding.domain.policy import Level
from onboarding.domain.templates import STRAIGHT, TemplateStep
from onboarding.services import decisions, relations, suppliers
from onboarding.services.pathway import templates as services
from onboarding.services.policy import policies
from onboarding.services.statuses import policies_of, reassess_customer


def exempt(s: Supplier) -> Story:
    """A one-man firm cannot be certified: an exemption with an end, and a yearly contribution."""
    days = s.scene.days
    starts_on = days.ago(110)
    yield from agree(s, starts_on, "no-certificate")
    yield days.before(s.step("exemption").due_on, 6)
    _decide(s, DecisionKind.EXEMPT, "Eenmanszaak: kan niet gecertificeerd worden.", lasts=365)
    yield s.today
    yield from walk(s, until="yearly-contribution")


def second_year(s: Supplier) -> Story:
    """The first year of an exemption is over: what comes back each year is offered anew."""
    starts_on = s.scene.days.ago(378)
    yield from agree(s, starts_on, "no-certificate")
    yield s.scene.days.before(s.step("exemption").due_on, 6)
    _decide(s, DecisionKind.EXEMPT, "Werkt alleen: kan niet gecertificeerd worden.", lasts=400)
    yield s.today
    yield from walk(s)


def equivalent(s: Supplier) -> Story:
    yield s.scene.days.ago(90)
    s.enrol()
    s.invite()
    yield s.scene.days.ago(84)
    _decide(
        s,
        DecisionKind.EQUIVALENT,
        "Een buitenlands keurmerk met dezelfde eisen, beoordeeld door Inkoop.",
        lasts=300,
    )


def grant_ending(s: Supplier) -> Story:
    yield s.scene.days.ago(80)
    s.enrol()
    yield s.scene.days.ago(76)
    _decide(s, DecisionKind.GRANT, "Overbrugging tot het nieuwe contract.", lasts=96, by=s.manager)


def grant_ended_early(s: Supplier) -> Story:
    """And asked anew for longer than the policy lets one person decide: a second has to sign."""
    yield s.scene.days.ago(70)
    s.enrol()
    s.invite()
    yield s.scene.days.ago(65)
    decision_id = _decide(s, DecisionKind.GRANT, "Tot het gesprek met de directie.", lasts=90)
    yield s.scene.days.ago(22)
    s.act(
        decisions.end_decision,
        s.manager,
        decision_id,
        ended_on=s.today,
        reason="Het gesprek is geweest; er komt een voorstel.",
    )
    yield s.scene.days.ago(3)
    _decide(s, DecisionKind.GRANT, "Het nieuwe contract begint pas na de zomer.", lasts=240)


def blocked(s: Supplier) -> Story:
    """Announced, nobody replied, and in force since some weeks."""
    days = s.scene.days
    yield from agree(s, days.ago(210))
    yield from walk(s, until="plan")
    yield days.ago(62)
    _decide(
        s,
        DecisionKind.BLOCK,
        "Al maanden geen plan en geen antwoord op brieven en telefoon.",
        by=s.manager,
        starts_in=16,
    )


def block_announced(s: Supplier) -> Story:
    """In force within two weeks, unless the supplier replies."""
    yield s.scene.days.ago(50)
    s.enrol()
    s.invite()
    yield s.scene.days.ago(5)
    _decide(
        s,
        DecisionKind.BLOCK,
        "Wil geen afspraken maken en geeft daarvoor geen reden.",
        by=s.manager,
        starts_in=20,
    )


def block_replied(s: Supplier) -> Story:
    """The supplier replied: the manager has the turn, and the block waits."""
    yield s.scene.days.ago(58)
    s.enrol()
    s.invite()
    yield s.scene.days.ago(13)
    decision_id = _decide(
        s,
        DecisionKind.BLOCK,
        "Twee voorstellen bleven liggen.",
        by=s.manager,
        starts_in=18,
    )
    yield s.scene.days.ago(4)
    s.act(
        decisions.reply_to_block,
        s.contact,
        decision_id,
        text="Uw mails kwamen bij een oud-collega aan. Wij willen wel degelijk afspraken maken.",
    )


def relation_ended(s: Supplier) -> Story:
    yield s.scene.days.ago(140)
    s.enrol()
    s.invite()
    yield s.scene.days.ago(55)
    s.act(
        relations.end_supplier_relation,
        s.manager,
        s.relation_id,
        ended_on=s.today + timedelta(days=14),
        reason="Contract na de aanbesteding niet verlengd.",
    )


def taken_over(s: Supplier) -> Story:
    """Another KvK number after a takeover; the old one still leads here."""
    yield from agree(s, s.scene.days.ago(120))
    yield s.scene.days.ago(60)
    s.act(suppliers.change_supplier, s.buyer, s.relation_id, {"kvk_number": "99998100"})
    yield from walk(s)


def templates(scene: Scene, manager: Actor) -> Story:
    """A clearer sentence in ours, and one of our own that was tried and retired."""
    days = scene.days
    yield days.ago(300)
    short = replace(
        STRAIGHT,
        title="Proef: eerst een gesprek",
        summary="Voor leveranciers die twijfelen: een gesprek, een nulmeting en dan beslissen.",
        target=None,
        steps=(
            TemplateStep(
                title="Gesprek op locatie",
                weeks=2,
                explanation="Wij komen langs, bijvoorbeeld een uur, om uw vragen te bespreken.",
            ),
            replace(STRAIGHT.steps[2], weeks=6),
        ),
    )
    tried = services.begin_template(scene.session, manager, scene.moment, short)
    yield days.ago(180)
    services.retire_template(scene.session, manager, scene.moment, tried.code)
    yield days.ago(60)
    plan = next(step for step in STRAIGHT.steps if step.title == "plan")
    clearer = replace(
        plan, explanation="Eén bladzijde is genoeg: wat gaat u doen, wie doet het, en wanneer?"
    )
    steps = tuple(clearer if step is plan else step for step in STRAIGHT.steps)
    wanted = replace(STRAIGHT, steps=steps)
    services.save_template(scene.session, manager, scene.moment, wanted, seen=1)


def policy(scene: Scene, manager: Actor) -> Story:
    """Version 2 some months ago, and version 3 announced: it asks more for *preferred*."""
    days = scene.days
    yield max(days.ago(232), days.first)
    in_a_month = scene.moment.today + timedelta(days=32)
    _publish(scene, manager, in_a_month, cure_working_days=15, grant_longest_days=120)
    yield days.ago(8)
    _publish(scene, manager, days.ahead(24), preferred_level=Level.TREDE_3)


def _publish(scene: Scene, manager: Actor, starts_on: date, **fields: Any) -> None:
    session, moment = scene.session, scene.moment
    last = policies_of(session, manager.customer_id).versions[-1]
    wanted = replace(last, starts_on=starts_on, **fields)
    policies.publish_policy(session, manager, moment, wanted, seen=last.version)
    reassess_customer(session, moment, manager.customer_id)


def _decide(
    s: Supplier,
    kind: DecisionKind,
    reason: str,
    *,
    lasts: int | None = None,
    by: Actor | None = None,
    starts_in: int = 0,
) -> int:
    starts_on = s.today + timedelta(days=starts_in)
    decision_id: int = s.act(
        decisions.take_decision,
        by or s.buyer,
        s.relation_id,
        kind,
        reason=reason,
        starts_on=starts_on,
        ends_on=None if lasts is None else starts_on + timedelta(days=lasts),
    )
    return decision_id
