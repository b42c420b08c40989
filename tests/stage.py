"""Sets the stage: rows for tests of the store, the services and the pages, with defaults.

Each builder adds what it returns to the session and flushes, so that ids are there. What is not
told is made up and unique.
"""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.people import CUSTOMER_ROLES, Actor, Role, Side
from onboarding.services.installation import add_customer
from onboarding.services.sessions import open_session
from onboarding.store.tables import (
    ApiTokenRow,
    BatchItemRow,
    BatchRow,
    ClosureRow,
    ContactRow,
    MailRow,
    MembershipRow,
    MergedRelationRow,
    MessageRow,
    OrganisationRow,
    PersonRow,
    PolicyDraftChangeRow,
    PolicyDraftRow,
    PolicyRow,
    PreparedAssessmentRow,
    RelationRow,
    SnoozeRow,
    WebhookDeliveryRow,
    WebhookEndpointRow,
)

numbers = count(1)
BEFORE = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
BEFORE_ON = date(2026, 1, 5)


def a_customer(session: Session, name: str = "Facilitair Bedrijf") -> OrganisationRow:
    """A customer with version 1 of its policy."""
    return add_customer(session, Moment(now=BEFORE, today=BEFORE_ON), name)


def a_person(session: Session, name: str = "Sam de Vries", **fields: Any) -> PersonRow:
    """Somebody with an address and no role."""
    fields.setdefault("email", f"person-{next(numbers)}@voorbeeld.example")
    return _added(session, PersonRow(name=name, created_at=BEFORE, **fields))


def a_user(
    session: Session, customer: OrganisationRow, role: Role = Role.BUYER, **fields: Any
) -> PersonRow:
    """Somebody with a role on the customer's side."""
    assert role in CUSTOMER_ROLES
    person = a_person(session, **{"name": f"{role.value.capitalize()} Bakker", **fields})
    _added(
        session,
        MembershipRow(
            person_id=person.id, organisation_id=customer.id, role=role, started_at=BEFORE
        ),
    )
    return person


def a_webhook(session: Session, customer_id: int, **fields: Any) -> WebhookEndpointRow:
    """An address that is told when a status changes."""
    fields.setdefault("url", "https://erp.voorbeeld.example/webhooks")
    fields.setdefault("kinds", ["eligibility.changed"])
    fields.setdefault("failures", 0)
    return _added(
        session,
        WebhookEndpointRow(customer_id=customer_id, salt="salt", created_at=BEFORE, **fields),
    )


def a_webhook_with_a_log(session: Session, customer_id: int) -> WebhookEndpointRow:
    """An endpoint with a delivery in each state."""
    endpoint = a_webhook(session, customer_id, failures=2, resumes_at=BEFORE)
    for state, status, trouble in (
        ("delivered", 204, None),
        ("dead", 503, "status"),
        ("waiting", None, "timeout"),
    ):
        _added(
            session,
            WebhookDeliveryRow(
                endpoint_id=endpoint.id,
                message_id=f"evt-1-{next(numbers)}",
                kind="eligibility.changed",
                state=state,
                owed_at=BEFORE,
                next_at=BEFORE,
                attempts=1,
                tried_at=BEFORE,
                last_status=status,
                last_error=trouble,
            ),
        )
    return endpoint


def a_closure(
    session: Session,
    relation: RelationRow,
    first: date = date(2027, 7, 26),
    last: date = date(2027, 8, 13),
) -> ClosureRow:
    """Days on which the supplier is closed."""
    return _added(session, ClosureRow(relation_id=relation.id, starts_on=first, ends_on=last))


def a_relation(
    session: Session,
    customer: OrganisationRow,
    name: str = "Drukkerij De Linde B.V.",
    **fields: Any,
) -> RelationRow:
    """A supplier of the customer: known, not enrolled, nothing proven."""
    number = next(numbers)
    supplier = _added(session, OrganisationRow(name=name, is_customer=False, created_at=BEFORE))
    fields.setdefault("kvk_number", f"{10000000 + number}")
    fields.setdefault("sort_name", name.lower())
    return _added(
        session,
        RelationRow(
            customer_id=customer.id,
            supplier_id=supplier.id,
            name=name,
            **{"created_at": BEFORE, "created_on": BEFORE_ON, **fields},
        ),
    )


