"""The commands of `flask …`: one module per feature, all of them listed here."""

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

import click
from flask import Flask
from flask.cli import FlaskGroup

from onboarding.cli import (
    backup,
    database,
    demo,
    doctor,
    history,
    lists,
    reassess,
    tokens,
    users,
    work,
)
from onboarding.cli.plainly import told_plainly

COMMANDS: tuple[click.Command, ...] = (
    database.db,
    reassess.reassess,
    lists.import_suppliers,
    lists.import_certificates,
    users.create_user,
    tokens.create_token,
    work.worker,
    work.sweep,
    work.deliver,
    backup.backup,
    backup.restore,
    history.verify_history,
    demo.demo,
    doctor.doctor,
)
WITHOUT_SETTINGS = frozenset({"demo", "doctor"})

# gunicorn stops, instead of starting workers anew for ever, when a worker ends with this.
EXIT_SETTINGS_INVALID = 4

ReadSettings = Callable[[Mapping[str, str]], Mapping[str, Any]]


def add_commands(app: Flask, read_settings: ReadSettings) -> None:
    """Make the commands known to `flask`.

    `read_settings` turns an environment into what `create_app` takes; a command that makes an
    application of its own finds it in `app.extensions["read_settings"]`.
    """
    app.extensions["read_settings"] = read_settings
    for command in COMMANDS:
        app.cli.add_command(told_plainly(command))


def app_without_settings(mistakes: str, read_settings: ReadSettings) -> Flask:
    """An application for the commands that need no settings; the others tell the mistakes.

    Whoever wants to serve pages (gunicorn, `flask run`) has no use for it, and is told at once.
    """
    context = click.get_current_context(silent=True)
    if context is None or not isinstance(context.command, FlaskGroup):
        _tell(mistakes)
    app = Flask("onboarding")
    add_commands(app, read_settings)
    for name, command in app.cli.commands.items():
        if name not in WITHOUT_SETTINGS:
            app.cli.add_command(_telling(command, mistakes), name)
    return app


def _telling(command: click.Command, mistakes: str) -> click.Command:
    """What `--help` lists in the place of `command`: it takes anything and tells the mistakes."""
    return click.Command(
        command.name,
        help=command.help,
        callback=lambda: _tell(mistakes),
        add_help_option=False,
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    )


def _tell(mistakes: str) -> NoReturn:
    click.echo(mistakes, err=True)
    raise SystemExit(EXIT_SETTINGS_INVALID)
