"""Walks every route: who is let in, who is refused, who sees nothing; and reading only reads."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from onboarding.domain.access import LinkPurpose
from onboarding.domain.people import CUSTOMER_ROLES, DUTIES, SUPPLIER_ROLES, Role
from onboarding.services.statuses import reassess
from onboarding.store.tables import EvidenceRow, OrganisationRow, PersonRow, RelationRow
from tests import pathway_things, proof_things, stage
from tests.link_things import a_link
from tests.web.routes import OBJECTS, ROUTES, Access

HOW = "classify it in tests/web/routes.py: ROUTES[rule] = customer(Duty.…) | portal(Duty.…) | …"
WRITES = ("INSERT", "UPDATE", "DELETE")
Clients = dict[Role, FlaskClient]
LogIn = Callable[[PersonRow, OrganisationRow | None], FlaskClient]


def rules(app: Flask) -> list[tuple[Rule, str, Access]]:
    """Each rule and method with who it is for; what nobody classified is left out."""
    found = []
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            access = ROUTES.get(f"{method} {rule.rule}") or ROUTES.get(rule.rule)
            if access is not None:
                found.append((rule, method, access))
    return found


def test_every_route_is_classified(app: Flask) -> None:
    known = {name.split(" ")[-1] for name in ROUTES}
    there = {rule.rule for rule in app.url_map.iter_rules()}
    assert sorted(there - known) == [], HOW
    assert sorted(known - there) == [], "these routes are gone; take them out of ROUTES"


def test_every_id_in_an_address_can_be_made(app: Flask) -> None:
    names = {
        name
        for rule, _, access in rules(app)
        if access.kind in ("customer", "portal")
        for name in rule.arguments
    }
    assert sorted(names - OBJECTS.keys()) == [], "tell in OBJECTS of tests/web/routes.py how"


class World:
    """Two customers, three suppliers, and somebody in every role of each."""

    def __init__(self, session: Session, log_in: LogIn, app: Flask, now: datetime) -> None:
        self.session, self.app, self.now = session, app, now
        self.person_of: dict[tuple[int, Role], int] = {}
        self.here, self.elsewhere = stage.a_customer(session), stage.a_customer(session, "Ander")
        self.relation = stage.a_relation(session, self.here)
        self.sibling = stage.a_relation(session, self.here, "Bakkerij Sterk")
        self.stranger = stage.a_relation(session, self.elsewhere, "Schilder Smit")
        self.users = self._users(self.here, log_in)
        self.users_elsewhere = self._users(self.elsewhere, log_in)
        self.contacts = self._contacts(self.relation, log_in)
        self.sibling_contacts = self._contacts(self.sibling, log_in)
        self.stranger_contacts = self._contacts(self.stranger, log_in)
        self._made: dict[tuple[int, str], object] = {}

    def _users(self, customer: OrganisationRow, log_in: LogIn) -> Clients:
        return {
            role: log_in(stage.a_user(self.session, customer, role), customer)
            for role in CUSTOMER_ROLES
        }

    def _contacts(self, relation: RelationRow, log_in: LogIn) -> Clients:
        clients = {}
        for role in SUPPLIER_ROLES:
            person_id = stage.a_contact(self.session, relation, role).person_id
            self.person_of[relation.id, role] = person_id
            clients[role] = log_in(self.session.get_one(PersonRow, person_id), None)
        return clients

    def by_link(
        self, rule: Rule, access: Access, relation: RelationRow, role: Role, **other: object
    ) -> str:
        """The rule's address with a link that was mailed to this contact, about a step of it."""
        person_id = self.person_of[relation.id, role]
        step_id = None
        if access.purpose is LinkPurpose.STEP:
            step_id = int(str(self._thing("milestone_id", relation)))
        _, token = a_link(
            self.app, self.session, self.now, person_id, relation.id, step_id, access.purpose
        )
        if "evidence_id" in rule.arguments and "evidence_id" not in other:
            other["evidence_id"] = self._own_file(person_id, relation, step_id).id
        if "request_id" in rule.arguments and step_id is not None:
            asked = pathway_things.a_request(self.session, relation)
            asked.milestone_id = step_id
            self.session.commit()
            other.setdefault("request_id", asked.id)
        return self.address(rule, relation, token=token, **other)

    def _own_file(self, person_id: int, relation: RelationRow, step_id: int | None) -> EvidenceRow:
        row = proof_things.a_file(self.session, relation)
        row.uploaded_by, row.milestone_id = person_id, step_id
        self.session.commit()
        return row

    def address(self, rule: Rule, relation: RelationRow, **other: object) -> str:
        """The rule's address for things of this relation."""
        made = rule.arguments - other.keys()
        values = {name: self._thing(name, relation) for name in made} | other
        built = rule.build(values, append_unknown=False)
        assert built is not None, f"{rule.rule} cannot be built from {values}"
        return built[1]

    def _thing(self, name: str, relation: RelationRow) -> object:
        if (relation.id, name) not in self._made:
            self._made[relation.id, name] = OBJECTS[name](self.session, relation)
            self.session.commit()
        return self._made[relation.id, name]


