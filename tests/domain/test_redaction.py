"""Which words of an event are somebody's own, and what is left where they are taken out."""

import pytest

from onboarding.domain.errors import InputInvalid, MoveRefused, NotAllowed
from onboarding.domain.people import Actor, Role, Side
from onboarding.domain.redaction import REDACTED, redact, texts_of, without, without_in

TEXT = "Fatima is ziek,\r\nzij heeft griep."


def an_actor(role: Role) -> Actor:
    return Actor(customer_id=1, person_id=1, side=Side.BUYER, roles=frozenset({role}))


def test_words_are_told_from_days_codes_and_what_is_gone() -> None:
    facts = {"milestone_id": 3, "note": TEXT, "rework_on": "2026-12-01", "reason": REDACTED}
    assert texts_of(facts) == (TEXT,)
    changed = [
        {"field": "alternative", "was": "Bakker", "becomes": TEXT},
        {"field": "name", "was": "De Linde", "becomes": "Linde"},
    ]
    assert texts_of({"changed": changed}) == ("Bakker", TEXT)


def test_it_goes_alone_among_others_and_where_lines_were_folded() -> None:
    assert without(TEXT, TEXT) == REDACTED
    assert without("zei: Fatima is ziek, zij heeft griep. Dus", TEXT) == f"zei: {REDACTED} Dus"
    assert without("niet Fatima", TEXT) == "niet Fatima"


@pytest.mark.parametrize(("value", "left"), [("Ja", REDACTED), ("Ja, dat kan", "Ja, dat kan")])
def test_one_word_goes_only_where_it_stands_alone(value: str, left: str) -> None:
    assert without(value, "Ja") == left


def test_a_number_goes_among_other_words_but_is_no_code() -> None:
    assert without("BSN 111222333.", "111222333") == f"BSN {REDACTED}."
    assert without_in({"kvk_number": "111222333", "note": "111222333"}, "111222333") == {
        "kvk_number": "111222333",
        "note": REDACTED,
    }


def test_it_goes_however_deep_it_stands() -> None:
    value = {"steps": [{"title": "plan", "explanation": TEXT}], "what": f"vroeg: {TEXT}", "n": 1}
    assert without_in(value, TEXT) == {
        "steps": [{"title": "plan", "explanation": REDACTED}],
        "what": f"vroeg: {REDACTED}",
        "n": 1,
    }


def test_a_manager_says_why_in_other_words() -> None:
    change = redact((TEXT,), " Gezondheid ", an_actor(Role.MANAGER), event_id=7)
    assert change.facts() == {"event_id": 7, "reason": "Gezondheid", "resealed": []}
    with pytest.raises(NotAllowed):
        redact((TEXT,), "Gezondheid", an_actor(Role.BUYER))
    with pytest.raises(MoveRefused):
        redact((), "Gezondheid", an_actor(Role.MANAGER))
    for reason in ("", " ", f"Er stond {TEXT}"):
        with pytest.raises(InputInvalid):
            redact((TEXT,), reason, an_actor(Role.MANAGER))
