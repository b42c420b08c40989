"""Values stand in the text of a statement as they would be given beside it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Date, bindparam, exists, literal, select
from sqlalchemy.engine import Compiled
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.jobs import runs
from onboarding.services.mail import sweep_statements
from onboarding.store.owing import which_are_due
from onboarding.store.tables import EventRow, MessageRow, OrganisationRow
from onboarding.store.written_out import written_out
from tests import stage


def told(session: Session, statement: object, **values: object) -> list[tuple[object, ...]]:
    rows = session.connection().execute(written_out(session, statement), values)
    return [tuple(row) for row in rows]


@pytest.mark.parametrize("name", ["D'Hondt & zn. 100%", "twee %s en %(x)s :y ?", "C:\\temp"])
def test_what_is_known_stands_in_the_text(session: Session, name: str) -> None:
    customer = stage.a_customer(session, name)
    session.flush()
    wanted = select(OrganisationRow.id).where(
        OrganisationRow.name == name,
        OrganisationRow.name.in_([name, "anders"]),
        OrganisationRow.name != "een ander",
        OrganisationRow.is_customer,
        OrganisationRow.created_at > datetime(2000, 1, 1, tzinfo=UTC),
        OrganisationRow.created_at < datetime(2100, 1, 1, tzinfo=UTC),
        literal(date(2026, 11, 24), Date) <= bindparam("today", type_=Date),
        ~exists().where(EventRow.facts["channel"].as_string() == name),
    )
    assert len(written_out(session, wanted).params) == 1
    assert told(session, wanted, today=date(2026, 11, 24)) == [(customer.id,)]
    assert told(session, wanted, today=date(2026, 11, 23)) == []


def test_what_is_left_open_is_given_each_time(session: Session) -> None:
    key = bindparam("key", type_=MessageRow.key.type)
    asked = select(key == "een").where(literal("x") == "x")
    assert [told(session, asked, key=key) for key in ("een", "twee")] == [[(True,)], [(False,)]]


def test_the_question_of_a_sweep_leaves_open_whose_it_is_and_the_days(
    app: Flask, session: Session, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else SQLite plans it anew each minute: it takes many times as long as to run it."""
    asked: list[Compiled] = []

    def note(session: Session, question: Compiled, values: Mapping[str, Any]) -> Sequence[bool]:
        assert set(question.params) <= set(values)
        asked.append(question)
        return which_are_due(session, question, values)

    monkeypatch.setattr(sweep_statements, "which_are_due", note)
    stage.a_customer(session)
    session.commit()
    runs.sweep(app, moment)
    assert asked and {"customer_id", "today"} <= set(asked[0].params)