@pytest.fixture
def world(app: Flask, session: Session, clock: Any) -> World:
    def log_in(person: PersonRow, customer: OrganisationRow | None) -> FlaskClient:
        return stage.log_in(app.test_client(), session, clock.real_now(), person, customer)

    world = World(session, log_in, app, clock.real_now())
    reassess(session, clock.moment(), [world.relation.id, world.sibling.id])
    reassess(session, clock.moment(), [world.stranger.id])
    session.commit()
    return world


def guarded(app: Flask) -> list[tuple[Rule, str, Access]]:
    return [found for found in rules(app) if found[2].kind in ("customer", "portal")]


def ask(client: FlaskClient, method: str, address: str) -> TestResponse:
    return client.open(address, method=method)


def told(rule: Rule, method: str, who: object, answer: TestResponse) -> str:
    return f"{method} {rule.rule} for {who}: {answer.status_code}"


def test_nobody_is_sent_to_log_in(app: Flask, world: World) -> None:
    wrong = []
    for rule, method, access in rules(app):
        if access.kind in ("public", "api", "mailed"):
            continue
        with_ids = access.kind in ("customer", "portal")
        address = world.address(rule, world.relation) if with_ids else rule.rule
        answer = ask(app.test_client(), method, address)
        log_in = "/portal/log-in" if access.kind in ("portal", "supplier") else "/log-in"
        if answer.status_code != 303 or (answer.location or "").partition("?")[0] != log_in:
            wrong.append(told(rule, method, "nobody", answer))
    assert wrong == []


def test_programs_need_a_token(app: Flask, world: World) -> None:
    wrong = []
    for rule, method, access in rules(app):
        if access.kind == "api" and access.scope is not None:
            address = rule.build({name: "1" for name in rule.arguments}, append_unknown=False)
            assert address is not None
            answer = ask(app.test_client(), method, address[1])
            if answer.status_code != 401:
                wrong.append(told(rule, method, "a program without token", answer))
    assert wrong == []


def test_a_role_of_the_own_side_without_the_duty_is_refused(app: Flask, world: World) -> None:
    wrong = []
    for rule, method, access in guarded(app):
        clients = world.users if access.kind == "customer" else world.contacts
        for role, client in clients.items():
            if access.duty not in DUTIES[role]:
                answer = ask(client, method, world.address(rule, world.relation))
                if answer.status_code != 403:
                    wrong.append(told(rule, method, role, answer))
    assert wrong == []


def test_the_other_side_sees_nothing(app: Flask, world: World) -> None:
    wrong = []
    for rule, method, access in guarded(app):
        others = world.contacts if access.kind == "customer" else world.users
        expected = 302 if rule.rule == "/" else 404  # a supplier finds its own first page
        for role, client in others.items():
            answer = ask(client, method, world.address(rule, world.relation))
            if answer.status_code != expected:
                wrong.append(told(rule, method, role, answer))
    assert wrong == []


def test_another_organisation_or_contact_sees_nothing(app: Flask, world: World) -> None:
    """Found before anything of the form is looked at: an empty POST gets a 404 too."""
    wrong = []
    for rule, method, access in guarded(app):
        if not rule.arguments:
            continue
        own = world.address(rule, world.relation)
        if access.kind == "customer":
            asking = [(own, f"{role} elsewhere", c) for role, c in world.users_elsewhere.items()]
        else:
            strangers = [*world.sibling_contacts.items(), *world.stranger_contacts.items()]
            asking = [(own, f"{role} of another relation", c) for role, c in strangers]
            # Their own relation in the address, and a thing of another one behind it.
            if rule.arguments != {"relation_id"}:
                mixed = world.address(rule, world.relation, relation_id=world.sibling.id)
                asking += [
                    (mixed, f"{role} through its own relation", c)
                    for role, c in world.sibling_contacts.items()
                ]
        for address, who, client in asking:
            role = Role(who.split(" ")[0])
            if access.duty in DUTIES[role]:
                answer = ask(client, method, address)
                if answer.status_code != 404:
                    wrong.append(told(rule, method, who, answer))
    assert wrong == []


def who_may(world: World, access: Access) -> FlaskClient:
    clients = world.users if access.kind == "customer" else world.contacts
    return next(
        client
        for role, client in clients.items()
        if access.duty is None or access.duty in DUTIES[role]
    )


def test_who_may_does_get_in(app: Flask, world: World) -> None:
    """Without this, a page that is not there for anybody would pass the tests above."""
    wrong = []
    for rule, method, access in guarded(app):
        if method == "GET":
            client = who_may(world, access)
            answer = ask(client, method, world.address(rule, world.relation))
            if answer.status_code not in (200, 302, 303):
                wrong.append(told(rule, method, "who may", answer))
    assert wrong == []


