"""How long others wait while a policy is published for many suppliers, on both databases.

`.venv/bin/python -m bench.publish_policy [SUPPLIERS]` drafts, counts and publishes a policy, and
prints for each part how many transactions it took and how long they lasted. The locks of a
transaction are all that another writer waits for.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from flask import Flask
from sqlalchemy.orm import Session

from bench.supplier_list import AT_ONCE, NOW, fill
from onboarding.app import create_app
from onboarding.clock import Moment
from onboarding.domain.people import Actor, Role
from onboarding.domain.policy import Policy
from onboarding.domain.workdays import DAY
from onboarding.services.policy_drafts import count_batch, draft_policy
from onboarding.services.policy_publishing import begin_publishing, prepare_batch
from onboarding.store.database import unit_of_work
from tests import cluster, databases, stage

Step = Callable[..., bool]


def main() -> None:
    suppliers = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    databases.own_run_folder()
    with TemporaryDirectory() as folder:
        urls: dict[str, Callable[[], str]] = {
            "SQLite": lambda: databases.copy_sqlite(Path(folder), "bench"),
        }
        if cluster.binaries() is not None:
            urls["PostgreSQL"] = lambda: databases.copy_postgresql("bench")
        for name, url in urls.items():
            print(f"{name}, {suppliers} suppliers")
            measure(create_app(databases.settings(url())), suppliers)


def measure(app: Flask, suppliers: int) -> None:
    moment = Moment(now=NOW, today=NOW.astimezone(databases.zone()).date())
    with app.app_context():
        with unit_of_work() as session:
            customer = stage.a_customer(session)
            person = stage.a_user(session, customer, Role.MANAGER)
            manager = stage.an_actor(customer, Role.MANAGER, person_id=person.id)
        for start in range(0, suppliers, AT_ONCE):
            numbers = range(start, min(start + AT_ONCE, suppliers))
            with unit_of_work() as session:
                fill(session, (manager.person_id or 0, manager.customer_id), moment, numbers)
        draft_id = drafted(manager, moment)
        tell("counting", timed(count_batch, moment, draft_id))
        with unit_of_work() as session:
            begin_publishing(session, manager, moment, draft_id)
        steps = timed(prepare_batch, moment, draft_id)
        tell("preparing", steps[:-1])
        tell("making visible", steps[-1:])


def drafted(manager: Actor, moment: Moment) -> int:
    wanted = Policy(version=0, starts_on=moment.today + DAY, clock_decides=True)
    with unit_of_work() as session:
        return draft_policy(session, manager, moment, wanted, seen=1).id


def timed(step: Step, moment: Moment, draft_id: int) -> list[float]:
    """The seconds that each transaction took, until nothing was left to do."""
    took: list[float] = []

    @contextmanager
    def one_unit() -> Iterator[Session]:
        before = perf_counter()
        with unit_of_work() as session:
            yield session
        took.append(perf_counter() - before)

    while step(one_unit, moment, draft_id):
        pass
    return took[:-1]


def tell(what: str, took: list[float]) -> None:
    print(
        f"  {what:16} {len(took):4} transactions,"
        f" middle {median(took):.2f} s, longest {max(took):.2f} s"
    )


if __name__ == "__main__":
    main()
