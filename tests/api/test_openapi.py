"""The description: valid OpenAPI 3.1, with every route, code and fact that there is."""

import jsonschema_rs
import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient

from onboarding.api import BLUEPRINTS, representations
from onboarding.api.fact_schemas import PROBLEMS, REASONS, WARNINGS
from onboarding.api.openapi import document
from onboarding.api.problems import ADVICE, KINDS
from onboarding.api.supplier_bodies import READ_ONLY, READERS
from onboarding.domain.eligibility import Status, timeline
from onboarding.domain.tokens import Scope
from onboarding.i18n import reasons
from tests.api.program import API, code, description
from tests.domain.test_stories import STORIES


def test_it_is_open_and_valid(client: FlaskClient) -> None:
    answer = client.get(API + "/openapi.json")
    assert answer.status_code == 200
    assert answer.json == document()
    assert answer.json["openapi"].startswith("3.1")
    description().validate()
    same = client.get(API + "/openapi.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert same.status_code == 304
    unknown = client.get(API + "/openapi.json?x=1")
    assert (unknown.status_code, code(unknown)) == (400, "parameter-invalid")


def test_a_broken_description_is_seen() -> None:
    broken = {**document(), "paths": {"/x": {"get": {"responses": 1}}}}
    with pytest.raises(jsonschema_rs.ValidationError):
        schemathesis.openapi.from_dict(broken).validate()


def test_every_route_is_described(app: Flask) -> None:
    names = {blueprint.name for blueprint in BLUEPRINTS}
    there = {
        (rule.rule.removeprefix(API).replace("<path:ref>", "{ref}"), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.endpoint.partition(".")[0] in names
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {
        (path, method) for path, operations in document()["paths"].items() for method in operations
    }
    assert described == there


def test_every_code_and_every_fact() -> None:
    assert REASONS.keys() == {code.partition(":")[0] for code in reasons.REASONS}
    assert WARNINGS.keys() == reasons.WARNINGS.keys()
    # Those left out cannot come from an operation that there is.
    assert KINDS.keys() - PROBLEMS.keys() == {"not-allowed", "refused"}


def test_the_stories_tell_only_what_is_described() -> None:
    """They meet every reason and warning; see tests/domain/stories."""
    schemas = document()["components"]["schemas"]
    reason, warning = (jsonschema_rs.validator_for(schemas[name]) for name in ("reason", "warning"))
    facts: set[tuple[str, str]] = set()
    for story in STORIES:
        for chapter in story.chapters:
            for period in timeline(chapter.known, story.policies, chapter.starts_on):
                for validator, told in (
                    (reason, period.verdict.reasons),
                    (warning, period.verdict.warnings),
                ):
                    for one in told:
                        shown = representations.reason(one, "nl")
                        validator.validate(shown)
                        assert shown["text"]
                        facts |= {(one.code, fact) for fact in shown["facts"]}
    described = {
        (code, fact)
        for codes in (REASONS, WARNINGS)
        for code, (_, facts_of) in codes.items()
        for fact in facts_of
    }
    # A block has an end only where somebody took it back.
    assert described - facts == {("blocked-by-decision", "until")}


def test_a_fact_that_is_not_described_is_seen() -> None:
    schema = document()["components"]["schemas"]["reason"]
    shown = {"code": "on-hold", "text": "…", "facts": {"until": "2027-01-01"}}
    assert jsonschema_rs.is_valid(schema, shown)
    shown["facts"] = {"mood": "bad"}
    assert not jsonschema_rs.is_valid(schema, shown)


def test_every_field_that_can_be_written_is_described() -> None:
    change = document()["components"]["schemas"]["supplier-change"]
    assert change["additionalProperties"] is False
    assert change["properties"].keys() == {*READERS, *READ_ONLY}


def test_it_says_what_block_means_and_what_to_read_on_doubt() -> None:
    fields = document()["components"]["schemas"]["eligibility"]["properties"]
    assert 'action != "block"' in fields["eligible"]["description"]
    assert "stop on doubt reads `action`" in fields["eligible"]["description"]
    for field in ("action", "applies_to"):
        assert "invoices" in fields[field]["description"]
    assert fields["status"]["enum"] == [status.value for status in Status]
    assert fields["applies_to"]["items"]["enum"] == ["new-orders"]


def test_each_operation_names_its_scope() -> None:
    needed = {
        next(iter(one["token"]))
        for operations in document()["paths"].values()
        for operation in operations.values()
        for one in operation["security"]
    }
    assert needed == {scope.value for scope in Scope}


def test_every_advice_belongs_to_a_reason_that_is_described() -> None:
    described = {
        reason for facts in PROBLEMS.values() for reason in facts.get("reason", {}).get("enum", [])
    }
    assert ADVICE.keys() <= described
