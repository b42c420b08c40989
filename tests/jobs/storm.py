"""Workers that are killed at random moments and started again until nothing is owed any more.

Time passes only while nobody works: now and then all workers are killed at once and the clock is
moved past every lease. So no lease ends under the hands of a worker that lives, however slow the
machine is, and each copy that a reader gets twice has a kill or a dropped answer to explain it.

What they do is said by `mail_storm` and `webhook_storm`.
"""

import os
import random
import signal
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from pathlib import Path
from typing import ClassVar

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

ROOT = Path(__file__).parents[2]
FIRST = 30  # messages before the storm, of every kind that comes in it
LOOK = 0.3  # seconds between two looks at what is left
PATIENCE = 60.0  # seconds without an arrival, whatever the clock says
POWER_CUTS = 10  # of all kills, so many moments at which all workers go at once
A_WHILE = timedelta(minutes=1)


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


@dataclass(frozen=True, slots=True)
class Filled:
    """What must come of it: messages that are owed, and arrivals that carry them."""

    messages: int
    arrivals: int

    def __add__(self, other: "Filled") -> "Filled":
        return Filled(self.messages + other.messages, self.arrivals + other.arrivals)


@dataclass(slots=True, kw_only=True)
class Verdict:
    """Figures, and in `wrong` a sentence for each thing that must not be."""

    seconds: float
    kills: int
    in_hand: int = 0  # kills while the worker had something in hand
    sent: int = 0
    refused: int = 0
    dropped: int = 0  # answers
    copies: int = 0  # beyond the first of each
    explained: int = 0  # the most copies that kills and dropped answers explain
    wrong: list[str] = field(default_factory=list)


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
class Storm(ABC):
    """One storm over one database; `run` tells what came of it.

    In its folder lie `taken.jsonl`, to which the receiver adds a line for each arrival before it
    answers, and `moved`, which holds by how many seconds the day is moved.
    """

    SERVER: ClassVar[str]
    WORK: ClassVar[str]
    LEASE: ClassVar[timedelta]

    url: str
    folder: Path
    wanted: Wanted
    living: list[int] = field(default_factory=list)
    killed: int = 0
    in_hand: Counter[int] = field(default_factory=Counter)

    @abstractmethod
    def first_shift(self) -> timedelta:
        """By how much the day is moved when it begins."""

    @abstractmethod
    def fill(self, session: Session, messages: int, port: int) -> Filled:
        """So many messages to the receiver on that port."""

    @abstractmethod
    def left(self, session: Session, filled: Filled, now: datetime) -> Left:
        """Whether something is owed, and whether a worker that lives can do something about it."""

    @abstractmethod
    def held_by(self, session: Session, worker: int) -> list[int]:
        """What a worker that is dead had in hand."""

    @abstractmethod
    def judge(self, session: Session, filled: Filled, seconds: float) -> Verdict:
        """Hold what arrived against what was owed."""

    def run(self) -> Verdict:
        self.random = random.Random(self.wanted.seed)
        self.taken, self.moved = self.folder / "taken.jsonl", self.folder / "moved"
        self.taken.touch()
        self.shift = self.first_shift()
        self._move(timedelta())
        engine = create_engine(self.url)
        log = self.folder / "processes.log"
        server = Process(self.SERVER, self.taken, self.wanted.seed, self.folder, log=log)
        port = server.answer()
        filled = self._filled(engine, FIRST, port)
        self.nursery = Process("tests.jobs.storm_worker", self.url, self.moved, self.WORK, log=log)
        self.nursery.ask(f"warm {port}")
        filled += self._filled(engine, self.wanted.messages, port)
        started = time.monotonic()
        try:
            self._rage(engine, filled)
            for worker in list(self.living):
                self._end(worker)
            seconds = time.monotonic() - started
            with Session(engine) as session:
                return self.judge(session, filled, seconds)
        finally:
            self.nursery.end()
            server.end()
            engine.dispose()

    def is_living(self, owner: str) -> bool:
        """Whether who has a lease is a worker that lives."""
        return int(owner.split(":")[1]) in self.living

    def _rage(self, engine: Engine, filled: Filled) -> None:
        """Kill after random numbers of arrivals: a half at once, while the receiver answers."""
        moments = sorted(self.random.randrange(filled.arrivals) for _ in range(self.wanted.kills))
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
        try:
            with Session(engine) as session:
                return self.left(session, filled, datetime.now(UTC) + self.shift)
        except OperationalError:  # SQLite is written to all the time
            return Left.NOW

    def _kill(self, engine: Engine, *, is_cut: bool) -> None:
        for worker in list(self.living) if is_cut else [self.random.choice(self.living)]:
            self._end(worker)
            self.killed += 1
            self.in_hand.update(self._held_by(engine, worker))
        if is_cut:
            self._move(self.LEASE + A_WHILE)
        self._start()

    def _held_by(self, engine: Engine, worker: int) -> list[int]:
        while True:
            try:
                with Session(engine) as session:
                    return self.held_by(session, worker)
            except OperationalError:  # SQLite is written to all the time
                time.sleep(0.05)

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

    def _filled(self, engine: Engine, messages: int, port: int) -> Filled:
        with Session(engine) as session:
            filled = self.fill(session, messages, port)
            session.commit()
            session.execute(text("ANALYZE"))  # as a database does by itself after a while
            session.commit()
        return filled
