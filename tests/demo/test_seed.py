"""The seeded demo shows everything: each status, and each state that the domain knows."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onboarding.domain.amendments import AmendmentState
from onboarding.domain.certificates import CertificateState, RecognitionKind
from onboarding.domain.decisions import DecisionKind
from onboarding.domain.eligibility import Status
from onboarding.domain.milestones import MilestoneState, RequestKind
from onboarding.domain.notices import NoticeState
from onboarding.domain.pathways import PathwayState
from onboarding.services.status_reading import Reading, read_statuses
from onboarding.store.database import db
from onboarding.store.tables import (
    AmendmentRow,
    CertificateRow,
    DateRequestRow,
    DecisionRow,
    EventRow,
    HoldRow,
    MailRow,
    MessageRow,
    MilestoneRow,
    NoticeRow,
    PathwayRow,
    PolicyRow,
    RecognitionRow,
    RelationRow,
    RenewalRow,
    StatementRow,
    TaskRow,
    TemplateRow,
)
from tests.demo.seeded import copy_of_the_demo, demo_app

pytestmark = pytest.mark.long

WARNINGS = {
    "certificate-ending",
    "review-late",
    "certificate-covers-other-number",
    "aspirant-ending",
    "recheck-due",
    "outside-step-late",
}
REASONS = {
    "blocked-by-decision",
    "relation-ended",
    "certified",
    "recognised",
    "exempt",
    "equivalent",
    "granted-by-decision",
    "renewal-under-way",
    "on-hold",
    "decision-needed",
    "milestone-overdue",
    "on-track",
    "certified-below-required",
    "in-negotiation",
    "not-in-programme",
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The whole demo; these tests only read."""
    with demo_app(copy_of_the_demo(tmp_path_factory.mktemp("whole"))) as app:
        yield app


def readings(app: Flask) -> list[Reading]:
    today = app.extensions["clock"].moment().today
    ids = list(db.session.scalars(select(RelationRow.id)))
    found = read_statuses(db.session(), ids, today)
    assert len(found) == len(ids), "a supplier without a status"
    return list(found.values())


def missing(wanted: Iterable[StrEnum], column: object) -> set[str]:
    return {one.value for one in wanted} - set(db.session.scalars(select(column).distinct()))


def test_every_state_occurs(demo: Flask) -> None:
    with demo.app_context():
        assert missing(PathwayState, PathwayRow.state) == set()
        assert missing(MilestoneState, MilestoneRow.state) == set()
        assert missing(CertificateState, CertificateRow.state) == set()
        assert missing(NoticeState, NoticeRow.state) == set()
        assert missing(DecisionKind, DecisionRow.kind) == set()
        assert missing(RecognitionKind, RecognitionRow.kind) == set()
        assert missing(AmendmentState, AmendmentRow.state) == set()
        assert missing(RequestKind, DateRequestRow.kind) == set()


def test_every_status_reason_and_warning_occurs(demo: Flask) -> None:
    with demo.app_context():
        found = readings(demo)
        assert {one.status for one in found} == set(Status)
        assert {reason.code for one in found for reason in one.reasons} >= REASONS
        assert {warning.code for one in found for warning in one.warnings} >= WARNINGS
        assert 55 <= len(found) <= 75


def there_is(session: Session, table: type, *conditions: object) -> bool:
    return bool(session.scalar(select(func.count()).select_from(table).where(*conditions)))


