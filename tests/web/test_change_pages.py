"""Changing an agreement on the pages: proposed by either side, read side by side, and answered."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from onboarding.clock import Moment
from onboarding.domain.people import Role
from onboarding.services.pathway.amendments import counter_amendment, propose_amendment
from onboarding.services.pathway.milestones import submit_milestone
from onboarding.store.amendments import agreed_plan
from onboarding.store.milestones import rows_of_pathway
from onboarding.store.tables import AmendmentRow, MilestoneRow, PathwayRow, PersonRow
from tests import pathway_stage as pathways
from tests import stage
from tests.conftest import SettableClock
from tests.web.elements import elements

PLAN, ACCOUNT = "Plan van aanpak met directie-akkoord", "MijnPSO-account en contactpersoon"


@pytest.fixture
def scene(session: Session) -> pathways.Scene:
    return pathways.a_scene(session)


@pytest.fixture
def row(session: Session, scene: pathways.Scene, moment: Moment) -> PathwayRow:
    """Plan 8 December, account 22 December, audit 19 January, register check 26 January."""
    row, _ = pathways.agreed(session, scene, moment)
    session.commit()
    return row


@pytest.fixture
def log_in(app: Flask, session: Session, scene: pathways.Scene, clock: SettableClock) -> Any:
    def enter(person_id: int | None, *, is_user: bool = True) -> FlaskClient:
        person = session.get_one(PersonRow, person_id)
        place = scene.customer if is_user else None
        return stage.log_in(app.test_client(), session, clock.real_now(), person, place)

    return enter


@pytest.fixture
def buyer(log_in: Any, scene: pathways.Scene) -> FlaskClient:
    return log_in(scene.buyer.person_id)


@pytest.fixture
def kim(log_in: Any, scene: pathways.Scene) -> FlaskClient:
    return log_in(scene.signatory.person_id, is_user=False)


@pytest.fixture
def proposed(
    session: Session, scene: pathways.Scene, moment: Moment, row: PathwayRow
) -> Callable[..., AmendmentRow]:
    """An amendment of the buyer or of the supplier that moves the first step by a week."""

    def made(by: str) -> AmendmentRow:
        steps = list(agreed_plan(session, row).steps)
        steps[0] = pathways.moved(steps[0], 7)
        actor = scene.buyer if by == "buyer" else scene.signatory
        amendment = propose_amendment(session, actor, moment, row.id, steps=steps, reason="Bouwvak")
        session.commit()
        return session.get_one(AmendmentRow, amendment)

    return made


def words(answer: TestResponse) -> str:
    return " ".join(answer.text.split())


def compared(answer: TestResponse) -> list[str]:
    """The rows of old beside new."""
    return [row.text for row in elements(answer.text).one("table", class_="compared").all("tr")[1:]]


def listed(answer: TestResponse, **changes: str) -> dict[str, str]:
    """The list of the buyer's page as its form sends it back, with changes."""
    page = elements(answer.text)
    form = next(f for f in page.all("form") if f.all("input", name="count"))
    data = {
        i["name"]: i.get("value") or "" for i in form.all("input") if i.get("type") != "checkbox"
    }
    data |= {
        i["name"]: "1" for i in form.all("input", type="checkbox") if "checked" in i.attributes
    }
    for select_box in form.all("select"):
        chosen = [o for o in select_box.all("option") if "selected" in o.attributes]
        data[select_box["name"]] = chosen[0]["value"] if chosen else ""
    return data | changes


