"""The representations as JSON Schema, with what each field means."""

from onboarding.api.division_bodies import MOST_LINES, MOST_YEARS
from onboarding.api.fact_schemas import (
    DAY,
    INSTANT,
    KVK,
    NUMBER,
    PROBLEMS,
    REASONS,
    STATUSES,
    TEXT,
    WARNINGS,
    Schema,
    one_of,
    or_null,
)
from onboarding.api.problems import KINDS
from onboarding.domain.eligibility import Action
from onboarding.domain.identifiers import LONGEST_NAME
from onboarding.domain.suppliers import (
    EARLIEST_YEAR,
    LARGEST_AMOUNT,
    LATEST_YEAR,
    LONGEST_LINE,
    LONGEST_NUMBER,
    LONGEST_PROSE,
)

MEANINGS: dict[str, tuple[Schema, str]] = {
    "kvk_number": (or_null(KVK), "The KvK number now; null for a supplier without one."),
    "supplier": (TEXT, "The supplier's name."),
    "status": (
        one_of(*STATUSES),
        "The buying status, best to worst: " + ", ".join(STATUSES) + ".",
    ),
    "eligible": (
        {"type": "boolean"},
        'True when `action` is not `block`: `eligible` is `action != "block"`. A program that '
        "must stop on doubt reads `action` instead.",
    ),
    "action": (
        one_of(*(action.value for action in Action)),
        "What to do with a new order or contract. `allow`: preferred, eligible, conditional, "
        "out-of-scope. `warn`: at-risk, undecided. `block`: ineligible; no new orders or "
        "contracts. Running orders, contracts and invoices are untouched.",
    ),
    "applies_to": (
        {"type": "array", "items": one_of("new-orders")},
        "To what the action applies: new orders and contracts only. Running orders, contracts "
        "and invoices go on.",
    ),
    "reasons": (
        {"type": "array", "items": {"$ref": "#/components/schemas/reason"}},
        "Every instance of what decides the status, earliest first.",
    ),
    "warnings": (
        {"type": "array", "items": {"$ref": "#/components/schemas/warning"}},
        "What a buyer should know; a warning never changes the status.",
    ),
    "since": (DAY, "The first day of the run of days with this status."),
    "until": (or_null(DAY), "The last day of that run; null when nothing recorded ends it."),
    "then": (or_null(one_of(*STATUSES)), "The status after `until`."),
    "policy_version": (NUMBER, "The version of the customer's policy in force on the day."),
    "as_of": (DAY, "The day for which this is the status."),
    "known_at": (INSTANT, "The instant at which this was known. Ask with it to be told the same."),
}
CREDITOR_NUMBER: Schema = {
    "type": "object",
    "required": ["number"],
    "additionalProperties": False,
    "properties": {
        "division": {
            **TEXT,
            "maxLength": LONGEST_LINE,
            "description": "Whose books; empty for the customer as a whole.",
        },
        "number": {
            **TEXT,
            "minLength": 1,
            "maxLength": 40,
            "pattern": "^[A-Za-z0-9][A-Za-z0-9./_-]*$",
        },
    },
}
AMOUNT: Schema = {"type": "number", "minimum": 0, "maximum": float(LARGEST_AMOUNT)}
LINE: Schema = or_null({**TEXT, "maxLength": LONGEST_LINE})
DIVISION: Schema = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "division": {
            **TEXT,
            "maxLength": LONGEST_LINE,
            "description": "Who buys; empty for the customer as a whole.",
        },
        "site": {
            **TEXT,
            "maxLength": LONGEST_LINE,
            "description": "For which of its sites; empty for all of them.",
        },
        "buyer": {**or_null({**TEXT, "maxLength": 254}), "description": "Who buys there."},
        "contract": LINE,
        "contract_ends_on": {**or_null(DAY), "description": "The last day of the contract."},
        "spend": {
            "type": "array",
            "maxItems": MOST_YEARS,
            "items": {
                "type": "object",
                "required": ["year", "amount"],
                "additionalProperties": False,
                "properties": {
                    "year": {
                        "type": "integer",
                        "minimum": EARLIEST_YEAR,
                        "maximum": LATEST_YEAR,
                    },
                    "amount": AMOUNT,
                },
            },
            "description": "Euros by calendar year, the latest first.",
        },
    },
}
WRITTEN: dict[str, Schema] = {
    "kvk_number": {
        **or_null(KVK),
        "description": "Another number than the supplier has replaces it; the old one still "
        "leads to the supplier.",
    },
    "name": {**TEXT, "minLength": 1, "maxLength": LONGEST_NAME},
    "country": {
        **TEXT,
        "pattern": "^[A-Z]{2}$",
        "description": "Two letters, ISO 3166-1.",
    },
    "foreign_number": {
        **or_null({**TEXT, "maxLength": LONGEST_NUMBER}),
        "description": "The number in the register of its own country, for one from abroad.",
    },
    "city": LINE,
    "category": LINE,
    "division": {
        **LINE,
        "description": "The main division. With one line in `divisions` or none, writing it, "
        "`spend` or `contract` changes that line; with several, change `divisions`.",
    },
    "spend": {
        **or_null(AMOUNT),
        "description": "Euros a year, with two decimals at most: the latest year of each of "
        "`divisions`, together. Written as a new figure, it is that of the current year.",
    },
    "contract": {**LINE, "description": "That of the main division."},
    "alternative": or_null({**TEXT, "maxLength": LONGEST_PROSE}),
    "has_no_alternative": {
        "type": "boolean",
        "description": "Nobody else could deliver this.",
    },
    "buyer": {
        **or_null({**TEXT, "maxLength": 254}),
        "description": "The e-mail address of the buyer, who can log in here as one.",
    },
    "creditor_numbers": {"type": "array", "maxItems": 100, "items": CREDITOR_NUMBER},
    "divisions": {
        "type": "array",
        "maxItems": MOST_LINES,
        "items": DIVISION,
        "description": "Who buys from the supplier, the highest spend first. Written, it replaces "
        "all lines. Creditor numbers of a division stand in `creditor_numbers`.",
    },
}
READ_ONLY: dict[str, Schema] = {
    "ref": {**TEXT, "pattern": "^id-[1-9][0-9]*$", "description": "The tool's own reference."},
    "former_kvk_numbers": {"type": "array", "items": KVK},
    "enrolled_on": or_null(DAY),
    "ended_on": {**or_null(DAY), "description": "The first day on which the relation is over."},
}


