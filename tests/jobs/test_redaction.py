"""A text that held personal data is gone from every column of every table, mails included."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, timedelta
from email import message_from_bytes, policy
from functools import lru_cache
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.agreements import canonical_json, sha256
from onboarding.domain.decisions import DecisionKind
from onboarding.domain.errors import InputInvalid, MoveRefused, NotAllowed, NotFound
from onboarding.domain.people import Channel, Role, Said
from onboarding.domain.redaction import REDACTED, texts_of
from onboarding.domain.workdays import Span
from onboarding.services import contests, conversations, decisions
from onboarding.services.dossier.history_checks import check_history
from onboarding.services.on_behalf import Heard, record_on_behalf
from onboarding.services.pathway import amendments, holds, milestones, notices, requests
from onboarding.services.pathway import negotiation as pathways
from onboarding.services.pathway.agreement_papers import typeset
from onboarding.services.pathway.notice_upkeep import prepare_due_notices
from onboarding.services.pathway.preparing import prepare_step
from onboarding.services.redaction import (
    read_redactable,
    read_step_text,
    redact_step,
    redact_text,
)
from onboarding.services.suppliers import change_supplier
from onboarding.store.agreements import agreement
from onboarding.store.amendments import agreed_plan
from onboarding.store.database import Base
from onboarding.store.tables import (
    EventRow,
    MailRow,
    MessageRow,
    MilestoneRow,
    NoticeRow,
    PathwayVersionRow,
    TaskRow,
)
from tests import pathway_stage, stage
from tests.conftest import SettableClock

WORD = "herseninfarct"
TEXT = (
    f"Onze medewerkster Fatima Yılmaz “de Vries”, BSN 111222333, heeft een {WORD} gehad & ligt in "
    "het ziekenhuis.\r\nHaar man Wim belt u daarover nog."
)
OTHER = "Wij zijn weer open."


class Life:
    """A supplier with an agreed pathway, and what both sides write in it."""

    def __init__(self, session: Session, clock: SettableClock, moment: Moment) -> None:
        self.session, self.clock, self.moment = session, clock, moment
        self.scene = pathway_stage.a_scene(session)

    def agreed(self) -> None:
        self.row, self.steps = pathway_stage.agreed(self.session, self.scene, self.moment)

    def supplier(self, service: Callable[..., Any], *args: Any, **given: Any) -> Any:
        return service(self.session, self.scene.signatory, self.moment, *args, **given)

    def buyer(self, service: Callable[..., Any], *args: Any, **given: Any) -> Any:
        return service(self.session, self.scene.buyer, self.moment, *args, **given)

    def manager(self, service: Callable[..., Any], *args: Any, **given: Any) -> Any:
        return service(self.session, self.scene.manager, self.moment, *args, **given)

    def later(self, **by: int) -> None:
        self.moment = self.clock.forward(**by)

    def warned(self) -> int:
        """The step is late, and the warning is prepared."""
        self.later(days=21)
        prepare_due_notices(self.session, self.moment, self.scene.customer.id)
        return self.session.scalars(select(NoticeRow.id)).one()

    def handed_over(self) -> int:
        notice = self.warned()
        self.later(days=2)
        prepare_due_notices(self.session, self.moment, self.scene.customer.id)
        notices.notice_handed_over(self.session, self.moment, notice)
        return notice


def handed_in(life: Life) -> None:
    life.supplier(prepare_step, life.steps[0].id, note=TEXT)
    life.supplier(milestones.submit_milestone, life.steps[0].id, note=TEXT)


def sent_back(life: Life) -> None:
    life.supplier(milestones.submit_milestone, life.steps[0].id, note=OTHER)
    life.buyer(milestones.return_milestone, life.steps[0].id, note=TEXT)


def accepted(life: Life) -> None:
    life.supplier(milestones.submit_milestone, life.steps[0].id, note=OTHER)
    life.buyer(milestones.accept_milestone, life.steps[0].id, note=TEXT)


def waived(life: Life) -> None:
    life.buyer(milestones.waive_milestone, life.steps[0].id, reason=TEXT)


def date_asked(life: Life) -> None:
    wished = life.steps[0].due_on + timedelta(7)
    life.supplier(requests.ask_for_date, life.steps[0].id, wished_on=wished, reason=TEXT)


def date_refused(life: Life) -> None:
    wished = life.steps[0].due_on + timedelta(7)
    asked = life.supplier(requests.ask_for_date, life.steps[0].id, wished_on=wished, reason=OTHER)
    life.buyer(requests.answer_request, asked, granted_on=None, note=TEXT)


def asked(life: Life) -> None:
    life.supplier(conversations.ask_question, life.scene.relation.id, text=TEXT)


def answered(life: Life) -> None:
    life.supplier(conversations.ask_question, life.scene.relation.id, text=OTHER)
    task = life.session.scalars(select(TaskRow.id).where(TaskRow.kind == "question")).one()
    life.buyer(conversations.answer_question, task, text=TEXT)


def answered_question(life: Life) -> None:
    """The question travels on in the mail with its answer."""
    life.supplier(conversations.ask_question, life.scene.relation.id, text=TEXT)
    task = life.session.scalars(select(TaskRow.id).where(TaskRow.kind == "question")).one()
    life.buyer(conversations.answer_question, task, text=OTHER)


def internal_note(life: Life) -> None:
    life.buyer(conversations.write_note, life.scene.relation.id, text=TEXT)


def shared_note(life: Life) -> None:
    life.buyer(
        conversations.write_note,
        life.scene.relation.id,
        text=TEXT,
        is_shared=True,
        milestone_id=life.steps[0].id,
    )


def called(life: Life) -> None:
    life.buyer(
        conversations.record_contact,
        life.scene.relation.id,
        channel=Channel.PHONE,
        contact_on=life.moment.today,
        note=TEXT,
        is_shared=True,
    )


def pause_asked(life: Life) -> None:
    span = Span(life.moment.today, life.moment.today + timedelta(13))
    life.supplier(holds.ask_for_hold, life.row.id, span=span, reason=TEXT)


def pause_refused(life: Life) -> None:
    span = Span(life.moment.today, life.moment.today + timedelta(13))
    hold = life.supplier(holds.ask_for_hold, life.row.id, span=span, reason=OTHER)
    life.buyer(holds.refuse_asked_hold, hold, reason=TEXT)


def change_proposed(life: Life) -> None:
    first, *rest = agreed_plan(life.session, life.row).steps
    steps = [pathway_stage.moved(first, 7), *rest]
    life.supplier(amendments.propose_amendment, life.row.id, steps=steps, reason=TEXT)


def change_declined(life: Life) -> None:
    first, *rest = agreed_plan(life.session, life.row).steps
    steps = [pathway_stage.moved(first, 7), *rest]
    amendment = life.supplier(amendments.propose_amendment, life.row.id, steps=steps, reason=OTHER)
    life.buyer(amendments.decline_amendment, amendment, reason=TEXT)


def warning_held(life: Life) -> None:
    life.buyer(notices.hold_notice, life.warned(), reason=TEXT)


def line_added(life: Life) -> None:
    life.buyer(notices.add_line, life.warned(), line=TEXT)
    life.later(days=2)
    prepare_due_notices(life.session, life.moment, life.scene.customer.id)


def warning_replied(life: Life) -> None:
    life.supplier(notices.reply_to_notice, life.handed_over(), text=TEXT)


def reply_answered(life: Life) -> None:
    notice = life.handed_over()
    life.supplier(notices.reply_to_notice, notice, text=OTHER)
    life.buyer(notices.answer_reply, notice, text=TEXT)


def blocked(life: Life) -> None:
    life.manager(
        decisions.take_decision,
        life.scene.relation.id,
        DecisionKind.BLOCK,
        reason=TEXT,
        starts_on=life.moment.today + timedelta(14),
        ends_on=None,
    )


def stopped(life: Life) -> None:
    life.supplier(pathways.stop_pathway, life.row.id, reason=TEXT)


def alternative_changed(life: Life) -> None:
    life.buyer(change_supplier, life.scene.relation.id, {"alternative": TEXT})


def _on_behalf(life: Life, words: str) -> int:
    def doing(said: Said) -> None:
        life.buyer(milestones.submit_milestone, life.steps[0].id, note=words, on_behalf=said)

    heard = Heard(
        said_on=life.moment.today, channel=Channel.PHONE, by=life.scene.signatory.person_id or 0
    )
    return life.buyer(record_on_behalf, life.scene.relation.id, heard, doing).statement_id


def recorded_for_it(life: Life) -> None:
    """The confirmation tells the words, which stand in no fact of its message."""
    _on_behalf(life, TEXT)


def contested(life: Life) -> None:
    statement = _on_behalf(life, OTHER)
    life.supplier(contests.contest_statement, statement, text=TEXT)


def contest_answered(life: Life) -> None:
    statement = _on_behalf(life, OTHER)
    life.supplier(contests.contest_statement, statement, text=OTHER)
    life.buyer(contests.answer_contest, statement, stands=True, text=TEXT)


def declined(life: Life) -> None:
    row = pathway_stage.proposed(life.session, life.scene, life.moment)
    life.supplier(pathways.decline_pathway, row.id, reason=TEXT)


def countered(life: Life) -> None:
    row = pathway_stage.proposed(life.session, life.scene, life.moment)
    steps = [pathway_stage.moved(one, 7) for one in pathway_stage.a_plan(life.moment.today).steps]
    life.supplier(
        pathways.counter_pathway, row.id, revision=row.revision, steps=steps, message=TEXT
    )


def proposed(life: Life) -> None:
    row = pathway_stage.a_draft(life.session, life.scene, life.moment)
    life.buyer(pathways.propose_pathway, life.scene.relation.id, row.revision, message=TEXT)


AGREED = (
    handed_in,
    sent_back,
    accepted,
    waived,
    date_asked,
    date_refused,
    asked,
    answered,
    answered_question,
    internal_note,
    shared_note,
    called,
    pause_asked,
    pause_refused,
    change_proposed,
    change_declined,
    warning_held,
    line_added,
    warning_replied,
    reply_answered,
    blocked,
    stopped,
    alternative_changed,
    recorded_for_it,
    contested,
    contest_answered,
)
NEGOTIATED = (declined, countered, proposed)
REASON = "Gezondheid van een medewerker."


@pytest.fixture
def life(session: Session, clock: SettableClock, moment: Moment) -> Life:
    return Life(session, clock, moment)


def places(session: Session, word: str) -> list[str]:
    """Every column of every table in which the word stands, in whatever form."""
    session.flush()
    session.expire_all()
    found = []
    for table in Base.metadata.sorted_tables:
        for row in session.execute(select(table)).mappings():
            found += [f"{table.name}.{name}" for name in row if word in _words(row[name])]
    return sorted(set(found))


def _words(value: Any) -> str:
    match value:
        case bytes():
            return _texts_of_mail(value)
        case dict() | list():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)


@lru_cache(100)
def _texts_of_mail(mail: bytes) -> str:
    parts = message_from_bytes(mail, policy=policy.default).walk()
    return " ".join(one.get_content() for one in parts if "text/" in one.get_content_type())


def event_with(session: Session, word: str) -> EventRow:
    """The first event in which somebody's words have this one."""
    rows = session.scalars(select(EventRow).order_by(EventRow.id))
    return next(row for row in rows if any(word in text for text in texts_of(row.facts)))


