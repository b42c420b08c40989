"""A supplier as JSON Schema, with what each field means."""

from onboarding.api.division_bodies import MOST_LINES, MOST_YEARS
from onboarding.api.fact_schemas import DAY, KVK, TEXT, Schema, or_null
from onboarding.domain.identifiers import LONGEST_NAME
from onboarding.domain.suppliers import (
    EARLIEST_YEAR,
    LARGEST_AMOUNT,
    LATEST_YEAR,
    LONGEST_LINE,
    LONGEST_NUMBER,
    LONGEST_PROSE,
)

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
