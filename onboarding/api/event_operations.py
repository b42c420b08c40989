"""The description of the change feed and of what stands in it."""

from onboarding.api import operations, parameters
from onboarding.api.fact_schemas import (
    DAY,
    INSTANT,
    REASONS,
    STATUSES,
    TEXT,
    Schema,
    coded,
    object_of,
    one_of,
    or_null,
)
from onboarding.api.status_schemas import MEANINGS
from onboarding.domain.announcements import ANNOUNCED, StatusChanged, SupplierDataChanged
from onboarding.domain.tokens import Scope

EVENT_ID: Schema = {**TEXT, "pattern": "^[0-9]{12}$"}
NAMED: dict[str, Schema] = {
    "id": {**EVENT_ID, "description": "Its place in the feed: later ones are greater."},
    "type": one_of(StatusChanged.code),
    "occurred_at": {**INSTANT, "description": "When it was recorded, or noted that its day came."},
    "ref": {**TEXT, "pattern": "^id-[1-9][0-9]*$", "description": "The tool's own reference."},
    "kvk_number": MEANINGS["kvk_number"][0],
    "supplier": TEXT,
}
EVENT: dict[str, Schema] = {
    **NAMED,
    "from_status": {
        **or_null(one_of(*STATUSES)),
        "description": "The status before; null for a supplier that was not known before.",
    },
    "to_status": one_of(*STATUSES),
    "action": MEANINGS["action"][0],
    "applies_to": MEANINGS["applies_to"][0],
    "starts_on": {**DAY, "description": "The first day with the new status."},
    "reasons": {
        "type": "array",
        "items": {"$ref": "#/components/schemas/event-reason"},
        "description": "What decides the new status, as codes with their facts.",
    },
}


DATA_EVENT: dict[str, Schema] = {**NAMED, "type": one_of(SupplierDataChanged.code)}
TYPES: Schema = {
    "type": "array",
    "items": one_of(*ANNOUNCED),
    "minItems": 1,
    "default": [StatusChanged.code],
}


def paths() -> dict[str, Schema]:
    return {"/events": {"get": _following()}}


def components() -> dict[str, Schema]:
    return {
        "event": object_of(EVENT),
        "supplier-event": {
            **object_of(DATA_EVENT),
            "description": "Something that is held of the supplier is otherwise: read it anew "
            "under `ref`. The event tells no values.",
        },
        "event-page": object_of(
            {
                "items": {
                    "type": "array",
                    "items": {
                        "oneOf": [
                            {"$ref": "#/components/schemas/event"},
                            {"$ref": "#/components/schemas/supplier-event"},
                        ]
                    },
                    "description": "Nothing but `eligibility.changed` unless `types` asks for "
                    "others. More types may come; none comes unasked.",
                },
                "next_cursor": {
                    **or_null(EVENT_ID),
                    "description": "Give it as `after` at once where there is more; null where "
                    "there is nothing more now. Then ask later, after the last `id` you have.",
                },
            }
        ),
        "event-reason": coded(REASONS, with_text=False),
    }


def _following() -> Schema:
    return operations.operation(
        "followEvents",
        "Every change of a buying status, or of a supplier's data, in order, at least once, none "
        "skipped",
        Scope.EVENTS_READ,
        [
            operations.query("after", EVENT_ID, "The last event you have; all when absent."),
            {
                **operations.query(
                    "types",
                    TYPES,
                    "Which events, with commas: those of statuses when absent. All types have "
                    "their places in one feed, so that `after` counts for any.",
                ),
                "style": "form",
                "explode": False,
            },
            operations.query("limit", parameters.LIMIT, "How many at most."),
            operations.LANGUAGE,
            operations.IF_NONE_MATCH,
        ],
        {"200": operations.told("event-page", "The next events.", "A weak tag.")},
        operations.ASKED,
    )
