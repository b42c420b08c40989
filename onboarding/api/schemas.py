"""The representations as JSON Schema, with what each field means."""

from onboarding.api import (
    event_operations,
    pathway_schemas,
    status_schemas,
    supplier_schemas,
    webhook_operations,
)
from onboarding.api.fact_schemas import (
    PROBLEMS,
    REASONS,
    TEXT,
    WARNINGS,
    Schema,
    coded,
    facts_of,
    object_of,
)
from onboarding.api.problems import KINDS


def components() -> dict[str, Schema]:
    """Every schema by its name."""
    return {
        **status_schemas.components(),
        **pathway_schemas.components(),
        **event_operations.components(),
        **webhook_operations.components(),
        "supplier": object_of({**supplier_schemas.WRITTEN, **supplier_schemas.READ_ONLY}),
        "supplier-change": {
            "type": "object",
            "description": "Fields that are absent stay as they are; `name` is needed for a new "
            "supplier. Fields that only the tool writes may come along as they stand.",
            "additionalProperties": False,
            "properties": supplier_schemas.WRITTEN
            | {
                name: {**schema, "readOnly": True}
                for name, schema in supplier_schemas.READ_ONLY.items()
            },
        },
        "reason": coded(REASONS),
        "warning": coded(WARNINGS),
        **{f"problem-{code}": _problem(code, facts) for code, facts in PROBLEMS.items()},
    }


def _problem(code: str, facts: dict[str, Schema]) -> Schema:
    return {
        **object_of(
            {
                "type": {"const": f"urn:onboarding:problem:{code}"},
                "title": TEXT,
                "status": {"const": KINDS[code].status},
                "detail": {**TEXT, "description": "What to do, by Accept-Language."},
                "instance": {**TEXT, "description": "Name it to whoever helps you."},
                "code": {"const": code, "description": "Permanent."},
                "facts": facts_of(facts),
            }
        ),
        "title": code,
        "description": KINDS[code].title + ".",
    }
