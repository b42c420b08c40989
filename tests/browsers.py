"""Where Chromium is, or what this machine lacks to drive it."""

import os
import shutil
import subprocess

from playwright._impl._driver import compute_driver_executable


def chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


def lacks() -> str | None:
    """What keeps the browser tests from running, and how to get it."""
    if chromium() is None:
        return "no Chromium: `apt-get install chromium` brings one"
    driver, *_ = compute_driver_executable()
    done = subprocess.run([driver, "--version"], capture_output=True, check=False)
    if done.returncode != 0:
        return (
            "Playwright's driver does not start: `apt-get install libatomic1` brings what it lacks"
        )
    return None
