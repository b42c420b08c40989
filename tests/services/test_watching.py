"""Who follows a supplier is told of each change, in one mail on the next working morning."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.domain.errors import NotAllowed, NotFound
from onboarding.domain.mail_choices import WatchRhythm
from onboarding.domain.people import Actor, Role, Side
from onboarding.jobs import runs
from onboarding.services import watching
from onboarding.services.statuses import reassess
from onboarding.store.merging import move_all
from onboarding.store.tables import (
    MembershipRow,
    MessageRow,
    OrganisationRow,
    PersonRow,
    RelationRow,
    WatchRow,
)
from tests import stage
from tests.mail_server import MailServer
from tests.settable_clock import SettableClock


def actor_of(person: PersonRow, customer_id: int, role: Role = Role.BUYER) -> Actor:
    return Actor(
        customer_id=customer_id,
        person_id=person.id,
        side=Side.BUYER,
        roles=frozenset({role}),
    )


@pytest.fixture
def person(session: Session, customer: OrganisationRow) -> PersonRow:
    return stage.a_user(session, customer, Role.BUYER)


@pytest.fixture
def buyer(person: PersonRow, customer: OrganisationRow) -> Actor:
    return actor_of(person, customer.id)


@pytest.fixture
def changing(
    app: Flask, session: Session, relation: RelationRow, clock: SettableClock
) -> Callable[[], None]:
    """Changes the status of the supplier, and lets the worker announce it."""
    reassess(session, clock.moment(), [relation.id])
    session.commit()
    runs.announce(app)
    number = relation.id

    def change() -> None:
        row = session.get_one(RelationRow, number)
        row.enrolled_on = None if row.enrolled_on else clock.moment().today
        reassess(session, clock.forward(seconds=1), [number])
        session.commit()
        runs.announce(app)

    return change


def owed(session: Session) -> list[MessageRow]:
    session.expire_all()
    query = select(MessageRow).where(MessageRow.kind == "watched").order_by(MessageRow.id)
    return list(session.scalars(query))


def follow(session: Session, buyer: Actor, clock: SettableClock, relation: RelationRow) -> None:
    watching.follow(session, buyer, clock.moment(), relation.id)
    session.commit()


def test_each_change_is_owed_once_for_the_next_morning(
    app: Flask,
    session: Session,
    clock: SettableClock,
    relation: RelationRow,
    buyer: Actor,
    changing: Callable[[], None],
) -> None:
    changing()
    assert owed(session) == []
    follow(session, buyer, clock, relation)
    follow(session, buyer, clock, relation)
    changing()
    changing()
    runs.announce(app)
    found = owed(session)
    assert [(row.facts["from_status"], row.facts["to_status"]) for row in found] == [
        ("undecided", "out-of-scope"),
        ("out-of-scope", "undecided"),
    ]
    for row in found:
        assert (row.person_id, row.state) == (buyer.person_id, "planned")
        local = row.due_at.astimezone(clock.zone)
        assert local == datetime(2026, 11, 25, 8, tzinfo=clock.zone)


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        ("2026-11-24T07:59", "2026-11-24"),
        ("2026-11-24T08:00", "2026-11-25"),
        ("2026-11-27T00:00", "2026-11-27"),
        ("2026-11-27T09:00", "2026-11-30"),  # a Friday
        ("2026-11-28T03:00", "2026-11-30"),
        ("2026-12-24T12:00", "2026-12-28"),  # Christmas, and a weekend
    ],
)
def test_on_which_morning(
    session: Session,
    clock: SettableClock,
    relation: RelationRow,
    buyer: Actor,
    changing: Callable[[], None],
    now: str,
    morning: str,
) -> None:
    follow(session, buyer, clock, relation)
    clock.set(datetime.fromisoformat(now).replace(tzinfo=clock.zone) - timedelta(seconds=1))
    changing()
    [row] = owed(session)
    local = row.due_at.astimezone(clock.zone)
    assert local.isoformat()[:16] == f"{morning}T08:00"


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        ("2026-11-24T09:00", "2026-11-30"),
        ("2026-11-30T07:59", "2026-11-30"),
        ("2026-11-30T08:00", "2026-12-07"),
        ("2026-11-29T12:00", "2026-11-30"),
        ("2027-03-25T12:00", "2027-03-30"),  # Easter Monday
    ],
)
def test_who_wants_it_weekly_hears_on_monday(
    session: Session,
    clock: SettableClock,
    relation: RelationRow,
    buyer: Actor,
    changing: Callable[[], None],
    now: str,
    monday: str,
) -> None:
    follow(session, buyer, clock, relation)
    watching.choose_rhythm(session, buyer, WatchRhythm.WEEKLY)
    clock.set(datetime.fromisoformat(now).replace(tzinfo=clock.zone) - timedelta(seconds=1))
    changing()
    [row] = owed(session)
    assert row.due_at.astimezone(clock.zone).isoformat()[:16] == f"{monday}T08:00"


@pytest.fixture
def mailbox(app: Flask, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch) -> MailServer:
    """The server to which the application sends."""
    for name, value in mail_server.settings.items():
        monkeypatch.setitem(app.config, name, value)
    return mail_server


def test_who_wants_none_gets_neither_what_comes_nor_what_waits(
    app: Flask,
    session: Session,
    clock: SettableClock,
    relation: RelationRow,
    buyer: Actor,
    changing: Callable[[], None],
    mailbox: MailServer,
) -> None:
    follow(session, buyer, clock, relation)
    changing()
    watching.choose_rhythm(session, buyer, WatchRhythm.NONE)
    session.commit()
    changing()
    clock.forward(days=1)
    runs.deliver(app)
    assert mailbox.messages == []
    assert [(row.state, row.end_reason) for row in owed(session)] == [("superseded", "not-wanted")]
    assert len(watching.read_watching(session, buyer, clock.moment()).changes) == 3


def test_one_mail_for_a_day_with_what_changed(
    app: Flask,
    session: Session,
    clock: SettableClock,
    relation: RelationRow,
    customer: OrganisationRow,
    buyer: Actor,
    changing: Callable[[], None],
    mailbox: MailServer,
) -> None:
    follow(session, buyer, clock, relation)
    for _ in range(3):
        changing()
    runs.deliver(app)
    assert mailbox.messages == []
    clock.set(datetime(2026, 11, 25, 8, 0, tzinfo=clock.zone))
    runs.deliver(app)
    [mail] = mailbox.messages
    parsed = parse(mail.content)
    assert parsed["Subject"] == "3 wijzigingen bij de leveranciers die u volgt"
    assert parsed["Reply-To"] is None
    part = parsed.get_body(("plain",))
    assert part is not None
    text = part.get_content()
    assert text.count(relation.name) == 3
    assert "van “" in text
    assert "http://127.0.0.1:8000/watched" in text
    assert "U volgt deze leveranciers" in " ".join(text.split())
    changing()
    runs.deliver(app)
    assert len(mailbox.messages) == 1  # the next one goes tomorrow


def parse(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=policy.default)  # type: ignore[return-value]


def test_who_does_not_follow_any_more_gets_none(
    app: Flask,
    session: Session,
    clock: SettableClock,
    relation: RelationRow,
    buyer: Actor,
    changing: Callable[[], None],
    mailbox: MailServer,
) -> None:
    follow(session, buyer, clock, relation)
    changing()
    watching.stop_following(session, buyer, relation.id)
    session.commit()
    clock.forward(days=1)
    runs.deliver(app)
    assert mailbox.messages == []
    [row] = owed(session)
    assert (row.state, row.end_reason) == ("superseded", "not-followed")


def test_who_left_is_told_nothing(
    session: Session,
    clock: SettableClock,
    relation: RelationRow,
    buyer: Actor,
    changing: Callable[[], None],
) -> None:
    follow(session, buyer, clock, relation)
    session.scalars(select(MembershipRow)).one().ended_at = clock.real_now()
    session.commit()
    changing()
    assert owed(session) == []


def test_all_own_suppliers(
    session: Session,
    clock: SettableClock,
    customer: OrganisationRow,
    relation: RelationRow,
    buyer: Actor,
) -> None:
    own = stage.a_relation(session, customer, "Eigen", buyer_id=buyer.person_id)
    over = clock.moment().today
    stage.a_relation(session, customer, "Voorbij", buyer_id=buyer.person_id, ended_on=over)
    assert watching.follow_own(session, buyer, clock.moment()) == 1
    assert watching.follow_own(session, buyer, clock.moment()) == 0
    found = watching.read_watching(session, buyer, clock.moment())
    assert [one.relation_id for one in found.suppliers] == [own.id]


def test_nobody_follows_what_is_not_theirs(
    session: Session, clock: SettableClock, buyer: Actor, relation: RelationRow
) -> None:
    other = stage.a_relation(session, stage.a_customer(session, "Ander"))
    with pytest.raises(NotFound):
        watching.follow(session, buyer, clock.moment(), other.id)
    with pytest.raises(NotFound):
        watching.stop_following(session, buyer, other.id)
    program = Actor(
        customer_id=relation.customer_id,
        person_id=None,
        side=Side.BUYER,
        roles=frozenset({Role.READER}),
    )
    with pytest.raises(NotAllowed):
        watching.follow(session, program, clock.moment(), relation.id)


def test_each_sees_what_they_follow_themselves(
    session: Session,
    clock: SettableClock,
    customer: OrganisationRow,
    relation: RelationRow,
    buyer: Actor,
    changing: Callable[[], None],
) -> None:
    colleague = actor_of(stage.a_user(session, customer, Role.READER), customer.id, Role.READER)
    follow(session, buyer, clock, relation)
    changing()
    mine = watching.read_watching(session, buyer, clock.moment())
    assert [one.name for one in mine.changes] == [relation.name] * 2
    assert [one.status for one in mine.suppliers] == ["undecided"]
    assert watching.new_changes(session, buyer, clock.moment()) == 2
    theirs = watching.read_watching(session, colleague, clock.moment())
    assert (theirs.suppliers, theirs.changes) == ([], [])
    assert watching.new_changes(session, colleague, clock.moment()) is None
    later = clock.forward(days=8)
    assert watching.new_changes(session, buyer, later) == 0


def test_after_a_merge_the_one_that_stays_is_followed_once(
    session: Session,
    clock: SettableClock,
    customer: OrganisationRow,
    relation: RelationRow,
    buyer: Actor,
) -> None:
    goes = stage.a_relation(session, customer, "Gaat")
    other = actor_of(stage.a_user(session, customer, Role.BUYER), customer.id)
    for who, what in ((buyer, relation), (buyer, goes), (other, goes)):
        follow(session, who, clock, what)
    move_all(session, clock.moment(), relation, goes, None)
    rows = session.execute(select(WatchRow.relation_id, WatchRow.person_id)).all()
    assert sorted(rows) == sorted([(relation.id, buyer.person_id), (relation.id, other.person_id)])
