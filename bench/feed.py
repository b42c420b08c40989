"""The eligibility feed beside what it cannot be faster than, on both databases.

`.venv/bin/python -m bench.feed` fills databases with 1,000 and 100,000 suppliers (`--suppliers`
takes another number for the larger). The single lookup is an in-process WSGI call, with its token,
beside that of a bare Flask view that writes the same JSON; the streams stand beside the driver's
own loop over one statement; the pages of many suppliers beside those of few. They take turns; told
are the middle of the times and of the ratios of the turns.
"""

import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from flask import Flask

from bench import by_driver, engines, relations
from bench.asking import Question, bare_view, statements
from onboarding.api.cursors import first_place
from onboarding.api.last_use import USES
from onboarding.domain.eligibility import Status
from onboarding.domain.people import Role
from onboarding.domain.tokens import Scope
from onboarding.services.feed.tokens import create_token
from onboarding.store.database import db, unit_of_work
from onboarding.store.tables import OrganisationRow
from tests import databases, stage

FEW, MANY = 1_000, 100_000
ROUNDS = 9
LOOKUPS = 200  # in a turn
ITEMS = 40  # of a page: so many of the rarest status have both
API = "/api/v1/eligibility"
FORMS = {"CSV": "text/csv", "NDJSON": "application/x-ndjson"}
STATUSES = (Status.CONDITIONAL, Status.UNDECIDED, Status.OUT_OF_SCOPE, Status.INELIGIBLE)


@dataclass
class Compared:
    """Milliseconds of a contender and of what it is held against, turn by turn."""

    what: str
    contender: list[float] = field(default_factory=list)
    baseline: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        return median(one / other for one, other in zip(self.contender, self.baseline, strict=True))


@dataclass
class Found:
    """All that was measured on one database, and what proves that both sides did the same."""

    name: str
    suppliers: int
    compared: list[Compared] = field(default_factory=list)
    statements: int = 0
    writes: int = 0
    lines: dict[str, int] = field(default_factory=dict)
    is_same: bool = False


@dataclass(frozen=True)
class Filled:
    """An application on a filled database, and a program that may ask it everything."""

    app: Flask
    customer_id: int
    suppliers: int
    token: str

    def question(self, address: str, accept: str = "application/json") -> Question:
        return Question(
            self.app.wsgi_app, API + address, Authorization=f"Bearer {self.token}", Accept=accept
        )

    def page_after(self, relation_id: int) -> str:
        with self.app.app_context():
            place = first_place(self.customer_id, relations.MOMENT, None, None)
            return f"?limit={ITEMS}&cursor={place.after(relation_id)}"


