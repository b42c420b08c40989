"""One supplier's buying status, field for field."""

from onboarding.store.tables import RelationRow
from tests.api.program import Program, code


def test_the_answer_has_the_fields_of_the_contract(program: Program, supplier: RelationRow) -> None:
    answer = program.get(f"/eligibility/{supplier.kvk_number}")
    assert answer.status_code == 200
    assert answer.json == {
        "kvk_number": supplier.kvk_number,
        "supplier": supplier.name,
        "status": "out-of-scope",
        "eligible": True,
        "action": "allow",
        "applies_to": ["new-orders"],
        "reasons": [
            {
                "code": "not-in-programme",
                "text": "Doet niet mee: wij vragen deze leverancier niets.",
                "facts": {},
            }
        ],
        "warnings": [],
        "since": "2026-11-24",
        "until": None,
        "then": None,
        "policy_version": 1,
        "as_of": "2026-11-24",
        "known_at": "2026-11-24T09:00:00Z",
    }


def test_a_day_before_the_relation_was_known(program: Program, supplier: RelationRow) -> None:
    answer = program.get(f"/eligibility/id-{supplier.id}", on="2026-11-23")
    assert answer.status_code == 404
    assert code(answer) == "not-yet-known"
