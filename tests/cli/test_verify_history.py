"""`flask verify-history` walks the chains, and exits non-zero naming what was tampered with."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from onboarding.app import create_app
from onboarding.cli import add_commands
from onboarding.domain.people import Role
from onboarding.services.evidence import forget_file, keep_upload
from onboarding.services.evidence_checks import check_upload
from onboarding.services.installation import ensure_customer
from onboarding.services.relations import enrol_supplier
from onboarding.services.retention import OVER
from onboarding.services.suppliers import add_supplier
from onboarding.store.database import unit_of_work
from onboarding.store.evidence import EvidenceFiles
from onboarding.store.tables import (
    EventRow,
    EvidenceRow,
    OrganisationRow,
    PathwayVersionRow,
    RelationRow,
)
from tests import databases, pathway_stage, stage
from tests.files import a_pdf


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
    first, kept, last = done.output.splitlines()
    assert first == (
        "Facilitair Bedrijf: 4 events in 3 chains and 4 assessments of the buying status."
    )
    assert kept == "0 agreements and 0 files."
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


def test_it_names_agreements_and_files_that_are_not_right(filled: Flask) -> None:
    files = EvidenceFiles(filled.config["EVIDENCE_URL"])
    moment = filled.extensions["clock"].moment()
    with filled.app_context(), unit_of_work() as session:
        relation = session.scalars(
            select(RelationRow).where(RelationRow.name == "Bakkerij Sterk")
        ).one()
        customer = session.get_one(OrganisationRow, relation.customer_id)
        scene = pathway_stage.Scene(
            customer=customer,
            relation=relation,
            buyer=stage.user_actor(session, customer, Role.BUYER),
            manager=stage.user_actor(session, customer, Role.MANAGER),
            signatory=stage.contact_actor(session, relation, Role.SIGNATORY),
        )
        pathway, _ = pathway_stage.agreed(session, scene, moment)
        numbers = []
        for content in (a_pdf("Een"), a_pdf("Twee"), a_pdf("Drie")):
            upload = check_upload(content, "plan.pdf")
            kept = keep_upload(
                session,
                scene.buyer,
                moment,
                files,
                relation.id,
                upload,
                is_declared_clean=True,
            )
            numbers.append((kept.id, upload.sha256))
        row = session.get_one(EvidenceRow, kept.id)
        forget_file(session, files, moment, row, customer.id, OVER)
        where = f"id-{relation.id} (Bakkerij Sterk)"
        customer_id, pathway_id = customer.id, pathway.id
    done = filled.test_cli_runner().invoke(args=["verify-history"])
    assert done.exit_code == 0
    assert done.output.splitlines()[1] == (
        "1 agreements and 2 files. "
        "1 more files were let go, 1 of them after their retention period."
    )
    folder = Path(filled.config["EVIDENCE_URL"]) / str(customer_id)
    (changed, changed_sha256), (gone, gone_sha256), _ = numbers
    with (folder / changed_sha256[:2] / changed_sha256).open("r+b") as file:
        file.write(b"X")
    (folder / gone_sha256[:2] / gone_sha256).unlink()
    with filled.app_context(), unit_of_work() as session:
        version = session.scalars(select(PathwayVersionRow)).one()
        version.content = version.content.replace("trede-1", "trede-2")
    done = filled.test_cli_runner().invoke(args=["verify-history"])
    assert done.exit_code == 1
    for told in (
        f"BROKEN {where}, agreement of pathway {pathway_id}, version 1: its text was changed: it "
        "does not answer to its seal; find it in a backup",
        f"BROKEN {where}, file {changed} (plan.pdf): its bytes were changed ({customer_id}/",
        f"BROKEN {where}, file {gone} (plan.pdf): its bytes are gone ({customer_id}/",
        "1 agreements and 2 files are not as they were written.",
    ):
        assert told in done.output


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