def main(arguments: list[str] | None = None) -> list[Found]:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--suppliers", type=int, default=MANY)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--lookups", type=int, default=LOOKUPS)
    parser.add_argument("--database", default=engines.ALL)
    asked = parser.parse_args(arguments)
    databases.own_run_folder()
    found = []
    for name in engines.found_of(asked.database):
        with (
            TemporaryDirectory() as folder,
            filled(name, Path(folder), min(FEW, asked.suppliers // 2)) as few,
            filled(name, Path(folder), asked.suppliers) as many,
        ):
            told = Found(name=name, suppliers=asked.suppliers)
            single_lookup(told, many, asked.rounds, asked.lookups)
            streams(told, many, asked.rounds)
            pages(told, few, many, asked.rounds)
            tell(told)
            found.append(told)
    return found


@contextmanager
def filled(name: str, folder: Path, suppliers: int) -> Iterator[Filled]:
    app = relations.application(engines.empty(name, folder, f"feed_{suppliers}"))
    with app.app_context():
        customer_id = relations.fill(suppliers)
        relations.check(customer_id, list({1 + n * 37 % suppliers for n in range(60)}))
        with unit_of_work() as session:
            token = create_token(
                session,
                stage.an_actor(session.get_one(OrganisationRow, customer_id), Role.ADMIN),
                relations.MOMENT,
                relations.MOMENT.now,
                name="Inkoopsysteem",
                scopes=tuple(Scope),
            )
        db.session.remove()
    yield Filled(app, customer_id, suppliers, token)
    app.extensions[USES].flush()
    with app.app_context():
        db.engine.dispose()


def single_lookup(told: Found, many: Filled, rounds: int, times: int) -> None:
    """Of a supplier on a pathway, by the tool's own number and by the KvK's."""
    for ref in ("id-1", str(relations.KVK + 1)):
        question = many.question(f"/{ref}")
        answered = question.ask()
        assert answered.status == "200 OK", answered
        bare = Question(bare_view(json.loads(answered.body)).wsgi_app, f"{API}/{ref}")
        assert json.loads(bare.ask().body) == json.loads(answered.body)
        with many.app.app_context():
            engine = db.engine
        with statements(engine) as executed:
            question.ask()
        told.statements = max(told.statements, len(executed.asked))
        told.writes += len(executed.writes)
        compared = Compared(f"single lookup, {ref.partition('-')[0][:2]}…")
        for _ in range(rounds):
            compared.contender.append(question.milliseconds(times))
            compared.baseline.append(bare.milliseconds(times))
        told.compared.append(compared)


def streams(told: Found, many: Filled, rounds: int) -> None:
    questions = {what: many.question("", form) for what, form in FORMS.items()}
    with many.app.app_context():
        engine = db.engine
    by_hand = by_driver.write_csv(engine, many.customer_id)
    csv, ndjson = (questions[what].ask().body.decode() for what in FORMS)
    told.is_same = csv == by_hand
    told.lines = {
        "CSV": csv.count("\n") - 1,
        "NDJSON": ndjson.count("\n"),
        "by hand": by_hand.count("\n") - 1,
    }
    compared = {what: Compared(what) for what in FORMS}
    for _ in range(max(1, rounds // 2)):
        start = perf_counter()
        by_driver.write_csv(engine, many.customer_id)
        took = (perf_counter() - start) * 1000
        for what, question in questions.items():
            answered = question.ask()
            compared[what].contender.append(answered.ended)
            compared[what].first.append(answered.began)
            compared[what].baseline.append(took)
    told.compared += compared.values()


def pages(told: Found, few: Filled, many: Filled, rounds: int) -> None:
    """With many suppliers beside few."""
    addresses: dict[str, Callable[[Filled], str]] = {
        "first page": lambda one: f"?limit={ITEMS}",
        "deep page": lambda one: one.page_after(one.suppliers * 8 // 10 - 1),
        **{f"first page, {status}": _of_status(status) for status in STATUSES},
    }
    for what, address in addresses.items():
        contender, baseline = many.question(address(many)), few.question(address(few))
        sizes = {len(json.loads(one.ask().body)["items"]) for one in (contender, baseline)}
        compared = Compared(f"{what} ({'/'.join(map(str, sizes))} items)")
        for _ in range(rounds):
            compared.contender.append(contender.milliseconds(3))
            compared.baseline.append(baseline.milliseconds(3))
        told.compared.append(compared)


def _of_status(status: Status) -> Callable[[Any], str]:
    return lambda _: f"?limit={ITEMS}&status={status.value}"


def tell(told: Found) -> None:
    print(
        f"{told.name}, {told.suppliers:,} suppliers; a single lookup: {told.statements} statement, "
        f"{told.writes} writes; the lists are {'the same' if told.is_same else 'NOT the same'}"
    )
    for one in told.compared:
        first = f"   first byte after {median(one.first):.1f} ms" if one.first else ""
        print(
            f"  {one.what:<40}{median(one.contender):>10.2f} ms{median(one.baseline):>10.2f} ms"
            f"{one.ratio:>7.2f}{first}",
            flush=True,
        )


if __name__ == "__main__":
    main()
