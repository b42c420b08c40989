"""Every code that a program can meet and every fact that comes with it, as JSON Schema."""

from typing import Any

from onboarding.domain.certificates import RecognitionKind
from onboarding.domain.eligibility import Status
from onboarding.domain.policy import Level
from onboarding.domain.tokens import Scope

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer"}
DAY: Schema = {"type": "string", "format": "date"}
INSTANT: Schema = {"type": "string", "format": "date-time"}
KVK: Schema = {"type": "string", "pattern": "^[0-9]{8}$"}
LEVEL: Schema = {"type": "string", "enum": [level.value for level in Level]}
MILESTONE: Schema = {
    "type": "string",
    "description": "The code of a step of our templates, such as `plan`, or the buyer's own text.",
}
LAST_DAY: Schema = {**DAY, "description": "The last day on which it holds."}


def or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def one_of(*values: str) -> Schema:
    return {"type": "string", "enum": list(values)}


def object_of(properties: dict[str, Schema]) -> Schema:
    """An object with all of these and nothing else."""
    return {
        "type": "object",
        "required": list(properties),
        "additionalProperties": False,
        "properties": properties,
    }


def facts_of(facts: dict[str, Schema]) -> Schema:
    """Facts, each left out where it is not known."""
    return {"type": "object", "additionalProperties": False, "properties": facts}


def coded(codes: dict[str, tuple[str, dict[str, Schema]]], *, with_text: bool = True) -> Schema:
    """One of these codes with its facts, and with words for people or without."""
    words: Schema = {"text": {**TEXT, "description": "Words for people, by Accept-Language."}}
    return {
        "oneOf": [
            {
                **object_of(
                    {
                        "code": {"const": code},
                        **(words if with_text else {}),
                        "facts": facts_of(facts),
                    }
                ),
                "title": code,
                "description": meaning,
            }
            for code, (meaning, facts) in codes.items()
        ]
    }


CERTIFICATE = {"level": LEVEL, "thirty_plus": {"type": "boolean"}, "valid_until": LAST_DAY}
NOTICED = {
    "milestone": MILESTONE,
    "due_on": {**DAY, "description": "The day on which the step was due."},
    "cure_ends_on": {**DAY, "description": "The last day of the cure period."},
}
NOTICE_PLANNED = {**DAY, "description": "When a formal notice is planned, while none was sent."}
WHAT_IS_OVER = [
    "window-over",
    "pathway-declined",
    "pathway-stopped",
    "pathway-completed",
    "certificate-over",
]

# code: what it means, and its facts. A fact that is not known is left out.
REASONS: dict[str, tuple[str, dict[str, Schema]]] = {
    "blocked-by-decision": (
        "A manager blocked new orders.",
        {"starts_on": DAY, "until": LAST_DAY},
    ),
    "relation-ended": (
        "The relation has ended.",
        {"ended_on": {**DAY, "description": "The first day on which it is over."}},
    ),
    "certified": ("A certificate counts.", CERTIFICATE),
    "recognised": (
        "Recognised as a social enterprise.",
        {"kind": one_of(*(kind.value for kind in RecognitionKind)), "valid_until": LAST_DAY},
    ),
    "exempt": ("An exemption was decided.", {"until": LAST_DAY}),
    "equivalent": ("Equivalent proof was accepted.", {"until": LAST_DAY}),
    "granted-by-decision": ("A person granted it for a time.", {"until": LAST_DAY}),
    "renewal-under-way": (
        "The certificate ended and is being renewed.",
        {
            "certificate_ends_on": DAY,
            "waits_for": one_of("buyer"),
            "until": LAST_DAY,
        },
    ),
    "on-hold": ("The pathway is paused.", {"until": LAST_DAY}),
    "decision-needed": (
        "A person must decide: a cure period is over, or what `because` names.",
        {
            **NOTICED,
            "because": one_of(*WHAT_IS_OVER),
            "window_ended_on": DAY,
            "ended_on": DAY,
        },
    ),
    "cure-period-ended": ("The cure period of a formal notice is over.", NOTICED),
    "milestone-overdue": (
        "A step of the supplier is past its day.",
        {**NOTICED, "notice_planned_on": NOTICE_PLANNED},
    ),
    "on-track": (
        "The agreed pathway is on schedule.",
        {"target": LEVEL, "last_day": DAY},
    ),
    "certified-below-required": ("A certificate below the required level.", CERTIFICATE),
    "in-negotiation": (
        "Agreements are being made.",
        {"waits_for": one_of("buyer", "supplier"), "window_ends_on": DAY},
    ),
    "no-pathway": (
        "No pathway was agreed in time, or none is in force.",
        {"window_ended_on": DAY, "ended_on": DAY},
    ),
    "not-in-programme": ("Nothing is asked of this supplier.", {}),
}

