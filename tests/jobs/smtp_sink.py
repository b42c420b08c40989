"""Postfix's `smtp-sink`: a mail server that refuses, hangs or hangs up where it is told to."""

import os
import pwd
import shutil
import socket
import subprocess
import time
from email import message_from_string
from pathlib import Path

HOW_TO_GET_IT = (
    "no smtp-sink: `DEBIAN_FRONTEND=noninteractive apt-get install --no-install-recommends "
    "postfix` brings one"
)
PATIENCE = 10.0


def binary() -> str | None:
    """On PATH, or where Debian puts it, which is not on everybody's PATH."""
    return shutil.which("smtp-sink") or shutil.which("smtp-sink", path="/usr/sbin:/sbin")


class SmtpSink:
    """One server on one port; `start` with other options makes it another one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o777)
        folder.chmod(0o777)  # as root it serves as somebody else
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *options: str) -> None:
        self.stop()
        found = binary()
        assert found is not None
        as_whom = ["-u", pwd.getpwnam("nobody").pw_name] if os.getuid() == 0 else []
        address = [f"127.0.0.1:{self.port}", "50"]
        self._process = subprocess.Popen(
            [found, *as_whom, "-d", "taken.", *options, *address],
            cwd=self.folder,
            stderr=(self.folder.parent / "smtp-sink.log").open("ab"),
        )
        until = time.monotonic() + PATIENCE
        while not self._listens():
            assert self._process.poll() is None, "smtp-sink did not start"
            assert time.monotonic() < until, "smtp-sink does not listen"
            time.sleep(0.01)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def taken(self) -> list[tuple[str, str]]:
        """Message-ID and text of each mail whose last dot came."""
        found = []
        for path in sorted(self.folder.glob("taken.*")):
            text = path.read_text()
            if identity := message_from_string(text)["Message-ID"]:
                _, _, text = text.partition("\nMIME-Version")  # below what the sink adds itself
                found.append((identity, text.strip()))
        return found

    def _listens(self) -> bool:
        """Asked of the kernel: a connection of ours would be a session of the server's."""
        wanted = f"0100007F:{self.port:04X}"
        lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
        return any(fields[1] == wanted and fields[3] == "0A" for fields in lines)
