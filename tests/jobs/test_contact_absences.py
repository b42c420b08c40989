"""While a contact is away a colleague gets the reminders, once; then it ends by itself."""

from collections.abc import Callable
from datetime import date, datetime
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.domain.errors import InputInvalid, NotAllowed, NotFound
from onboarding.domain.mail_choices import MailRhythm
from onboarding.domain.messages import MessageKind
from onboarding.domain.people import Role
from onboarding.domain.plans import Step
from onboarding.domain.workdays import Span
from onboarding.jobs import runs
from onboarding.jobs.deliver import Delivered
from onboarding.services.contact_absences import end_absence, plan_absence
from onboarding.services.contacts import retire_contact
from onboarding.services.mail.choices import choose_mail
from onboarding.services.mail.foretelling import forecast, horizon
from onboarding.services.mail.messages import Owed, owe_to_supplier
from onboarding.services.mail.sight import preview
from onboarding.store import foretelling as store
from onboarding.store.tables import (
    ContactAbsenceRow,
    ContactRow,
    EventRow,
    MailRow,
    MessageRow,
    PersonRow,
)
from tests import stage
from tests.conftest import SettableClock
from tests.jobs.conftest import text_of
from tests.jobs.passing_days import live
from tests.pathway_stage import Scene, a_scene, agreed

Deliver = Callable[[], Delivered]
Mails = Callable[[], list[EmailMessage]]
STEPS = [
    Step(title=title, due_on=due_on)
    for title, due_on in (("account", date(2026, 12, 8)), ("plan", date(2026, 12, 17)))
]
# From a Thursday to a Monday ten days later: the reminders of -3 and +1 of the first step.
AWAY = Span(date(2026, 12, 3), date(2026, 12, 14))


@pytest.fixture
def scene(session: Session, clock: SettableClock, deliver: Deliver) -> Scene:
    """A main contact, an agreed pathway of which all mails went already."""
    scene = a_scene(session)
    session.scalars(select(ContactRow)).one().is_main = True
    agreed(session, scene, clock.moment(), *STEPS)
    session.commit()
    deliver()
    return scene


@pytest.fixture
def piet(session: Session, scene: Scene) -> int:
    """A colleague of the main contact."""
    row = stage.a_contact(session, scene.relation, Role.CONTACT, name="Piet Puk")
    session.commit()
    return row.person_id


def whose(scene: Scene) -> int:
    assert scene.signatory.person_id is not None
    return scene.signatory.person_id


def go(
    session: Session, scene: Scene, clock: SettableClock, deputy_id: int, span: Span = AWAY
) -> ContactAbsenceRow:
    moment, of = clock.moment(), (scene.relation.id, whose(scene))
    row = plan_absence(session, scene.signatory, moment, *of, deputy_id=deputy_id, span=span)
    session.commit()
    return row


def about(key: str) -> str:
    """What was owed, whoever got it."""
    return key.rpartition(":")[0]


def reminded(session: Session, clock: SettableClock) -> list[tuple[date, int, list[str]]]:
    """On which days who got which reminders."""
    rows = session.execute(
        select(MailRow.id, MailRow.sent_at, MailRow.person_id, MessageRow.key)
        .join(MessageRow, MessageRow.mail_id == MailRow.id)
        .where(MessageRow.kind == "milestone-reminder", MailRow.state == "sent")
    )
    mails: dict[int, tuple[date, int, list[str]]] = {}
    for mail_id, at, person_id, key in rows:
        day = at.astimezone(clock.zone).date()
        mails.setdefault(mail_id, (day, person_id, []))[2].append(about(key))
    return sorted((day, person_id, sorted(keys)) for day, person_id, keys in mails.values())


def foretold(session: Session, scene: Scene, clock: SettableClock) -> list[tuple[date, int, list]]:
    moment = clock.moment()
    found = forecast(
        session,
        moment,
        clock.zone,
        scene.customer.id,
        store.relations([scene.relation.id]),
        horizon(moment.today),
    )
    told = [
        (
            mail.on,
            mail.person_id,
            sorted(about(one.row.key) for one in mail.parts if "reminder" in one.row.kind),
        )
        for mail in found.mails
    ]
    return sorted(one for one in told if one[2])