def a_former(session: Session, relation: RelationRow, name: str = "De Linde") -> RelationRow:
    """A record that went into the relation."""
    customer = session.get_one(OrganisationRow, relation.customer_id)
    former = a_relation(session, customer, name)
    former.customer_id = former.supplier_id
    _added(
        session,
        MergedRelationRow(
            customer_id=customer.id,
            relation_id=relation.id,
            former_id=former.id,
            merged_at=BEFORE,
            merged_on=BEFORE_ON,
        ),
    )
    return former


def a_contact(
    session: Session,
    relation: RelationRow,
    role: Role = Role.SIGNATORY,
    *,
    person: PersonRow | None = None,
    function: str | None = "directeur",
    is_main: bool = False,
    **fields: Any,
) -> ContactRow:
    """Somebody on the supplier's side; `fields` are those of the person."""
    if person is None:
        person = a_person(session, **{"name": f"{role.value.capitalize()} Jansen", **fields})
    return _added(
        session,
        ContactRow(
            relation_id=relation.id,
            person_id=person.id,
            role=role,
            function=function,
            is_main=is_main,
            invited_at=BEFORE,
        ),
    )


def an_actor(
    customer: OrganisationRow | RelationRow,
    role: Role = Role.BUYER,
    *,
    person_id: int | None = None,
    relation: RelationRow | None = None,
) -> Actor:
    """Who acts in this role; a supplier's role needs the relation."""
    is_customer_side = role in CUSTOMER_ROLES
    assert is_customer_side or relation is not None, "a supplier's actor sees one relation"
    return Actor(
        customer_id=customer.customer_id if isinstance(customer, RelationRow) else customer.id,
        person_id=person_id,
        side=Side.BUYER if is_customer_side else Side.SUPPLIER,
        roles=frozenset({role}),
        relation_id=None if relation is None or is_customer_side else relation.id,
    )


def user_actor(session: Session, customer: OrganisationRow, role: Role = Role.BUYER) -> Actor:
    """A new user of the customer in this role, as the actor."""
    return an_actor(customer, role, person_id=a_user(session, customer, role).id)


def contact_actor(session: Session, relation: RelationRow, role: Role = Role.SIGNATORY) -> Actor:
    """A new contact of the relation in this role, as the actor."""
    contact = a_contact(session, relation, role)
    return an_actor(relation, role, person_id=contact.person_id, relation=relation)


def a_token(session: Session, customer_id: int, **fields: Any) -> ApiTokenRow:
    """A program's key, of which nobody knows the text."""
    number = next(numbers)
    values: dict[str, Any] = {
        "name": "Inkoopsysteem",
        "prefix": "onb_12345678",
        "token_sha256": f"{number:064x}",
        "scopes": ["eligibility:read"],
        "created_at": BEFORE,
    }
    return _added(session, ApiTokenRow(customer_id=customer_id, **(values | fields)))


def a_dead_letter(session: Session, relation: RelationRow, **fields: Any) -> MessageRow:
    """A message that did not arrive; `body=None` is that of a link, whose bytes are not kept."""
    number = next(numbers)
    person_id = fields.pop("person_id", None) or a_person(session).id
    body = fields.pop("body", b"Subject: Klaar\r\n\r\nKlaar\r\n")
    shared: dict[str, Any] = {
        "customer_id": relation.customer_id,
        "relation_id": relation.id,
        "person_id": person_id,
        "kind": "accepted",
        "state": fields.pop("state", "failed"),
    }
    mail = MailRow(
        message_id=f"<dead{number}@onboarding.example>",
        recipient=session.get_one(PersonRow, person_id).email or "",
        subject="Klaar: plan van aanpak",
        body=body,
        next_at=BEFORE,
        created_at=BEFORE,
        **shared,
    )
    _added(session, mail)
    values = {
        "key": f"accepted:dead{number}:{person_id}",
        "facts": {},
        "owed_at": BEFORE,
        "due_at": BEFORE,
        "ended_at": BEFORE,
        "end_reason": "address-refused: 550 No such mailbox",
        "mail_id": mail.id,
    }
    return _added(session, MessageRow(**(shared | values | fields)))


