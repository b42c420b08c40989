"""How a pathway goes when nothing is wrong: agreed, and then each step some days before its day."""

from datetime import date, timedelta

from onboarding.demo.seed.replay import Story
from onboarding.demo.seed.supplier import Supplier
from onboarding.domain.people import Side
from onboarding.domain.policy import Level
from onboarding.domain.templates import TEMPLATES
from onboarding.services.pathway import milestones

NOTES = {
    "agreement": "De ondertekende afspraak zit erbij.",
    "account": "Account aangemaakt; ons kantoor is contactpersoon.",
    "baseline": "De nulmeting is gedaan, alleen de totaalscore.",
    "plan": "Plan van twee pagina's, besproken in het directieoverleg.",
    "first-placement": "Wij kopen voortaan de lunch in bij een sociale onderneming.",
    "evidence": "Alles staat klaar voor de audit.",
    "quote": "Offerte van de certificerende instelling gekozen.",
    "application": "De aanvraag is de deur uit.",
    "audit": "De audit is geweest.",
    "certificate": "Het certificaat is binnen.",
}


def starting_for(title: str, due_on: date, template: str = "straight") -> date:
    """The start that puts the step on that day, a working day."""
    step = next(one for one in TEMPLATES[template].steps if one.title == title)
    return due_on - timedelta(weeks=step.weeks)


def propose(
    s: Supplier, starts_on: date, template: str = "straight", target: Level | None = None
) -> Story:
    """Enrolled, invited, and a proposal on the table about two weeks before the start."""
    days = s.scene.days
    yield max(days.before(starts_on, 24), days.first)
    s.enrol()
    s.invite()
    yield days.before(starts_on, 17)
    s.draft(s.plan(starts_on, template, target))
    yield s.today
    s.propose("Zoals besproken. Kijk rustig; bel mij als een datum niet past.")


def agree(
    s: Supplier, starts_on: date, template: str = "straight", target: Level | None = None
) -> Story:
    """Proposed, and agreed at the start."""
    yield from propose(s, starts_on, template, target)
    yield s.scene.days.before(starts_on, 0)
    s.agree()


def walk(
    s: Supplier,
    *,
    past: str | None = None,
    until: str | None = None,
    level: Level = Level.TREDE_1,
) -> Story:
    """The steps one by one: after `past`, and up to `until`, which is left as it is."""
    days = s.scene.days
    certificate = None
    titles = [row.title for row in s.steps]
    first = titles.index(past) + 1 if past else 0
    for title, due_on in [(row.title, row.due_on) for row in s.steps[first:]]:
        if title == until:
            return
        step = s.step(title)
        by = s.buyer if step.owner == Side.BUYER else s.contact
        yield max(days.before(due_on, 0 if step.owner != Side.SUPPLIER else 4), s.today)
        if title == "certificate":
            certificate = s.certificate(level, s.today)
            s.report(certificate, s.contact)
        if title == "register-check" and certificate is not None:
            s.verify(last_certificate(s), certificate)
        step = s.step(title)
        s.act(milestones.submit_milestone, by, step.id, note=NOTES.get(title))
        if step.is_reviewed:
            yield days.after(s.today, 3)
            s.act(milestones.accept_milestone, s.buyer, step.id)


def follow(s: Supplier, starts_on: date, *, level: Level = Level.TREDE_1) -> Story:
    """Agreed and walked, as far as today lets it."""
    yield from agree(s, starts_on)
    yield from walk(s, level=level)


def late(s: Supplier, title: str, due_on: date, *, until: str | None = None) -> Story:
    """All in time, up to one step whose day passes, or an earlier one."""
    yield from agree(s, starting_for(title, due_on))
    yield from walk(s, until=until or title)


def last_certificate(s: Supplier) -> int:
    """The number of the last certificate reported."""
    return s.certificate_ids()[-1]