def mailed_rules(app: Flask) -> list[tuple[Rule, str, Access]]:
    return [found for found in rules(app) if found[2].kind == "mailed"]


def test_a_link_lets_in_its_reader_and_asks_for_the_duty(app: Flask, world: World) -> None:
    wrong = []
    for rule, method, access in mailed_rules(app):
        for role in SUPPLIER_ROLES:
            address = world.by_link(rule, access, world.relation, role)
            status = ask(app.test_client(), method, address).status_code
            if access.duty not in DUTIES[role]:
                is_right = status == 403
            else:
                is_right = status in (200, 303) if method == "GET" else status not in (403, 404)
            if not is_right or status == 410:
                wrong.append(f"{method} {rule.rule} for {role}: {status}")
    assert wrong == []


def test_a_link_opens_nothing_of_another_step_or_person(app: Flask, world: World) -> None:
    """Nor does a log-in that runs beside it make a difference."""
    there = proof_things.a_file(world.session, world.relation).id  # a colleague's, of no step
    elsewhere = proof_things.a_file(world.session, world.sibling).id
    far = proof_things.a_file(world.session, world.stranger).id
    person_id = world.person_of[world.relation.id, Role.SIGNATORY]
    own = world._own_file(person_id, world.relation, None).id  # the reader's, of no step
    wrong = []
    beside = {
        "nobody": app.test_client(),
        **world.users,
        **{f"own {role}": client for role, client in world.contacts.items()},
    }
    for rule, method, access in mailed_rules(app):
        if "evidence_id" not in rule.arguments:
            continue
        colleague = world.by_link(rule, access, world.relation, Role.ADVISER)
        of_colleague = int(colleague.rpartition("/")[2])
        for evidence_id in (there, elsewhere, far, own, of_colleague, 2**31 - 1):
            address = world.by_link(
                rule, access, world.relation, Role.SIGNATORY, evidence_id=evidence_id
            )
            for who, client in beside.items():
                answer = ask(client, method, address)
                if answer.status_code != 404:
                    wrong.append(told(rule, method, who, answer))
    assert wrong == []


def test_a_link_for_one_thing_opens_no_other(app: Flask, world: World) -> None:
    person_id = world.person_of[world.relation.id, Role.SIGNATORY]
    step_id = int(str(world._thing("milestone_id", world.relation)))
    tokens = {
        LinkPurpose.STEP: a_link(
            app, world.session, world.now, person_id, world.relation.id, step_id
        )[1],
        LinkPurpose.WRONG_PERSON: a_link(
            app, world.session, world.now, person_id, world.relation.id
        )[1],
        LinkPurpose.MAIL_CHOICE: a_link(
            app,
            world.session,
            world.now,
            person_id,
            world.relation.id,
            purpose=LinkPurpose.MAIL_CHOICE,
        )[1],
    }
    wrong = []
    for rule, method, access in mailed_rules(app):
        others = [token for purpose, token in tokens.items() if purpose is not access.purpose]
        for token in (*others, "x" * 43):
            address = world.address(rule, world.relation, token=token)
            answer = ask(app.test_client(), method, address)
            if answer.status_code != 410:
                wrong.append(told(rule, method, "a wrong link", answer))
    for token in tokens.values():
        for address in (f"/portal/enter/{token}", f"/password/{token}"):
            if app.test_client().get(address).status_code != 410:
                wrong.append(address)
    assert wrong == []


@contextmanager
def noting_writes(session: Session) -> Iterator[list[str]]:
    written: list[str] = []

    def note(_c: Any, _u: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(WRITES):
            written.append(statement)

    connection = session.connection()
    event.listen(connection.engine, "before_cursor_execute", note)
    yield written
    event.remove(connection.engine, "before_cursor_execute", note)


def test_a_write_is_noted(session: Session) -> None:
    with noting_writes(session) as written:
        stage.a_person(session)
    assert len(written) == 1


def test_no_get_changes_anything(app: Flask, world: World, session: Session) -> None:
    wrong = []
    for rule, method, access in rules(app):
        if method != "GET" or access.kind == "api" or rule.endpoint == "static":
            continue
        if access.kind in ("customer", "portal"):
            address, client = world.address(rule, world.relation), who_may(world, access)
        elif access.kind == "mailed":
            address = world.by_link(rule, access, world.relation, Role.SIGNATORY)
            client = app.test_client()
        else:
            built = rule.build({name: "1" for name in rule.arguments}, append_unknown=False)
            assert built is not None
            address, client = built[1], world.contacts[Role.SIGNATORY]
        with noting_writes(session) as written:
            answer = ask(client, method, address)
        if written:
            wrong.append(told(rule, method, "who may", answer) + f" wrote: {written}")
    assert wrong == []
