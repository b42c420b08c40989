"""Workers that are killed at random moments and started again until nothing is owed any more.

Time passes only while nobody works: now and then all workers are killed at once and the clock is
moved past every lease. So no lease ends under the hands of a worker that lives, however slow the
machine is, and each copy that a reader gets twice has a kill or a dropped answer to explain it.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from pathlib import Path

from sqlalchemy import Engine, create_engine, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from onboarding.services.delivery import LEASE
from onboarding.store.tables import MailRow, MessageRow
from tests.jobs.storm_stage import NOW, Filled, fill
from tests.jobs.storm_verdict import Verdict, judge

ROOT = Path(__file__).parents[2]
JUMP = LEASE + timedelta(minutes=1)
FIRST = 30  # messages before the storm, of every kind that comes in it
LOOK = 0.3  # seconds between two looks at what is left
PATIENCE = 60.0  # seconds without a mail, whatever the clock says
OPEN = ("planned", "queued", "sending")
POWER_CUTS = 10  # of all kills, so many moments at which all workers go at once


class Left(Enum):
    """What is still owed: something that can go, or only what waits for the clock."""

    NOTHING = auto()
    LATER = auto()
    NOW = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How heavy a storm."""

    workers: int
    kills: int
    messages: int
    seed: int = 1


class Process:
    """A program that is spoken to by lines, and ends when its input does."""

    def __init__(self, module: str, *arguments: object, log: Path) -> None:
        self._log = log.open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *map(str, arguments)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )

    def ask(self, line: str) -> int:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return self.answer()

    def answer(self) -> int:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"it ended; see {self._log.name}"
        return int(line)

    def end(self) -> None:
        self._process.communicate()
        self._log.close()


@dataclass
class Storm:
    """One storm over one database; `run` tells what came of it."""

    url: str
    folder: Path
    wanted: Wanted
    living: list[int] = field(default_factory=list)
    killed: int = 0
    in_hand: Counter[int] = field(default_factory=Counter)

    def run(self) -> Verdict:
        self.random = random.Random(self.wanted.seed)
        self.taken, self.moved = self.folder / "taken.jsonl", self.folder / "moved"
        self.taken.touch()
        self.shift = NOW - datetime.now(UTC)
        self._move(timedelta())
        engine = create_engine(self.url)
        filled = _filled(engine, FIRST)
        log = self.folder / "processes.log"
        server = Process("tests.jobs.storm_server", self.taken, self.wanted.seed, log=log)
        self.nursery = Process("tests.jobs.storm_worker", self.url, self.moved, log=log)
        self.nursery.ask(f"warm {server.answer()}")
        filled += _filled(engine, self.wanted.messages)
        started = time.monotonic()
        try:
            self._rage(engine, filled)
            for worker in list(self.living):
                self._end(worker)
            seconds = time.monotonic() - started
            with Session(engine) as session:
                return judge(session, self.taken, filled, self.in_hand, self.killed, seconds)
        finally:
            self.nursery.end()
            server.end()
            engine.dispose()

    def _rage(self, engine: Engine, filled: Filled) -> None:
        """Kill after random numbers of mails: a half at once, while the server still answers."""
        moments = sorted(self.random.randrange(filled.mails) for _ in range(self.wanted.kills))
        cuts = set(moments[:: max(1, self.wanted.kills // POWER_CUTS)])
        self._start()
        seen, since = 0, time.monotonic()
        looked = 0.0
        while True:
            taken = self.taken.read_bytes().count(b"\n")
            if taken > seen:
                seen, since = taken, time.monotonic()
            assert time.monotonic() - since < PATIENCE, "nothing goes any more"
            if moments and taken >= moments[0]:
                time.sleep(self.random.choice((0, self.random.uniform(0, 0.2))))
                self._kill(engine, is_cut=moments.pop(0) in cuts)
            elif time.monotonic() - looked > LOOK:
                looked = time.monotonic()
                left = self._left(engine, filled)
                if left is Left.NOTHING:
                    return
                if left is Left.LATER:
                    moments = moments[1:]
                    self._kill(engine, is_cut=True)
            time.sleep(0.005)

    def _left(self, engine: Engine, filled: Filled) -> Left:
        """Whether something is owed, and whether a worker that lives can do something about it."""
        now = datetime.now(UTC) + self.shift
        owed = select(MessageRow.state, MessageRow.due_at).where(MessageRow.state.in_(OPEN))
        mails = select(
            MailRow.state, MailRow.next_at, MailRow.lease_owner, MailRow.lease_until
        ).where(MailRow.state.in_(OPEN))
        try:
            with Session(engine) as session:
                total = session.scalar(select(func.count(MessageRow.id))) or 0
                messages, in_mails = session.execute(owed).all(), session.execute(mails).all()
        except OperationalError:  # SQLite is written to all the time
            return Left.NOW
        if total < filled.messages:
            return Left.NOW
        if not messages:
            return Left.NOTHING
        is_due = any(state != "sending" and due_at <= now for state, due_at in messages)
        for state, next_at, owner, until in in_mails:
            if state == "queued":
                is_due |= next_at <= now
            else:
                is_due |= int(owner.split(":")[1]) in self.living or until < now
        return Left.NOW if is_due else Left.LATER

    def _kill(self, engine: Engine, *, is_cut: bool) -> None:
        for worker in list(self.living) if is_cut else [self.random.choice(self.living)]:
            self._end(worker)
            self.killed += 1
            self.in_hand.update(_held_by(engine, worker))
        if is_cut:
            self._move(JUMP)
        self._start()

    def _end(self, worker: int) -> None:
        os.kill(worker, signal.SIGKILL)
        self.nursery.ask(f"reap {worker}")
        self.living.remove(worker)

    def _start(self) -> None:
        while len(self.living) < self.wanted.workers:
            self.living.append(self.nursery.ask("start"))

    def _move(self, by: timedelta) -> None:
        self.shift += by
        new = self.moved.with_suffix(".new")
        new.write_text(f"{self.shift.total_seconds()}")
        new.replace(self.moved)


def _filled(engine: Engine, messages: int) -> Filled:
    with Session(engine) as session:
        filled = fill(session, messages)
        session.commit()
        session.execute(text("ANALYZE"))  # as a database does by itself after a while
        session.commit()
    return filled


def _held_by(engine: Engine, worker: int) -> list[int]:
    """The mails that a worker who is dead had in hand: one, or none."""
    held = select(MailRow.id).where(
        MailRow.state == "sending", MailRow.lease_owner.contains(f":{worker}:")
    )
    while True:
        try:
            with Session(engine) as session:
                return list(session.scalars(held))
        except OperationalError:  # SQLite is written to all the time
            time.sleep(0.05)
