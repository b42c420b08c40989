"""How long others wait while a policy is published for many suppliers, on both databases.

`.venv/bin/python -m bench.publish_policy [SUPPLIERS]` drafts, counts and publishes a policy, and
prints for each part how many transactions it took and how long they lasted. A process beside it
decides about one supplier after the other: told is how long its changes took, before and meanwhile.
`--database sqlite` or `--database postgresql` takes one of the two.
"""

import multiprocessing
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bench import engines
from bench.supplier_list import AT_ONCE, NOW, fill
from onboarding.app import create_app
from onboarding.clock import Moment
from onboarding.domain.decisions import DecisionKind
from onboarding.domain.people import Actor, Role
from onboarding.domain.policy import Policy
from onboarding.domain.workdays import DAY
from onboarding.jobs.runs import REST
from onboarding.services.decisions import take_decision
from onboarding.services.policy.draft_work import work_on_drafts
from onboarding.services.policy.drafts import count_batch, draft_policy
from onboarding.services.policy.policies import UnitOfWork
from onboarding.services.policy.publishing import begin_publishing, prepare_batch
from onboarding.store.database import unit_of_work
from onboarding.store.tables import RelationRow
from tests import databases, stage

Step = Callable[[UnitOfWork, Moment, int], object]
Change = tuple[float, float]  # when a change of the other process began and ended
BEFORE, PAUSE = 3.0, 0.02  # seconds in which nothing is published; between two changes
MOMENT = Moment(now=NOW, today=NOW.astimezone(databases.zone()).date())


def main() -> None:
    parser = ArgumentParser()
    parser.add_argument("suppliers", type=int, nargs="?", default=10_000)
    parser.add_argument("--database", default=engines.ALL)
    asked = parser.parse_args()
    databases.own_run_folder()
    with TemporaryDirectory() as folder:
        for name in engines.found_of(asked.database):
            print(f"{name}, {asked.suppliers} suppliers", flush=True)
            measure(engines.empty(name, Path(folder), "bench"), asked.suppliers)


def measure(url: str, suppliers: int) -> None:
    with create_app(databases.settings(url)).app_context():
        with unit_of_work() as session:
            customer = stage.a_customer(session)
            person = stage.a_user(session, customer, Role.MANAGER)
            manager = stage.an_actor(customer, Role.MANAGER, person_id=person.id)
        for start in range(0, suppliers, AT_ONCE):
            numbers = range(start, min(start + AT_ONCE, suppliers))
            with unit_of_work() as session:
                fill(session, (manager.person_id or 0, manager.customer_id), MOMENT, numbers)
        with somebody_else(url, manager) as changes:
            sleep(BEFORE)
            parts = []
            for what, began, ended, took in published(manager):
                tell(what, took)
                parts.append((what, began, ended))
        print("  changes by another process beside it:")
        tell_waits("before", changes, 0, parts[0][1])
        for part in parts:
            tell_waits("while " + part[0], changes, *part[1:])


def published(manager: Actor) -> Iterator[tuple[str, float, float, list[float]]]:
    """Each part: when it began and ended, and how long each of its transactions took."""
    began = perf_counter()
    draft_id = drafted(manager)
    took = timed(count_batch, draft_id)
    yield "counting", began, perf_counter(), took[:-1]
    with unit_of_work() as session:
        begin_publishing(session, manager, MOMENT, draft_id)
    began = perf_counter()
    took = timed(prepare_batch, draft_id)[:-1]  # the last one finds nothing to be done
    ended = perf_counter()
    yield "preparing", began, ended - took[-1], took[:-1]
    yield "making visible", ended - took[-1], ended, took[-1:]
    took = timed(put_in_place, draft_id)
    yield "putting in place", ended, perf_counter(), took


def drafted(manager: Actor) -> int:
    wanted = Policy(version=0, starts_on=MOMENT.today + DAY, clock_decides=True)
    with unit_of_work() as session:
        return draft_policy(session, manager, MOMENT, wanted, seen=1).id


def put_in_place(one_unit: UnitOfWork, moment: Moment, _draft_id: int) -> bool:
    return work_on_drafts(one_unit, lambda: moment, most=1) > 0


def timed(step: Step, draft_id: int) -> list[float]:
    """The seconds that each transaction took, until nothing was left to do.

    Between them others get their turn, as when the worker does it.
    """
    took: list[float] = []

    @contextmanager
    def one_unit() -> Iterator[Session]:
        before = perf_counter()
        with unit_of_work() as session:
            yield session
        took.append(perf_counter() - before)

    while step(one_unit, MOMENT, draft_id):
        sleep(REST)
    return took


@contextmanager
def somebody_else(url: str, manager: Actor) -> Iterator[list[Change]]:
    """A process that changes one supplier after the other; what it took is there at the end."""
    processes = multiprocessing.get_context("spawn")
    ours, theirs = processes.Pipe()
    process = processes.Process(target=go_on_changing, args=(url, manager, theirs))
    process.start()
    theirs.close()  # so that one that ends too early is noticed
    ours.recv()  # it has begun
    changes: list[Change] = []
    yield changes
    ours.send("enough")
    changes += ours.recv()
    process.join()


def go_on_changing(url: str, manager: Actor, told: Any) -> None:
    changes: list[Change] = []
    with create_app(databases.settings(url)).app_context():
        with unit_of_work() as session:
            ids = session.scalars(select(RelationRow.id).order_by(RelationRow.id)).all()
        for turn, relation_id in enumerate(cycle(ids[:: max(len(ids) // 1000, 1)])):
            before = perf_counter()
            with unit_of_work() as session:
                take_decision(
                    session,
                    manager,
                    MOMENT,
                    relation_id,
                    DecisionKind.EXEMPT,
                    reason=f"Te klein, {turn}.",
                    starts_on=MOMENT.today,
                    ends_on=MOMENT.today + (turn % 90) * DAY,
                )
            if turn == 0:
                told.send("begun")  # the first one imports and compiles
            else:
                changes.append((before, perf_counter()))
            if told.poll(PAUSE):
                break
    told.send(changes)


def tell(what: str, took: Sequence[float]) -> None:
    print(
        f"  {what:16} {len(took):4} transactions,"
        f" middle {median(took):.3f} s, longest {max(took):.3f} s",
        flush=True,
    )


def tell_waits(what: str, changes: Sequence[Change], began: float, ended: float) -> None:
    """Of the other process's changes those that went on at any time of this part."""
    took = [to - since for since, to in changes if to >= began and since <= ended]
    if took:
        print(
            f"    {what:22} {len(took):5}, middle {median(took):.3f} s, longest {max(took):.3f} s",
            flush=True,
        )


if __name__ == "__main__":
    main()