def test_the_buyer_compares_and_proposes(
    buyer: FlaskClient, kim: FlaskClient, session: Session, row: PathwayRow
) -> None:
    address = f"/pathways/{row.id}/change"
    assert f'href="{address}"' in buyer.get(f"/suppliers/{row.relation_id}").text
    page = buyer.get(address)
    removed = buyer.post(address, data=listed(page, do="remove-1"))
    added = buyer.post(address, data=listed(removed, do="add"))
    new = {"title-3": "Gesprek", "due-3": "2026-12-19", "due-0": "2026-12-15", "do": "check"}
    typed = listed(added, **new)
    check = buyer.post(address, data=typed)
    assert compared(check) == [
        f"{PLAN} dinsdag 8 december 2026 dinsdag 15 december 2026 7 dagen later",
        "Gesprek — maandag 21 december 2026 nieuwe stap Door: leverancier",  # 19 is a Saturday
        f"{ACCOUNT} dinsdag 22 december 2026 Niet meer nodig",
    ]
    assert "2 stappen blijven zoals ze zijn" in check.text
    back = buyer.post(address, data=listed(check, do="back", reason="Weg"))
    assert 'value="Gesprek"' in back.text and 'value="2026-12-15"' in back.text
    without = buyer.post(address, data=listed(check, do="propose"))
    assert without.status_code == 400 and "Vul dit in" in without.text
    assert session.scalars(select(AmendmentRow)).first() is None
    done = buyer.post(address, data=listed(check, do="propose", reason="Eerst praten"))
    assert done.status_code == 303
    amendment = session.scalars(select(AmendmentRow)).one()
    assert (amendment.proposed_by, amendment.reason) == ("buyer", "Eerst praten")
    ours = buyer.get(f"/amendments/{amendment.id}")
    assert "Wacht op de leverancier sinds 24 nov 2026" in ours.text
    assert "Akkoord met deze wijziging" not in ours.text
    assert buyer.get(address).location == f"/amendments/{amendment.id}"
    home = words(kim.get(f"/portal/{row.relation_id}"))
    assert home.index("Wij stellen een wijziging van de stappen voor.") < home.index(PLAN)
    assert "Wacht op u sinds dinsdag 24 november 2026." in home
    assert compared(kim.get(f"/portal/{row.relation_id}/amendments/{amendment.id}")) == compared(
        check
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Er verandert niets"),
        ({"due-0": "2026-11-20"}, "Stap 1: kies een dag op of na dinsdag 24 november 2026"),
        ({"due-0": "morgen"}, "Stap 1: Vul een datum in"),
        ({"due-2": "2036-01-01"}, "maanden duren"),
    ],
)
def test_what_cannot_be_proposed_keeps_what_was_typed(
    buyer: FlaskClient, session: Session, row: PathwayRow, changes: dict[str, str], said: str
) -> None:
    address = f"/pathways/{row.id}/change"
    typed = listed(buyer.get(address), **changes, **{"explanation-0": "Kort graag"})
    typed["explanation-0"] = "Kort graag" if changes else ""
    answer = buyer.post(address, data=typed | {"do": "propose", "reason": "Zomaar"})
    assert answer.status_code == 400 and said in answer.text
    assert all(f'value="{value}"' in answer.text for value in changes.values())
    assert session.scalars(select(AmendmentRow)).first() is None


def test_another_template_takes_the_place_of_what_is_open(
    buyer: FlaskClient, session: Session, row: PathwayRow
) -> None:
    address = f"/pathways/{row.id}/change"
    choice = {"begin_template": "no-certificate", "begin_on": "2026-11-24", "do": "template"}
    taken = buyer.post(address, data=listed(buyer.get(address), **choice))
    assert taken.status_code == 200
    check = buyer.post(address, data=listed(taken, do="check"))
    assert any(one.startswith("Ontheffing met einddatum —") for one in compared(check))
    assert "Doel: Geen certificaat." in words(check)
    assert buyer.post(address, data=listed(check, do="propose", reason="Klein")).status_code == 303
    amendment = session.scalars(select(AmendmentRow)).one()
    assert (amendment.target, amendment.template) == (None, "no-certificate")
    again = buyer.post(address, data=listed(taken, do="template", begin_template=""))
    assert again.status_code == 400 and "Kies een sjabloon" in again.text


def test_all_days_move_by_weeks_at_once(
    buyer: FlaskClient, kim: FlaskClient, row: PathwayRow
) -> None:
    address = f"/pathways/{row.id}/change"
    moved = buyer.post(address, data=listed(buyer.get(address), do="shift", weeks="2"))
    assert 'value="2026-12-22"' in moved.text and 'value="2027-02-09"' in moved.text
    portal = f"/portal/{row.relation_id}/pathways/{row.id}/change"
    moved = kim.post(portal, data={"do": "shift", "weeks": "2", "reason": "Druk"})
    assert 'value="2026-12-22"' in moved.text and "Druk" in moved.text
    wrong = kim.post(portal, data={"do": "shift", "weeks": "nu", "reason": "Druk"})
    assert wrong.status_code == 422 and "Vul een aantal weken in" in wrong.text


