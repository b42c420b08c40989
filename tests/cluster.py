"""A PostgreSQL of the tests' own: started from whatever binaries are found, gone with its owner.

Run as a program it serves one cluster: `python tests/cluster.py FOLDER OWNER_LOCK`. It stops when
the lock on OWNER_LOCK is released, which the kernel does even for a test run that was killed, and
takes the folder of the run with it.
"""

import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

HOW_TO_GET_IT = "no PostgreSQL server found; `apt-get install postgresql` brings one"
SUPERUSER = "onboarding"
PATIENCE = 60.0


class ClusterFailed(Exception):
    """PostgreSQL was found but did not start; the message holds what it said."""


def binaries() -> Path | None:
    """The folder that holds `initdb` and `postgres`: the one on PATH, else the newest installed."""
    folders = [Path(found).resolve().parent] if (found := shutil.which("initdb")) else []
    installed = [f for f in Path("/usr/lib/postgresql").glob("*/bin") if f.parent.name.isdecimal()]
    folders += sorted(installed, key=lambda folder: int(folder.parent.name), reverse=True)
    wanted = ("initdb", "postgres")
    return next((f for f in folders if all((f / name).is_file() for name in wanted)), None)


def start(folder: Path, owner_lock: Path) -> None:
    """Serve a cluster from `folder` until `owner_lock` is free. Raises ClusterFailed."""
    log = folder / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, __file__, str(folder), str(owner_lock)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    until = time.monotonic() + PATIENCE
    while not (folder / "ready").exists():
        if server.poll() is not None or time.monotonic() > until:
            raise ClusterFailed(log.read_text(errors="replace"))
        time.sleep(0.02)


def address(folder: Path, database: str) -> str:
    return f"postgresql+psycopg://{SUPERUSER}@/{database}?host={folder / 'socket'}"


def _serve(folder: Path, owner_lock: Path) -> int:
    bin_folder = binaries()
    if bin_folder is None:
        raise ClusterFailed(HOW_TO_GET_IT)
    data, socket = folder / "data", folder / "socket"
    for path in (data, socket):
        path.mkdir(mode=0o700)
    identity = _other_user() if os.getuid() == 0 else {}
    if identity:
        folder.chmod(0o711)
        for path in (data, socket):
            os.chown(path, identity["user"], identity["group"])
        socket.chmod(0o711)
    # C.UTF-8 knows capitals of accented letters and is on every Debian.
    make = ["--username", SUPERUSER, "--auth", "trust", "--encoding", "UTF8", "--no-sync"]
    subprocess.run(
        [bin_folder / "initdb", "--pgdata", data, "--locale", "C.UTF-8", *make],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd="/",
        **identity,
    )
    options = {
        "listen_addresses": "",
        "unix_socket_directories": str(socket),
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "max_connections": "60",
        "shared_buffers": "32MB",
        "random_page_cost": "1.1",  # as the operator's guide asks of a disk that does not spin
        "timezone": "UTC",
        "log_min_messages": "fatal",
    }
    arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    postgres = subprocess.Popen(
        [bin_folder / "postgres", "-D", data, *arguments], cwd="/", **identity
    )
    try:
        until = time.monotonic() + PATIENCE
        while not _accepts_connections(data):
            if postgres.poll() is not None or time.monotonic() > until:
                return 1
            time.sleep(0.02)
        (folder / "ready").touch()
        with owner_lock.open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)
    finally:
        postgres.send_signal(signal.SIGQUIT)
        postgres.wait()
    shutil.rmtree(owner_lock.parent, ignore_errors=True)
    return 0


def _accepts_connections(data: Path) -> bool:
    """The last line of postmaster.pid tells how far the server is."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) > 7 and lines[7].strip() == "ready"


def _other_user() -> dict[str, object]:
    """PostgreSQL refuses to run as root: somebody else, in the words of subprocess."""
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise ClusterFailed("neither a user `postgres` nor `nobody` exists to run PostgreSQL as")


if __name__ == "__main__":
    sys.exit(_serve(Path(sys.argv[1]), Path(sys.argv[2])))