@pytest.mark.parametrize("write", [*AGREED, *NEGOTIATED], ids=lambda one: one.__name__)
def test_it_is_gone_from_every_column(
    session: Session, life: Life, write: Callable[[Life], None], deliver: Callable[[], Any]
) -> None:
    if write in AGREED:
        life.agreed()
    write(life)
    session.commit()
    deliver()
    before = places(session, WORD)
    assert "events.facts" in before
    event = event_with(session, WORD)
    life.manager(redact_text, event.id, reason=REASON)
    assert places(session, WORD) == []
    assert places(session, "111222333") == [] and places(session, "Haar man Wim") == []
    redaction = session.scalars(select(EventRow).order_by(EventRow.id.desc())).first()
    assert redaction is not None and redaction.code == "text-redacted"
    resealed = redaction.facts["resealed"]
    assert redaction.facts == {"event_id": event.id, "reason": REASON, "resealed": resealed}
    assert event.id in {one.get("event") for one in resealed}
    checked = check_history(session, life.scene.customer.id)
    assert checked.broken == []
    lost = {("events", one["event"]) for one in resealed if "event" in one}
    lost |= {("assessments", one["assessment"]) for one in resealed if "assessment" in one}
    assert set(checked.redacted) == lost
    assert (redaction.actor_id, redaction.at) == (life.scene.manager.person_id, life.moment.now)
    assert redaction.is_shared is event.is_shared
    told = session.scalars(select(MessageRow).where(MessageRow.kind == "text-redacted")).one()
    assert told.person_id == event.actor_id
    session.commit()
    deliver()  # what was made of it can still be read and sent
    assert session.scalars(select(MessageRow.state).where(MessageRow.id == told.id)).one() == "sent"
    assert places(session, WORD) == []


