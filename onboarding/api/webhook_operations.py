"""The description of what is sent to a program by itself: the webhooks, and what its answers do."""

from onboarding.api.fact_schemas import INSTANT, TEXT, Schema, object_of
from onboarding.domain.announcements import StatusChanged, SupplierDataChanged
from onboarding.domain.webhooks import TEST, WAITS

HEADERS: tuple[Schema, ...] = (
    {
        "name": "webhook-id",
        "in": "header",
        "required": True,
        "description": "The same for each try of the same delivery, also when it is sent again by "
        "hand: skip one that you know.",
        "schema": {**TEXT, "pattern": "^(evt|test)-[0-9A-Za-z-]+$"},
    },
    {
        "name": "webhook-timestamp",
        "in": "header",
        "required": True,
        "description": "When this try was sent, in seconds since 1970. Refuse what is older than "
        "five minutes.",
        "schema": {**TEXT, "pattern": "^[0-9]{10,11}$"},
    },
    {
        "name": "webhook-signature",
        "in": "header",
        "required": True,
        "description": "One or more signatures with a space between them; one must be right. Each "
        "is `v1,` and the HMAC-SHA256 of `{webhook-id}.{webhook-timestamp}.{body}` in base64, with "
        "the decoded secret after `whsec_` as key. Two while a secret is renewed.",
        "schema": {**TEXT, "pattern": "^v1,[A-Za-z0-9+/]{43}=( v1,[A-Za-z0-9+/]{43}=)*$"},
    },
)
TRIES = len(WAITS) + 1
RETRY_AFTER: dict[str, Schema] = {
    "Retry-After": {
        "description": "How long to wait with the next try, in seconds or as an instant; heeded "
        "up to a day.",
        "schema": TEXT,
    }
}
ANSWERS: dict[str, Schema] = {
    "2XX": {"description": "You have it. Answer within ten seconds, and do the work afterwards."},
    "410": {
        "description": "The address is gone for good: nothing is sent there any more until an "
        "administrator switches it on again. Administrators get a mail."
    },
    "429": {
        "description": "Too much at once: tried again, not before `Retry-After`.",
        "headers": RETRY_AFTER,
    },
    "503": {
        "description": "Not now: tried again, not before `Retry-After`.",
        "headers": RETRY_AFTER,
    },
    "default": {
        "description": f"Anything else, also a redirect, and no answer within ten seconds: tried "
        f"again with growing pauses, {TRIES} times in four days. Then it is given up and "
        "administrators get a mail; `GET /events` still has it."
    },
}


def webhooks() -> dict[str, Schema]:
    return {
        StatusChanged.code: {
            "post": _sent(
                "eligibilityChanged",
                "A buying status changed: sent to your address as it comes into the feed",
                "Every change, at least once, to each address that an administrator gave. The "
                "oldest goes first, but after trouble one can overtake another: `data.id` tells "
                "which is later.",
                "webhook-event",
            )
        },
        SupplierDataChanged.code: {
            "post": _sent(
                "supplierChanged",
                "The data of a supplier changed: sent to addresses that chose it",
                "It names the supplier and tells no values: read it anew under `data.ref`.",
                "webhook-supplier-event",
            )
        },
        TEST: {
            "post": _sent(
                "webhookTest",
                "A test that an administrator sends to your address",
                "Nothing happened; it shows that the address answers and knows the secret.",
                "webhook-test",
            )
        },
    }


def components() -> dict[str, Schema]:
    timestamp: Schema = {**INSTANT, "description": "When it happened, not when it is sent."}
    return {
        "webhook-event": object_of(
            {
                "type": {"const": StatusChanged.code},
                "timestamp": timestamp,
                "data": {
                    "$ref": "#/components/schemas/event",
                    "description": "The event as the feed tells it.",
                },
            }
        ),
        "webhook-supplier-event": object_of(
            {
                "type": {"const": SupplierDataChanged.code},
                "timestamp": timestamp,
                "data": {
                    "$ref": "#/components/schemas/supplier-event",
                    "description": "The event as the feed tells it.",
                },
            }
        ),
        "webhook-test": object_of(
            {
                "type": {"const": TEST},
                "timestamp": timestamp,
                "data": object_of({"id": {**TEXT, "description": "The same as `webhook-id`."}}),
            }
        ),
    }


def _sent(name: str, summary: str, description: str, schema: str) -> Schema:
    ref = {"$ref": f"#/components/schemas/{schema}"}
    return {
        "operationId": name,
        "summary": summary,
        "description": description,
        "tags": ["webhooks"],
        "security": [],
        "parameters": list(HEADERS),
        "requestBody": {"required": True, "content": {"application/json": {"schema": ref}}},
        "responses": ANSWERS,
    }
