"""Agreements and files that are not what was agreed and handed in are found and named."""

import hashlib
import json
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, event, select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.agreements import canonical_json, sha256
from onboarding.domain.people import Actor, Role
from onboarding.domain.plans import Step
from onboarding.services.dossier.kept_checks import Counted, Wrong, check_agreements, check_files
from onboarding.services.evidence import forget_file, keep_upload, remove_personal_data
from onboarding.services.evidence_checks import check_upload
from onboarding.services.pathway.amendments import accept_amendment, propose_amendment
from onboarding.services.redaction import redact_step
from onboarding.services.retention import OVER
from onboarding.store.amendments import agreed_plan
from onboarding.store.evidence import EvidenceFiles
from onboarding.store.tables import (
    EvidenceRow,
    PathwayRow,
    PathwayVersionRow,
)
from tests import pathway_stage, stage
from tests.files import a_picture
from tests.settable_clock import SettableClock

ASKED = "Vraag Wim de Vries, hij is ziek tot maart"
NAME = "Drukkerij De Linde B.V."


class Life:
    """A supplier with two agreed versions, in whose step stands a text, and three files."""

    def __init__(self, session: Session, clock: SettableClock, folder: Path) -> None:
        self.session, self.clock = session, clock
        self.files = EvidenceFiles(str(folder))
        self.scene = scene = pathway_stage.a_scene(session, name=NAME)
        due_on = self.now.today + timedelta(14)
        step = Step(title="plan", due_on=due_on, is_reviewed=True, explanation=ASKED)
        row, [self.step] = pathway_stage.agreed(session, scene, self.now, step)
        self.pathway_id, self.folder = row.id, folder / str(scene.customer.id)
        clock.forward(days=1)
        later = [pathway_stage.moved(one, 7) for one in agreed_plan(session, row).steps]
        amendment = propose_amendment(
            session, scene.signatory, self.now, row.id, steps=later, reason="Fusie"
        )
        accept_amendment(session, scene.buyer, self.now, amendment, revision=1)
        # Pictures: a PDF is read by a process of its own, each time.
        self.one = self.keep(a_picture())
        self.same = self.keep(a_picture(), by=scene.buyer)
        self.other = self.keep(a_picture("JPEG"))
        session.commit()

    @property
    def now(self) -> Moment:
        return self.clock.moment()

    def keep(self, content: bytes, by: Actor | None = None) -> EvidenceRow:
        kept = keep_upload(
            self.session,
            by or self.scene.signatory,
            self.now,
            self.files,
            self.scene.relation.id,
            check_upload(content, "plan.png"),
            is_declared_clean=True,
        )
        return self.session.get_one(EvidenceRow, kept.id)

    def path(self, row: EvidenceRow) -> Path:
        assert row.sha256 is not None
        return self.folder / row.sha256[:2] / row.sha256

    def version(self, number: int) -> PathwayVersionRow:
        query = select(PathwayVersionRow).where(PathwayVersionRow.number == number)
        return self.session.scalars(query).one()

    def check(self) -> tuple[Counted, list[Wrong]]:
        self.session.commit()
        self.session.expire_all()
        customer_id, counted = self.scene.customer.id, Counted()
        ended = self.session.rollback
        found = list(check_agreements(self.session, customer_id, counted, ended))
        found += check_files(self.session, self.files, customer_id, counted, ended)
        return counted, found

    def wrong(self) -> list[tuple[str, str]]:
        _, found = self.check()
        relation_id = self.scene.relation.id
        assert all((one.relation_id, one.supplier) == (relation_id, NAME) for one in found)
        return [(one.which, one.why) for one in found]


@pytest.fixture
def life(session: Session, clock: SettableClock, tmp_path: Path) -> Life:
    return Life(session, clock, tmp_path)


def test_what_the_tool_wrote_is_right(life: Life) -> None:
    counted, found = life.check()
    assert found == []
    assert (counted.agreements, counted.redacted, counted.files, counted.gone.total()) == (
        2,
        0,
        3,
        0,
    )


def with_a_later_day(content: str) -> str:
    told = json.loads(content)
    told["plan"]["steps"][0]["due_on"] = "2027-12-31"
    return canonical_json(told)


def text_changed(life: Life) -> str:
    life.version(1).content = with_a_later_day(life.version(1).content)
    return "its text was changed: it does not answer to its seal"


def text_and_seal_changed(life: Life) -> str:
    row = life.version(1)
    row.content = with_a_later_day(row.content)
    row.content_sha256 = sha256(row.content)
    return "its text and its seal were changed: the history tells another text"


def seal_changed(life: Life) -> str:
    life.version(1).content_sha256 = "0" * 64
    return "its text was changed: it does not answer to its seal"


def marked_as_redacted(life: Life) -> str:
    row = life.version(1)
    row.content, row.redacted_at = with_a_later_day(row.content), life.now.now
    return "it says that a text was removed, and no removal is on record then"


def signer_changed(life: Life) -> str:
    row = life.version(1)
    row.for_supplier = {**row.for_supplier, "function": "eigenaar"}
    return "who agreed, when or how was changed"


def taken_away(life: Life) -> str:
    life.session.delete(life.version(1))
    return "it is missing"


TAMPERED = (
    text_changed,
    text_and_seal_changed,
    seal_changed,
    marked_as_redacted,
    signer_changed,
    taken_away,
)


@pytest.mark.parametrize("tamper", TAMPERED, ids=lambda one: one.__name__)
def test_an_agreement_that_is_tampered_with_is_named(
    life: Life, tamper: Callable[[Life], str]
) -> None:
    why = tamper(life)
    assert life.wrong() == [(f"agreement of pathway {life.pathway_id}, version 1", why)]