def test_what_waits_and_what_was_answered_occur(demo: Flask) -> None:
    with demo.app_context():
        session, today = db.session(), demo.extensions["clock"].moment().today
        seen = {
            "a request waits": (DateRequestRow, DateRequestRow.answered_on.is_(None)),
            "a request was granted": (DateRequestRow, DateRequestRow.granted_due_on.is_not(None)),
            "a request was refused": (
                DateRequestRow,
                DateRequestRow.answered_on.is_not(None),
                DateRequestRow.granted_due_on.is_(None),
                DateRequestRow.is_withdrawn.is_(False),
            ),
            "a request was taken back": (DateRequestRow, DateRequestRow.is_withdrawn),
            "a step was returned": (
                MilestoneRow,
                MilestoneRow.state == MilestoneState.STARTED,
                MilestoneRow.rework_on >= today,
            ),
            "a cure period runs": (NoticeRow, NoticeRow.cure_ends_on >= today),
            "a cure period is over": (
                NoticeRow,
                NoticeRow.state == NoticeState.HANDED_OVER,
                NoticeRow.cure_ends_on < today,
            ),
            "a reply to a notice waits": (
                NoticeRow,
                NoticeRow.reply_made_on.is_not(None),
                NoticeRow.reply_answered_on.is_(None),
            ),
            "a reply was answered": (NoticeRow, NoticeRow.reply_answered_on.is_not(None)),
            "a notice was given by letter": (NoticeRow, NoticeRow.given_by == "letter"),
            "something recorded is not right": (
                StatementRow,
                StatementRow.contested_on.is_not(None),
                StatementRow.answered_on.is_(None),
            ),
            "what was recorded stayed": (StatementRow, StatementRow.stands),
            "a pause waits": (HoldRow, HoldRow.state == "asked"),
            "a renewal waits": (
                RenewalRow,
                RenewalRow.accepted_on.is_(None),
                RenewalRow.refused_on.is_(None),
            ),
            "a renewal is under way": (RenewalRow, RenewalRow.accepted_on.is_not(None)),
            "an audit was delayed": (RenewalRow, RenewalRow.delayed_audit_on.is_not(None)),
            "a renewal was refused": (RenewalRow, RenewalRow.refused_on.is_not(None)),
            "a recognition was revoked": (RecognitionRow, RecognitionRow.revoked_on.is_not(None)),
            "a block is announced": (
                DecisionRow,
                DecisionRow.announced_on.is_not(None),
                DecisionRow.starts_on > today,
            ),
            "a reply to a block waits": (
                DecisionRow,
                DecisionRow.reply_made_on.is_not(None),
                DecisionRow.reply_answered_on.is_(None),
            ),
            "a decision was ended": (DecisionRow, DecisionRow.ended_on.is_not(None)),
            "a grant waits for a second signature": (
                DecisionRow,
                DecisionRow.state == "asked",
                DecisionRow.lapses_on > today,
            ),
            "a policy is announced": (PolicyRow, PolicyRow.starts_on > today),
            "the policy changed": (PolicyRow, PolicyRow.version == 2, PolicyRow.starts_on < today),
            "a template is retired": (TemplateRow, TemplateRow.retired_at.is_not(None)),
            "a template changed": (TemplateRow, TemplateRow.version == 2),
            "a new year is offered": (
                TaskRow,
                TaskRow.kind == "next-year",
                TaskRow.done_at.is_(None),
            ),
            "no alternative": (RelationRow, RelationRow.alternative.is_not(None)),
            "a foreign supplier": (RelationRow, RelationRow.kvk_number.is_(None)),
        }
        found = {name: there_is(session, table, *rest) for name, (table, *rest) in seen.items()}
        assert [name for name, is_there in found.items() if not is_there] == []


def test_history_is_lived_not_stamped(demo: Flask) -> None:
    """Many days, many minutes; nothing after now; and all that could go has gone."""
    with demo.app_context():
        moment = demo.extensions["clock"].moment()
        events = list(db.session.execute(select(EventRow.at, EventRow.on)))
        assert max(at for at, _ in events) < moment.now
        assert len({on for _, on in events}) > 120
        assert len({at.strftime("%H:%M") for at, _ in events}) > 150
        assert set(db.session.scalars(select(MailRow.state).distinct())) == {"sent"}
        assert "failed" not in set(db.session.scalars(select(MessageRow.state).distinct()))


@pytest.mark.parametrize("name", ["Drukkerij De Linde B.V.", "Bakkerij Zoete Broodjes"])
def test_the_suppliers_of_the_story_are_there(demo: Flask, name: str) -> None:
    expected = {"Drukkerij De Linde B.V.": "conditional", "Bakkerij Zoete Broodjes": "preferred"}
    with demo.app_context():
        row = db.session.scalars(select(RelationRow).where(RelationRow.name == name)).one()
        today = demo.extensions["clock"].moment().today
        assert read_statuses(db.session(), [row.id], today)[row.id].status == expected[name]
