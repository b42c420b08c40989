"""The application for flask and gunicorn."""

import gc

# Starting makes a third of a million objects, and all of them stay. To look again and again for
# those that nobody needs takes a quarter of the start; later it would be a pause in somebody's
# request.
gc.disable()

import os
from collections.abc import Mapping
from typing import Any

from config import Config, ConfigInvalid
from onboarding.app import create_app
from onboarding.cli import add_commands, app_without_settings


def read_settings(environ: Mapping[str, str]) -> Mapping[str, Any]:
    return Config.from_env(environ).flask_settings()


try:
    app = create_app(read_settings(os.environ))
except ConfigInvalid as invalid:
    app = app_without_settings(str(invalid), read_settings)
else:
    add_commands(app, read_settings)

gc.freeze()
gc.enable()

application = app  # what gunicorn looks for when no name is given