def test_the_last_agreement_is_missed_too(life: Life) -> None:
    life.session.delete(life.version(2))
    assert life.wrong() == [(f"agreement of pathway {life.pathway_id}, version 2", "it is missing")]


def test_an_agreement_that_nobody_made_is_named(life: Life) -> None:
    """Somebody adds a version to the table and knows how the hash is made."""
    text = life.version(2).content.replace('"version":2', '"version":3')
    copied = {
        column.name: getattr(life.version(2), column.name)
        for column in PathwayVersionRow.__table__.columns
        if column.name != "id"
    }
    made = {**copied, "number": 3, "content": text, "content_sha256": sha256(text)}
    life.session.add(PathwayVersionRow(**made))
    life.session.get_one(PathwayRow, life.pathway_id).version_number = 3
    assert life.wrong() == [
        (
            f"agreement of pathway {life.pathway_id}, version 3",
            "the history does not tell that it was agreed",
        )
    ]


def test_one_that_lost_a_text_on_record_is_right(life: Life) -> None:
    life.clock.forward(days=1)
    redact_step(life.session, life.scene.manager, life.now, life.step.id, reason="Gezondheid")
    counted, found = life.check()
    assert found == [] and counted.redacted == 2
    assert ASKED not in life.version(1).content
    life.version(2).content = with_a_later_day(life.version(2).content)
    [(which, why)] = life.wrong()
    assert which.endswith("version 2")
    assert why == "its text was changed by more than the removal that is on record"


def test_a_byte_of_a_file_that_was_changed_is_named_for_each_that_has_it(life: Life) -> None:
    path = life.path(life.one)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    where = path.relative_to(life.folder.parent)
    why = f"its bytes were changed ({where} under EVIDENCE_URL)"
    assert life.wrong() == [
        (f"file {life.one.id} (plan.png)", why),
        (f"file {life.same.id} (plan.png)", why),
    ]


def test_a_file_that_is_gone_is_named(life: Life) -> None:
    path = life.path(life.other)
    path.unlink()
    where = path.relative_to(life.folder.parent)
    why = f"its bytes are gone ({where} under EVIDENCE_URL)"
    assert life.wrong() == [(f"file {life.other.id} (plan.jpg)", why)]


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_looked_at(life: Life) -> None:
    path = life.path(life.one)
    path.unlink()
    path.mkdir()
    counted, found = life.check()
    assert [one.why.split(":")[0] for one in found] == ["its bytes cannot be read"] * 2
    assert counted.files == 3


def test_a_row_that_names_no_bytes_is_named(life: Life) -> None:
    life.other.sha256 = None
    why = "its row names no bytes, and does not say that they were removed"
    assert life.wrong() == [(f"file {life.other.id} (plan.jpg)", why)]


def test_files_that_were_let_go_are_right(life: Life) -> None:
    customer_id = life.scene.customer.id
    forget_file(life.session, life.files, life.now, life.other, customer_id, OVER)
    remove_personal_data(
        life.session, life.scene.buyer, life.now, life.files, life.one.id, reason="BSN"
    )
    counted, found = life.check()
    assert found == []
    assert (counted.files, counted.gone) == (0, {OVER: 1, "": 2})
    assert [path for path in life.folder.rglob("*") if path.is_file()] == []


def test_one_that_goes_while_we_look_is_right(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its bytes were gone when they were read, and then its row says that they may be."""
    life.path(life.other).unlink()
    customer_id = life.scene.customer.id
    real = EvidenceFiles.sha256_of

    def going(files: EvidenceFiles, of_customer: int, sha256: str) -> str:
        row = life.session.get_one(EvidenceRow, life.other.id)
        if row.sha256 == sha256:
            forget_file(life.session, files, life.now, row, customer_id, OVER)
            life.session.commit()
        return real(files, of_customer, sha256)

    monkeypatch.setattr(EvidenceFiles, "sha256_of", going)
    counted, found = life.check()
    assert found == [] and counted.gone == {OVER: 1}


def test_as_many_statements_for_many_as_for_one(life: Life) -> None:
    def statements() -> int:
        asked: list[str] = []

        def heard(*args: Any) -> None:
            asked.append(args[2])

        life.session.commit()
        connection = life.session.connection()
        event.listen(connection, "before_cursor_execute", heard)
        try:
            found = [*check_agreements(life.session, life.scene.customer.id, Counted(), int)]
            found += check_files(life.session, life.files, life.scene.customer.id, Counted(), int)
        finally:
            event.remove(connection, "before_cursor_execute", heard)
        assert found == []
        return len(asked)

    before = statements()
    for number in range(20):
        life.keep(a_picture(size=(30, 10 + number)))
    for number in range(5):
        relation = stage.a_relation(life.session, life.scene.customer, f"L{number}")
        signatory = stage.contact_actor(life.session, relation, Role.SIGNATORY)
        scene = replace(life.scene, relation=relation, signatory=signatory)
        pathway_stage.agreed(life.session, scene, life.now)
    assert statements() == before


def test_a_large_file_is_read_a_piece_at_a_time(life: Life) -> None:
    content = bytes(range(256)) * 32 * 1024  # 8 MB
    life.other.sha256 = hashlib.sha256(content).hexdigest()
    life.files.keep(life.scene.customer.id, life.other.sha256, content)
    life.session.commit()
    tracemalloc.start()
    try:
        assert life.wrong() == []
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 * 1024**2


def test_only_of_the_customer_that_is_asked(life: Life) -> None:
    other = pathway_stage.a_scene(life.session)
    row, _ = pathway_stage.agreed(life.session, other, life.now)
    life.session.execute(delete(PathwayVersionRow).where(PathwayVersionRow.pathway_id == row.id))
    assert life.wrong() == []