WARNINGS: dict[str, tuple[str, dict[str, Schema]]] = {
    "certificate-ending": ("The certificate ends soon.", {"ends_on": LAST_DAY}),
    "review-late": (
        "A step waits too long for the buyer's review.",
        {"milestone": MILESTONE, "submitted_on": DAY},
    ),
    "certificate-covers-other-number": (
        "A verified certificate covers other KvK numbers than the one contracted.",
        {"kvk_number": or_null(KVK), "covered": {"type": "array", "items": KVK}},
    ),
    "aspirant-ending": ("The Aspirant status ends soon.", {"ends_on": LAST_DAY}),
    "recheck-due": ("A recognition should have been checked again.", {"recheck_on": DAY}),
    "outside-step-late": (
        "After the pathway's last day a step that is not the supplier's is still open.",
        {"milestone": MILESTONE, "due_on": DAY},
    ),
}

CANDIDATE: Schema = {
    "type": "object",
    "required": ["ref", "kvk_number", "name", "division"],
    "properties": {
        "ref": {**TEXT, "description": "Names this supplier and no other."},
        "kvk_number": or_null(KVK),
        "name": TEXT,
        "division": or_null(TEXT),
    },
}
PROBLEMS: dict[str, dict[str, Schema]] = {
    "request-invalid": {"reason": one_of("not-json")},
    "parameter-invalid": {
        "parameter": TEXT,
        "reason": one_of(
            "unknown",
            "given-twice",
            "not-a-day",
            "not-an-instant",
            "out-of-range",
            "unknown-value",
            "not-a-cursor",
            "of-another-list",
            "in-future",
            "only-in-json",
            "not-an-event",
        ),
        "given": TEXT,
        "known": {"type": "array", "items": TEXT},
        "least": NUMBER,
        "most": NUMBER,
    },
    "reference-invalid": {"given": TEXT},
    "known-at-in-future": {"known_at": INSTANT, "now": INSTANT},
    "token-invalid": {},
    "scope-missing": {"scope": one_of(*(scope.value for scope in Scope))},
    "not-found": {},
    "supplier-unknown": {"ref": TEXT},
    "pathway-unknown": {"ref": TEXT},
    "not-yet-known": {"ref": TEXT, "on": DAY, "known_at": INSTANT},
    "method-not-allowed": {},
    "not-acceptable": {"offered": {"type": "array", "items": TEXT}},
    "supplier-ambiguous": {
        "ref": TEXT,
        "candidates": {"type": "array", "minItems": 2, "items": CANDIDATE},
    },
    "supplier-known": {
        "kvk_number": KVK,
        "foreign_number": TEXT,
        "country": TEXT,
        "ref": TEXT,
        "name": TEXT,
    },
    "precondition-failed": {"etag": {**TEXT, "description": "The supplier's ETag now."}},
    "body-too-large": {"most": NUMBER},
    "media-type-unsupported": {"read": {"type": "array", "items": TEXT}},
    "body-invalid": {
        "field": TEXT,
        "reason": one_of("not-an-object", "unknown-field", "wrong-type", "read-only"),
        "expected": TEXT,
        "known": {"type": "array", "items": TEXT},
    },
    "input-invalid": {
        "field": TEXT,
        "reason": one_of(
            "required",
            "too-long",
            "not-digits",
            "not-8-digits",
            "not-a-country",
            "not-a-creditor-number",
            "not-a-number",
            "not-an-amount",
            "not-a-buyer",
            "differs-from-address",
            "differs-from-divisions",
            "division-known",
            "several-divisions",
        ),
        "given": TEXT,
        "longest": NUMBER,
    },
    "precondition-required": {},
    "too-many-requests": {"most": NUMBER, "seconds": NUMBER},
    "internal-error": {},
    "unavailable": {},
}
STATUSES = [status.value for status in Status]
