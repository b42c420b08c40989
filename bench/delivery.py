"""How fast mail is delivered beside a plain loop, and how much faster by four workers than by one.

`.venv/bin/python -m bench.delivery` owes messages (`--messages` in each turn; half of them
reminders from the sweep, some in digests) on a database of each kind, and lets the delivery and
the loop of `bench/mail_by_hand.py` send them in turns, to a mail server in a process of its own.
Then, on PostgreSQL, one worker and four workers take turns. Told are mails a second and the middle
of the ratios, with what each side sent and the processor time that a mail took of it.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from bench import engines
from bench.crew import Crew, an_app
from bench.mail_by_hand import ByHand
from bench.smtp_server import MailServer
from onboarding.jobs import runs
from onboarding.services.mail.letters import Sender
from onboarding.store.database import db
from tests import databases
from tests.jobs.storm_stage import MOMENT, fill

MESSAGES, ROUNDS, WARM = 400, 7, 40
MANY = 4


@dataclass
class Side:
    """Mails a second, milliseconds of processor time for a mail, and what was sent, by turn."""

    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    mails: int = 0
    messages: int = 0
    taken: int = 0
    bytes: int = 0


@dataclass
class Compared:
    """Two sides that took turns on one database."""

    name: str
    sides: dict[str, Side]

    @property
    def ratio(self) -> float:
        """Of the first side's rate to the second's, in the same turn."""
        one, other = self.sides.values()
        return median(a / b for a, b in zip(one.rates, other.rates, strict=True))


def main(arguments: list[str] | None = None) -> list[Compared]:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=MESSAGES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--database", default=engines.ALL)
    asked = parser.parse_args(arguments)
    databases.own_run_folder()
    found = []
    for name in engines.found_of(asked.database):
        with served(name) as (app, server):
            found.append(tell(beside_a_loop(name, app, server, asked.messages, asked.rounds)))
            if name == "postgresql":
                found.append(tell(one_and_four(app, server, asked.messages, asked.rounds)))
    return found


def beside_a_loop(
    name: str, app: Flask, server: MailServer, messages: int, rounds: int
) -> Compared:
    with app.app_context():
        sender = Sender(
            address=app.config["MAIL_DEFAULT_SENDER"],
            public_url=app.config["PUBLIC_URL"],
            secret_key=app.config["SECRET_KEY"],
            zone=databases.zone(),
        )
        loop = ByHand(db.engine, MOMENT, sender, server.port)
    ways: dict[str, Callable[[], int]] = {
        "delivery": lambda: runs.deliver(app).sent,
        "loop": loop.deliver,
    }
    found = Compared(name, {way: Side() for way in ways})
    for turn in range(rounds + 1):
        for way, deliver in ways.items():
            owe(app, messages if turn else WARM)
            before = sent(app), server.taken(), process_time(), perf_counter()
            mails = deliver()
            seconds, cpu = perf_counter() - before[3], process_time() - before[2]
            if turn:
                count(found.sides[way], app, server, mails, before[0], before[1])
                found.sides[way].rates.append(mails / seconds)
                found.sides[way].costs.append(cpu / mails * 1000)
    loop.close()
    return found


def one_and_four(app: Flask, server: MailServer, messages: int, rounds: int) -> Compared:
    found = Compared("postgresql", {"4 workers": Side(), "1 worker": Side()})
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    with Crew(url, server.port, 1) as one, Crew(url, server.port, MANY) as four:
        for turn in range(rounds + 1):
            for crew, side in zip((four, one), found.sides.values(), strict=True):
                owe(app, messages if turn else WARM * MANY)
                before = sent(app), server.taken(), perf_counter()
                mails, cpu = crew.deliver()
                seconds = perf_counter() - before[2]
                if turn:
                    count(side, app, server, mails, before[0], before[1])
                    side.rates.append(mails / seconds)
                    side.costs.append(cpu / mails * 1000)
    return found


def count(
    side: Side, app: Flask, server: MailServer, mails: int, before: tuple[int, int], taken: int
) -> None:
    """What stands in the database and at the mail server that was not there before."""
    now = sent(app)
    side.mails += mails
    side.messages += now[0] - before[0]
    side.bytes += now[1] - before[1]
    side.taken += server.taken() - taken


def sent(app: Flask) -> tuple[int, int]:
    """How many messages were sent, and how long all mails are."""
    with app.app_context(), db.engine.connect() as connection:
        row = connection.execute(
            text(
                "SELECT (SELECT count(*) FROM messages WHERE state = 'sent'), "
                "(SELECT coalesce(sum(length(body)), 0) FROM mails WHERE state = 'sent')"
            )
        ).one()
    return int(row[0]), int(row[1])


def owe(app: Flask, messages: int) -> None:
    """So many more, due now."""
    engine = create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
    with Session(engine) as session:
        fill(session, messages)
        session.commit()
        session.execute(text("ANALYZE"))
        session.commit()
    engine.dispose()
    runs.sweep(app, MOMENT)


@contextmanager
def served(name: str) -> Iterator[tuple[Flask, MailServer]]:
    with TemporaryDirectory() as folder, MailServer() as server:
        app = an_app(engines.empty(name, Path(folder), "bench_delivery"), server.port)
        yield app, server
        with app.app_context():
            db.engine.dispose()


def tell(found: Compared) -> Compared:
    for way, side in found.sides.items():
        print(
            f"{found.name:<12}{way:<12}{side.mails:>7,} mails{side.messages:>8,} messages"
            f"{side.taken:>8,} taken{side.bytes:>12,} bytes{median(side.rates):>8.1f} a second"
            f"{median(side.costs):>8.1f} ms of processor time each"
        )
    one, other = found.sides
    print(f"{found.name:<12}{one} / {other}: {found.ratio:.2f}", flush=True)
    return found


if __name__ == "__main__":
    main()
    sys.stdout.flush()
