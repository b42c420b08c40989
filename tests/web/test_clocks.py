"""What is asked stops exactly the clocks that it is about: asked on the pages, and read there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from onboarding.domain.plans import Step
from onboarding.store.milestones import rows_of_pathway
from onboarding.store.tables import PathwayRow, PersonRow
from tests import pathway_stage, stage
from tests.conftest import SettableClock
from tests.pathway_stage import Scene
from tests.web.elements import elements

DUE = date(2026, 12, 8)
FIRST, SECOND = "Plan van aanpak met directie-akkoord", "MijnPSO-account en contactpersoon"
BOTH = [FIRST, SECOND]


@dataclass
class Case:
    """A supplier with two steps that are due on the same day, and both sides logged in."""

    app: Flask
    session: Session
    clock: SettableClock
    scene: Scene
    pathway: PathwayRow

    def client(self, person_id: int | None, *, is_user: bool = False) -> FlaskClient:
        person = self.session.get_one(PersonRow, person_id)
        place = self.scene.customer if is_user else None
        now = self.clock.real_now()
        return stage.log_in(self.app.test_client(), self.session, now, person, place)

    def portal(self, page: str, **data: Any) -> None:
        client = self.client(self.scene.signatory.person_id)
        answer = client.post(f"/portal/{self.scene.relation.id}/{page}", data=data)
        assert answer.status_code == 303, answer.text

    def buyer(self, page: str, **data: Any) -> None:
        answer = self.client(self.scene.buyer.person_id, is_user=True).post(page, data=data)
        assert answer.status_code == 303, answer.text

    @property
    def first(self) -> int:
        return rows_of_pathway(self.session, self.pathway.id)[0].id

    def change(self) -> dict[str, str]:
        later = (DUE + timedelta(30)).isoformat()
        return {f"due-{self.first}": later, "reason": "Verhuizing", "function": "directeur"}

    def overdue(self) -> list[str]:
        """What the supplier reads as past its date."""
        client = self.client(self.scene.signatory.person_id)
        page = elements(client.get(f"/portal/{self.scene.relation.id}").text)
        return [step.one("h3").text for step in page.all("li", class_="step-overdue")]

    def status(self) -> str:
        """What the buyer reads at the top of the supplier's page."""
        client = self.client(self.scene.buyer.person_id, is_user=True)
        page = elements(client.get(f"/suppliers/{self.scene.relation.id}").text)
        return page.one("section", id="status").all("span", class_="pill")[0].text


def nothing(case: Case) -> None:
    pass


def handed_in(case: Case) -> None:
    case.portal(f"steps/{case.first}", note="Klaar", action="send")


def question(case: Case) -> None:
    case.portal(f"steps/{case.first}/question", text="Mag het later?")


def another_date(case: Case) -> None:
    case.portal(f"steps/{case.first}/date", wished_on="2027-01-11", reason="Ziek")


def delay(case: Case) -> None:
    case.portal(f"steps/{case.first}/delay", new_day="2027-01-11", reason="Geen auditor")


def change(case: Case) -> None:
    case.portal(f"pathways/{case.pathway.id}/change", **case.change())


def our_change(case: Case) -> None:
    rows = rows_of_pathway(case.session, case.pathway.id)
    typed = {"count": len(rows), "target": "trede-1", "template": "A", "reason": "Bouwvak"}
    for n, row in enumerate(rows):
        day = DUE + timedelta(30) if n == 0 else row.due_on
        typed |= {f"title-{n}": row.title, f"code-{n}": row.title, f"due-{n}": day.isoformat()}
        typed |= {f"owner-{n}": row.owner, f"milestone-{n}": row.id}
    case.buyer(f"/pathways/{case.pathway.id}/change", do="propose", **typed)


def pause(case: Case, first: date = DUE) -> None:
    days = {"starts_on": first.isoformat(), "ends_on": "2027-01-08"}
    case.portal(f"pathways/{case.pathway.id}/pause", reason="Verbouwing", **days)


def pause_after(case: Case) -> None:
    pause(case, DUE + timedelta(1))


def our_pause(case: Case) -> None:
    days = {"starts_on": DUE.isoformat(), "ends_on": "2027-01-08"}
    case.buyer(f"/pathways/{case.pathway.id}/pause", reason="Verbouwing", **days)


ASKED: dict[Callable[[Case], None], list[str]] = {
    nothing: BOTH,
    question: BOTH,
    handed_in: [SECOND],
    another_date: [SECOND],
    delay: [SECOND],
    change: [SECOND],
    our_change: BOTH,
    pause: [],
    pause_after: BOTH,
    our_pause: [],
}


def test_each_request_stops_what_it_touches_and_nothing_else(
    app: Flask, session: Session, clock: SettableClock
) -> None:
    moment = clock.moment()
    steps = [Step(title=title, due_on=DUE) for title in ("plan", "account")]
    cases = {}
    for ask in ASKED:
        scene = pathway_stage.a_scene(session)
        row, _ = pathway_stage.agreed(session, scene, moment, *steps)
        cases[ask] = Case(app, session, clock, scene, row)
        ask(cases[ask])
    clock.forward(days=16)
    found = {ask.__name__: case.overdue() for ask, case in cases.items()}
    assert found == {ask.__name__: stopped for ask, stopped in ASKED.items()}
    told = {ask.__name__: case.status() for ask, case in cases.items()}
    assert told == {
        ask.__name__: "Loopt achter" if late else "Vrijgegeven, met afspraken"
        for ask, late in ASKED.items()
    }


def test_what_is_asked_too_late_stops_no_clock(
    app: Flask, session: Session, clock: SettableClock
) -> None:
    scene = pathway_stage.a_scene(session)
    step = Step(title="plan", due_on=DUE)
    row, _ = pathway_stage.agreed(session, scene, clock.moment(), step)
    session.commit()
    clock.forward(days=15)
    for ask in (another_date, change):
        case = Case(app, session, clock, scene, row)
        ask(case)
        assert (case.overdue(), case.status()) == ([FIRST], "Loopt achter")
