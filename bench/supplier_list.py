"""How long the list of 10,000 suppliers takes beside that of 100, on both databases.

`.venv/bin/python -m bench.supplier_list` fills a database of each kind with two customers, asks
for the page through the application, and prints the middle of the times and their ratio.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from flask.testing import FlaskClient
from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from bench import engines
from onboarding.app import create_app
from onboarding.clock import Clock, Moment
from onboarding.domain.people import Role
from onboarding.services.statuses import reassess
from onboarding.services.suppliers import add_suppliers
from onboarding.store.database import db, unit_of_work
from onboarding.store.tables import (
    MilestoneRow,
    OrganisationRow,
    PathwayRow,
    PathwayVersionRow,
    PersonRow,
    RelationRow,
)
from tests import databases, stage

SIZES = (100, 10_000)
TIMES = 25
AT_ONCE = 1000
STEPS = 11
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
PAGES = {
    "the list": "/suppliers",
    "its last page": "/suppliers?page=9999",
    "by spend": "/suppliers?sort=-spend",
    "by next day": "/suppliers?sort=next",
    "one status": "/suppliers?status=conditional",
    "a search": "/suppliers?q=drukkerij+77",
}


def main() -> None:
    databases.own_run_folder()
    with TemporaryDirectory() as folder:
        for name in engines.found_of(engines.ALL):
            with filled(engines.empty(name, Path(folder), "bench")) as clients:
                tell(name, clients)


def tell(name: str, clients: list[FlaskClient]) -> None:
    """A line for each page: the middle of its times with few and with many, and the ratio."""
    print(f"{name:<24}{SIZES[0]:>10,}{SIZES[1]:>10,}     ratio")
    for page, address in PAGES.items():
        # Asked in turns, so that what else the machine does weighs on both alike.
        times = [[milliseconds(client, address) for client in clients] for _ in range(TIMES + 1)]
        few, many = (median(of_one) for of_one in zip(*times[1:], strict=True))
        print(f"  {page:<22}{few:>7.1f} ms{many:>7.1f} ms{many / few:>9.2f}")


def milliseconds(client: FlaskClient, address: str) -> float:
    start = perf_counter()
    answer = client.get(address)
    assert answer.status_code == 200, answer.status
    return (perf_counter() - start) * 1000


@contextmanager
def filled(url: str) -> Iterator[list[FlaskClient]]:
    """Log-ins at two customers, one of each size, of an application on the database."""
    app = create_app(databases.settings(url))
    zone = databases.zone()
    app.extensions["clock"] = FixedClock(zone)
    moment = Moment(now=NOW, today=NOW.astimezone(zone).date())
    with app.app_context():
        people = []
        for size in SIZES:
            with unit_of_work() as session:
                customer = stage.a_customer(session, f"Klant met {size}")
                person = stage.a_user(session, customer, Role.MANAGER)
                people.append((person.id, customer.id))
            for start in range(0, size, AT_ONCE):
                with unit_of_work() as session:
                    fill(session, people[-1], moment, range(start, min(start + AT_ONCE, size)))
        with unit_of_work() as session:
            session.execute(text("ANALYZE"))
        clients = []
        for person_id, customer_id in people:
            with unit_of_work() as session:
                person = session.get_one(PersonRow, person_id)
                customer = session.get_one(OrganisationRow, customer_id)
                clients.append(stage.log_in(app.test_client(), session, NOW, person, customer))
        db.session.remove()
    yield clients
    with app.app_context():
        db.engine.dispose()


class FixedClock(Clock):
    """Stands still, so that every run sees the same days."""

    def real_now(self) -> datetime:
        return NOW


def fill(session: Session, who: tuple[int, int], moment: Moment, numbers: range) -> None:
    """Suppliers of which one in three has a running pathway and one in three was proposed to."""
    person_id, customer_id = who
    customer = session.get_one(OrganisationRow, customer_id)
    actor = stage.an_actor(customer, Role.MANAGER, person_id=person_id)
    given = [
        {
            "name": f"{('Drukkerij', 'Bakkerij', 'Hovenier')[n % 3]} {n:05}",
            "kvk_number": f"{10_000_000 + n}",
            "city": "Gouda",
            "spend": n * 10,
            "buyer_id": person_id,
        }
        for n in numbers
    ]
    ids = add_suppliers(session, actor, moment, given, "list")
    enrolled = [relation_id for n, relation_id in enumerate(ids) if n % 3]
    session.execute(
        update(RelationRow).where(RelationRow.id.in_(enrolled)).values(enrolled_on=moment.today)
    )
    session.execute(insert(PathwayRow), [a_pathway(moment, one) for one in enrolled])
    pathways = session.execute(
        select(PathwayRow.id, PathwayRow.relation_id).where(
            PathwayRow.relation_id.in_(enrolled), PathwayRow.state == "agreed"
        )
    ).all()
    session.execute(
        insert(PathwayVersionRow), [a_version(moment, pathway) for pathway, _ in pathways]
    )
    session.execute(
        insert(MilestoneRow),
        [
            a_milestone(moment, pathway, relation_id, place)
            for pathway, relation_id in pathways
            for place in range(STEPS)
        ],
    )
    session.expire_all()
    reassess(session, moment, ids)


def a_pathway(moment: Moment, relation_id: int) -> dict[str, object]:
    is_agreed = relation_id % 2 == 0
    return {
        "relation_id": relation_id,
        "state": "agreed" if is_agreed else "proposed",
        "starts_on": moment.today,
        "steps": [],
        "drafted_on": moment.today,
        "proposed_on": moment.today,
        "turn_since_on": moment.today,
        "window_ends_on": None if is_agreed else moment.today + timedelta(days=relation_id % 60),
        "agreed_on": moment.today if is_agreed else None,
        "target": "trede-1",
        "version_number": 1 if is_agreed else 0,
        "cure_working_days": 10,
    }


def a_version(moment: Moment, pathway_id: int) -> dict[str, object]:
    return {
        "pathway_id": pathway_id,
        "number": 1,
        "content": "{}",
        "content_sha256": f"{pathway_id:064x}",
        "agreed_at": moment.now,
        "agreed_on": moment.today,
        "for_buyer": {},
        "for_supplier": {},
    }


def a_milestone(moment: Moment, pathway_id: int, relation_id: int, place: int) -> dict[str, object]:
    due_on = moment.today + timedelta(days=20 * place + relation_id % 17 - 5)
    return {
        "pathway_id": pathway_id,
        "relation_id": relation_id,
        "position": place,
        "title": f"Stap {place}",
        "owner": "supplier",
        "is_reviewed": False,
        "state": "planned",
        "original_due_on": due_on,
        "due_on": due_on,
    }


if __name__ == "__main__":
    main()
