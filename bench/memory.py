"""By how much the memory of a process grows while it sweeps.

`python -m bench.memory URL` sweeps once on a day on which nothing is due, so that all is loaded,
then on the day of the bench, and prints by how many megabytes its highest use rose.
"""

import re
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bench import milestones
from onboarding.app import create_app
from onboarding.jobs import runs
from tests import databases

LONG_BEFORE = timedelta(days=200)


def growth_of_a_sweep(url: str) -> float:
    """Megabytes, measured in a process of its own."""
    told = subprocess.run(
        [sys.executable, "-m", "bench.memory", url],
        cwd=Path(__file__).parents[1],
        check=True,
        capture_output=True,
        text=True,
    )
    return float(told.stdout)


def main() -> None:
    app = create_app(databases.settings(sys.argv[1]))
    now = milestones.MOMENT
    runs.sweep(app, replace(now, now=now.now - LONG_BEFORE, today=now.today - LONG_BEFORE))
    Path("/proc/self/clear_refs").write_text("5")  # the highest use is that of now
    before = _peak()
    runs.sweep(app, now)
    print(_peak() - before)


def _peak() -> float:
    """Of this program alone: what `getrusage` tells begins with the process that started it."""
    status = Path("/proc/self/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024


if __name__ == "__main__":
    main()
