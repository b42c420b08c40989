"""Requests per second of the single lookup over gunicorn, beside a bare view served the same way.

`.venv/bin/python -m bench.served` starts a gunicorn of one worker for each, on a database with
1,000 suppliers, and asks them in turns: some threads, each with its own connection that stays open.
"""

import os
import socket
import subprocess
import sys
import threading
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import monotonic, perf_counter, sleep
from typing import Any

from flask import Flask

from bench import engines, relations
from bench.asking import bare_view
from bench.feed import API, filled
from tests import databases

URL = "BENCH_DATABASE"
SUPPLIERS, SECONDS, ROUNDS, THREADS = 1_000, 2.0, 7, 4
PATIENCE = 60.0
TOLD = {"status": "conditional"}


@dataclass
class Served:
    """Requests per second of both, turn by turn."""

    name: str
    lookups: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        return median(one / other for one, other in zip(self.lookups, self.bare, strict=True))


def real() -> Flask:
    """What gunicorn serves: the application on the bench's database."""
    return relations.application(os.environ[URL])


def bare() -> Flask:
    """The other: a view that knows its answer, of about as many bytes."""
    period = {"code": "on-track", "text": "x" * 60, "facts": {"target": "trede-1"}}
    return bare_view({**TOLD, "reasons": [period], "supplier": "Leverancier 1 B.V."})


def main(arguments: list[str] | None = None) -> list[Served]:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--suppliers", type=int, default=SUPPLIERS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--threads", type=int, default=THREADS)
    parser.add_argument("--database", default=engines.ALL)
    asked = parser.parse_args(arguments)
    databases.own_run_folder()
    found = []
    for name in engines.found_of(asked.database):
        with (
            TemporaryDirectory() as folder,
            filled(name, Path(folder), asked.suppliers) as many,
            gunicorn("real", many.app.config["SQLALCHEMY_DATABASE_URI"]) as port,
            gunicorn("bare") as bare_port,
        ):
            told = Served(name)
            for _ in range(asked.rounds):
                for rates, at in ((told.lookups, port), (told.bare, bare_port)):
                    rates.append(rate(at, many.token, asked.seconds, asked.threads))
            print(
                f"{name:<12}{median(told.lookups):>8.0f} a second, bare {median(told.bare):>8.0f}"
                f", ratio {told.ratio:.2f}",
                flush=True,
            )
            found.append(told)
    return found


@contextmanager
def gunicorn(application: str, url: str = "") -> Iterator[int]:
    """One worker that serves several connections; gives its port, once it answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = int(listener.getsockname()[1])
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "--workers", "1", "--threads", str(THREADS)),
            *("--bind", f"127.0.0.1:{port}", "--no-control-socket", "--log-level", "error"),
            f"bench.served:{application}()",
        ],
        cwd=Path(__file__).parents[1],
        env={**os.environ, URL: url},
    )
    try:
        until = monotonic() + PATIENCE
        while not _answers(port):
            if server.poll() is not None or monotonic() > until:
                raise RuntimeError(f"gunicorn does not serve {application}")
            sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def rate(port: int, token: str, seconds: float, threads: int) -> float:
    """Answers in a second."""
    counts: list[int] = []
    start = perf_counter()
    asking = [
        threading.Thread(target=_ask, args=(port, token, start + seconds, counts))
        for _ in range(threads)
    ]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert len(counts) == threads, "a client broke off"
    return sum(counts) / (perf_counter() - start)


def _ask(port: int, token: str, until: float, counts: list[int]) -> None:
    headers: Any = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    asked = 0
    while True:
        connection.request("GET", f"{API}/id-1", headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200 and TOLD["status"].encode() in body, body
        asked += 1
        if perf_counter() >= until:
            break
    connection.close()
    counts.append(asked)


if __name__ == "__main__":
    main()