@pytest.mark.parametrize("has_main", [True, False])
def test_the_deputy_gets_them_and_nobody_twice_as_was_foretold(
    app: Flask,
    session: Session,
    scene: Scene,
    piet: int,
    clock: SettableClock,
    deliver: Deliver,
    received: Mails,
    has_main: bool,
) -> None:
    """Without a main contact the deputy gets every reminder anyway: then not once more."""
    if not has_main:
        for contact in session.scalars(select(ContactRow)):
            contact.is_main = False
    go(session, scene, clock, piet)
    told = foretold(session, scene, clock)
    live(app, clock, deliver, horizon(date(2026, 11, 24)))
    went = reminded(session, clock)
    assert told == went
    kim = whose(scene)
    readers = {(day in AWAY, person_id) for day, person_id, _ in went}
    expected = {(False, kim), (True, piet)} | (set() if has_main else {(False, piet)})
    assert readers == expected
    for person_id in (kim, piet):
        keys = [key for _, who, keys in went if who == person_id for key in keys]
        assert len(keys) == len(set(keys))
    if has_main:
        keys = [key for _, _, keys in went for key in keys]
        assert len(keys) == len(set(keys)), "one row of the ledger per thing"
        address = session.get_one(PersonRow, piet).email
        theirs = [text_of(mail) for mail in received() if address in mail["To"]]
        assert theirs and all("weg is tot en met maandag 14 december" in text for text in theirs)


def test_what_waits_goes_to_who_is_there_on_its_day(
    app: Flask, session: Session, scene: Scene, piet: int, clock: SettableClock, deliver: Deliver
) -> None:
    """Owed before the absence, put off to Monday: on Monday nobody is away any more."""
    runs.sweep(app, clock.moment())
    deliver()
    row = session.scalars(select(MessageRow).where(MessageRow.kind == "milestone-reminder")).one()
    assert row.state == "planned"
    go(session, scene, clock, piet, Span(date(2026, 11, 26), date(2026, 11, 27)))
    live(app, clock, deliver, date(2026, 11, 26))
    session.refresh(row)
    assert (row.person_id, row.stands_for, row.state) == (piet, whose(scene), "planned")
    assert row.key.endswith(f":{piet}")
    live(app, clock, deliver, date(2026, 11, 30))
    session.refresh(row)
    assert (row.person_id, row.stands_for, row.state) == (whose(scene), None, "sent")
    assert [who for _, who, _ in reminded(session, clock)] == [whose(scene)]


def test_back_before_the_last_day(
    app: Flask, session: Session, scene: Scene, piet: int, clock: SettableClock, deliver: Deliver
) -> None:
    go(session, scene, clock, piet)
    live(app, clock, deliver, date(2026, 12, 7))
    end_absence(session, scene.buyer, clock.moment(), scene.relation.id, whose(scene))
    session.commit()
    live(app, clock, deliver, date(2026, 12, 9))
    went = reminded(session, clock)
    assert went[-1][:2] == (date(2026, 12, 9), whose(scene))
    assert piet in {who for _, who, _ in went}
    told = select(EventRow.code).where(EventRow.code.like("contact-%")).order_by(EventRow.id)
    codes = session.scalars(told).all()
    assert [one for one in codes if one in ("contact-away", "contact-back")] == [
        "contact-away",
        "contact-back",
    ]
    with pytest.raises(NotFound):
        end_absence(session, scene.buyer, clock.moment(), scene.relation.id, whose(scene))


@pytest.mark.parametrize("why", ["retired", "refused", "declined", "doubted"])
def test_a_deputy_who_cannot_stands_in_for_nobody(
    app: Flask,
    session: Session,
    scene: Scene,
    piet: int,
    clock: SettableClock,
    deliver: Deliver,
    why: str,
) -> None:
    """What it had and did not get yet goes back to whose it is."""
    runs.sweep(app, clock.moment())
    deliver()
    go(session, scene, clock, piet, Span(date(2026, 11, 24), date(2026, 12, 31)))
    deliver()
    row = session.scalars(select(MessageRow).where(MessageRow.kind == "milestone-reminder")).one()
    assert row.person_id == piet
    contact = session.scalars(select(ContactRow).where(ContactRow.person_id == piet)).one()
    if why == "retired":
        retire_contact(session, scene.buyer, clock.moment(), scene.relation.id, contact.id)
    elif why == "refused":
        session.get_one(PersonRow, piet).mail_refused_at = clock.moment().now
    elif why == "declined":
        choose_mail(session, clock.moment(), piet, MailRhythm.NONE)
    else:
        contact.doubted_at = clock.moment().now
    session.commit()
    live(app, clock, deliver, date(2026, 11, 30))
    session.refresh(row)
    assert (row.person_id, row.state) == (whose(scene), "sent")


