"""A backup holds everything, fits an empty database of either kind, and says why it does not."""

import hashlib
import json
import stat
import zipfile
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.app import create_app
from onboarding.cli import add_commands
from onboarding.clock import Moment
from onboarding.domain.people import Role
from onboarding.domain.policy import Policy
from onboarding.services.dossier.history_checks import check_history
from onboarding.services.installation import ensure_customer
from onboarding.services.policy.draft_work import work_on_drafts
from onboarding.services.policy.drafts import count_batch, draft_policy
from onboarding.services.policy.publishing import begin_publishing, prepare_batch
from onboarding.services.statuses import reassess
from onboarding.store import table_copies
from onboarding.store.database import db, unit_of_work
from onboarding.store.evidence import EvidenceFiles
from onboarding.store.status_history import told_periods
from onboarding.store.tables import (
    EvidenceRow,
    LoginSessionRow,
    OrganisationRow,
    PolicyDraftRow,
    RelationRow,
)
from tests import databases, stage

pytestmark = pytest.mark.long

A_MICROSECOND = timedelta(microseconds=1)
CONTENT = b"%PDF-1.4 an example"


@pytest.fixture
def filled(fresh_app: Flask, tmp_path: Path) -> Flask:
    """An installation with two suppliers, a status, a file and somebody who is logged in."""
    fresh_app.config["EVIDENCE_URL"] = str(tmp_path / "evidence")
    add_commands(fresh_app, dict)
    moment = fresh_app.extensions["clock"].moment()
    with fresh_app.app_context(), unit_of_work() as session:
        customer = ensure_customer(session, moment, "Facilitair Bedrijf")
        relation = stage.a_relation(session, customer, spend=Decimal("184200.50"))
        stage.a_relation(session, customer)
        _add_file(session, customer.id, relation, str(tmp_path / "evidence"), moment)
        reassess(session, moment, [relation.id])
    return fresh_app


def _add_file(
    session: Session, customer_id: int, relation: RelationRow, place: str, moment: Moment
) -> None:
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    EvidenceFiles(place).keep(customer_id, sha256, CONTENT)
    session.add(
        EvidenceRow(
            relation_id=relation.id,
            sha256=sha256,
            media_type="application/pdf",
            file_name="plan.pdf",
            size=len(CONTENT),
            uploaded_side="supplier",
            uploaded_at=moment.now,
            uploaded_on=moment.today,
            numbers_declared=[],
        )
    )


@pytest.fixture
def empty(tmp_path: Path, filled: Flask) -> Flask:
    """Another installation, just migrated, on SQLite; the backup may come from PostgreSQL."""
    app = create_app(databases.settings(databases.copy_sqlite(tmp_path, "empty")))
    app.config["EVIDENCE_URL"] = str(tmp_path / "evidence-there")
    app.extensions["clock"] = filled.extensions["clock"]
    add_commands(app, dict)
    with app.app_context(), unit_of_work() as session:
        ensure_customer(session, app.extensions["clock"].moment(), "Nieuw")
    return app


def run(app: Flask, *arguments: object) -> Result:
    return app.test_cli_runner().invoke(args=[str(argument) for argument in arguments])


def everything(app: Flask) -> dict[str, list[str]]:
    with app.app_context(), table_copies.at_one_instant(db.engine) as connection:
        return {
            table.name: list(table_copies.lines(connection, table))
            for table in table_copies.kept_tables()
        }


