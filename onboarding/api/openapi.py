"""The description of the interface, OpenAPI 3.1, made from the representations."""

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import Any

from flask import Blueprint
from flask.wrappers import Response

from onboarding.api import parameters, representations
from onboarding.api.answers import json_answer
from onboarding.api.fact_schemas import DAY, INSTANT, STATUSES, TEXT, Schema, one_of
from onboarding.api.problems import KINDS, MEDIA_TYPE
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

REF: Schema = {
    "name": "ref",
    "in": "path",
    "required": True,
    "description": "A KvK number of 8 digits, `id-17` or `creditor-FS10023`.",
    "schema": {
        "type": "string",
        "pattern": "^([0-9]{8}|id-[1-9][0-9]{0,8}|creditor-[A-Za-z0-9][A-Za-z0-9._-]{0,39})$",
    },
}
LANGUAGE: Schema = {
    "name": "Accept-Language",
    "in": "header",
    "description": "The language of `text`, `title` and `detail`: nl or en.",
    "schema": TEXT,
}
IF_NONE_MATCH: Schema = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The ETag of the last answer: 304 where nothing changed since.",
    "schema": TEXT,
}
IF_MATCH: Schema = {
    "name": "If-Match",
    "in": "header",
    "description": "The ETag of the supplier as it was read; needed to change one that exists.",
    "schema": TEXT,
}
ON_CREATE: Schema = {
    "name": "If-None-Match",
    "in": "header",
    "description": "`*` to create only, and change nothing that exists.",
    "schema": one_of("*"),
}
ANY_TIME = (
    "token-invalid",
    "scope-missing",
    "not-acceptable",
    "internal-error",
    "unavailable",
)
ASKED = ("parameter-invalid", *ANY_TIME)
NAMED = ("reference-invalid", "not-found", "supplier-unknown", "supplier-ambiguous", *ASKED)
CHANGED = (
    "request-invalid",
    "precondition-required",
    "precondition-failed",
    "body-too-large",
    "media-type-unsupported",
    "body-invalid",
    "input-invalid",
    "supplier-known",
)
WRITTEN_BODY: Schema = {
    "required": True,
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/supplier-change"}}},
}
OPEN = ("parameter-invalid", "not-acceptable", "internal-error", "unavailable")


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
            {"name": "suppliers", "description": "What the customer holds of a supplier."},
        ],
        "paths": {
            "/eligibility/{ref}": {"get": _single()},
            "/eligibility": {"get": _several()},
            "/suppliers": {"post": _create()},
            "/suppliers/{ref}": {"get": _read(), "put": _put()},
            "/openapi.json": {"get": _described()},
        },
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


def _single() -> Schema:
    return _operation(
        "readEligibility",
        "The buying status of a supplier, on a day, as known at an instant",
        Scope.ELIGIBILITY_READ,
        [
            REF,
            _query("on", DAY, "The day; today when absent."),
            _query("known_at", INSTANT, "As known at this instant, not in the future."),
            LANGUAGE,
            IF_NONE_MATCH,
        ],
        {"200": _told("eligibility", "The status.", "A weak tag of what is told, not of when.")},
        (*NAMED, "not-yet-known", "known-at-in-future"),
    )


def _several() -> Schema:
    return _operation(
        "listEligibility",
        "The buying status of all suppliers today, in pages",
        Scope.ELIGIBILITY_READ,
        [
            _query("status", one_of(*STATUSES), "Only suppliers with this status."),
            _query("cursor", TEXT, "`next_cursor` of the page before."),
            _query(
                "limit",
                {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": parameters.MOST,
                    "default": parameters.USUAL,
                },
                "How many on a page.",
            ),
            LANGUAGE,
            IF_NONE_MATCH,
        ],
        {"200": _told("eligibility-page", "A page.", "A weak tag of what is told, not of when.")},
        ASKED,
    )


def _read() -> Schema:
    return _operation(
        "readSupplier",
        "A supplier",
        Scope.SUPPLIERS_READ,
        [REF, LANGUAGE, IF_NONE_MATCH],
        {"200": _told("supplier", "The supplier.", "A strong tag, for If-Match.")},
        NAMED,
    )


def _create() -> Schema:
    operation = _operation(
        "createSupplier",
        "Create a supplier, also one from abroad, which has no KvK number",
        Scope.SUPPLIERS_WRITE,
        [LANGUAGE],
        {"201": _created()},
        (*ASKED, *(code for code in CHANGED if not code.startswith("precondition"))),
    )
    operation["description"] += " Needs a `kvk_number` or a `foreign_number`."
    operation["requestBody"] = WRITTEN_BODY
    return operation


def _created() -> Schema:
    created = _told("supplier", "A new supplier.", "A strong tag, for If-Match.")
    created["headers"]["Location"] = {"schema": TEXT}
    return created


def _put() -> Schema:
    operation = _operation(
        "putSupplier",
        "Change a supplier that was read, or create one with a KvK number",
        Scope.SUPPLIERS_WRITE,
        [REF, LANGUAGE, IF_MATCH, ON_CREATE],
        {
            "200": _told("supplier", "The supplier as it is now.", "A strong tag, for If-Match."),
            "201": _created(),
        },
        (*NAMED, *CHANGED),
    )
    operation["requestBody"] = WRITTEN_BODY
    return operation


def _described() -> Schema:
    operation = _operation(
        "readDescription",
        "This description",
        None,
        [LANGUAGE, IF_NONE_MATCH],
        {
            "200": {
                "description": "This description.",
                "content": {"application/json": {"schema": {"type": "object"}}},
            }
        },
        OPEN,
    )
    operation["security"] = []
    return operation


def _operation(
    name: str,
    summary: str,
    scope: Scope | None,
    asked: Sequence[Schema],
    told: dict[str, Schema],
    problems: Sequence[str],
) -> Schema:
    responses = dict(told)
    if IF_NONE_MATCH in asked:
        responses["304"] = {"description": "Nothing changed since the ETag that was sent."}
    by_status: defaultdict[int, list[str]] = defaultdict(list)
    for code in problems:
        by_status[KINDS[code].status].append(code)
    for status in sorted(by_status):
        responses[str(status)] = _problem(status, by_status[status])
    operation: Schema = {
        "operationId": name,
        "summary": summary,
        "parameters": list(asked),
        "responses": responses,
    }
    if scope is not None:
        operation["tags"] = [scope.partition(":")[0]]
        operation["security"] = [{"token": [scope.value]}]
        operation["description"] = f"Needs a token with the scope `{scope}`."
    return operation


def _query(name: str, schema: Schema, description: str) -> Schema:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _told(schema: str, description: str, tag: str) -> Schema:
    return {
        "description": description,
        "headers": {"ETag": {"description": tag, "schema": TEXT}},
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
    }


def _problem(status: int, codes: Sequence[str]) -> Schema:
    refs = [{"$ref": f"#/components/schemas/problem-{code}"} for code in codes]
    problem: Schema = {
        "description": " ".join(f"{KINDS[code].title} (`{code}`)." for code in codes),
        "content": {MEDIA_TYPE: {"schema": refs[0] if len(refs) == 1 else {"oneOf": refs}}},
    }
    if status == 401:
        problem["headers"] = {"WWW-Authenticate": {"schema": TEXT}}
    return problem
