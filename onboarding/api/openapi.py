"""The description of the interface, OpenAPI 3.1, made from the representations."""

from functools import cache
from typing import Any

from flask import Blueprint
from flask.wrappers import Response

from onboarding.api import (
    eligibility_operations,
    event_operations,
    operations,
    parameters,
    representations,
    supplier_operations,
    webhook_operations,
)
from onboarding.api.answers import json_answer
from onboarding.api.fact_schemas import Schema
from onboarding.api.schemas import components
from onboarding.domain.tokens import Scope

blueprint = Blueprint("api_openapi", __name__, url_prefix="/api/v1")

ABOUT = """\
What a purchasing system needs to know of a supplier: may something new be bought from it, why,
since when, until when, and what comes then.

**Read `action` before a new order or contract.** `eligible` is `action != "block"`; a program that
must stop on doubt reads `action`. Block means **no new orders or contracts**: running orders,
contracts and invoices are untouched (`"applies_to": ["new-orders"]`).

A supplier is named by a KvK number of 8 digits (an old one answers with the current), by the
tool's own reference (`id-17`) or by a creditor number (`creditor-FS10023`).

Send a token with every request: `Authorization: Bearer onb_…`. A token sees the suppliers of its
own customer. Send `If-None-Match` with the last ETag: 304 says that nothing changed.

Every error is a problem (RFC 9457) with a permanent `code` and `facts`. Parameters and fields that
are not described here are refused by name. New codes, facts and fields can be added."""


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """Open to everybody."""
    parameters.only()
    parameters.accepts_json()
    told = document()
    return json_answer(told, representations.strong_tag(told))


@cache
def document() -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Onboarding",
            "version": "1",
            "description": ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/api/v1"}],
        "tags": [
            {"name": "eligibility", "description": "The buying status."},
            {"name": "events", "description": "Changes of the buying status, in order."},
            {"name": "suppliers", "description": "What the customer holds of a supplier."},
            {"name": "webhooks", "description": "What is sent to your address by itself."},
        ],
        "paths": {
            **eligibility_operations.paths(),
            **event_operations.paths(),
            **supplier_operations.paths(),
            "/openapi.json": {"get": _described()},
        },
        "webhooks": webhook_operations.webhooks(),
        "components": {
            "schemas": components(),
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token that an administrator made, with one or more of the "
                    "scopes " + ", ".join(f"`{scope}`" for scope in Scope) + ".",
                }
            },
        },
    }


def _described() -> Schema:
    operation = operations.operation(
        "readDescription",
        "This description",
        None,
        [operations.LANGUAGE, operations.IF_NONE_MATCH],
        {
            "200": {
                "description": "This description.",
                "content": {"application/json": {"schema": {"type": "object"}}},
            }
        },
        operations.OPEN,
    )
    operation["security"] = []
    return operation
