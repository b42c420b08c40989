"""A program as the API sees it: a client that sends its token, and holds answers to their word."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import schemathesis
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from onboarding.api.openapi import document

API = "/api/v1"


@dataclass(frozen=True)
class Program:
    """`program.get("/eligibility/17037842", on="2027-02-10")`.

    Every answer of a described operation is held against the description.
    """

    client: FlaskClient
    token: str

    def ask(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        answer = self.client.open(API + path, method=method, headers=headers, **options)
        check_described(method, path, answer)
        return answer

    def get(self, path: str, headers: dict[str, str] | None = None, **query: Any) -> TestResponse:
        return self.ask("GET", path, headers=headers or {}, query_string=query)

    def post(self, path: str, body: Any, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("POST", path, headers=named, json=body)

    def put(self, path: str, body: Any, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("PUT", path, headers=named, json=body)


def code(answer: TestResponse) -> str:
    """The code of a problem; fails where the answer is none."""
    assert answer.content_type == "application/problem+json", answer.get_data(as_text=True)
    assert answer.json is not None
    assert answer.json["status"] == answer.status_code
    return str(answer.json["code"])


@cache
def description() -> Any:
    return schemathesis.openapi.from_dict(document())


def check_described(method: str, path: str, answer: TestResponse) -> None:
    """The answer's status is described, and its body is as described."""
    # What has no names in it goes before what has, and the longer before the shorter.
    paths = document()["paths"]
    for template in sorted(paths, key=lambda one: ("{" in one, -one.count("/"))):
        operations = paths[template]
        pattern = re.sub(r"\\\{\w+\\\}", "[^/].*", re.escape(template))
        described = operations.get(method.lower())
        if re.fullmatch(pattern, path) and described is not None:
            assert str(answer.status_code) in described["responses"], (method, path, answer.status)
            if answer.data:
                description()[template][method].validate_response(answer)
            return
