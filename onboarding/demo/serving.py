"""The processes of a running demo: pages and caught mail in this one, the worker in another.

All of them end together: Ctrl-C and SIGTERM stop the first, which stops the rest, and a worker
whose parent is gone stops by itself.
"""

import logging
import multiprocessing
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from onboarding.demo.mail_server import LOOPBACK
from onboarding.demo.refusals import DemoRefused

PATIENCE = 10.0  # seconds for the worker to finish what it does

Settings = dict[str, Any]
RunWorker = Callable[[Settings], None]


class QuietHandler(WSGIRequestHandler):
    """Tells of errors only: what somebody looks for stands in the first lines."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


def take_port(port: int) -> socket.socket:
    """The address of the pages, ours from now on. Raises DemoRefused where it is taken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise DemoRefused(
            f"Port {port} cannot be used ({error.strerror}): stop what uses it, or choose "
            f"another with --port {port + 1}."
        ) from None
    return listener


@contextmanager
def stopping_on_signals() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set, also while the demo is still being built."""
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt  # asked twice: now
        stop.set()

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, on_signal) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def pages(app: Flask, listener: socket.socket) -> Iterator[None]:
    """Serve on the listener, a thread for each request."""
    server = make_server(
        LOOPBACK,
        listener.getsockname()[1],
        app,
        threaded=True,
        request_handler=QuietHandler,
        fd=listener.fileno(),
    )
    thread = threading.Thread(target=server.serve_forever, name="pages", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join(PATIENCE)


@contextmanager
def worker(run: RunWorker, settings: Settings) -> Iterator[multiprocessing.process.BaseProcess]:
    """The worker in a process of its own, from a clean start: threads do not survive a fork."""
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=work, args=(run, settings), name="worker")
    process.start()
    try:
        yield process
    finally:
        process.terminate()
        process.join(PATIENCE)
        if process.is_alive():
            process.kill()
            process.join()


def work(run: RunWorker, settings: Settings) -> None:
    """What the worker's process does; Ctrl-C reaches it too, but the parent tells it to end."""
    logging.basicConfig(level=logging.WARNING)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    run(settings)


def when_parent_is_gone(stop: Callable[[], None]) -> None:
    """Have the worker's process end by itself when the one that started it was killed."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        stop()

    threading.Thread(target=watch, name="parent", daemon=True).start()