def test_the_supplier_proposes_on_a_phone(
    kim: FlaskClient, buyer: FlaskClient, session: Session, row: PathwayRow
) -> None:
    plan, account = rows_of_pathway(session, row.id)[:2]
    address = f"/portal/{row.relation_id}/pathways/{row.id}/change"
    page = kim.get(address).text
    assert "Afgesproken: dinsdag 8 december 2026." in page and 'value="directeur"' in page
    typed = {
        f"due-{plan.id}": "2026-12-15",
        f"drop-{account.id}": "1",
        "reason": "Verhuizing",
        "function": "Directeur",
    }
    for wrong, said in (
        ({f"due-{plan.id}": "straks"}, "Dit is geen dag"),
        ({f"due-{plan.id}": "2026-11-20"}, "Kies een dag op of na dinsdag 24 november 2026"),
        ({"reason": ""}, "Schrijf een paar woorden"),
        ({f"due-{plan.id}": "2026-12-08", f"drop-{account.id}": None}, "Er verandert niets"),
    ):
        sent = {name: value for name, value in (typed | wrong).items() if value is not None}
        answer = kim.post(address, data=sent)
        assert answer.status_code == 422 and said in answer.text, said
        assert f'value="{sent[f"due-{plan.id}"]}"' in answer.text
    assert kim.post(address, data=typed).status_code == 303
    amendment = session.scalars(select(AmendmentRow)).one()
    assert amendment.signature["function"] == "Directeur"
    mine = kim.get(f"/portal/{row.relation_id}/amendments/{amendment.id}")
    assert compared(mine) == [
        f"{PLAN} dinsdag 8 december 2026 dinsdag 15 december 2026 7 dagen later",
        f"{ACCOUNT} dinsdag 22 december 2026 Niet meer nodig",
    ]
    assert "Wacht op ons sinds dinsdag 24 november 2026." in mine.text
    still = elements(mine.text).one("section", id="meanwhile")
    assert [li.text for li in still.all("li")] == [PLAN, ACCOUNT]
    assert f'href="/amendments/{amendment.id}"' in buyer.get("/").text
    assert kim.get(address).location == f"/portal/{row.relation_id}/amendments/{amendment.id}"
    second = kim.post(address, data=typed)
    assert second.status_code == 422 and "al een wijziging voorgesteld" in second.text


def test_what_lies_with_us_stays_out_of_the_form_and_in_the_plan(
    kim: FlaskClient, session: Session, scene: pathways.Scene, moment: Moment, row: PathwayRow
) -> None:
    plan, account, audit, _ = rows_of_pathway(session, row.id)
    submit_milestone(session, scene.signatory, moment, plan.id)
    session.commit()
    address = f"/portal/{row.relation_id}/pathways/{row.id}/change"
    assert f"due-{plan.id}" not in kim.get(address).text
    typed = {f"due-{audit.id}": "2027-02-01", "reason": "Later", "function": "Directeur"}
    assert kim.post(address, data=typed).status_code == 303
    steps = session.scalars(select(AmendmentRow)).one().steps
    assert [step["milestone_id"] for step in steps][:2] == [plan.id, account.id]


def test_the_buyer_agrees_to_the_version_it_saw(
    buyer: FlaskClient,
    session: Session,
    scene: pathways.Scene,
    moment: Moment,
    row: PathwayRow,
    proposed: Callable[..., AmendmentRow],
) -> None:
    amendment = proposed("supplier")
    address = f"/amendments/{amendment.id}"
    assert "Wacht op ons sinds 24 nov 2026" in buyer.get(address).text
    old = buyer.post(f"{address}/accept", data={"revision": "7"})
    assert old.status_code == 409 and "Iemand heeft dit intussen veranderd" in old.text
    assert buyer.post(f"{address}/accept", data={"revision": "1"}).status_code == 303
    session.refresh(row)
    assert row.version_number == 2
    assert "Afgesproken op dinsdag 24 november 2026." in words(buyer.get(address))
    assert buyer.post(f"{address}/accept", data={"revision": "1"}).status_code == 409


