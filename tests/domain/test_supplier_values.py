"""Values of a supplier as people and spreadsheets write them."""

from decimal import Decimal

import pytest

from onboarding.domain.errors import InputInvalid
from onboarding.domain.suppliers import (
    CreditorNumber,
    amount_from,
    clean,
    creditor_numbers_from,
    folded,
)


@pytest.mark.parametrize(
    ("given", "amount"),
    [
        ("€ 184.200", "184200"),
        ("184200,50", "184200.50"),
        ("184.200,50", "184200.50"),
        ("1,204.00", "1204"),
        ("12.000.000", "12000000"),
        ("1.5", "1.50"),
        ("1.204,-", "1204"),
        (184200.5, "184200.50"),
        (Decimal("0"), "0"),
    ],
)
def test_an_amount_is_understood(given: object, amount: str) -> None:
    assert amount_from(given) == Decimal(amount)


@pytest.mark.parametrize("given", ["veel", "-3", "1e20", "NaN", "1,2.3.4"])
def test_what_is_no_amount_is_refused(given: str) -> None:
    with pytest.raises(InputInvalid):
        amount_from(given)


@pytest.mark.parametrize("given", ["", None, "  "])
def test_nothing_is_no_amount(given: str | None) -> None:
    assert amount_from(given) is None


def test_names_are_sorted_and_found_without_accents() -> None:
    assert folded("Ærø  Café 't Hoekje") == "aero cafe 't hoekje"
    assert folded("ÉÉN Straße") == "een strasse"


def test_a_repaired_number_tells_what_stood_there() -> None:
    cleaned = clean({"kvk_number": "2076358"})
    assert cleaned.values == {"kvk_number": "02076358"}
    assert cleaned.repaired == {"kvk_number": "2076358"}
    assert clean({"kvk_number": "02076358"}).repaired == {}


def test_only_what_is_given_is_cleaned() -> None:
    assert clean({"city": " Gouda "}).values == {"city": "Gouda"}


def test_every_mistake_is_told() -> None:
    mistakes = clean({"name": "", "kvk_number": "12", "spend": "x"}).mistakes
    assert [mistake.facts["field"] for mistake in mistakes] == ["name", "kvk_number", "spend"]


def test_creditor_numbers_stand_in_one_cell() -> None:
    assert creditor_numbers_from("FS1 | Catering: FS2\nFS3") == (
        CreditorNumber("", "FS1"),
        CreditorNumber("Catering", "FS2"),
        CreditorNumber("", "FS3"),
    )