def test_who_wants_no_reminders_has_none_to_hand_over(
    app: Flask, session: Session, scene: Scene, piet: int, clock: SettableClock, deliver: Deliver
) -> None:
    choose_mail(session, clock.moment(), whose(scene), MailRhythm.NONE)
    go(session, scene, clock, piet)
    live(app, clock, deliver, date(2026, 12, 9))
    assert reminded(session, clock) == []


@pytest.mark.parametrize("kind", [MessageKind.ANSWER, MessageKind.FORMAL_NOTICE])
def test_all_other_mail_goes_to_both(
    session: Session,
    scene: Scene,
    piet: int,
    clock: SettableClock,
    deliver: Deliver,
    received: Mails,
    kind: MessageKind,
) -> None:
    go(session, scene, clock, piet, Span(date(2026, 11, 24), date(2026, 11, 24)))
    for day in (24, 25):
        clock.set(datetime(2026, 11, day, 10, tzinfo=clock.zone))
        owed = Owed(kind=kind, about=f"x{day}", relation_id=scene.relation.id)
        owe_to_supplier(session, clock.moment(), scene.relation, owed)
    session.commit()
    rows = session.scalars(
        select(MessageRow).where(MessageRow.kind == kind).order_by(MessageRow.id)
    ).all()
    assert [(row.key.split(":")[1], row.person_id, row.stands_for) for row in rows] == [
        ("x24", whose(scene), None),
        ("x24", piet, whose(scene)),
        ("x25", whose(scene), None),
    ]


def test_a_preview_tells_the_deputy_why(
    session: Session, scene: Scene, piet: int, clock: SettableClock
) -> None:
    go(session, scene, clock, piet)
    moment = clock.moment()
    found = forecast(
        session,
        moment,
        clock.zone,
        scene.customer.id,
        store.relations([scene.relation.id]),
        horizon(moment.today),
    )
    mail = next(one for one in found.mails if one.person_id == piet)
    args = (session, scene.buyer, moment, clock.zone, scene.relation.id)
    seen = preview(*args, mail.key)
    assert seen.text and "Beste Piet" in seen.text and "U vervangt tot dan." in seen.text
    assert not list(session.new), "nothing that was foretold is in the session"


def test_what_is_refused(session: Session, scene: Scene, piet: int, clock: SettableClock) -> None:
    adviser = stage.a_contact(session, scene.relation, Role.ADVISER).person_id
    other = stage.a_relation(session, scene.customer, "Ander B.V.")
    stranger = stage.a_contact(session, other, Role.CONTACT).person_id
    silent = stage.a_contact(session, scene.relation, Role.CONTACT, mail_rhythm="none").person_id
    session.commit()
    for deputy_id in (whose(scene), adviser, stranger, silent):
        with pytest.raises(InputInvalid):
            go(session, scene, clock, deputy_id)
    for span in (
        Span(date(2026, 11, 23), date(2026, 12, 1)),
        Span(date(2026, 12, 2), date(2026, 12, 1)),
        Span(date(2026, 12, 2), date(2027, 12, 1)),
    ):
        with pytest.raises(InputInvalid):
            go(session, scene, clock, piet, span)
    moment, of = clock.moment(), (scene.relation.id, piet)
    with pytest.raises(NotAllowed):
        plan_absence(session, scene.signatory, moment, *of, deputy_id=whose(scene), span=AWAY)
    plan_absence(session, scene.buyer, moment, *of, deputy_id=whose(scene), span=AWAY)
    with pytest.raises(InputInvalid):  # the deputy is away too
        go(session, scene, clock, piet)


def test_a_new_plan_takes_the_place_of_the_one_before(
    session: Session, scene: Scene, piet: int, clock: SettableClock
) -> None:
    first = go(session, scene, clock, piet)
    go(session, scene, clock, piet, Span(date(2027, 1, 4), date(2027, 1, 8)))
    session.refresh(first)
    assert first.ended_on == clock.moment().today
