"""A program as the API sees it: a client that sends its token."""

from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

API = "/api/v1"


@dataclass(frozen=True)
class Program:
    """`program.get("/eligibility/17037842", on="2027-02-10")`."""

    client: FlaskClient
    token: str

    def ask(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return self.client.open(API + path, method=method, headers=headers, **options)

    def get(self, path: str, headers: dict[str, str] | None = None, **query: Any) -> TestResponse:
        return self.ask("GET", path, headers=headers or {}, query_string=query)

    def put(self, path: str, body: Any, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("PUT", path, headers=named, json=body)


def code(answer: TestResponse) -> str:
    """The code of a problem; fails where the answer is none."""
    assert answer.content_type == "application/problem+json", answer.get_data(as_text=True)
    assert answer.json is not None
    assert answer.json["status"] == answer.status_code
    return str(answer.json["code"])
