"""Cells of a list of certificates mean one thing, or are refused; rows are compared with care."""

from datetime import date
from typing import Any

import pytest

from onboarding.domain.certificate_lists import (
    KnownCertificate,
    Row,
    day_from,
    level_from,
    read_row,
    same_certificate,
    yes_or_no,
)
from onboarding.domain.certificate_moves import Claim, correct
from onboarding.domain.certificates import CertificateState
from onboarding.domain.errors import InputInvalid, MoveRefused
from onboarding.domain.people import Role
from onboarding.domain.policy import Level
from tests import build

CELLS = {
    "kvk_number": "2076358",
    "level": "Trede 2",
    "starts_on": "1-1-2027",
    "ends_on": "31-12-2028",
}


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Trede 2", Level.TREDE_2),
        ("trede-1", Level.TREDE_1),
        ("3", Level.TREDE_3),
        ("PSO Trede 3 (30+)", Level.TREDE_3),
        ("PSO 30+", Level.TREDE_3),
        ("Basistrede", Level.BASIS),
        ("Aspirant-status Trede 1", Level.ASPIRANT),
        ("Step 2 on the PSO ladder", Level.TREDE_2),
    ],
)
def test_a_level_is_understood(text: str, level: Level) -> None:
    assert level_from(text) is level


@pytest.mark.parametrize("text", ["", "Trede", "Trede 4", "Trede 1 of 2", "Trede 12", "goud"])
def test_what_is_no_level_is_refused(text: str) -> None:
    with pytest.raises(InputInvalid):
        level_from(text)


@pytest.mark.parametrize(
    "text",
    [
        "2027-03-05",
        "2027-03-05T00:00:00",
        "05-03-2027",
        "5/3/2027",
        "5.3.2027",
        "5 maart 2027",
        "5 mrt. 2027",
        "5 March 2027",
    ],
)
def test_a_day_is_understood(text: str) -> None:
    assert day_from(text, "ends_on") == date(2027, 3, 5)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2027",
        "46451",
        "5-3-27",
        "30-02-2027",
        "3/25/2027",
        "2027-03-05T12:00:00",
        "9999-12-31",
        "x",
    ],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(InputInvalid) as refused:
        day_from(text, "ends_on")
    assert refused.value.facts["field"] == "ends_on"


def test_yes_and_no_in_both_languages() -> None:
    assert [yes_or_no(text) for text in ("Ja", "yes", "x", "1", "30+")] == [True] * 5
    assert [yes_or_no(text) for text in ("", "Nee", "no", "-", "0")] == [False] * 5
    with pytest.raises(InputInvalid):
        yes_or_no("misschien")


def test_a_row_tells_all_that_is_wrong_with_it() -> None:
    row = read_row({**CELLS, "level": "goud", "ends_on": "", "kvk_numbers": "12", "body": "Kiwa"})
    assert [(one.facts["field"], one.facts["reason"]) for one in row.mistakes] == [
        ("kvk_numbers", "not-8-digits"),
        ("level", "not-a-level"),
        ("ends_on", "required"),
    ]
    assert row.repaired == {"kvk_number": "2076358"}


def read(**cells: str) -> Row:
    row = read_row({**CELLS, **cells})
    assert row.mistakes == ()
    return row


def known(**fields: Any) -> KnownCertificate:
    claim = {
        "level": Level.TREDE_2,
        "starts_on": date(2027, 1, 1),
        "ends_on": date(2028, 12, 31),
        "kvk_numbers": ("02076358",),
    }
    beside = {name: fields.pop(name) for name in ("id", "state", "body") if name in fields}
    values: dict[str, Any] = {"id": 1, "state": CertificateState.REPORTED, **beside}
    return KnownCertificate(claim=Claim(**(claim | fields)), **values)


def changed(row: Row, *certificates: KnownCertificate) -> tuple[int | None, list[str]]:
    found, differs = same_certificate(row, certificates)
    return (found and found.id), [one.field for one in differs]


def test_a_column_that_is_not_there_says_nothing() -> None:
    wider = known(kvk_numbers=("02076358", "17037842"), level=Level.TREDE_3, thirty_plus=True)
    assert changed(read(level="Trede 3"), wider) == (1, [])
    assert changed(read(level="Trede 3", thirty_plus=""), wider) == (1, ["thirty_plus"])
    assert changed(read(level="Trede 3", kvk_numbers=""), wider) == (1, ["kvk_numbers"])
    assert changed(read(level="Trede 2"), wider) == (1, ["level", "thirty_plus"])


def test_it_is_the_one_that_begins_on_the_same_day() -> None:
    older, newer = known(), known(id=2, starts_on=date(2026, 1, 1), level=Level.BASIS)
    assert changed(read(), older, newer) == (1, [])
    assert changed(read(starts_on="1-2-2027"), older, newer) == (None, [])
    assert changed(read(ends_on="30-11-2028"), older, newer) == (1, ["ends_on"])


def test_whatever_became_of_it_it_is_not_reported_twice() -> None:
    rejected = known(state=CertificateState.REJECTED)
    verified = known(id=2, state=CertificateState.VERIFIED, level=Level.TREDE_1)
    assert changed(read(), rejected, verified) == (1, [])
    assert changed(read(level="Trede 3"), rejected, verified) == (2, ["level"])
    assert changed(read(level="Trede 3"), rejected) == (None, [])


def test_what_was_checked_keeps_its_body_and_address() -> None:
    assert changed(read(body="Kiwa"), known(body="DNV")) == (1, ["body"])
    assert changed(read(body=""), known(body="DNV")) == (1, [])
    verified = known(body="DNV", state=CertificateState.VERIFIED)
    assert changed(read(body="Kiwa"), verified) == (1, [])


def test_only_what_nobody_checked_is_corrected() -> None:
    claim = known().claim
    reported = build.a_certificate(state=CertificateState.REPORTED)
    buyer = build.an_actor(Role.BUYER)
    assert correct(reported, claim, body=" ", register_url=None, actor=buyer).body is None
    with pytest.raises(MoveRefused):
        correct(build.a_certificate(), claim, body=None, register_url=None, actor=buyer)
