"""A year of one buyer and one print shop, with all that goes otherwise than planned.

In Chromium without JavaScript and with nothing but keys: the buyer at 1280 pixels, the supplier's
people at 375. After each step programs read the status and the reasons that the rules give.
"""

from datetime import date
from typing import Any

from playwright.sync_api import Browser
from sqlalchemy import select

from onboarding.store.database import db
from onboarding.store.tables import EvidenceRow
from tests.browser.keys import ByKeyboard
from tests.browser.living import Visitor, World, a_file, command, visitors
from tests.browser.stories import BUYER, KVK, MANAGER, PASSWORD, SUPPLIER, Story
from tests.files import a_mail, a_pdf, a_picture

WRONG, ACCOUNTANT = "piet@linde.example", "ada@cijfers.example"
SISTER, TAKEN_OVER = "02076359", "34567890"
OTHER, ENDING = "certificate-covers-other-number", "certificate-ending"
JAN = {"said_by": "Jan de Linde, directeur", "channel": "phone"}


def test_a_year_with_the_messy_parts(browser: Browser, world: World) -> None:
    command(world.app, "db", "upgrade")
    with visitors(browser, world, with_script=False, kind=ByKeyboard) as visitor:
        manager, buyer = visitor(MANAGER, PASSWORD), visitor(BUYER, PASSWORD)
        for one, role in ((manager, "manager"), (buyer, "buyer")):
            one.page.goto(command(world.app, "create-user", one.email, "--role", role))
            one.send(password=PASSWORD)
        world.token = command(world.app, "create-token", "Orders", "--scope", "eligibility:read")
        story = Story(world, buyer, manager, visitor(SUPPLIER, "", 375))
        the_wrong_contact(story, visitor(WRONG, "", 375))
        a_refusal(story)
        an_agreement_by_phone(story)
        an_accountant_fills_in(story, visitor(ACCOUNTANT, "", 375))
        a_photo_with_personal_data(story)
        a_score_too_low(story)
        a_step_in_the_summer_closure(story)
        a_late_body_while_the_buyer_is_ill(story)
        a_sister_companys_certificate(story)
        a_takeover(story)
        a_renewal_over_its_end(story)
        story.passed_days_never_change()


def the_wrong_contact(story: Story, wrong: Visitor) -> None:
    """The mail reaches somebody who left: he says so from the mail, and names who it is."""
    buyer, world = story.buyer, story.world
    buyer.open("/suppliers/new")
    buyer.send(name="Drukkerij De Linde B.V.", kvk_number=KVK, buyer_id="2")
    buyer.send("/suppliers/1/enrol")
    buyer.follow("/suppliers/1/contacts/new")
    buyer.send(name="Piet Pos", email=WRONG, role="signatory", function="directeur", is_main=True)
    buyer.follow("/suppliers/1/pathway/new")
    buyer.send(template="straight", starts_on="2026-11-30")
    buyer.send("/pathways/1/edit", button=".buttons button[value=check]")
    buyer.send("/pathways/1/propose", message="Wij denken dat dit kan.")
    world.post()
    negotiating: dict[str, Any] = {"waits_for": "supplier", "window_ends_on": "2027-01-23"}
    story.reads("undecided", "in-negotiation", "2026-11-24", **negotiating)

    wrong.page.goto(story.mail_link("proposal", WRONG, "not-me"))
    wrong.send(name="Jan de Linde", email=SUPPLIER, phone="0182 555 010")
    assert "Dank u" in wrong.page.inner_text("main")
    world.post()
    buyer.open("/")
    assert "Drukkerij" in buyer.section("answer")
    buyer.follow("/suppliers/1/contacts/1/doubt")
    buyer.follow("/suppliers/1/contacts/new")
    buyer.send(role="signatory", function="directeur", is_main=True)
    buyer.open("/suppliers/1/contacts/1/retire")
    buyer.send(reason="Werkt er niet meer.")
    story.reads("undecided", "in-negotiation", "2026-11-24", **negotiating)
    wrong.page.goto(f"{world.address}/portal/1")
    assert "/portal/log-in" in wrong.page.url, "who is retired does not come in"


def a_refusal(story: Story) -> None:
    """By phone they say no; a person decides what follows, no clock does."""
    world = story.world
    world.live_until(date(2026, 11, 26))
    story.heard("decline", reason="Wij verhuizen eerst.", said_on="2026-11-26", **JAN)
    story.reads("undecided", "decision-needed", "2026-11-24")
    world.post()
    assert story.mailed("recorded", SUPPLIER) == 1


