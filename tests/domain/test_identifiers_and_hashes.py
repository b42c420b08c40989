"""Numbers brought into one form, and agreements whose hash stays what it was."""

from datetime import UTC, date, datetime

import pytest

from onboarding.domain.agreements import canonical_json, content, sha256
from onboarding.domain.changes import as_json
from onboarding.domain.errors import InputInvalid
from onboarding.domain.identifiers import (
    creditor_number_from,
    email_from,
    kvk_number_from,
    name_from,
    typed_kvk_number,
)
from onboarding.domain.people import Channel, Side
from tests.build import a_plan, a_signature, a_step, said


@pytest.mark.parametrize(
    ("text", "number", "was_repaired"),
    [
        ("02076358", "02076358", False),
        (" 17037842 ", "17037842", False),
        ("2076358", "02076358", True),
        ("2076358.0", "02076358", True),
        ("2076358,00", "02076358", True),
        ("02 076 358", "02076358", True),
        ("02.076.358", "02076358", True),
        ("123456", "00123456", True),
    ],
)
def test_a_kvk_number_is_repaired_and_said_so(text: str, number: str, was_repaired: bool) -> None:
    found = kvk_number_from(text)
    assert (found.number, found.was_repaired) == (number, was_repaired)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "required"),
        ("12345", "not-8-digits"),
        ("123456789", "not-8-digits"),
        ("00000000", "not-8-digits"),
        ("NL123456", "not-digits"),
        ("2,07E+06", "not-digits"),
        ("٠٢٠٧٦٣٥٨", "not-digits"),
        ("²2076358", "not-digits"),
    ],
)
def test_what_is_no_kvk_number_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(InputInvalid) as refused:
        kvk_number_from(text)
    assert refused.value.facts["reason"] == reason


def test_a_typed_kvk_number_has_all_its_digits() -> None:
    assert typed_kvk_number("02.076.358") == "02076358"
    with pytest.raises(InputInvalid) as refused:
        typed_kvk_number("2076358")
    assert refused.value.facts == {
        "field": "kvk_number",
        "reason": "not-8-digits",
        "given": "2076358",
    }


def test_other_identifiers_have_one_form() -> None:
    assert creditor_number_from(" fs10023 ") == "FS10023"
    assert name_from("  Drukkerij \t De  Pers ") == "Drukkerij De Pers"
    assert email_from(" J.Bakker@Bakkerij.NL ") == "j.bakker@bakkerij.nl"
    for text in ("bakkerij.nl", "a@b", "a b@c.nl", "a@b.nl, c@d.nl", "x@y." + "z" * 260):
        with pytest.raises(InputInvalid):
            email_from(text)
    for text in ("FS 10023", "=1+1", ""):
        with pytest.raises(InputInvalid):
            creditor_number_from(text)


def test_the_canonical_text_does_not_depend_on_the_order_of_keys() -> None:
    assert canonical_json({"b": [1, None], "a": "één"}) == '{"a":"één","b":[1,null]}'
    assert canonical_json({"b": 1, "a": 2}) == canonical_json({"a": 2, "b": 1})
    with pytest.raises(ValueError, match="JSON"):
        canonical_json({"a": float("nan")})


def test_the_hash_of_an_agreement_is_what_it_was() -> None:
    """A changed hash means that agreements stored before cannot be checked any more."""
    signatures = (
        a_signature(Side.SUPPLIER, channel=Channel.PHONE, recorded_by=12),
        a_signature(signed_at=datetime(2027, 2, 1, 8, 30, tzinfo=UTC)),
    )
    plan = a_plan(a_step(title="Ons eigen plan", due_on=date(2027, 5, 24)))
    agreed = content(pathway_id=7, version=2, plan=plan, signatures=signatures)
    assert list(agreed) == ["pathway", "version", "plan", "agreed_by"]
    assert [one["side"] for one in agreed["agreed_by"]] == ["buyer", "supplier"]
    text = canonical_json(agreed)
    assert sha256(text) == "ab085c4da6b7ec6ea460eaa06a452e6ceb6acdd527cdd4d18ea292477aafd801"
    turned = content(pathway_id=7, version=2, plan=plan, signatures=signatures[::-1])
    assert canonical_json(turned) == text


def test_values_become_json_without_what_is_not_set() -> None:
    assert as_json(said()) == {"said_on": "2027-02-01", "channel": "phone", "person_id": 14}
    assert as_json(frozenset({Side.SUPPLIER, Side.BUYER})) == ["buyer", "supplier"]
    assert as_json((a_step(due_on=date(2027, 5, 24)),)) == [
        {
            "title": "plan",
            "due_on": "2027-05-24",
            "owner": "supplier",
            "is_reviewed": False,
            "evidence": [],
            "moves_back": False,
        }
    ]
