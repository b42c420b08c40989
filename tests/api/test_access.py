"""Who may ask: a token that works, with the scope; and reading writes nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from onboarding.api.last_use import USES
from onboarding.domain.people import Role
from onboarding.domain.tokens import Scope
from onboarding.services.feed.tokens import revoke_token
from onboarding.services.sessions import sha256
from onboarding.store.tables import ApiTokenRow, OrganisationRow, RelationRow
from tests import stage
from tests.api.conftest import MakeProgram
from tests.api.program import API, Program, code
from tests.settable_clock import SettableClock


@contextmanager
def noting(session: Session) -> Iterator[list[str]]:
    """Every statement that reaches the database, without what a transaction is made of."""
    seen: list[str] = []

    def note(_c: Any, _u: Any, statement: str, *_rest: Any) -> None:
        if not statement.upper().startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")):
            seen.append(statement)

    engine = session.connection().engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("kind", ["kvk", "id", "creditor"])
def test_one_statement_answers(
    program: Program, supplier: RelationRow, session: Session, kind: str
) -> None:
    ref = {"kvk": supplier.kvk_number, "id": f"id-{supplier.id}", "creditor": "creditor-FS1"}[kind]
    with noting(session) as seen:
        answer = program.get(f"/eligibility/{ref}")
    assert answer.status_code == (404 if kind == "creditor" else 200)
    assert len(seen) == 1
    assert seen[0].startswith("SELECT")


def test_a_page_takes_two_statements_however_long(
    program: Program, supplier: RelationRow, session: Session
) -> None:
    with noting(session) as seen:
        assert program.get("/eligibility").status_code == 200
    assert [statement.split()[0] for statement in seen] == ["SELECT"] * 2


PATHS = [
    "/events",
    "/eligibility",
    "/eligibility/02076358",
    "/eligibility/02076358/timeline",
    "/suppliers/02076358",
    "/suppliers/02076358/pathway",
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer onb_wrong", "Basic b25iOg==", "Bearer é"]
)
def test_without_a_token_that_works(
    client: FlaskClient, path: str, authorization: str | None
) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    answer = client.get(API + path, headers=headers)
    assert (answer.status_code, code(answer)) == (401, "token-invalid")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer realm=")


def test_who_may_not_ask_learns_nothing_by_asking_wrongly(client: FlaskClient) -> None:
    for path in ("/eligibility/nonsense?x=1", "/eligibility?x=1", "/suppliers/x?x=1"):
        assert client.get(API + path).status_code == 401


def test_a_token_ends(
    program_of: MakeProgram, customer: OrganisationRow, supplier: RelationRow, clock: SettableClock
) -> None:
    program = program_of(customer, ends_at=clock.real_now() + timedelta(days=1))
    path = f"/eligibility/id-{supplier.id}"
    assert program.get(path).status_code == 200
    clock.forward(days=1)
    for asked in (path, "/eligibility"):
        answer = program.get(asked)
        assert (answer.status_code, code(answer)) == (401, "token-invalid")
        assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_a_revoked_token_works_no_more(
    program: Program,
    customer: OrganisationRow,
    supplier: RelationRow,
    session: Session,
    clock: SettableClock,
) -> None:
    row = session.scalars(select(ApiTokenRow)).one()
    admin = stage.an_actor(customer, Role.ADMIN)
    revoke_token(session, admin, clock.moment(), clock.real_now(), row.id)
    session.commit()
    assert program.get(f"/eligibility/id-{supplier.id}").status_code == 401
    assert program.get("/eligibility").status_code == 401


def test_a_scope_allows_its_own_part_only(
    program_of: MakeProgram, customer: OrganisationRow, supplier: RelationRow
) -> None:
    needs = {
        Scope.ELIGIBILITY_READ: ["/eligibility", f"/eligibility/id-{supplier.id}"],
        Scope.EVENTS_READ: ["/events"],
        Scope.SUPPLIERS_READ: [f"/suppliers/id-{supplier.id}"],
    }
    for scope in Scope:
        program = program_of(customer, scope)
        for needed, paths in needs.items():
            for path in paths:
                answer = program.get(path)
                assert answer.status_code == (200 if scope is needed else 403)
                if scope is not needed:
                    assert code(answer) == "scope-missing"
                    assert f'scope="{needed}"' in answer.headers["WWW-Authenticate"]


def test_of_a_token_only_the_hash_is_kept(program: Program, session: Session) -> None:
    row = session.scalars(select(ApiTokenRow)).one()
    assert program.token.startswith("onb_") and len(program.token) > 40
    assert row.token_sha256 == sha256(program.token)
    assert row.prefix == program.token[:12]


def test_the_last_use_is_written_later(
    app: Flask,
    program: Program,
    supplier: RelationRow,
    session: Session,
    clock: SettableClock,
) -> None:
    uses = app.extensions[USES]
    uses.gathered.clear()
    used_at = clock.forward(minutes=5).now
    program.get(f"/eligibility/id-{supplier.id}")
    assert session.scalars(select(ApiTokenRow.used_at)).one() is None
    uses.flush()
    assert session.scalars(select(ApiTokenRow.used_at)).one() == used_at
    assert uses.gathered == {}


def test_an_earlier_use_does_not_replace_a_later_one(
    app: Flask, program: Program, supplier: RelationRow, session: Session, clock: SettableClock
) -> None:
    """Several processes write what each of them saw."""
    row = session.scalars(select(ApiTokenRow)).one()
    later = clock.real_now() + timedelta(minutes=3)
    row.used_at = later
    session.commit()
    uses = app.extensions[USES]
    uses.gathered = {row.id: clock.real_now()}
    uses.flush()
    assert session.scalars(select(ApiTokenRow.used_at)).one() == later