def an_agreement_by_phone(story: Story) -> None:
    """A new proposal, and the yes of a director who never logged in, with his mail as a file."""
    buyer, world = story.buyer, story.world
    world.live_until(date(2026, 12, 1))
    buyer.open("/suppliers/1")
    buyer.follow("/suppliers/1/pathway/new")
    buyer.send(template="straight", starts_on="2027-01-04")
    buyer.send("/pathways/2/edit", button=".buttons button[value=check]")
    buyer.send("/pathways/2/propose", message="Na de verhuizing.")
    story.reads("undecided", "in-negotiation", "2026-11-24")
    world.live_until(date(2026, 12, 3))
    story.heard(
        "agree",
        function="directeur",
        said_on="2026-12-02",
        original=a_file("akkoord.eml", a_mail("Akkoord, Jan"), "message/rfc822"),
        is_clean=True,
        **{**JAN, "channel": "mail"},
    )
    world.post()
    assert story.mailed("agreement", SUPPLIER) == story.mailed("agreement", BUYER) == 1
    story.reads(
        "conditional", "on-track", "2026-12-03", "2027-01-18", "at-risk", last_day="2027-08-16"
    )


def an_accountant_fills_in(story: Story, accountant: Visitor) -> None:
    """She prepares two steps and cannot send them; the director sends one, from the mail, and one
    in the portal.
    """
    supplier, buyer, world = story.supplier, story.buyer, story.world
    world.live_until(date(2027, 1, 15))
    supplier.open("/portal/1/people/invite")
    supplier.send(name="Ada Cijfers", email=ACCOUNTANT, role="adviser", locale="nl")
    world.post()
    accountant.enter(world.link("invitation", ACCOUNTANT))
    for title in ("agreement", "account"):
        accountant.open(f"/portal/1/steps/{story.step(title)}")
        assert accountant.page.locator("button[value=send]").count() == 0
        accountant.send(button="button[value=save]", note=f"Klaargezet: {title}.")
    story.reads("conditional", "on-track", "2026-12-03", "2027-01-18", "at-risk")

    supplier.page.context.clear_cookies()
    supplier.page.goto(story.mail_link("milestone-reminder", SUPPLIER, "step"))
    assert "Klaargezet: agreement." in supplier.page.content()
    supplier.send(button="button[value=send]", note="Zie onze mail van december.")
    assert "/log-in" not in supplier.page.url
    story.reads("conditional", "on-track", "2026-12-03", "2027-02-01", "at-risk")
    supplier.open(f"/portal/1/steps/{story.step('account')}")
    supplier.send(button="button[value=send]")
    buyer.open("/")
    assert "Drukkerij" in buyer.section("review")
    story.accepts("agreement")
    story.reads("conditional", "on-track", "2026-12-03", "2027-03-01", "at-risk")


def a_photo_with_personal_data(story: Story) -> None:
    """The summary of the score is a photo with names: the buyer takes it out, everywhere."""
    supplier, buyer, world = story.supplier, story.buyer, story.world
    world.live_until(date(2027, 2, 22))
    step = story.step("baseline")
    supplier.open(f"/portal/1/steps/{step}")
    supplier.send(
        button="button[value=send]",
        note="Nulmeting: 0,8 %.",
        files=a_file("scherm.png", a_picture(), "image/png"),
        is_clean=True,
    )
    buyer.open(f"/milestones/{step}")
    with world.app.app_context():
        evidence_id = db.session.scalars(
            select(EvidenceRow.id).where(EvidenceRow.file_name == "scherm.png")
        ).one()
        db.session.remove()
    buyer.follow(f"/evidence/{evidence_id}/personal-data")
    buyer.send(reason="Er staan namen van medewerkers op.")
    world.post()
    assert story.mailed("evidence-removed", SUPPLIER) == 1
    buyer.open(f"/milestones/{step}")
    assert "scherm.png" not in buyer.page.content()
    kept = f"{world.address}/portal/1/files/{evidence_id}/download"
    assert supplier.page.request.get(kept).status == 404
    # The step itself stays done: only the file went. 29 March is Easter Monday.
    story.reads("conditional", "on-track", "2026-12-03", "2027-03-30", "at-risk")


