"""The description as a page for people: drawn on the server from the same document."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Blueprint, current_app, render_template
from markupsafe import Markup, escape

from onboarding.api.fact_schemas import PROBLEMS, REASONS, WARNINGS, Schema
from onboarding.api.openapi import ABOUT, document
from onboarding.api.problems import KINDS

# Not one of the operations that are described: it is for people, and open to everybody.
blueprint = Blueprint("api_docs", __name__, url_prefix="/api/v1")


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter or a field, with what it may hold in words."""

    name: str
    kind: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Answer:
    status: str
    meaning: str
    schemas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that a program can ask, or is sent; `body` is the schema of what goes with it."""

    id: str
    method: str
    path: str
    summary: str
    meaning: str
    parameters: tuple[Field, ...]
    body: str | None
    answers: tuple[Answer, ...]
    curl: str


@blueprint.get("/docs")
def docs() -> str:
    base = f"{current_app.config['PUBLIC_URL']}/api/v1"
    return render_template(
        "api/docs.html",
        about=ABOUT.split("\n\n"),
        operations=operations(base),
        webhooks=webhooks(),
        schemas=schemas(),
        codes={"Reasons": REASONS, "Warnings": WARNINGS},
        marked=marked,
        problems={code: KINDS[code] for code in PROBLEMS},
    )


def marked(text: str) -> Markup:
    """The two marks that descriptions have: `code` and **what must not be missed**."""
    written = re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text)))
    return Markup(re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", written))


@cache
def operations(base: str) -> tuple[Operation, ...]:
    return tuple(
        _operation(path, method, described, _curl(base, path, method, described))
        for path, methods in document()["paths"].items()
        for method, described in methods.items()
    )


@cache
def webhooks() -> tuple[Operation, ...]:
    """What is sent to a program: it asks for nothing, so there is no command for it."""
    return tuple(
        _operation(kind, method, described, "")
        for kind, methods in document()["webhooks"].items()
        for method, described in methods.items()
    )


def _operation(path: str, method: str, described: Mapping[str, Any], curl: str) -> Operation:
    return Operation(
        id=described["operationId"],
        method=method.upper(),
        path=path,
        summary=described["summary"],
        meaning=described.get("description", "Open to everybody."),
        parameters=tuple(
            Field(f"{one['name']} ({one['in']})", kind_of(one["schema"]), one["description"])
            for one in described["parameters"]
        ),
        body=_ref_of(described.get("requestBody", {})),
        answers=tuple(
            Answer(status, one["description"], tuple(_schemas_of(one)))
            for status, one in described["responses"].items()
        ),
        curl=curl,
    )


@cache
def schemas() -> Mapping[str, tuple[Field, ...]]:
    """The fields of each thing that is told or sent, by its name."""
    found: dict[str, tuple[Field, ...]] = {}
    for name, schema in document()["components"]["schemas"].items():
        if not name.startswith("problem-") and "properties" in schema:
            found[name] = tuple(_fields("", schema))
    return found


def kind_of(schema: Schema) -> str:
    """What a value may be, in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "const" in schema:
        return str(schema["const"])
    if "enum" in schema:
        return " | ".join(str(one) for one in schema["enum"])
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " or ".join(kind_of(one) for one in schema[several])
    if schema.get("type") == "array":
        return f"list of {kind_of(schema['items'])}"
    return str(schema.get("format") or schema.get("type", "anything"))


def _fields(before: str, schema: Schema) -> Iterator[Field]:
    """Also those of what is in a field, as `turn.side` or `milestones[].due_on`."""
    for name, one in schema.get("properties", {}).items():
        full = f"{before}{name}"
        yield Field(full, kind_of(one), one.get("description", ""))
        inner = one.get("items", one)
        if "properties" in inner:
            yield from _fields(f"{full}[]." if "items" in one else f"{full}.", inner)


def _ref_of(holder: Mapping[str, Any]) -> str | None:
    schema = holder.get("content", {}).get("application/json", {}).get("schema", {})
    return str(schema["$ref"].rpartition("/")[2]) if "$ref" in schema else None


def _schemas_of(answer: Mapping[str, Any]) -> Iterator[str]:
    told = _ref_of(answer)
    if told and told in schemas():
        yield told


EXAMPLES = {
    "lookup": {"refs": ["17037842", "creditor-FS10023"]},
    "supplier-change": {"name": "Bakkerij Sterk", "city": "Zwolle"},
}


def _curl(base: str, path: str, method: str, described: Mapping[str, Any]) -> str:
    said = ["curl"]
    if method != "get":
        said += ["-X", method.upper(), '-H "Content-Type: application/json"']
    if described["security"]:
        said.append('-H "Authorization: Bearer $TOKEN"')
    if body := _ref_of(described.get("requestBody", {})):
        said.append(f"-d '{json.dumps(EXAMPLES[body])}'")
    return " ".join([*said, base + path.replace("{ref}", "id-1")])