def test_other_texts_and_other_mails_stay(
    session: Session, life: Life, deliver: Callable[[], Any]
) -> None:
    life.agreed()
    sibling = stage.a_relation(session, life.scene.customer, "Bakkerij Sterk")
    life.buyer(conversations.write_note, sibling.id, text=OTHER)
    life.supplier(conversations.ask_question, life.scene.relation.id, text=OTHER)
    asked(life)
    session.commit()
    deliver()
    kept = session.scalars(select(MailRow).where(MailRow.body.is_not(None))).all()
    event = event_with(session, WORD)
    life.manager(redact_text, event.id, reason=REASON)
    session.expire_all()
    assert event.facts["text"] == REDACTED
    assert event.actor_id == life.scene.signatory.person_id and event.code == "question-asked"
    gone = [mail.kind for mail in kept if mail.body is None]
    assert gone == ["question"]  # the digest of the buyer held both
    others = [row for row in session.scalars(select(EventRow)) if row.facts.get("text") == OTHER]
    assert len(others) == 2


def test_a_short_text_takes_no_other_words_along(session: Session, life: Life) -> None:
    life.agreed()
    life.buyer(conversations.write_note, life.scene.relation.id, text="plan")
    life.buyer(conversations.write_note, life.scene.relation.id, text="Het plan is af.")
    event = event_with(session, "Het plan is af.")
    first = session.scalars(
        select(EventRow).where(EventRow.code == "note-written").order_by(EventRow.id)
    ).first()
    assert first is not None
    life.manager(redact_text, first.id, reason=REASON)
    session.expire_all()
    assert event.id and first.facts["text"] == REDACTED
    assert places(session, "Het plan is af.") == ["events.facts"]
    assert life.steps[0].title == "plan"
    assert agreed_plan(session, life.row).steps[0].title == "plan"