def a_score_too_low(story: Story) -> None:
    """Straight to a trede will not do: the other template, old and new side by side. It ends more
    than 31 months after the first day, so a manager proposes it.
    """
    supplier, manager, world = story.supplier, story.manager, story.world
    world.live_until(date(2027, 3, 1))
    manager.open("/pathways/2/change")
    manager.send(
        "/pathways/2/change",
        button="button[value=template]",
        begin_template="through-aspirant",
        begin_on="2027-03-01",
    )
    manager.send("/pathways/2/change", button=".buttons button[value=check]")
    manager.send(
        "/pathways/2/change", button="button[value=propose]", reason="De score is te laag."
    )
    world.post()
    assert story.mailed("amendment-proposed", SUPPLIER) == 1
    # Our own proposal stops no clock: what was agreed counts.
    story.reads("conditional", "on-track", "2026-12-03", "2027-03-30", "at-risk")
    supplier.open("/portal/1/amendments/1")
    supplier.send("/portal/1/amendments/1/agree", function="directeur")
    world.post()
    assert story.mailed("agreement", SUPPLIER) == 2
    story.reads(
        "conditional",
        "on-track",
        "2026-12-03",
        "2027-05-24",
        "at-risk",
        target="trede-1",
        last_day="2029-10-01",
    )


def a_step_in_the_summer_closure(story: Story) -> None:
    """They are closed when the application falls due; the page says so, and they ask a date."""
    supplier, buyer, world = story.supplier, story.buyer, story.world
    world.live_until(date(2027, 5, 20))
    story.hands_in("plan")
    story.accepts("plan")
    world.live_until(date(2027, 7, 1))
    story.hands_in("evidence")
    story.hands_in("quote")
    supplier.open("/portal/1/closed")
    supplier.send(starts_on="2027-07-26", ends_on="2027-08-13")
    assert "Definitieve aanvraag: maandag 26 juli 2027" in supplier.page.inner_text("main")
    story.reads("conditional", "on-track", "2026-12-03", "2027-07-26", "at-risk")
    supplier.follow(f"/portal/1/steps/{story.step('application')}/date")
    supplier.send(wished_on="2027-08-20", reason="Dan zijn wij weer open.")
    # While we have the turn it does not fall due; the next that they owe is that of December.
    story.reads("conditional", "on-track", "2026-12-03", "2027-12-01", "at-risk")
    buyer.open("/")
    buyer.follow("/requests/1")
    buyer.send(decision="asked", note="Fijne vakantie.")
    story.reads("conditional", "on-track", "2026-12-03", "2027-08-20", "at-risk")
    sent = story.mailed("milestone-reminder", SUPPLIER)
    world.live_until(date(2027, 8, 13))
    assert story.mailed("milestone-reminder", SUPPLIER) == sent, "nobody is there to read it"
    world.live_until(date(2027, 8, 18))
    # That of two weeks before, which waited for them, and that of three days before.
    assert story.mailed("milestone-reminder", SUPPLIER) == sent + 2
    story.hands_in("application")


def a_late_body_while_the_buyer_is_ill(story: Story) -> None:
    """The buyer is ill: the deputy reads what waits, and the body's delay counts for nobody."""
    supplier, manager, world = story.supplier, story.manager, story.world
    world.live_until(date(2027, 8, 30))
    manager.open("/colleagues/2")
    manager.send("/colleagues/2/absence", deputy="1", ends_on="2027-09-30")
    world.live_until(date(2027, 9, 2))
    asked = len(world.mailed("delay-reported", MANAGER)), story.mailed("delay-reported", BUYER)
    supplier.open(f"/portal/1/steps/{story.step('audit')}/delay")
    supplier.send(new_day="2027-09-27", reason="De auditor is er pas eind september.")
    world.post()
    assert story.mailed("delay-reported", MANAGER) == asked[0] + 1
    assert story.mailed("delay-reported", BUYER) == asked[1]
    supplier.open("/portal/1")
    assert "marit" in supplier.section("buyer").lower()
    world.live_until(date(2027, 9, 8))
    story.reads("conditional", "on-track", "2026-12-03", "2027-12-01", "at-risk")
    manager.open("/")
    assert "Drukkerij" in manager.section("answer")
    manager.follow("/requests/2")
    manager.send(decision="asked")
    world.live_until(date(2027, 9, 27))
    story.reads("conditional", "on-track", "2026-12-03", "2027-12-01", "at-risk")
    story.hands_in("audit")
    manager.open(f"/milestones/{story.step('audit')}")
    manager.send(f"/milestones/{story.step('audit')}/accept")


