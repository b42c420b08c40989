"""Recomputing many statuses beside the same reads and writes with a constant verdict.

`.venv/bin/python -m bench.reassess` fills two databases of each kind with suppliers on a pathway of
eleven steps (`--relations` tells how many) and assesses them in batches, in turns: on one with the
rules, on the other with a timeline of as many periods that is always the same. Once when nothing
was stored yet, so that all is written; once more, when all is read and nothing differs. Told are
the sums, and the middle of the ratios of the batches; then by how much the memory of a process of
its own rises while it assesses few and many.
"""

import re
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any
from unittest.mock import patch

from flask import Flask
from sqlalchemy import text

from bench import engines, relations
from onboarding.domain.eligibility import Period, timeline
from onboarding.services import statuses
from onboarding.services.policy.policies import reassess_all
from onboarding.services.statuses import policies_of, reassess_customer
from onboarding.store.database import db, unit_of_work
from onboarding.store.facts import load_facts
from tests import databases

MANY, FEW = 10_000, 1_000


@dataclass
class Recomputed:
    """Seconds of each batch on both sides, and what each side wrote."""

    name: str
    relations: int
    rules: dict[str, list[float]] = field(default_factory=dict)
    constant: dict[str, list[float]] = field(default_factory=dict)
    written: list[tuple[int, int]] = field(default_factory=list)
    changed: dict[str, tuple[int, int]] = field(default_factory=dict)
    megabytes: dict[int, float] = field(default_factory=dict)

    def ratio(self, what: str) -> float:
        turns = zip(self.rules[what], self.constant[what], strict=True)
        return median(one / other for one, other in turns)


@dataclass(frozen=True)
class Side:
    """A filled database, and the function that gives its timelines."""

    app: Flask
    customer_id: int
    timeline: Callable[..., tuple[Period, ...]]

    def batch(self, after_id: int) -> tuple[float, statuses.Batch]:
        with self.app.app_context(), patch.object(statuses, "timeline", self.timeline):
            start = perf_counter()
            with unit_of_work() as session:
                done = reassess_customer(session, relations.MOMENT, self.customer_id, after_id)
            took = perf_counter() - start
            db.session.remove()
        return took, done

    def written(self) -> tuple[int, int]:
        """How many assessments and periods there are."""
        with self.app.app_context(), db.engine.connect() as connection:
            counts = [
                connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0
                for table in ("assessments", "status_periods")
            ]
        return counts[0], counts[1]


def main(arguments: list[str] | None = None) -> list[Recomputed]:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--relations", type=int, default=MANY)
    parser.add_argument("--database", default=engines.ALL)
    parser.add_argument("--memory-of", help="only assess what is in this database")
    asked = parser.parse_args(arguments)
    if asked.memory_of:
        print(_memory_here(asked.memory_of))
        return []
    databases.own_run_folder()
    found = []
    for name in engines.found_of(asked.database):
        with TemporaryDirectory() as folder:
            told = Recomputed(name=name, relations=asked.relations)
            compare(told, name, Path(folder))
            for count in (min(FEW, asked.relations // 2), asked.relations):
                told.megabytes[count] = _memory(name, Path(folder), count)
            tell(told)
            found.append(told)
    return found


def compare(told: Recomputed, name: str, folder: Path) -> None:
    with (
        filled(name, folder, "rules", told.relations, timeline) as rules,
        filled(name, folder, "constant", told.relations, None) as constant,
    ):
        for what in ("all is written", "nothing differs"):
            of_rules, of_constant, after_id = [], [], 0
            changed = [0, 0]
            while True:
                took, done = rules.batch(after_id)
                took_constant, done_constant = constant.batch(after_id)
                if not done.seen:
                    break
                of_rules.append(took)
                of_constant.append(took_constant)
                changed[0] += done.changed
                changed[1] += done_constant.changed
                after_id = done.last_id
            told.rules[what], told.constant[what] = of_rules, of_constant
            told.changed[what] = changed[0], changed[1]
        told.written = [rules.written(), constant.written()]


@contextmanager
def filled(
    name: str,
    folder: Path,
    called: str,
    count: int,
    of: Callable[..., tuple[Period, ...]] | None,
) -> Iterator[Side]:
    """Suppliers without a status; where no timeline is given, that of the first for all."""
    app = relations.application(engines.empty(name, folder, called))
    with app.app_context():
        customer_id = relations.fill(count, only_pathways=True, is_assessed=False)
        if of is None:
            session = db.session()
            facts = load_facts(session, [1])[1]
            same = timeline(facts, policies_of(session, customer_id), relations.MOMENT.today)
            db.session.remove()
            yield Side(app, customer_id, lambda *_: same)
        else:
            yield Side(app, customer_id, of)
        db.engine.dispose()


def _memory(name: str, folder: Path, count: int) -> float:
    """Megabytes by which a process rises that assesses so many, after its first batch."""
    url = engines.empty(name, folder, f"memory_{count}")
    app = relations.application(url)
    with app.app_context():
        relations.fill(count, only_pathways=True, is_assessed=False)
        db.engine.dispose()
    told = subprocess.run(
        [sys.executable, "-m", "bench.reassess", "--memory-of", url],
        cwd=Path(__file__).parents[1],
        check=True,
        capture_output=True,
        text=True,
    )
    return float(told.stdout)


def _memory_here(url: str) -> float:
    app = relations.application(url)
    with app.app_context():
        customer_id = db.session().scalar(text("SELECT min(customer_id) FROM relations")) or 0
        with unit_of_work() as session:
            reassess_customer(session, relations.MOMENT, customer_id)
        db.session.remove()
        Path("/proc/self/clear_refs").write_text("5")  # the highest use is that of now
        before = _peak()
        done: Any = reassess_all(unit_of_work, relations.MOMENT, customer_id)
        assert done.seen == db.session().scalar(text("SELECT count(*) FROM relations"))
        return _peak() - before


def _peak() -> float:
    status = Path("/proc/self/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024


def tell(told: Recomputed) -> None:
    print(f"{told.name}, {told.relations:,} relations of {relations.STEPS} steps")
    (assessments, periods), other = told.written
    print(f"  written: {assessments:,} assessments with {periods:,} periods, the other {other}")
    for what in told.rules:
        one, other_seconds = sum(told.rules[what]), sum(told.constant[what])
        each = one / told.relations * 1000
        print(
            f"  {what:<18}{one:>8.1f} s{other_seconds:>8.1f} s   ratio {told.ratio(what):.2f}"
            f"   {each:.2f} ms each; changed: {told.changed[what]}"
        )
    for count, megabytes in told.megabytes.items():
        print(f"  memory rises by {megabytes:.1f} MB over {count:,}", flush=True)


if __name__ == "__main__":
    main()