def a_mail(session: Session, relation: RelationRow) -> MailRow:
    """One that could not be delivered to a contact."""
    person_id = a_contact(session, relation).person_id
    letter = a_dead_letter(session, relation, person_id=person_id)
    return session.get_one(MailRow, letter.mail_id)


def a_snooze(session: Session, relation: RelationRow, **fields: Any) -> SnoozeRow:
    """No reminders for a while."""
    values: dict[str, Any] = {
        "relation_id": relation.id,
        "until_on": date(2027, 1, 15),
        "reason": "Wij spraken af dat u in januari verder gaat.",
        "made_on": BEFORE_ON,
    }
    return _added(session, SnoozeRow(**(values | fields)))


def a_reminder(session: Session, relation: RelationRow, **fields: Any) -> MessageRow:
    """That a certificate ends, owed to a contact."""
    number = next(numbers)
    person_id = fields.pop("person_id", None) or a_contact(session, relation).person_id
    values: dict[str, Any] = {
        "key": f"certificate-ending:{number}:2027-06-30:-180:{person_id}",
        "customer_id": relation.customer_id,
        "relation_id": relation.id,
        "person_id": person_id,
        "kind": "certificate-ending",
        "facts": {"level": "trede-1", "ends_on": "2027-06-30"},
        "state": "queued",
        "owed_at": BEFORE,
        "due_at": BEFORE,
    }
    return _added(session, MessageRow(**(values | fields)))


def log_in(
    client: FlaskClient,
    session: Session,
    now: datetime,
    person: PersonRow,
    customer: OrganisationRow | None = None,
) -> FlaskClient:
    """The client with a real log-in: on the customer's side where a customer is given."""
    side = Side.SUPPLIER if customer is None else Side.BUYER
    token = open_session(session, now, person.id, side, customer.id if customer else None)
    session.commit()
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie["_user_id"] = token
        cookie["locale"] = person.locale
    return client


def _added(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row


def a_policy_draft(session: Session, relation: RelationRow) -> PolicyDraftRow:
    """A next policy of the relation's customer, under which it would change."""
    customer_id = relation.customer_id
    last = session.scalars(
        select(PolicyRow)
        .where(PolicyRow.customer_id == customer_id)
        .order_by(PolicyRow.version.desc())
    ).first()
    row = _added(
        session,
        PolicyDraftRow(
            customer_id=customer_id,
            person_id=a_person(session).id,
            state="counted",
            content=last.content if last else {},
            starts_on=date(2027, 6, 1),
            seen=last.version if last else 1,
            made_at=BEFORE,
            counted_at=BEFORE,
            total=1,
            looked_at=1,
            last_id=relation.id,
        ),
    )
    for row_of in (
        PolicyDraftChangeRow(
            changes_on=date(2027, 6, 1), from_status="eligible", to_status="conditional"
        ),
        PreparedAssessmentRow(starts_on=BEFORE_ON, is_stale=True),
    ):
        row_of.draft_id, row_of.relation_id = row.id, relation.id
        _added(session, row_of)
    return row


def a_batch(session: Session, relation: RelationRow) -> BatchRow:
    """An action of the relation's customer that waits to be worked off."""
    row = BatchRow(
        customer_id=relation.customer_id,
        person_id=a_person(session).id,
        kind="enrol",
        facts={"left_out": {}},
        made_at=BEFORE,
    )
    session.add(row)
    session.flush()
    item = BatchItemRow(
        batch_id=row.id,
        relation_id=relation.id,
        state="waiting",
        due_on=BEFORE_ON,
        facts={},
    )
    session.add(item)
    session.flush()
    return row
