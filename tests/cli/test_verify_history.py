"""`flask verify-history` walks the chains, and exits non-zero naming what was tampered with."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from onboarding.app import create_app
from onboarding.cli import add_commands
from onboarding.services.installation import ensure_customer
from onboarding.services.relations import enrol_supplier
from onboarding.services.suppliers import add_supplier
from onboarding.store.database import unit_of_work
from onboarding.store.tables import EventRow, RelationRow
from tests import databases, stage


@pytest.fixture
def filled(fresh_app: Flask, tmp_path: Path) -> Flask:
    fresh_app.config["EVIDENCE_URL"] = str(tmp_path / "evidence")
    add_commands(fresh_app, dict)
    moment = fresh_app.extensions["clock"].moment()
    with fresh_app.app_context(), unit_of_work() as session:
        customer = ensure_customer(session, moment, "Facilitair Bedrijf")
        actor = stage.user_actor(session, customer)
        for name in ("Drukkerij De Linde", "Bakkerij Sterk"):
            row = add_supplier(session, actor, moment, {"name": name})
            enrol_supplier(session, actor, moment, row.id)
    return fresh_app


def test_it_tells_what_it_checked(filled: Flask) -> None:
    done = filled.test_cli_runner().invoke(args=["verify-history"])
    first, last = done.output.splitlines()
    assert first == (
        "Facilitair Bedrijf: 4 events in 3 chains and 4 assessments of the buying status."
    )
    assert last.startswith("All is as it was written. Seal of the whole: ")
    assert done.exit_code == 0


def test_it_names_the_row_that_was_tampered_with(filled: Flask) -> None:
    with filled.app_context(), unit_of_work() as session:
        relation = session.scalars(
            select(RelationRow).where(RelationRow.name == "Bakkerij Sterk")
        ).one()
        event = session.scalars(
            select(EventRow).where(EventRow.relation_id == relation.id).order_by(EventRow.id)
        ).first()
        assert event is not None
        session.execute(update(EventRow).where(EventRow.id == event.id).values(code="x"))
        told = f"BROKEN id-{relation.id} (Bakkerij Sterk), events {event.id}"
    done = filled.test_cli_runner().invoke(args=["verify-history"])
    assert done.exit_code == 1
    assert told in done.output
    assert "1 chains are not as they were written" in done.output


def test_a_backup_brings_the_chains_over(
    filled: Flask, tmp_path: Path, engine_name: str, request: pytest.FixtureRequest
) -> None:
    file = str(tmp_path / "all.zip")
    before = filled.test_cli_runner().invoke(args=["verify-history"]).output
    assert filled.test_cli_runner().invoke(args=["backup", file]).exit_code == 0
    other = create_app(databases.settings(databases.copy_sqlite(tmp_path, "other")))
    other.config["EVIDENCE_URL"] = str(tmp_path / "other")
    add_commands(other, dict)
    assert other.test_cli_runner().invoke(args=["restore", file]).exit_code == 0
    assert other.test_cli_runner().invoke(args=["verify-history"]).output == before
