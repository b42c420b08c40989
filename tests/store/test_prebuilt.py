"""Statements that the driver runs: values in their places, and errors as everywhere else."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import Date, bindparam, literal_column, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from onboarding.store.database import UtcInstant, as_instant
from onboarding.store.prebuilt import Prebuilt
from onboarding.store.tables import OrganisationRow
from tests import stage

ORGANISATIONS = OrganisationRow.__table__.c
NAMED = Prebuilt(
    select(ORGANISATIONS.name, literal_column("1"))
    .where(
        ORGANISATIONS.created_at <= bindparam("until", type_=UtcInstant()),
        ORGANISATIONS.created_at > bindparam("after", type_=UtcInstant()),
        ORGANISATIONS.name != bindparam("not", type_=ORGANISATIONS.name.type),
        ORGANISATIONS.is_customer,
    )
    .order_by(ORGANISATIONS.id)
    .limit(1)
)
BEFORE, AFTER = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def test_values_stand_where_they_belong(session: Session) -> None:
    name = stage.a_customer(session).name
    session.flush()

    def names(**given: object) -> list[str]:
        known = {"until": AFTER, "after": BEFORE, "not": "x", **given}
        return [row[0] for row in NAMED.rows(session.connection(), known)]

    assert names() == names() == [name]
    assert names(until=BEFORE) == names(after=AFTER) == names(**{"not": name}) == []


def test_an_error_is_that_of_the_database(session: Session) -> None:
    """So that a database that is away or locked is told as one, and no lost connection is kept."""
    wrong = Prebuilt(select(literal_column("no_such_column")))
    with pytest.raises(DBAPIError), session.begin_nested():
        wrong.rows(session.connection(), {})


def test_days_are_given_as_the_driver_has_them(session: Session) -> None:
    day = Prebuilt(select(bindparam("day", type_=Date())))
    [[told]] = day.rows(session.connection(), {"day": date(2027, 2, 10)})
    assert str(told) == "2027-02-10"


@pytest.mark.parametrize(
    "stored",
    [
        "2027-02-10 09:15:00.000000",
        "2027-02-10T10:15:00+01:00",
        datetime(2027, 2, 10, 10, 15, tzinfo=timezone(timedelta(hours=1))),
    ],
)
def test_an_instant_is_in_utc(stored: str | datetime) -> None:
    assert as_instant(stored) == datetime(2027, 2, 10, 9, 15, tzinfo=UTC)
