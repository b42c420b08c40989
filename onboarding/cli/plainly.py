"""A database that a command cannot use is told in a sentence, not in a traceback."""

import copy
import functools
from collections.abc import Callable
from typing import Any

import click
from sqlalchemy.exc import OperationalError, ProgrammingError


def told_plainly(command: click.Command) -> click.Command:
    """The same command; one with commands below it has all of them changed."""
    told = copy.copy(command)
    if isinstance(told, click.Group):
        told.commands = {name: told_plainly(one) for name, one in told.commands.items()}
    if told.callback is not None:
        told.callback = _telling(told.callback)
    return told


def _telling(callback: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(callback)
    def run(*args: Any, **options: Any) -> Any:
        try:
            return callback(*args, **options)
        except (OperationalError, ProgrammingError) as error:
            first_line = str(error.orig).strip().partition("\n")[0].rstrip(".")
            raise click.ClickException(
                f"The database cannot be used: {first_line}. "
                "Is DATABASE_URL right, and did `flask db upgrade` run?"
            ) from error

    return run
