"""Files and texts of mails go after their retention period, and only those."""

import hashlib
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import NotFound
from onboarding.domain.people import Side
from onboarding.jobs.runs import tidy
from onboarding.services.pathway.negotiation import stop_pathway
from onboarding.store.evidence import EvidenceFiles
from onboarding.store.tables import (
    EvidenceRow,
    IncomingMailRow,
    MailRow,
    MessageRow,
    PathwayRow,
)
from tests import stage
from tests.pathway_stage import Scene, a_scene, agreed
from tests.proof_rows import a_certificate
from tests.settable_clock import SettableClock

PROOF = b"%PDF-1.7 a proof"


@pytest.fixture
def scene(session: Session) -> Scene:
    return a_scene(session)


@pytest.fixture
def kept(app: Flask, monkeypatch: pytest.MonkeyPatch) -> EvidenceFiles:
    monkeypatch.setitem(app.config, "KEEP_FILES_MONTHS", 24)
    monkeypatch.setitem(app.config, "KEEP_MAILS_MONTHS", 12)
    return EvidenceFiles(str(app.config["EVIDENCE_URL"]))


def a_file(session: Session, scene: Scene, kept: EvidenceFiles, **fields: Any) -> EvidenceRow:
    at, content = fields.pop("at"), fields.pop("content", PROOF)
    sha256 = hashlib.sha256(content).hexdigest()
    kept.keep(scene.customer.id, sha256, content)
    row = EvidenceRow(
        relation_id=scene.relation.id,
        sha256=sha256,
        media_type="application/pdf",
        file_name="bewijs.pdf",
        size=len(PROOF),
        uploaded_side=Side.SUPPLIER,
        uploaded_at=at,
        uploaded_on=at.date(),
        numbers_declared=[],
        **fields,
    )
    session.add(row)
    session.flush()
    return row


def a_mail(session: Session, scene: Scene, at: datetime, **fields: Any) -> MailRow:
    fields.setdefault("relation_id", scene.relation.id)
    row = MailRow(
        customer_id=scene.customer.id,
        person_id=scene.signatory.person_id,
        message_id=f"<{at.timestamp()}-{fields['relation_id']}@voorbeeld.example>",
        kind="milestone-reminder",
        recipient="jo@voorbeeld.example",
        subject="Over vier dagen",
        body=b"Dag Jo",
        next_at=at,
        created_at=at,
        **{"state": "sent", **fields},
    )
    session.add(row)
    session.flush()
    return row


def stopped(session: Session, scene: Scene, moment: Moment) -> PathwayRow:
    row, _ = agreed(session, scene, moment)
    stop_pathway(session, scene.signatory, moment, row.id, reason="Contract loopt af")
    return row


def test_two_years_after_the_pathway_its_files_go(
    app: Flask, session: Session, scene: Scene, clock: SettableClock, kept: EvidenceFiles
) -> None:
    moment = clock.moment()
    row, steps = agreed(session, scene, moment)
    of_step = a_file(session, scene, kept, at=moment.now, milestone_id=steps[0].id)
    of_none = a_file(session, scene, kept, at=moment.now, content=b"%PDF-1.7 another")
    stop_pathway(session, scene.signatory, moment, row.id, reason="Contract loopt af")
    session.commit()
    sha256 = of_step.sha256 or ""
    assert moment.today == date(2026, 11, 24)
    clock.set(datetime(2028, 11, 24, 9, tzinfo=clock.zone))
    tidy(app)
    session.expire_all()
    assert of_step.removed_at is None, "not before two years are over"
    clock.set(datetime(2028, 11, 25, 9, tzinfo=clock.zone))
    assert tidy(app)["files past their retention period"] == 2
    session.expire_all()
    assert (of_step.sha256, of_step.file_name, of_step.removed_reason) == (
        None,
        None,
        "retention-over",
    )
    assert of_none.removed_at is not None
    with pytest.raises(NotFound):
        kept.read(scene.customer.id, sha256)
    assert tidy(app)["files past their retention period"] == 0


def test_what_still_serves_stays(
    app: Flask, session: Session, scene: Scene, clock: SettableClock, kept: EvidenceFiles
) -> None:
    moment = clock.moment()
    stopped(session, scene, moment)
    certificate = a_certificate(session, scene.relation, ends_on=date(2029, 8, 1))
    proof = a_file(session, scene, kept, at=moment.now, certificate_id=certificate.id)
    clock.set(datetime(2029, 1, 10, 9, tzinfo=clock.zone))
    fresh = a_file(session, scene, kept, at=clock.moment().now)
    session.commit()
    tidy(app)
    session.expire_all()
    assert proof.removed_at is None
    assert fresh.removed_at is None


def test_a_pathway_that_goes_on_keeps_what_belongs_to_no_step(
    app: Flask, session: Session, scene: Scene, clock: SettableClock, kept: EvidenceFiles
) -> None:
    moment = clock.moment()
    stopped(session, scene, moment)
    loose = a_file(session, scene, kept, at=moment.now)
    mail = a_mail(session, scene, moment.now)
    clock.set(datetime(2028, 6, 1, 9, tzinfo=clock.zone))
    agreed(session, scene, clock.moment())
    session.commit()
    clock.set(datetime(2029, 1, 10, 9, tzinfo=clock.zone))
    tidy(app)
    session.expire_all()
    assert loose.removed_at is None
    assert mail.body is not None


def test_texts_of_mails_go_a_year_after(
    app: Flask, session: Session, scene: Scene, clock: SettableClock, kept: EvidenceFiles
) -> None:
    moment = clock.moment()
    stopped(session, scene, moment)
    other = stage.a_relation(session, scene.customer, enrolled_on=moment.today)
    shared, own, unsent = (
        a_mail(session, scene, moment.now, relation_id=None),
        a_mail(session, scene, moment.now + timedelta(minutes=1)),
        a_mail(session, scene, moment.now + timedelta(minutes=2), state="queued"),
    )
    session.add(
        MessageRow(
            key="milestone-reminder:1",
            customer_id=scene.customer.id,
            relation_id=other.id,
            person_id=scene.signatory.person_id,
            kind="milestone-reminder",
            facts={},
            state="sent",
            owed_at=moment.now,
            due_at=moment.now,
            mail_id=shared.id,
        )
    )
    session.add(IncomingMailRow(message_id="<in@x>", kind="answer", received_at=moment.now))
    session.commit()
    clock.set(datetime(2027, 11, 24, 9, tzinfo=clock.zone))
    assert tidy(app)["mail texts past their retention period"] == 0
    clock.set(datetime(2027, 11, 26, 9, tzinfo=clock.zone))
    assert tidy(app)["mail texts past their retention period"] >= 1
    session.expire_all()
    assert (own.body, own.subject) == (None, "Over vier dagen")
    assert shared.body is not None, "a supplier in it has no pathway that is over"
    assert unsent.body is not None
    assert session.scalars(select(IncomingMailRow)).all() == []


def test_without_a_period_nothing_goes(
    app: Flask, session: Session, scene: Scene, clock: SettableClock, kept: EvidenceFiles
) -> None:
    app.config.update(KEEP_FILES_MONTHS=0, KEEP_MAILS_MONTHS=0)
    moment = clock.moment()
    stopped(session, scene, moment)
    loose, mail = a_file(session, scene, kept, at=moment.now), a_mail(session, scene, moment.now)
    session.commit()
    clock.set(datetime(2036, 1, 1, 9, tzinfo=clock.zone))
    tidy(app)
    session.expire_all()
    assert loose.removed_at is None
    assert mail.body is not None
