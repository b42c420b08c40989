"""Contacts are invited as people with one address, and retired without a trace of access."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.access import LinkInvalid, LinkPurpose, link_token
from onboarding.domain.errors import AlreadyOpen, InputInvalid, NotAllowed, NotFound
from onboarding.domain.people import Actor, Role, Side
from onboarding.services.contacts import invite_again, invite_contact, retire_contact
from onboarding.services.links import FOR_SUPPLIERS, Entry, find_link, make_link
from onboarding.services.mail.messages import contacts_to_write
from onboarding.services.sessions import contact_actor, find_logged_in, open_session
from onboarding.store.tables import (
    ContactRow,
    EventRow,
    LoginLinkRow,
    LoginSessionRow,
    MessageRow,
    PersonRow,
    RelationRow,
)
from tests import stage


def invite(
    session: Session, actor: Actor, moment: Moment, row: RelationRow, **fields: object
) -> ContactRow:
    given = {"name": "J. van der Linde", "email": "j@linde.example", "role": Role.CONTACT, **fields}
    return invite_contact(session, actor, moment, row.id, **given)  # type: ignore[arg-type]


@pytest.fixture
def row(session: Session) -> RelationRow:
    return stage.a_relation(session, stage.a_customer(session))


@pytest.fixture
def actor(row: RelationRow) -> Actor:
    return stage.an_actor(row, Role.BUYER)


def test_an_invitation_is_owed_once(
    session: Session, moment: Moment, row: RelationRow, actor: Actor
) -> None:
    contact = invite(session, actor, moment, row, email=" J@Linde.Example ")
    person = session.get_one(PersonRow, contact.person_id)
    assert (person.email, contact.is_main) == ("j@linde.example", True)
    message = session.scalars(select(MessageRow)).one()
    assert (message.kind, message.person_id, message.relation_id) == (
        "invitation",
        person.id,
        row.id,
    )
    with pytest.raises(AlreadyOpen):
        invite(session, actor, moment, row)
    for _ in range(2):
        invite_again(session, actor, moment, row.id, contact.id)
    assert len(session.scalars(select(MessageRow)).all()) == 2


def test_one_address_is_one_person_everywhere(
    session: Session, moment: Moment, row: RelationRow, actor: Actor
) -> None:
    elsewhere = stage.a_relation(session, stage.a_customer(session, "Ander"), "Zelfde firma")
    first = invite(session, actor, moment, row)
    other = stage.an_actor(elsewhere, Role.BUYER)
    second = invite(session, other, moment, elsewhere, name="Een andere naam")
    assert first.person_id == second.person_id
    assert session.get_one(PersonRow, first.person_id).name == "J. van der Linde"


def test_the_main_contact_is_one(
    session: Session, moment: Moment, row: RelationRow, actor: Actor
) -> None:
    first = invite(session, actor, moment, row)
    second = invite(session, actor, moment, row, email="b@linde.example")
    assert (first.is_main, second.is_main) == (True, False)
    third = invite(session, actor, moment, row, email="c@linde.example", is_main=True)
    session.expire_all()
    assert (first.is_main, second.is_main, third.is_main) == (False, False, True)
    assert contacts_to_write(session, row.id) == [third.person_id]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"role": Role.SIGNATORY}, "function"),
        ({"role": Role.MANAGER}, "role"),
        ({"email": "geen adres"}, "email"),
        ({"email": ""}, "email"),
        ({"name": " "}, "name"),
    ],
)
def test_what_is_missing_is_named(
    session: Session,
    moment: Moment,
    row: RelationRow,
    actor: Actor,
    fields: dict[str, object],
    field: str,
) -> None:
    with pytest.raises(InputInvalid) as wrong:
        invite(session, actor, moment, row, **fields)
    assert wrong.value.facts["field"] == field


def test_somebody_without_mail_can_be_phoned(
    session: Session, moment: Moment, row: RelationRow, actor: Actor
) -> None:
    contact = invite(session, actor, moment, row, email="", phone="010 123 45 67")
    assert session.get_one(PersonRow, contact.person_id).email is None
    assert session.scalars(select(MessageRow)).all() == []


def test_who_is_retired_has_no_way_in_and_gets_no_mail(
    session: Session, moment: Moment, row: RelationRow, actor: Actor
) -> None:
    contact = invite(session, actor, moment, row)
    open_session(session, moment.now, contact.person_id, Side.SUPPLIER)
    retire_contact(session, actor, moment, row.id, contact.id, "met pensioen")
    assert contact.retired_at == moment.now
    assert session.scalars(select(LoginSessionRow)).all() == []
    assert session.scalars(select(MessageRow.state)).all() == ["superseded"]
    codes = session.scalars(select(EventRow.code).order_by(EventRow.id)).all()
    assert codes == ["contact-added", "contact-retired"]
    with pytest.raises(NotFound):
        retire_contact(session, actor, moment, row.id, contact.id)
    back = invite(session, actor, moment, row, role=Role.ADVISER)
    assert (back.id, back.retired_at, back.role) == (contact.id, None, "adviser")


def test_a_link_that_was_mailed_before_retiring_lets_nobody_in(
    session: Session, moment: Moment, row: RelationRow, actor: Actor
) -> None:
    entry = Entry(secret_key="x" * 32, now=moment.now)
    contact = invite(session, actor, moment, row, entry=entry)
    _, asked = make_link(session, entry, contact.person_id, LinkPurpose.LOGIN)
    link = session.scalars(select(LoginLinkRow).order_by(LoginLinkRow.id)).first()
    assert link is not None
    invited = link_token(entry.secret_key, link.id, link.made_at)
    retire_contact(session, actor, moment, row.id, contact.id)
    for token in (asked, invited):
        with pytest.raises(LinkInvalid):
            find_link(session, moment.now, token, *FOR_SUPPLIERS)


def test_who_is_a_contact_elsewhere_stays_logged_in_there(
    session: Session, moment: Moment, row: RelationRow, actor: Actor
) -> None:
    entry = Entry(secret_key="x" * 32, now=moment.now)
    contact = invite(session, actor, moment, row)
    person = session.get_one(PersonRow, contact.person_id)
    other = stage.a_relation(session, stage.a_customer(session, "Ander"))
    stage.a_contact(session, other, person=person)
    token = open_session(session, moment.now, person.id, Side.SUPPLIER)
    ways = {LinkPurpose.LOGIN: None, LinkPurpose.INVITATION: other.id}
    links = [
        make_link(session, entry, person.id, purpose, relation_id=about)[1]
        for purpose, about in ways.items()
    ]
    retire_contact(session, actor, moment, row.id, contact.id)
    assert find_logged_in(session, moment.now, token) is not None
    assert contact_actor(session, person.id, row.id) is None
    assert contact_actor(session, person.id, other.id) is not None
    for link in links:
        assert find_link(session, moment.now, link, *FOR_SUPPLIERS)


def test_a_contact_may_invite_a_colleague_and_an_adviser_may_not(
    session: Session, moment: Moment, row: RelationRow
) -> None:
    invite(session, stage.contact_actor(session, row, Role.CONTACT), moment, row)
    adviser = stage.contact_actor(session, row, Role.ADVISER)
    with pytest.raises(NotAllowed):
        invite(session, adviser, moment, row, email="x@linde.example")


def test_a_contact_of_another_relation_is_not_there(
    session: Session, moment: Moment, row: RelationRow, actor: Actor
) -> None:
    other = stage.a_contact(session, stage.a_relation(session, stage.a_customer(session, "B")))
    with pytest.raises(NotFound):
        retire_contact(session, actor, moment, row.id, other.id)


def test_an_invitation_holds_a_link_that_lets_in(
    session: Session, moment: Moment, row: RelationRow, actor: Actor
) -> None:
    entry = Entry(secret_key="a secret of at least thirty-two characters", now=moment.now)
    contact = invite(session, actor, moment, row, entry=entry)
    message = session.scalars(select(MessageRow)).one()
    assert message.facts["minutes"] == 14 * 24 * 60
    token = link_token(entry.secret_key, message.facts["link_id"], entry.now)
    link, person = find_link(session, entry.now, token, LinkPurpose.INVITATION)
    assert (link.relation_id, person.id) == (row.id, contact.person_id)
