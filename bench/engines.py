"""The databases that a bench runs on: those that are asked for and can be found."""

import gc
from collections.abc import Iterator
from pathlib import Path

from tests import cluster, databases

ALL = "sqlite,postgresql"


def found_of(asked: str) -> Iterator[str]:
    """The names in "sqlite,postgresql" of what is there; of what is not it says how to get it.

    What is imported by now is let alone by the collector, as `wsgi.py` leaves a process.
    """
    gc.freeze()
    for name in asked.split(","):
        if name == "postgresql" and cluster.binaries() is None:
            print(cluster.HOW_TO_GET_IT)
        else:
            yield name


def empty(name: str, folder: Path, called: str) -> str:
    """The address of a new database with all tables; a file of SQLite stands in the folder."""
    if name == "sqlite":
        return databases.copy_sqlite(folder, called)
    return databases.copy_postgresql(called)
