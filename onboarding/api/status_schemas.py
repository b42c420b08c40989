"""The buying status as JSON Schema: of a day, through time, and of many suppliers at once."""

from onboarding.api.fact_schemas import (
    CANDIDATE,
    DAY,
    INSTANT,
    KVK,
    NUMBER,
    STATUSES,
    TEXT,
    Schema,
    object_of,
    one_of,
    or_null,
)
from onboarding.api.parameters import MOST
from onboarding.domain.eligibility import Action

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
OF_A_PERIOD = (
    "status",
    "eligible",
    "action",
    "applies_to",
    "reasons",
    "warnings",
    "policy_version",
)
AS_SENT: Schema = {**TEXT, "description": "The reference as it was sent."}


def components() -> dict[str, Schema]:
    fields = {name: {**schema, "description": text} for name, (schema, text) in MEANINGS.items()}
    return {
        "eligibility": object_of(fields),
        "eligibility-page": object_of(
            {
                "items": {"type": "array", "items": {"$ref": "#/components/schemas/eligibility"}},
                "next_cursor": {
                    **or_null(TEXT),
                    "description": "Give it as `cursor` for the next page; null on the last. It "
                    "pins the day and the instant of the first page.",
                },
            }
        ),
        "timeline": _timeline(fields),
        "lookup": _lookup(),
        "looked-up": {
            "oneOf": [
                {**object_of({"ref": AS_SENT, **fields}), "title": "answered"},
                {
                    **object_of({"ref": AS_SENT, "problem": _not_answered()}),
                    "title": "not answered",
                },
            ]
        },
        "looked-up-page": object_of(
            {
                "items": {
                    "type": "array",
                    "items": {"$ref": "#/components/schemas/looked-up"},
                    "description": "One for each reference, in the order in which they were sent.",
                }
            }
        ),
    }


def _timeline(fields: dict[str, Schema]) -> Schema:
    period = object_of(
        {
            "since": {**DAY, "description": "The first day."},
            "until": {**or_null(DAY), "description": "The last day; null for the last period."},
            **{name: fields[name] for name in OF_A_PERIOD},
        }
    )
    return object_of(
        {
            "kvk_number": fields["kvk_number"],
            "supplier": fields["supplier"],
            "periods": {
                "type": "array",
                "minItems": 1,
                "items": period,
                "description": "Without gap, the earliest first. What has passed never changes; "
                "what is to come holds if nothing new is recorded.",
            },
            "as_of": {**DAY, "description": "Today."},
            "known_at": fields["known_at"],
        }
    )


def _lookup() -> Schema:
    return {
        "type": "object",
        "required": ["refs"],
        "additionalProperties": False,
        "properties": {
            "refs": {
                "type": "array",
                "minItems": 1,
                "maxItems": MOST,
                "items": TEXT,
                "description": "References of any kind, mixed as they come.",
            },
            "on": {**DAY, "description": "The day; today when absent."},
            "known_at": {**INSTANT, "description": "As known at this instant; now when absent."},
        },
    }


def _not_answered() -> Schema:
    facts: dict[str, Schema] = {
        "given": TEXT,
        "ref": TEXT,
        "on": DAY,
        "known_at": INSTANT,
        "candidates": {"type": "array", "minItems": 2, "items": CANDIDATE},
    }
    return object_of(
        {
            "code": one_of(
                "reference-invalid", "supplier-unknown", "supplier-ambiguous", "not-yet-known"
            ),
            "detail": {**TEXT, "description": "What to do, by Accept-Language."},
            "facts": {"type": "object", "additionalProperties": False, "properties": facts},
        }
    )
