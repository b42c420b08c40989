"""What a browser test asks of a page: that it is served, and that nothing is wrong with it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page
from werkzeug.serving import make_server


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address at which `app` really listens, on a free port of this machine."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()


def violations(page: Page) -> str:
    """What axe finds, in words; empty when it finds nothing."""
    results = Axe().run(page)
    return results.generate_report() if results.violations_count else ""


def overflow(page: Page) -> int:
    """Pixels that one must scroll sideways for; zero or less is right."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
