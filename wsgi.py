"""The application for flask and gunicorn."""

import os

from config import Config
from onboarding.app import create_app

app = create_app(Config.from_env(os.environ).flask_settings())
