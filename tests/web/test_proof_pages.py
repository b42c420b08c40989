"""The buyer's pages about certificates, renewals, recognitions and decisions do what they say."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.people import Role
from onboarding.services.proof_reading import proofs_panel
from onboarding.services.status_reading import read_status
from onboarding.store.tables import CertificateRow, DecisionRow, RecognitionRow, RenewalRow
from tests import proof_rows, stage
from tests.web.elements import elements

DAY = timedelta(days=1)


class Desk:
    """A manager at work on one supplier."""

    def __init__(self, app: Flask, session: Session, moment: Moment) -> None:
        self.session, self.moment = session, moment
        self.customer = stage.a_customer(session)
        self.relation = stage.a_relation(
            session, self.customer, kvk_number="17037842", enrolled_on=moment.today
        )
        person = stage.a_user(session, self.customer, Role.MANAGER)
        self.actor = stage.an_actor(self.customer, Role.MANAGER, person_id=person.id)
        self.client: FlaskClient = stage.log_in(
            app.test_client(), session, moment.now, person, self.customer
        )

    def post(self, path: str, **fields: Any) -> Any:
        return self.client.post(path, data=fields)

    def done(self, path: str, **fields: Any) -> str:
        """The page after a form that was taken."""
        answer = self.post(path, **fields)
        assert answer.status_code == 303, answer.text
        return self.client.get(answer.location).text

    def refused(self, path: str, **fields: Any) -> Any:
        """The same page again, with what is wrong."""
        answer = self.post(path, **fields)
        assert answer.status_code == 400
        page = elements(answer.text)
        assert page.one("section", class_="error-summary").all("a")
        assert page.one("title").text.startswith("Fout:")
        return page

    def status(self) -> str:
        reading = read_status(self.session, self.relation.id, self.moment.today)
        assert reading is not None
        return reading.status.value


@pytest.fixture
def desk(app: Flask, session: Session, moment: Moment) -> Desk:
    return Desk(app, session, moment)


def certificate_form(desk: Desk, **fields: Any) -> dict[str, Any]:
    return {
        "level": "trede-1",
        "starts_on": desk.moment.today.isoformat(),
        "ends_on": (desk.moment.today + 700 * DAY).isoformat(),
        "kvk_numbers": "17037842\n02076358",
        "register_url": "https://register.example/1",
        **fields,
    }


def test_a_certificate_from_report_to_revoked(desk: Desk) -> None:
    new = f"/suppliers/{desk.relation.id}/certificates/new"
    assert "17037842" in desk.client.get(new).text
    page = desk.done(new, body="Kiwa", **certificate_form(desk))
    assert "Te controleren" in page
    row = desk.session.scalars(select(CertificateRow)).one()
    checked = {"checked_on": desk.moment.today.isoformat()}
    page = desk.done(f"/certificates/{row.id}/verify", **certificate_form(desk), **checked)
    assert "Gecontroleerd" in page
    assert desk.status() == "eligible"
    page = desk.done(
        f"/certificates/{row.id}/revoke",
        revoked_on=desk.moment.today.isoformat(),
        reason="Uit het register",
    )
    assert "Uit het register" in page
    assert desk.status() != "eligible"


def test_a_number_that_is_not_covered_is_warned_about(desk: Desk) -> None:
    row = proof_rows.a_certificate(desk.session, desk.relation, state="reported", verified_on=None)
    desk.session.commit()
    form = certificate_form(desk, kvk_numbers="02076358")
    page = desk.done(
        f"/certificates/{row.id}/verify", checked_on=desk.moment.today.isoformat(), **form
    )
    assert elements(page).all("p", class_="message-warning")
    assert desk.status() == "undecided"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"register_url": ""}, "register_url"),
        ({"register_url": "register"}, "register_url"),
        ({"kvk_numbers": "1703784"}, "kvk_numbers"),
        ({"ends_on": "2020-01-01"}, "ends_on"),
        ({"ends_on": ""}, "ends_on"),
        ({"checked_on": "2099-01-01"}, "checked_on"),
        ({"thirty_plus": "y"}, "thirty_plus"),
    ],
)
def test_a_wrong_field_keeps_the_rest(desk: Desk, fields: dict[str, str], field: str) -> None:
    row = proof_rows.a_certificate(desk.session, desk.relation, state="reported", verified_on=None)
    desk.session.commit()
    form = {"checked_on": desk.moment.today.isoformat(), **certificate_form(desk), **fields}
    page = desk.refused(f"/certificates/{row.id}/verify", **form)
    links = page.one("section", class_="error-summary").all("a")
    assert [link["href"] for link in links] == [f"#{field}"]
    if field != "kvk_numbers":
        assert "02076358" in page.one("textarea", id="kvk_numbers").text


def test_rejecting_asks_for_a_reason_and_folds_open(desk: Desk) -> None:
    row = proof_rows.a_certificate(desk.session, desk.relation, state="reported", verified_on=None)
    desk.session.commit()
    page = desk.refused(f"/certificates/{row.id}/reject", reason="")
    assert page.one("details").get("open") is not None
    assert "Onleesbaar" in desk.done(f"/certificates/{row.id}/reject", reason="Onleesbaar")


def test_a_renewal_is_answered_and_delayed(desk: Desk) -> None:
    row = proof_rows.a_renewal(desk.session, desk.relation)
    desk.session.commit()
    path = f"/renewals/{row.id}"
    assert "Wacht op uw antwoord" in desk.client.get(path).text
    assert "Loopt" in desk.done(f"{path}/accept", answer="")
    audit_on = (desk.moment.today + 60 * DAY).isoformat()
    desk.done(f"{path}/delay", delayed_audit_on=audit_on, reason="Auditor ziek")
    assert desk.session.scalars(select(RenewalRow.delayed_audit_on)).one().isoformat() == audit_on
    desk.refused(f"{path}/delay", delayed_audit_on="2020-01-01", reason="x")


def test_a_renewal_is_recorded_from_the_certificate(desk: Desk) -> None:
    row = proof_rows.a_certificate(desk.session, desk.relation)
    desk.session.commit()
    desk.done(f"/certificates/{row.id}/renew", note="Aanvraag verstuurd")
    assert desk.session.scalars(select(RenewalRow.certificate_id)).one() == row.id
    assert desk.post(f"/certificates/{row.id}/renew", note="Nog eens").status_code == 409


def test_a_recognition_from_record_to_revoked(desk: Desk) -> None:
    new = f"/suppliers/{desk.relation.id}/recognitions/new"
    form = {
        "kind": "sw-bedrijf",
        "register_url": "https://register.example/1",
        "checked_on": desk.moment.today.isoformat(),
        "recheck_on": (desk.moment.today + 365 * DAY).isoformat(),
    }
    desk.refused(new, **{**form, "kind": ""})
    assert "Telt" in desk.done(new, **form)
    assert desk.status() == "preferred"
    row = desk.session.scalars(select(RecognitionRow)).one()
    recheck = {name: value for name, value in form.items() if name != "kind"}
    desk.done(f"/recognitions/{row.id}/recheck", **recheck)
    today = desk.moment.today.isoformat()
    desk.done(f"/recognitions/{row.id}/revoke", revoked_on=today, reason="Gestopt")
    assert desk.status() == "undecided"


@pytest.mark.parametrize("kind", ["grant", "exempt", "equivalent"])
def test_a_decision_for_some_days_and_ended_early(desk: Desk, kind: str) -> None:
    new = f"/suppliers/{desk.relation.id}/decisions/new/{kind}"
    today = desk.moment.today
    desk.refused(new, reason="Starter", starts_on=today.isoformat(), ends_on="")
    last = (today + 30 * DAY).isoformat()
    page = desk.done(new, reason="Starter", starts_on=today.isoformat(), ends_on=last)
    assert "Geldt nu" in page
    row = desk.session.scalars(select(DecisionRow)).one()
    page = desk.done(f"/decisions/{row.id}/end", ended_on=today.isoformat(), reason="Gegroeid")
    assert "Voorbij" in page


def test_a_block_is_announced_replied_to_and_answered(desk: Desk) -> None:
    new = f"/suppliers/{desk.relation.id}/decisions/new/block"
    today = desk.moment.today
    page = desk.refused(new, reason="Geen voortgang", starts_on=(today + DAY).isoformat())
    assert "dinsdag 8 december 2026" in page.one("section", class_="error-summary").text
    first = (today + 14 * DAY).isoformat()
    page_text = desk.done(new, reason="Geen voortgang", starts_on=first)
    assert "Wacht op de aankondiging" in page_text
    row = desk.session.scalars(select(DecisionRow)).one()
    desk.done(f"/decisions/{row.id}/given", given_on=today.isoformat())
    row.reply, row.reply_made_on = "Niet mee eens", today
    desk.session.commit()
    assert "Niet mee eens" in desk.client.get(f"/decisions/{row.id}").text
    desk.refused(f"/decisions/{row.id}/answer", text="Toch niet")
    page_text = desk.done(f"/decisions/{row.id}/answer", text="U hebt gelijk", outcome="withdraw")
    assert "Voorbij" in page_text


def test_a_buyer_does_not_find_the_block(
    app: Flask, desk: Desk, session: Session, moment: Moment
) -> None:
    buyer = stage.a_user(session, desk.customer, Role.BUYER)
    client = stage.log_in(app.test_client(), session, moment.now, buyer, desk.customer)
    assert client.get(f"/suppliers/{desk.relation.id}/decisions/new/block").status_code == 403
    form = {"reason": "x", "starts_on": (moment.today + 20 * DAY).isoformat()}
    answer = client.post(f"/suppliers/{desk.relation.id}/decisions/new/block", data=form)
    assert answer.status_code == 403
    assert session.scalars(select(DecisionRow)).all() == []
    assert client.get(f"/suppliers/{desk.relation.id}/decisions/new/other").status_code == 404


def test_the_panel_tells_all_of_a_relation_the_open_first(desk: Desk) -> None:
    over = proof_rows.a_certificate(desk.session, desk.relation, state="rejected")
    held = proof_rows.a_certificate(desk.session, desk.relation)
    newer = proof_rows.a_certificate(desk.session, desk.relation, state="rejected")
    proof_rows.a_renewal(desk.session, desk.relation)
    proof_rows.a_recognition(desk.session, desk.relation)
    block = proof_rows.a_decision(desk.session, desk.relation)
    panel = proofs_panel(desk.session, desk.actor, desk.moment, desk.relation.id)
    ids = [one.id for one in panel.certificates]
    assert ids.index(held.id) < ids.index(newer.id) < ids.index(over.id)
    assert [one.code for one in panel.renewals] == ["waiting"]
    assert [(one.id, one.code) for one in panel.decisions] == [(block.id, "reply-waits")]


@pytest.mark.parametrize(
    ("fields", "after", "code"),
    [
        ({"announced_on": None, "reply_made_on": None}, 0, "to-announce"),
        ({"reply_made_on": None}, 13, "to-come"),
        ({"reply_made_on": None}, 14, "in-force"),
        ({"reply_made_on": None, "ended_on": stage.BEFORE_ON + 2 * DAY}, 2, "over"),
        ({"kind": "exempt", "ends_on": stage.BEFORE_ON + 20 * DAY}, 21, "over"),
        ({}, 30, "reply-waits"),
    ],
)
def test_how_a_decision_stands(
    desk: Desk,
    fields: dict[str, Any],
    after: int,
    code: str,
    moment_on: Callable[[Any], Moment],
) -> None:
    proof_rows.a_decision(desk.session, desk.relation, **fields)
    moment = moment_on(stage.BEFORE_ON + after * DAY)
    (view,) = proofs_panel(desk.session, desk.actor, moment, desk.relation.id).decisions
    assert view.code == code


@pytest.fixture
def moment_on(moment: Moment) -> Callable[[Any], Moment]:
    return lambda day: Moment(now=moment.now, today=day)
