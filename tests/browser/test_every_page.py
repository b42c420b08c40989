"""Every page of the application, found by following links: axe finds nothing, nothing overflows.

The demo's suppliers are in every state, so that pages have something to show.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from onboarding.clock import Moment
from onboarding.domain.access import LinkPurpose, link_path, link_token
from onboarding.domain.batches import BatchKind, Waves
from onboarding.domain.doubts import Another
from onboarding.domain.people import Actor, Role
from onboarding.services.batches import Wanted, begin, preview
from onboarding.services.doubts import say_wrong_person
from onboarding.services.links import Entry, make_link, make_links
from onboarding.services.links import Wanted as LinkWanted
from onboarding.services.lists.certificate_import import CERTIFICATES
from onboarding.services.lists.importing import upload
from onboarding.services.lists.spreadsheets import read_sheet
from onboarding.services.lists.supplier_import import SUPPLIERS
from onboarding.store.database import db, unit_of_work
from onboarding.store.supplier_filters import SupplierFilter
from onboarding.store.tables import (
    ContactRow,
    MembershipRow,
    MilestoneRow,
    OrganisationRow,
    PathwayRow,
    PersonRow,
    RelationRow,
)
from tests import lists, pathway_things, proof_things, stage
from tests.browser.checks import overflow, served, violations
from tests.demo.seeded import copy_of_the_demo, demo_app

LINK = re.compile(r'(?:href)="(/[^"#]*)')
# What is no page: files, lists to take along, and what programs read.
NO_PAGE = re.compile(
    r"^(static|bootstrap_css|api_(?!docs)|health\.|papers\.|agenda_feed\.|"
    r"mailed_choices\.ask|.*\.(download|export|workbook|wrong|show_html|show_source)$)"
)
# A supplier's page, and that of a step, are in each state another page.
MANY = {"supplier_pages.show": 100, "reviewing.show": 25}
# A file in which a number was found: test_portal_pages.py looks at that page.
ELSEWHERE = {"portal_files.show", "mailed_steps.show_file"}
FEW = 2


@dataclass
class Found:
    """The first addresses of each endpoint that a role comes upon, and with which log-in."""

    cookie: str = ""
    pages: dict[str, tuple[str, str]] = field(default_factory=dict)  # endpoint: address, cookie
    met: Counter[str] = field(default_factory=Counter)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with demo_app(copy_of_the_demo(tmp_path_factory.mktemp("pages"))) as app:
        yield app


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    with served(app) as address:
        yield address


def endpoint_of(app: Flask, path: str) -> str | None:
    try:
        return app.url_map.bind("").match(urlsplit(path).path, method="GET")[0]  # type: ignore[return-value]
    except HTTPException:
        return None


def pages_of(app: Flask) -> set[str]:
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not NO_PAGE.match(rule.endpoint)
    }


def follow(app: Flask, client: FlaskClient, found: Found, *starts: str) -> None:
    """Walk from page to page, a few of each kind."""
    cookie = client.get_cookie(str(app.config["SESSION_COOKIE_NAME"]))
    waiting, seen = list(starts), set(starts)
    while waiting:
        path = waiting.pop(0)
        endpoint = endpoint_of(app, path)
        if endpoint is None or NO_PAGE.match(endpoint):
            continue
        if found.met[endpoint] >= MANY.get(endpoint, FEW):
            continue
        found.met[endpoint] += 1
        answer = client.get(path)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            found.pages.setdefault(endpoint, (path, cookie.value if cookie else ""))
        new = [unescape(link) for link in LINK.findall(answer.text)]
        if answer.location:
            new.append(answer.location)
        waiting += [link for link in dict.fromkeys(new) if link not in seen]
        seen.update(new)


def explore(app: Flask, locale: str) -> Found:
    """All pages, by whoever comes upon them first: everybody, manager, admin, reader, suppliers."""
    found = Found()
    clock = app.extensions["clock"]
    with app.app_context():
        session = db.session()
        customer = session.scalars(select(OrganisationRow).where(OrganisationRow.is_customer)).one()
        people = [
            (row.person_id, True)
            for role in (Role.MANAGER, Role.ADMIN, Role.BUYER, Role.READER)
            for row in session.scalars(
                select(MembershipRow).where(MembershipRow.role == role).limit(1)
            )
        ]
        contacts = select(ContactRow).where(
            ContactRow.role == Role.SIGNATORY, ContactRow.retired_at.is_(None)
        )
        people += [
            (row.person_id, False) for row in session.scalars(contacts.order_by(ContactRow.id))
        ]
        customer_id = customer.id
        starts: dict[bool, list[str]] = {True: ["/"], False: ["/portal"]}
        starts[True] += [f"/suppliers/{one}" for one in session.scalars(select(RelationRow.id))]
        with unit_of_work() as writing:
            manager_id = people[0][0]
            actor = stage.an_actor(customer, Role.MANAGER, person_id=manager_id)
            wide = lists.a_csv("Naam;KvK-nummer;Kleur", "Zoë;2076358;", "Kort;1;")
            sheet = read_sheet(wide, SUPPLIERS.columns)
            row_id = upload(SUPPLIERS, writing, actor, clock.moment(), "lijst.csv", sheet).id
            starts[True] += [f"/suppliers/imports/{row_id}", f"/suppliers/imports/{row_id}/columns"]
            starts[True] += _bulk_pages(writing, actor, clock.moment())
            starts[True] += _list_of_certificates(writing, actor, clock.moment())
            first, second = writing.scalars(select(RelationRow).order_by(RelationRow.id)).all()[:2]
            file_id = proof_things.a_file(writing, first).id
            starts[True].append(f"/evidence/{file_id}/personal-data")
            starts[False].append(f"/portal/{first.id}/files/{file_id}/personal-data")
            waiting = proof_things.a_waiting_file(writing, first, actor)
            starts[True].append(f"/evidence/{waiting.id}/numbers")
            twice = stage.a_relation(writing, customer, f"{first.name} Oost")
            starts[True].append(f"/suppliers/{first.id}/merge/{twice.id}")
            # Led to only where more was said than the page shows, and where a step has own text.
            starts[True].append(f"/suppliers/{first.id}/notes")
            starts[False].append(f"/portal/{first.id}/conversation")
            starts[True].append(_step_with_own_text(writing))
            starts[True].append(f"/personal-data/{pathway_things.a_report(writing, first).id}")
            stage.a_former(writing, second)
            starts[True].append(f"/policy/drafts/{stage.a_policy_draft(writing, first).id}")
            stage.a_webhook_with_a_log(writing, customer.id)
            of_two = stage.a_person(writing)
            for one in (first, second):
                stage.a_contact(writing, one, Role.CONTACT, person=of_two)
            people.insert(4, (of_two.id, False))
            entry = Entry(secret_key=app.config["SECRET_KEY"], now=clock.real_now())
            public = ["/log-in", "/portal/log-in", "/portal/log-in/sent", "/password/sent"]
            public.append("/api/v1/docs")
            for person_id, purpose in (
                (manager_id, LinkPurpose.PASSWORD),
                (people[-1][0], LinkPurpose.LOGIN),
            ):
                public.append(link_path(purpose, make_link(writing, entry, person_id, purpose)[1]))
            public += _behind_links(writing, entry)
            doubting = stage.contact_actor(writing, second, Role.ADVISER)
            say_wrong_person(writing, doubting, clock.moment(), second.id, Another(name="Piet"))
        db.session.remove()
    # No context stays open around what clients ask: Flask-Login would remember the first of them.
    follow(app, _visitor(app, locale), found, *public)
    for person_id, is_user in people:
        if not is_user and not pages_of(app) - found.pages.keys():
            break
        with app.app_context():
            row = db.session.get_one(PersonRow, person_id)
            row.locale = locale
            place = db.session.get_one(OrganisationRow, customer_id) if is_user else None
            client = app.test_client()
            stage.log_in(client, db.session(), clock.real_now(), row, place)
            db.session.remove()
        found.met.clear()
        follow(app, client, found, *starts[is_user])
    return found


def _step_with_own_text(session: Session) -> str:
    """Where a manager takes out what a step asks."""
    step = session.scalars(select(MilestoneRow).order_by(MilestoneRow.id).limit(1)).one()
    step.description = "Vraag het aan Jan."
    return f"/milestones/{step.id}/personal-data"


def _behind_links(session: Session, entry: Entry) -> list[str]:
    """What the links of a mail open: an open step, what mail its reader wants, or none of it."""
    contact, step = session.execute(
        select(ContactRow, MilestoneRow)
        .join(MilestoneRow, MilestoneRow.relation_id == ContactRow.relation_id)
        .join(PathwayRow, PathwayRow.id == MilestoneRow.pathway_id)
        .where(
            ContactRow.role == Role.SIGNATORY,
            ContactRow.retired_at.is_(None),
            MilestoneRow.state == "planned",
            MilestoneRow.owner == "supplier",
            PathwayRow.state == "agreed",
        )
        .order_by(MilestoneRow.id)
        .limit(1)
    ).one()
    asked = [
        LinkWanted(
            person_id=contact.person_id,
            purpose=purpose,
            relation_id=contact.relation_id,
            milestone_id=step.id if purpose is LinkPurpose.STEP else None,
        )
        for purpose in (LinkPurpose.STEP, LinkPurpose.WRONG_PERSON, LinkPurpose.MAIL_CHOICE)
    ]
    return [
        link_path(LinkPurpose(link.purpose), link_token(entry.secret_key, link.id, entry.now))
        for link in make_links(session, entry, asked)
    ]


def _bulk_pages(session: Session, actor: Actor, moment: Moment) -> list[str]:
    """Proposals in waves as they are shown first, and under way."""
    waves = Waves(first_on=moment.today + timedelta(days=30), size=5, working_days=5)
    wanted = Wanted(
        kind=BatchKind.PROPOSE, asked=SupplierFilter(), waves=waves, template="straight"
    )
    batch = begin(session, actor, moment, wanted, preview(session, actor, moment, wanted).seen)
    first_on = waves.first_on.isoformat()
    answers = f"template=straight&target=trede-1&first_on={first_on}&size=5&working_days=5"
    shown = f"/suppliers/bulk?do=propose&all=1&shown=1&{answers}"
    return [shown, f"/suppliers/batches/{batch.id}"]


def _list_of_certificates(session: Session, actor: Actor, moment: Moment) -> list[str]:
    """Rows about two suppliers, one that is none, and one that is wrong."""
    numbers = session.scalars(
        select(RelationRow.kvk_number).where(RelationRow.kvk_number.is_not(None)).limit(2)
    ).all()
    rows = [f"{n};Trede 2;1-3-{moment.today.year};1-3-2099;Kiwa" for n in (*numbers, "99999999")]
    head = "KvK-nummer;Trede;Geldig vanaf;Geldig tot en met;Instelling;Kleur"
    content = lists.a_csv(head, *rows, f"{numbers[0]};goud;;;;")
    sheet = read_sheet(content, CERTIFICATES.columns)
    row = upload(CERTIFICATES, session, actor, moment, "register.csv", sheet)
    return [
        "/certificates/check",
        f"/certificates/imports/{row.id}",
        f"/certificates/imports/{row.id}/columns",
    ]


def _visitor(app: Flask, locale: str) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["locale"] = locale
    return client


@pytest.mark.parametrize("locale", ["nl", "en"])
def test_every_page_is_clean(browser: Browser, app: Flask, address: str, locale: str) -> None:
    found = explore(app, locale)
    missing = sorted(pages_of(app) - found.pages.keys() - ELSEWHERE)
    context = browser.new_context(base_url=address, locale=locale)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(f"{page.url}: {message.text}"))
    wrong: list[str] = []
    name = str(app.config["SESSION_COOKIE_NAME"])
    for path, cookie in found.pages.values():
        context.clear_cookies()
        context.add_cookies([{"name": name, "value": cookie, "url": address}])
        wrong += [f"{path}: {what}" for what in _wrong(page, path, locale)]
    context.close()
    assert (wrong, complaints, missing) == ([], [], [])


def _wrong(page: Page, path: str, locale: str) -> Iterator[str]:
    page.set_viewport_size({"width": 1280, "height": 900})
    answer = page.goto(path)
    if answer is None or answer.status != 200:
        yield f"answers {answer and answer.status}"
        return
    if page.locator("html").get_attribute("lang") != locale:
        yield "is in another language"
    for width in (1280, 375, 320):
        page.set_viewport_size({"width": width, "height": 900})
        if overflow(page) > 0:
            yield f"overflows at {width} by {overflow(page)}"
        if width > 320 and (told := violations(page)):
            yield f"at {width}: {told}"
