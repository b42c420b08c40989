"""Made-up requests, right and wrong: no mistake of ours, and no answer that is not described."""

from itertools import count
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.api.openapi import document
from onboarding.domain.tokens import Scope
from onboarding.services.statuses import reassess
from onboarding.store.tables import CreditorNumberRow, OrganisationRow, RelationRow
from tests import stage
from tests.api.conftest import MakeProgram
from tests.settable_clock import SettableClock

pytestmark = pytest.mark.long

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
OPERATIONS = [
    (path, method)
    for path, operations in document()["paths"].items()
    for method in operations
    if path != "/openapi.json"  # takes nothing that could be wrong
]
SHORT = settings(
    max_examples=12,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def strangers(session: Session, clock: SettableClock) -> RelationRow:
    """Another customer's supplier, whose number the requests name."""
    other = stage.a_customer(session, "Ander")
    row = stage.a_relation(session, other, "Schilder Smit geheim", kvk_number="17037842")
    session.add(CreditorNumberRow(relation_id=row.id, division="", number="FS1"))
    reassess(session, clock.moment(), [row.id])
    session.commit()
    return row


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: f"{one[1]}-{one[0]}")
def test_made_up_requests(
    app: Flask,
    session: Session,
    customer: OrganisationRow,
    supplier: RelationRow,
    strangers: RelationRow,
    program_of: MakeProgram,
    operation: tuple[str, str],
    mode: GenerationMode,
) -> None:
    """With each scope, and with a token that does not work."""
    path, method = operation
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    all_scopes = program_of(customer).token
    tokens = [all_scopes, *(program_of(customer, scope).token for scope in Scope), "onb_unknown"]
    known = [supplier.kvk_number, f"id-{supplier.id}", strangers.kvk_number, f"id-{strangers.id}"]
    rounds = count()

    @SHORT
    @given(case=described[path][method].as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        number = next(rounds)
        if "{ref}" in path and number % 3:
            case.path_parameters = {"ref": known[number % len(known)]}
        token = tokens[number // 2 % len(tokens)]
        answer = case.call(headers={"Authorization": f"Bearer {token}"})
        case.validate_response(answer, checks=CHECKS)
        assert "geheim" not in answer.text

    ask()
    session.rollback()
    left = session.scalars(select(RelationRow.name).where(RelationRow.id == strangers.id)).one()
    assert left == "Schilder Smit geheim"