def components() -> dict[str, Schema]:
    """Every schema by its name."""
    return {
        "eligibility": _object(
            {name: {**schema, "description": text} for name, (schema, text) in MEANINGS.items()}
        ),
        "eligibility-page": _object(
            {
                "items": {"type": "array", "items": {"$ref": "#/components/schemas/eligibility"}},
                "next_cursor": {
                    **or_null(TEXT),
                    "description": "Give it as `cursor` for the next page; null on the last. It "
                    "pins the day and the instant of the first page.",
                },
            }
        ),
        "supplier": _object({**WRITTEN, **READ_ONLY}),
        "supplier-change": {
            "type": "object",
            "description": "Fields that are absent stay as they are; `name` is needed for a new "
            "supplier. Fields that only the tool writes may come along as they stand.",
            "additionalProperties": False,
            "properties": WRITTEN
            | {name: {**schema, "readOnly": True} for name, schema in READ_ONLY.items()},
        },
        "reason": _coded(REASONS),
        "warning": _coded(WARNINGS),
        **{f"problem-{code}": _problem(code, facts) for code, facts in PROBLEMS.items()},
    }


def _object(properties: dict[str, Schema]) -> Schema:
    return {
        "type": "object",
        "required": list(properties),
        "additionalProperties": False,
        "properties": properties,
    }


def _facts(facts: dict[str, Schema]) -> Schema:
    return {"type": "object", "additionalProperties": False, "properties": facts}


def _coded(codes: dict[str, tuple[str, dict[str, Schema]]]) -> Schema:
    return {
        "oneOf": [
            {
                **_object(
                    {
                        "code": {"const": code},
                        "text": {**TEXT, "description": "Words for people, by Accept-Language."},
                        "facts": _facts(facts),
                    }
                ),
                "title": code,
                "description": meaning,
            }
            for code, (meaning, facts) in codes.items()
        ]
    }


def _problem(code: str, facts: dict[str, Schema]) -> Schema:
    return {
        **_object(
            {
                "type": {"const": f"urn:onboarding:problem:{code}"},
                "title": TEXT,
                "status": {"const": KINDS[code].status},
                "detail": {**TEXT, "description": "What to do, by Accept-Language."},
                "instance": {**TEXT, "description": "Name it to whoever helps you."},
                "code": {"const": code, "description": "Permanent."},
                "facts": _facts(facts),
            }
        ),
        "title": code,
        "description": KINDS[code].title + ".",
    }