def a_sister_companys_certificate(story: Story) -> None:
    """It is real and verified, and says nothing of the company from which we buy."""
    world = story.world
    world.live_until(date(2027, 10, 4))
    report(story, "trede-1", "2027-10-01", "2029-09-30", SISTER)
    verify(story, 1)
    story.warnings = (OTHER,)
    story.reads("conditional", "on-track", "2026-12-03", "2027-12-01", "at-risk")
    report(story, "trede-1", "2027-10-01", "2028-02-29", KVK)
    verify(story, 2)
    certified: dict[str, Any] = {"level": "trede-1", "valid_until": "2028-02-29"}
    # Within 180 days it ends, and the sister's is still there.
    story.warnings = (OTHER, ENDING)
    story.reads("eligible", "certified", "2027-10-04", "2028-02-29", "at-risk", **certified)


def a_takeover(story: Story) -> None:
    """Another number: the certificate that names the old one counts no more, the history stays."""
    buyer, world = story.buyer, story.world
    world.live_until(date(2027, 11, 2))
    story.hands_in("first-placement")
    buyer.open("/suppliers/1")
    buyer.follow("/suppliers/1/number")
    buyer.send(kvk_number=TAKEN_OVER, from_on="2027-11-01", reason="Overgenomen door Druk Groep.")
    story.kvk_number = TAKEN_OVER
    story.warnings = (OTHER, OTHER)
    story.reads("conditional", "on-track", "2027-11-02", "2028-04-03", "at-risk")
    assert world.read(KVK)["kvk_number"] == TAKEN_OVER, "the old number leads here still"
    report(story, "trede-1", "2027-11-02", "2028-02-29", f"{KVK}, {TAKEN_OVER}")
    verify(story, 3)
    story.warnings = (OTHER, OTHER, ENDING)
    # Verified on the same day, so no day went by without one.
    story.reads("eligible", "certified", "2027-10-04", "2028-02-29", "conditional")


def a_renewal_over_its_end(story: Story) -> None:
    """Reported in time and lying with us, the end of the old certificate takes nothing away."""
    supplier, buyer, world = story.supplier, story.buyer, story.world
    world.live_until(date(2028, 2, 21))
    # That of last year has ended.
    world.token = command(world.app, "create-token", "Orders", "--scope", "eligibility:read")
    supplier.open("/portal/1/certificates")
    supplier.follow("/portal/1/certificates/3/renewal")
    supplier.send(note="De audit is op 8 maart.")
    story.reads("eligible", "certified", "2027-10-04", "2028-02-29", "conditional")
    story.warnings = (OTHER,)  # the sister's; the other one ended as well
    world.live_until(date(2028, 3, 1))
    story.reads("conditional", "renewal-under-way", "2028-03-01")
    buyer.open("/")
    buyer.follow("/renewals/1")
    buyer.send("/renewals/1/accept", answer="Succes met de audit.")
    # Ninety days after the old certificate ended.
    story.reads("conditional", "renewal-under-way", "2028-03-01", "2028-05-29", "at-risk")
    world.live_until(date(2028, 3, 20))
    report(story, "trede-1", "2028-03-20", "2030-03-19", TAKEN_OVER)
    verify(story, 4)
    story.reads("eligible", "certified", "2028-03-20", "2030-03-19", "at-risk")


def report(story: Story, level: str, starts_on: str, ends_on: str, kvk_numbers: str) -> None:
    story.supplier.open("/portal/1/certificates/report")
    story.supplier.send(
        level=level,
        starts_on=starts_on,
        ends_on=ends_on,
        kvk_numbers=kvk_numbers,
        files=a_file("certificaat.pdf", a_pdf(f"PSO {level} {kvk_numbers} {ends_on}")),
        is_clean=True,
    )
    story.world.post()


def verify(story: Story, certificate_id: int) -> None:
    address = f"/certificates/{certificate_id}"
    story.buyer.open(address)
    register = f"https://register.example/{certificate_id}"
    story.buyer.send(f"{address}/verify", register_url=register)
    story.world.post()
