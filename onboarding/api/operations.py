"""What the description of an operation is made of: parameters, answers and problems."""

from collections import defaultdict
from collections.abc import Sequence

from onboarding.api.fact_schemas import NUMBER, TEXT, Schema, one_of
from onboarding.api.problems import KINDS, MEDIA_TYPE
from onboarding.domain.tokens import Scope

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
    "too-many-requests",
    "internal-error",
    "unavailable",
)
ASKED = ("parameter-invalid", *ANY_TIME)
NAMED = ("reference-invalid", "not-found", "supplier-unknown", "supplier-ambiguous", *ASKED)
RATES: dict[str, Schema] = {
    "RateLimit-Policy": {
        "description": "How many requests a token has in how many seconds.",
        "schema": {**TEXT, "example": '"minute";q=600;w=60'},
    },
    "RateLimit": {
        "description": "How many are left, and in how many seconds it begins anew.",
        "schema": {**TEXT, "example": '"minute";r=598;t=42'},
    },
}
OPEN = ("parameter-invalid", "not-acceptable", "internal-error", "unavailable")


def operation(
    name: str,
    summary: str,
    scope: Scope | None,
    asked: Sequence[Schema],
    answers: dict[str, Schema],
    problems: Sequence[str],
) -> Schema:
    responses = {
        status: {**one, "headers": {**one.get("headers", {}), **(RATES if scope else {})}}
        for status, one in answers.items()
    }
    if IF_NONE_MATCH in asked:
        responses["304"] = {"description": "Nothing changed since the ETag that was sent."}
    by_status: defaultdict[int, list[str]] = defaultdict(list)
    for code in problems:
        by_status[KINDS[code].status].append(code)
    for status in sorted(by_status):
        responses[str(status)] = problems_of(status, by_status[status])
    described: Schema = {
        "operationId": name,
        "summary": summary,
        "parameters": list(asked),
        "responses": responses,
    }
    if scope is not None:
        described["tags"] = [scope.partition(":")[0]]
        described["security"] = [{"token": [scope.value]}]
        described["description"] = f"Needs a token with the scope `{scope}`."
    return described


def query(name: str, schema: Schema, description: str) -> Schema:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def told(schema: str, description: str, tag: str) -> Schema:
    return {
        "description": description,
        "headers": {"ETag": {"description": tag, "schema": TEXT}},
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
    }


def problems_of(status: int, codes: Sequence[str]) -> Schema:
    refs = [{"$ref": f"#/components/schemas/problem-{code}"} for code in codes]
    answer: Schema = {
        "description": " ".join(f"{KINDS[code].title} (`{code}`)." for code in codes),
        "content": {MEDIA_TYPE: {"schema": refs[0] if len(refs) == 1 else {"oneOf": refs}}},
    }
    if status == 429:
        answer["headers"] = {"Retry-After": {"description": "Seconds.", "schema": NUMBER}, **RATES}
    if status == 401:
        answer["headers"] = {"WWW-Authenticate": {"schema": TEXT}}
    return answer
