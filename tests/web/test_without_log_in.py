"""A whole pathway by letter, phone and mail, to its certificate, without one log-in."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.store.milestones import rows_of_pathway
from onboarding.store.tables import (
    CertificateRow,
    DateRequestRow,
    EventRow,
    LoginSessionRow,
    MilestoneRow,
    PathwayRow,
    PathwayVersionRow,
    PersonRow,
    StatementRow,
)
from tests import pathway_stage as pathways
from tests import stage
from tests.conftest import SettableClock
from tests.files import a_mail, a_pdf

DAY = timedelta(days=1)


class ByPhone:
    """A buyer at work; nobody at the supplier has an e-mail address."""

    def __init__(self, app: Flask, session: Session, clock: SettableClock) -> None:
        self.app, self.session, self.clock = app, session, clock
        self.scene = pathways.a_scene(session, enrolled_on=None)
        self.relation = self.scene.relation
        self.owner_id = self.scene.signatory.person_id or 0
        session.get_one(PersonRow, self.owner_id).email = None

    def until(self, day: date) -> None:
        self.clock.forward(days=(day - self.clock.moment().today).days)

    def send(self, address: str, **fields: Any) -> str:
        """Post a form, and read the page that follows."""
        self.session.commit()
        person = self.session.get_one(PersonRow, self.scene.buyer.person_id)
        now, customer = self.clock.real_now(), self.scene.customer
        client = stage.log_in(self.app.test_client(), self.session, now, person, customer)
        answer = client.post(address, data=fields)
        assert answer.status_code == 303, answer.text
        page = client.get(answer.location).text
        self.session.expire_all()
        return page

    def said(self, act: str, about: int = 0, **fields: Any) -> str:
        known = {
            "about": str(about),
            "said_by": str(self.owner_id),
            "channel": "phone",
            "said_on": self.clock.moment().today.isoformat(),
        }
        return self.send(f"/suppliers/{self.relation.id}/contact/{act}", **(known | fields))

    @property
    def status(self) -> tuple[str, list[str]]:
        today, relation_id = self.clock.moment().today, self.relation.id
        status = pathways.status_on(self.session, relation_id, today)
        return status, sorted(set(pathways.reasons_on(self.session, relation_id, today)))

    def step(self, title: str) -> MilestoneRow:
        pathway = self.session.scalars(select(PathwayRow)).one()
        return next(m for m in rows_of_pathway(self.session, pathway.id) if m.title == title)

    def accept(self, title: str) -> None:
        step = self.step(title)
        self.send(f"/milestones/{step.id}/accept", revision=step.revision)


@pytest.fixture
def it(app: Flask, session: Session, clock: SettableClock) -> ByPhone:
    return ByPhone(app, session, clock)


def test_a_pathway_runs_to_its_certificate_without_one_log_in(
    it: ByPhone, session: Session, clock: SettableClock
) -> None:
    draft = pathways.a_draft(session, it.scene, clock.moment())
    it.send(f"/pathways/{draft.id}/propose", revision=draft.revision)
    assert it.status == ("undecided", ["in-negotiation"])
    it.send(f"/pathways/{draft.id}/given", given_on=clock.moment().today.isoformat())

    # They agree by phone, a day later.
    it.until(clock.moment().today + DAY)
    page = it.said("agree", draft.id, revision=draft.revision, function="eigenaar")
    assert "bevestig het zelf" in page
    assert it.status == ("conditional", ["on-track"])
    signed = session.scalars(select(PathwayVersionRow)).one().for_supplier
    assert (signed["channel"], signed["person_id"], signed["function"]) == (
        "phone",
        it.owner_id,
        "eigenaar",
    )

    # The first step is missed. A mail of its last day turns up three days later: it was in time.
    plan = it.step("plan")
    due_on = plan.due_on
    it.until(due_on + 3 * DAY)
    assert it.status == ("at-risk", ["milestone-overdue"])
    page = it.said(
        "another-date",
        plan.id,
        channel="mail",
        said_on=due_on.isoformat(),
        wished_on=(due_on + 14 * DAY).isoformat(),
        reason="Onze directeur is ziek.",
        original=(io.BytesIO(a_mail()), "uitstel.eml"),
        is_clean="y",
    )
    assert "dat telt als op tijd" in page
    assert it.status == ("conditional", ["on-track"])
    request = session.scalars(select(DateRequestRow)).one()
    assert (request.made_on, request.recorded_on) == (due_on, due_on + 3 * DAY)
    it.send(f"/requests/{request.id}", decision="asked", note="Beterschap.")
    assert it.status == ("conditional", ["on-track"])

    # Handed over in a meeting, with the plan as a file, and accepted.
    it.until(it.step("plan").due_on - DAY)
    it.said(
        "step-done",
        plan.id,
        channel="meeting",
        note="Het plan is af.",
        files=[(io.BytesIO(a_pdf()), "plan.pdf")],
        is_clean="y",
    )
    it.accept("plan")
    assert it.step("plan").state == "accepted"

    # The second is told of in time by mail, recorded when it was late already: done at once.
    account = it.step("account")
    it.until(account.due_on + 2 * DAY)
    assert it.status == ("at-risk", ["milestone-overdue"])
    said_on = (account.due_on - DAY).isoformat()
    page = it.said("step-done", account.id, channel="mail", said_on=said_on, note="Account is er.")
    assert "dat telt als op tijd" in page
    assert it.step("account").state == "accepted"
    assert it.status == ("conditional", ["on-track"])

    # The certifying body is late; that never counts against them.
    audit = it.step("audit")
    later = audit.due_on + 28 * DAY
    it.said("outside-delay", audit.id, new_day=later.isoformat(), reason="Auditor ziek.")
    delay = session.scalars(select(DateRequestRow).order_by(DateRequestRow.id.desc())).first()
    assert delay is not None
    it.send(f"/requests/{delay.id}", decision="asked")
    it.until(it.step("audit").due_on)
    it.said("step-done", audit.id, note="De audit was vandaag.")
    it.accept("audit")
    assert it.status == ("conditional", ["on-track"])

    # The certificate came by letter; a buyer finds it in the register.
    today = clock.moment().today
    claim = {
        "level": "trede-1",
        "starts_on": today.isoformat(),
        "ends_on": (today + 730 * DAY).isoformat(),
        "kvk_numbers": it.relation.kvk_number,
    }
    it.said("certificate", channel="letter", **claim)
    assert it.status == ("conditional", ["on-track"])
    certificate = session.scalars(select(CertificateRow)).one()
    assert certificate.reported_by == "supplier"
    it.send(
        f"/certificates/{certificate.id}/verify",
        register_url="https://register.example/1",
        checked_on=today.isoformat(),
        **claim,
    )
    assert it.status == ("eligible", ["certified"])
    it.send(f"/milestones/{it.step('register-check').id}/done")
    assert session.scalars(select(PathwayRow.state)).one() == "completed"
    assert it.status == ("eligible", ["certified"])

    sides = set(session.scalars(select(LoginSessionRow.side)))
    assert sides == {"buyer"}
    told = session.scalars(select(StatementRow.code).order_by(StatementRow.id)).all()
    assert told == [
        "pathway-agreed",
        "date-requested",
        "milestone-submitted",
        "milestone-submitted",
        "outside-delay-reported",
        "milestone-submitted",
        "certificate-reported",
    ]
    by_supplier = select(EventRow.channel).where(EventRow.said_by == it.owner_id)
    assert set(session.scalars(by_supplier)) == {"phone", "mail", "meeting", "letter"}


def test_who_has_no_address_still_says_that_it_is_not_right(
    it: ByPhone, session: Session, clock: SettableClock
) -> None:
    """By phone, as all the rest."""
    draft = pathways.a_draft(session, it.scene, clock.moment())
    it.send(f"/pathways/{draft.id}/propose", revision=draft.revision)
    it.said("decline", draft.id, reason="Geen tijd.")
    assert it.status == ("undecided", ["decision-needed"])
    statement = session.scalars(select(StatementRow)).one()
    it.said("contest", statement.id, text="Mijn collega zei maar wat.")
    assert it.status == ("undecided", ["in-negotiation"])
    it.send(f"/statements/{statement.id}", decision="wrong", text="Wij doen een nieuw voorstel.")
    assert it.status == ("undecided", ["in-negotiation"])