def test_it_comes_back_whole(filled: Flask, empty: Flask, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    made = run(filled, "backup", file)
    assert made.exit_code == 0, made.output
    assert made.output.endswith("and 1 files.\n")
    back = run(empty, "restore", file)
    assert back.exit_code == 0, back.output
    assert everything(empty) == everything(filled)
    with empty.app_context():
        kept = db.session.scalars(select(EvidenceRow)).one()
        place = EvidenceFiles(empty.config["EVIDENCE_URL"])
        assert place.read(1, kept.sha256 or "") == CONTENT


def test_new_rows_get_new_numbers(filled: Flask, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    run(filled, "backup", file)
    with filled.app_context():
        with db.engine.connect().execution_options(writes=True) as connection:
            for table in reversed(table_copies.kept_tables()):
                table_copies.empty_table(connection, table)
            connection.commit()
        db.session.remove()
    assert run(filled, "restore", file).exit_code == 0
    with filled.app_context(), unit_of_work() as session:
        customer = ensure_customer(session, filled.extensions["clock"].moment(), "Niemand")
        assert customer.name == "Facilitair Bedrijf"
        assert stage.a_relation(session, customer).id == 3


@pytest.mark.parametrize("batches", [1, 2])
def test_what_is_being_published_goes_on_where_it_comes_back(
    filled: Flask, empty: Flask, tmp_path: Path, batches: int
) -> None:
    """Prepared only, or published and in nobody's row yet: it is read alike, and finished there."""
    moment = filled.extensions["clock"].moment()
    with filled.app_context():
        with unit_of_work() as session:
            customer_id = session.scalars(select(RelationRow.customer_id)).first() or 0
            relation_ids = list(session.scalars(select(RelationRow.id)))
            reassess(session, moment, relation_ids)
            customer = session.get_one(OrganisationRow, customer_id)
            manager = stage.user_actor(session, customer, Role.MANAGER)
            wanted = Policy(version=0, starts_on=moment.today + timedelta(days=2), window_days=30)
            draft_id = draft_policy(session, manager, moment, wanted, seen=1).id
        while count_batch(unit_of_work, moment, draft_id):
            pass
        with unit_of_work() as session:
            begin_publishing(session, manager, moment, draft_id)
        for _ in range(batches):
            assert prepare_batch(unit_of_work, moment, draft_id)
        told = told_periods(db.session(), relation_ids)
    file = tmp_path / "backup.zip"
    assert run(filled, "backup", file).exit_code == 0
    assert run(empty, "restore", file).exit_code == 0
    assert everything(empty) == everything(filled)
    with empty.app_context():
        assert told_periods(db.session(), relation_ids) == told
        work_on_drafts(unit_of_work, lambda: moment, most=20)
        assert check_history(db.session(), customer_id).broken == []
        row = db.session.get_one(PolicyDraftRow, draft_id)
        assert (row.state, row.known_from) == ("published", moment.now + A_MICROSECOND)
        ids = db.session.scalars(select(RelationRow.prepared_draft_id)).all()
        assert ids == [None] * len(relation_ids)
        told = told_periods(db.session(), relation_ids)
        assert {one[-1].number for one in told.values()} == {2}


def test_nobody_else_on_the_machine_can_read_it(filled: Flask, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    assert run(filled, "backup", str(file)).exit_code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_who_is_logged_in_stays_behind() -> None:
    names = {table.name for table in table_copies.kept_tables()}
    assert LoginSessionRow.__tablename__ not in names
    assert RelationRow.__tablename__ in names


def test_it_is_not_restored_over_other_data(filled: Flask, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    run(filled, "backup", file)
    before = everything(filled)
    refused = run(filled, "restore", file)
    assert refused.exit_code == 1
    assert "already" in refused.output and "flask db upgrade" in refused.output
    assert everything(filled) == before


def test_a_file_that_is_there_is_not_written_over(filled: Flask, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    file.write_text("mine")
    refused = run(filled, "backup", file)
    assert refused.exit_code == 1
    assert "choose another name" in refused.output
    assert file.read_text() == "mine"


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ({"manifest.json": b"{"}, "not a whole backup"),
        ({"tables/relations.jsonl": b""}, "should hold 2 relations and holds 0"),
        ({"evidence/": b"other bytes"}, "damaged"),
        ({"migration": b"9999"}, "9999"),
    ],
    ids=["manifest", "rows", "file", "migration"],
)
def test_a_damaged_file_changes_nothing(
    filled: Flask, empty: Flask, tmp_path: Path, damage: dict[str, bytes], told: str
) -> None:
    file = tmp_path / "backup.zip"
    run(filled, "backup", file)
    broken = tmp_path / "broken.zip"
    with zipfile.ZipFile(file) as good, zipfile.ZipFile(broken, "w") as bad:
        for name in good.namelist():
            content = good.read(name)
            if name == "manifest.json" and "migration" in damage:
                manifest = json.loads(content)
                content = json.dumps(manifest | {"migration": "9999"}).encode()
            for start, other in damage.items():
                if name.startswith(start):
                    content = other
            bad.writestr(name, content)
    before = everything(empty)
    refused = run(empty, "restore", broken)
    assert refused.exit_code == 1
    assert told in refused.output
    assert everything(empty) == before


def test_what_is_no_backup_is_refused(empty: Flask, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    file.write_text("no zip at all")
    refused = run(empty, "restore", file)
    assert refused.exit_code == 1
    assert "not a whole backup" in refused.output
    assert run(empty, "restore", tmp_path / "nothing.zip").exit_code == 1


def test_a_file_gone_from_the_store_is_told(filled: Flask, tmp_path: Path) -> None:
    with filled.app_context():
        kept = db.session.scalars(select(EvidenceRow)).one()
        EvidenceFiles(filled.config["EVIDENCE_URL"]).remove(1, kept.sha256 or "")
        db.session.remove()
    made = run(filled, "backup", tmp_path / "backup.zip")
    assert made.exit_code == 1
    assert "EVIDENCE_URL" in made.output
