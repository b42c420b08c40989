"""Kills workers hundreds of times while they sweep and deliver, and counts what is lost or doubled.

`.venv/bin/python -m bench.kill_storm --kills 200 --messages 5000 --workers 1,4 --database
sqlite,postgresql`. The mail server refuses 5 % and withholds 1 % of its answers; see
`tests/jobs/storm.py`. With `--what webhooks` they announce and send events to five receivers, which
refuse 4 % and withhold 1 %.
"""

import sys
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory

from tests import databases
from tests.jobs.mail_storm import MailStorm
from tests.jobs.storm import Storm, Verdict, Wanted
from tests.jobs.webhook_storm import WebhookStorm

STORMS: dict[str, type[Storm]] = {"mail": MailStorm, "webhooks": WebhookStorm}


def main() -> int:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--what", choices=STORMS, default="mail")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--messages", type=int, default=5000)
    parser.add_argument("--workers", default="1,4")
    parser.add_argument("--database", default="sqlite,postgresql")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    storm = STORMS[asked.what]
    databases.own_run_folder()
    print(
        f"{'':<20}{'kills':>7}{'in hand':>9}{'sent':>7}{'refused':>9}{'dropped':>9}"
        f"{'copies':>8}{'at most':>9}{'wrong':>7}{'seconds':>9}"
    )
    wrong = 0
    for database in asked.database.split(","):
        for workers in map(int, asked.workers.split(",")):
            wanted = Wanted(
                workers=workers, kills=asked.kills, messages=asked.messages, seed=asked.seed
            )
            with TemporaryDirectory() as folder:
                found = storm(url(database, Path(folder)), Path(folder), wanted).run()
            tell(f"{database}, {workers} worker{'s' if workers > 1 else ''}", found)
            wrong += len(found.wrong)
    return 1 if wrong else 0


def url(database: str, folder: Path) -> str:
    if database == "sqlite":
        return databases.copy_sqlite(folder, "storm")
    return databases.copy_postgresql("storm")


def tell(name: str, found: Verdict) -> None:
    print(
        f"{name:<20}{found.kills:>7}{found.in_hand:>9}{found.sent:>7}{found.refused:>9}"
        f"{found.dropped:>9}{found.copies:>8}{found.explained:>9}{len(found.wrong):>7}"
        f"{found.seconds:>9.0f}",
        flush=True,
    )
    for sentence in found.wrong[:20]:
        print(f"  {sentence}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
