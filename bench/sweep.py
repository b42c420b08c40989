"""How long a sweep takes beside the one statement that does the same, and how it grows.

`.venv/bin/python -m bench.sweep` fills databases of each kind with 10,000 and 1,000,000 open
milestones (`--milestones` takes another number for the larger), sweeps them, and runs by hand, on
the same rows and in its own transaction, the INSERT … SELECT that owes the reminders. They take
turns; told are the middle of the times and of the ratios, and the rows that each found.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from flask import Flask
from sqlalchemy import text

from bench import engines, milestones
from bench.by_hand import owe_reminders
from bench.memory import growth_of_a_sweep
from onboarding.app import create_app
from onboarding.jobs import runs
from onboarding.store.database import db
from tests import databases

FEW, MANY = 10_000, 1_000_000
SOME_DUE, MANY_DUE = 1_300, 80_000
ROUNDS = 7


@dataclass
class Swept:
    """The times of one database, in milliseconds, and the rows found on each side."""

    name: str
    milestones: int
    due: int
    sweeps: list[float] = field(default_factory=list)
    by_hand: list[float] = field(default_factory=list)
    found: set[int] = field(default_factory=set)
    found_by_hand: set[int] = field(default_factory=set)
    megabytes: float = 0.0

    @property
    def ratio(self) -> float:
        """Of the turns, so that what else the machine does weighs on both alike."""
        return median(one / other for one, other in zip(self.sweeps, self.by_hand, strict=True))


@dataclass(frozen=True)
class Database:
    """A filled database and the application that works on it."""

    app: Flask
    url: str
    swept: Swept

    def turn(self) -> None:
        """Once each; what either owed is taken away again."""
        self.swept.sweeps.append(milliseconds(self.sweep))
        self.swept.found.add(self.forget())
        self.swept.by_hand.append(milliseconds(self.by_hand))
        self.swept.found_by_hand.add(self.forget())

    def sweep(self) -> None:
        runs.sweep(self.app, milestones.MOMENT)

    def by_hand(self) -> None:
        with self.app.app_context():
            owe_reminders(db.engine, milestones.MOMENT)

    def forget(self) -> int:
        """Empty the ledger; returns how many reminders were in it."""
        with self.app.app_context(), db.engine.connect() as connection:
            kind = "kind = 'milestone-reminder'"
            found = connection.scalar(text(f"SELECT count(*) FROM messages WHERE {kind}"))
            connection.commit()
            connection = connection.execution_options(writes=True)
            connection.execute(text("DELETE FROM messages"))
            connection.commit()
            if connection.dialect.name == "postgresql":
                alone = connection.execution_options(isolation_level="AUTOCOMMIT")
                alone.exec_driver_sql("VACUUM messages")
        return found or 0


def main(arguments: list[str] | None = None) -> list[Swept]:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--milestones", type=int, default=MANY)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--database", default=engines.ALL)
    asked = parser.parse_args(arguments)
    many = asked.milestones
    few = min(FEW, many // 10)
    some = min(SOME_DUE, few // 2)
    sizes = [(few, 0), (many, 0), (few, some), (many, some), (many, min(MANY_DUE, many // 2))]
    databases.own_run_folder()
    found = []
    for name in engines.found_of(asked.database):
        with TemporaryDirectory() as folder, filled(name, Path(folder), sizes) as each:
            for one in each:  # what a worker makes once: statements, connections
                one.sweep()
                one.forget()
            for _ in range(asked.rounds):
                for one in each:
                    one.turn()
            for one in each:
                one.swept.megabytes = growth_of_a_sweep(one.url)
                one.forget()
            tell(name, [one.swept for one in each])
            found += [one.swept for one in each]
    return found


@contextmanager
def filled(name: str, folder: Path, sizes: list[tuple[int, int]]) -> Iterator[list[Database]]:
    made = []
    for number, due in sizes:
        called = f"bench_{number}_{due}"
        url = engines.empty(name, folder, called)
        milestones.fill(url, number, due)
        swept = Swept(name=name, milestones=number, due=due)
        made.append(Database(app=create_app(databases.settings(url)), url=url, swept=swept))
    yield made
    for one in made:
        with one.app.app_context():
            db.engine.dispose()


def milliseconds(work: Callable[[], None]) -> float:
    start = perf_counter()
    work()
    return (perf_counter() - start) * 1000


def tell(name: str, swept: list[Swept]) -> None:
    print(
        f"{name:<12}{'milestones':>12}{'due':>9}{'rows found':>18}{'sweep':>11}{'by hand':>11}"
        f"{'ratio':>8}{'memory':>10}"
    )
    for one in swept:
        rows = f"{sorted(one.found)[0]:,}/{sorted(one.found_by_hand)[0]:,}"
        print(
            f"{'':<12}{one.milestones:>12,}{one.due:>9,}{rows:>18}{median(one.sweeps):>8.1f} ms"
            f"{median(one.by_hand):>8.1f} ms{one.ratio:>8.2f}{one.megabytes:>7.1f} MB"
        )
    for what, few, many in (
        ("nothing due", swept[0], swept[1]),
        (f"{swept[2].due:,} due", swept[2], swept[3]),
    ):
        for whose in ("sweeps", "by_hand"):
            turns = zip(getattr(many, whose), getattr(few, whose), strict=True)
            grown = median(one / other for one, other in turns)
            label = f"{what}, {few.milestones:,} → {many.milestones:,}, {whose.replace('_', ' ')}"
            print(f"{'':<12}{label:<62}{grown:>8.2f}")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
