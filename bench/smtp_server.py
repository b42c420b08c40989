"""A mail server that takes everything and does as little as it can, in a process of its own.

`python -m bench.smtp_server` prints its port, then, for each line of its input, how many mails it
took until then; it ends with its input.
"""

import socketserver
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self


class Session(socketserver.StreamRequestHandler):
    """One connection."""

    taken: ClassVar[int] = 0

    def handle(self) -> None:
        self.say("220 bench")
        for line in self.rfile:
            command = line[:4].upper()
            if command == b"DATA":
                self.say("354 go on")
                while self.rfile.readline() not in (b".\r\n", b""):
                    pass
                Session.taken += 1
                self.say("250 taken")
            elif command == b"QUIT":
                self.say("221 goodbye")
                return
            else:
                self.say("250 bench" if command == b"EHLO" else "250 ok")

    def say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())


class MailServer:
    """The server as a context; `taken` tells how many mails it has."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.smtp_server"],
            cwd=Path(__file__).parents[1],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port = self._answer()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.communicate()

    def taken(self) -> int:
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> int:
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())


def main() -> None:
    socketserver.ThreadingTCPServer.daemon_threads = True
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(server.server_address[1], flush=True)
        for _ in sys.stdin:
            print(Session.taken, flush=True)


if __name__ == "__main__":
    main()