def test_a_mail_that_was_not_taken_yet_goes_without_the_text(
    session: Session, life: Life, deliver: Callable[[], Any], received: Any
) -> None:
    life.agreed()
    session.commit()
    deliver()
    answered(life)
    session.commit()
    person = life.scene.signatory.person_id
    _kept_unsent(session, person)
    event = event_with(session, WORD)
    life.manager(redact_text, event.id, reason=REASON)
    session.commit()
    deliver()
    answer = session.scalars(select(MessageRow).where(MessageRow.kind == "answer")).one()
    assert answer.state == "sent"
    words = [_words(bytes(mail)) for mail in received()]
    assert any(REDACTED in one and OTHER in one for one in words)
    assert not any(WORD in one for one in words)
    before = select(MailRow.state).where(MailRow.message_id.like("<een@%"))
    assert session.scalars(before).one() == "superseded"  # and never goes empty


def _kept_unsent(session: Session, person_id: int | None) -> None:
    """The answer was rendered and kept, and the server was not there."""
    answer = session.scalars(select(MessageRow).where(MessageRow.kind == "answer")).one()
    mail = MailRow(
        customer_id=answer.customer_id,
        relation_id=answer.relation_id,
        person_id=person_id,
        message_id="<een@voorbeeld.example>",
        kind="answer",
        recipient="iemand@voorbeeld.example",
        subject="Antwoord",
        body=b"Subject: Antwoord\r\n\r\n" + b"tekst",
        state="queued",
        next_at=answer.owed_at,
        created_at=answer.owed_at,
    )
    session.add(mail)
    session.flush()
    answer.state, answer.mail_id = "sending", mail.id
    session.commit()


