"""What the divisions that buy come to, and what is said of the whole where there is one or more."""

from decimal import Decimal
from typing import Any

import pytest

from onboarding.domain.divisions import (
    DivisionLine,
    Spend,
    differences,
    in_order,
    settled,
    the_whole,
    with_line,
)
from onboarding.domain.errors import InputInvalid
from onboarding.domain.suppliers import clean_line

YEAR = 2026


def a_line(division: str = "", **fields: Any) -> DivisionLine:
    """`spend` as {year: amount}."""
    spend = fields.pop("spend", {})
    years = tuple(Spend(year, Decimal(amount)) for year, amount in spend.items())
    return clean_line(DivisionLine(division=division, spend=years, **fields))


CATERING = a_line("Catering", spend={2025: 10, 2026: 30}, contract="C-1")
CLEANING = a_line("Schoonmaak", spend={2025: 50})


def test_the_whole_is_what_the_lines_come_to() -> None:
    lines = in_order([CATERING, CLEANING, a_line("Techniek")])
    assert [line.division for line in lines] == ["Schoonmaak", "Catering", "Techniek"]
    assert the_whole(lines) == {
        "division": "Schoonmaak",
        "spend": Decimal(80),  # 2026 of Catering, and 2025 of Schoonmaak
        "contract": "C-1",
    }
    assert the_whole(()) == {"division": None, "spend": None, "contract": None}


def test_a_line_that_says_nothing_is_left_out() -> None:
    assert in_order([a_line(), a_line(contract="C")]) == (a_line(contract="C"),)


@pytest.mark.parametrize(
    ("before", "said", "after"),
    [
        ((), {"spend": Decimal(5)}, (a_line(spend={2026: 5}),)),
        ((), {"division": "Catering", "contract": None}, (a_line("Catering"),)),
        ((CLEANING,), {"division": "Hal"}, (a_line("Hal", spend={2025: 50}),)),
        ((CLEANING,), {"spend": Decimal(9)}, (CLEANING.bought(2026, Decimal(9)),)),
        ((CATERING,), {"spend": Decimal(9)}, (CATERING.bought(2026, Decimal(9)),)),
        ((CATERING,), {"spend": None}, (a_line("Catering", contract="C-1"),)),
        ((a_line("Catering"),), {"division": None}, ()),
    ],
)
def test_what_is_said_of_the_whole_concerns_the_only_line(
    before: tuple[DivisionLine, ...], said: dict[str, Any], after: tuple[DivisionLine, ...]
) -> None:
    assert settled({"city": "Gouda", **said}, before, YEAR) == {"city": "Gouda", "divisions": after}


@pytest.mark.parametrize("before", [(), (CATERING,), in_order([CATERING, CLEANING])])
def test_what_stands_already_is_no_change(before: tuple[DivisionLine, ...]) -> None:
    assert settled({**the_whole(before), "divisions": before}, before, YEAR) == {}


@pytest.mark.parametrize("said", [{"spend": Decimal(1)}, {"contract": None}, {"division": "Hal"}])
def test_the_whole_of_several_lines_cannot_be_changed(said: dict[str, Any]) -> None:
    with pytest.raises(InputInvalid) as refused:
        settled(said, in_order([CATERING, CLEANING]), YEAR)
    assert refused.value.facts == {"field": next(iter(said)), "reason": "several-divisions"}


def test_lines_and_the_whole_have_to_agree() -> None:
    lines = in_order([CATERING, CLEANING])
    said = {"divisions": lines, "division": "Catering", "spend": Decimal(80)}
    stood = {"divisions": lines, **the_whole((CATERING,))}
    assert settled(stood, (CATERING,), YEAR) == {"divisions": lines}  # the whole as it stood
    with pytest.raises(InputInvalid) as refused:
        settled(said, (), YEAR)
    assert refused.value.facts == {"field": "division", "reason": "differs-from-divisions"}


def test_a_division_has_one_line_for_a_site() -> None:
    south = a_line("Catering", site="Zuid")
    lines = with_line((CATERING,), south)
    assert {line.key for line in lines} == {("Catering", ""), ("Catering", "Zuid")}
    moved = with_line(lines, a_line("Hal"), instead_of=south.key)
    assert {line.key for line in moved} == {("Catering", ""), ("Hal", "")}
    with pytest.raises(InputInvalid) as refused:
        with_line(lines, south)
    assert refused.value.facts["given"] == "Catering / Zuid"


def test_what_differs_is_told_of_each_division() -> None:
    after = (CATERING.bought(2026, Decimal(31)), a_line("Techniek", buyer_id=7))
    assert list(differences((CATERING, CLEANING), after)) == [
        ("spend", "Catering, 2026", Decimal(30), Decimal(31)),
        ("divisions", "", "Schoonmaak", None),
        ("spend", "Schoonmaak, 2025", Decimal(50), None),
        ("divisions", "", None, "Techniek"),
        ("buyer_id", "Techniek", None, 7),
    ]
    renamed = a_line("Hal", spend={2025: 10, 2026: 30}, contract="C-1")
    assert list(differences((CATERING,), (renamed,))) == [("division", "", "Catering", "Hal")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (DivisionLine(spend=(Spend(26, Decimal(1)),)), "out-of-range"),
        (DivisionLine(spend=(Spend(2026, Decimal(1)), Spend(2026, Decimal(2)))), "year-twice"),
        (DivisionLine(division="x" * 201), "too-long"),
    ],
)
def test_a_line_that_cannot_be_used(line: DivisionLine, reason: str) -> None:
    with pytest.raises(InputInvalid) as refused:
        clean_line(line)
    assert refused.value.facts["reason"] == reason