def test_the_buyer_declines_with_a_reason_or_proposes_something_else(
    buyer: FlaskClient,
    kim: FlaskClient,
    session: Session,
    row: PathwayRow,
    proposed: Callable[..., AmendmentRow],
) -> None:
    amendment = proposed("supplier")
    address = f"/amendments/{amendment.id}"
    page = buyer.get(f"{address}/counter")
    assert 'value="2026-12-15"' in page.text
    assert "Was: dinsdag 8 december 2026." in words(page)
    same = buyer.post(f"{address}/counter", data=listed(page, do="check"))
    assert same.status_code == 400 and "Er verandert niets" in same.text
    check = buyer.post(
        f"{address}/counter", data=listed(page, do="check", **{"due-0": "2026-12-11"})
    )
    sent = listed(check, do="propose", reason="Drie dagen")
    old = buyer.post(f"{address}/counter", data=sent | {"revision": "9"})
    assert old.status_code == 409 and "Iemand heeft dit intussen veranderd" in old.text
    assert buyer.post(f"{address}/counter", data=sent).status_code == 303
    session.refresh(amendment)
    assert (amendment.proposed_by, amendment.revision) == ("buyer", 2)
    assert buyer.get(f"{address}/counter").location == address
    portal = f"/portal/{row.relation_id}/amendments/{amendment.id}"
    assert kim.post(f"{portal}/decline", data={"reason": " "}).status_code == 422
    assert kim.post(f"{portal}/decline", data={"reason": "Te kort"}).status_code == 303
    assert "de afspraak blijft zoals hij was. Te kort" in words(buyer.get(address))
    other = proposed("supplier")
    empty = buyer.post(f"/amendments/{other.id}/decline", data={"reason": " "})
    assert empty.status_code == 400
    assert buyer.post(f"/amendments/{other.id}/decline", data={"reason": "Nee"}).status_code == 303


def test_a_signatory_agrees_in_a_function_to_what_it_saw(
    kim: FlaskClient,
    session: Session,
    scene: pathways.Scene,
    moment: Moment,
    row: PathwayRow,
    proposed: Callable[..., AmendmentRow],
) -> None:
    amendment = proposed("buyer")
    portal = f"/portal/{row.relation_id}/amendments/{amendment.id}"
    nameless = kim.post(f"{portal}/agree", data={"revision": "1", "function": " "})
    assert nameless.status_code == 422 and "Vul uw functie in" in nameless.text
    page = kim.get(f"{portal}/counter")
    plan = rows_of_pathway(session, row.id)[0]
    assert "Wij stellen voor: dinsdag 15 december 2026." in words(page)
    typed = {"revision": "1", "reason": "Langer", "function": "Directeur"}
    answer = kim.post(f"{portal}/counter", data=typed | {f"due-{plan.id}": "2026-12-22"})
    assert answer.status_code == 303
    steps = [pathways.moved(step, 3) for step in agreed_plan(session, row).steps]
    counter_amendment(
        session, scene.buyer, moment, amendment.id, revision=2, steps=steps, reason="Midden"
    )
    session.commit()
    agreed = {"revision": "1", "function": "Directeur"}
    old = kim.post(f"{portal}/agree", data=agreed)
    assert old.status_code == 409 and "Er is niets afgesproken" in old.text
    shown = elements(old.text).all("input", name="revision")[0]["value"]
    assert kim.post(f"{portal}/agree", data=agreed | {"revision": shown}).status_code == 303
    session.refresh(row)
    assert row.version_number == 2
    moved = session.get_one(MilestoneRow, plan.id)
    session.refresh(moved)
    assert moved.due_on == moved.original_due_on + timedelta(3)


@pytest.mark.parametrize("role", [Role.CONTACT, Role.ADVISER])
def test_who_is_no_signatory_reads_and_does_not_agree(
    log_in: Any,
    session: Session,
    scene: pathways.Scene,
    row: PathwayRow,
    proposed: Callable[..., AmendmentRow],
    role: Role,
) -> None:
    amendment = proposed("buyer")
    client = log_in(stage.a_contact(session, scene.relation, role).person_id, is_user=False)
    portal = f"/portal/{row.relation_id}/amendments/{amendment.id}"
    page = client.get(portal).text
    assert "kan akkoord geven" in page and "Ik ga akkoord" not in page
    data = {"revision": "1", "function": "Directeur"}
    assert client.post(f"{portal}/agree", data=data).status_code == 403
    assert client.get(f"/portal/{row.relation_id}/pathways/{row.id}/change").status_code == 403