def test_what_was_agreed_loses_it_and_says_so(
    session: Session, life: Life, moment: Moment, deliver: Callable[[], Any]
) -> None:
    steps = [
        replace(one, explanation=TEXT) if n == 0 else one
        for n, one in enumerate(pathway_stage.a_plan(moment.today).steps)
    ]
    row, _ = pathway_stage.agreed(session, life.scene, moment, *steps)
    life.row = row
    version = session.scalars(select(PathwayVersionRow)).one()
    seal = version.content_sha256
    assert sha256(version.content) == seal and WORD in version.content
    session.commit()
    deliver()
    sent = session.scalars(select(MailRow).where(MailRow.kind == "agreement")).all()
    assert sent and all(mail.body is not None for mail in sent)  # with the paper as a file
    step = session.scalars(select(MilestoneRow).where(MilestoneRow.description.is_not(None))).one()
    assert read_step_text(session, life.scene.manager, step.id) == (TEXT,)
    with pytest.raises(NotAllowed):
        life.buyer(redact_step, step.id, reason=REASON)
    life.manager(redact_step, step.id, reason=REASON)
    assert places(session, WORD) == []
    assert [mail.body for mail in sent] == [None for _ in sent]
    assert version.redacted_at == moment.now and version.content_sha256 == seal
    assert version.content == canonical_json(json.loads(version.content))
    assert json.loads(version.content)["plan"]["steps"][0]["explanation"] == REDACTED
    assert agreed_plan(session, row).steps[0].explanation == REDACTED
    told = session.scalars(select(MessageRow).where(MessageRow.kind == "text-redacted")).one()
    assert told.person_id == life.scene.buyer.person_id
    found = agreement(session, row.id, 1)
    assert found is not None and WORD.encode() not in typeset(found, "nl", UTC).content
    with pytest.raises(MoveRefused):
        life.manager(redact_step, step.id, reason=REASON)


def test_only_a_manager_may_once_and_the_reason_tells_nothing(session: Session, life: Life) -> None:
    life.agreed()
    asked(life)
    event = event_with(session, WORD)
    with pytest.raises(NotAllowed):
        life.buyer(redact_text, event.id, reason=REASON)
    with pytest.raises(NotAllowed):
        read_redactable(session, life.scene.buyer, event.id)
    stranger = stage.user_actor(session, stage.a_customer(session, "Ander"), Role.MANAGER)
    with pytest.raises(NotFound):
        redact_text(session, stranger, life.moment, event.id, reason=REASON)
    with pytest.raises(NotFound):
        read_redactable(session, stranger, event.id)
    with pytest.raises(InputInvalid) as refused:
        life.manager(redact_text, event.id, reason=f"Er stond: {TEXT}")
    assert refused.value.facts["reason"] == "tells-the-text"
    assert read_redactable(session, life.scene.manager, event.id).texts == (TEXT,)
    life.manager(redact_text, event.id, reason=REASON)
    assert read_redactable(session, life.scene.manager, event.id).texts == ()
    with pytest.raises(MoveRefused):
        life.manager(redact_text, event.id, reason=REASON)


def test_the_possible_leak_is_logged(
    session: Session, life: Life, caplog: pytest.LogCaptureFixture
) -> None:
    life.agreed()
    asked(life)
    event = event_with(session, WORD)
    life.manager(redact_text, event.id, reason=REASON)
    assert f"possible data leak: the text of event {event.id} was removed" in caplog.text
    assert WORD not in caplog.text
