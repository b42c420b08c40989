"""A small real IMAP server over TLS, speaking as much of IMAP4rev1 as reading a mailbox takes."""

import re
import socketserver
import ssl
import threading
from pathlib import Path

CERTIFICATE = Path(__file__).parent / "mail" / "trusted.pem"
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')


class ImapServer:
    """Keeps `messages` by uid with their `flags`; `password` is the one it takes."""

    def __init__(self) -> None:
        self.messages: dict[int, bytes] = {}
        self.flags: dict[int, set[str]] = {}
        self.user, self.password, self.mailbox = "inbox", "a secret", "INBOX"
        self.fetched: list[str] = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def setup(self) -> None:
                self.request = context.wrap_socket(self.request, server_side=True)
                super().setup()

            def handle(self) -> None:
                outer.speak(self.rfile, self.wfile)

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                """A client that does not trust the certificate goes away; that is no error here."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]

    def start(self) -> None:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def add(self, content: bytes) -> int:
        uid = len(self.messages) + 1
        self.messages[uid], self.flags[uid] = content, set()
        return uid

    @property
    def url(self) -> str:
        password = self.password.replace(" ", "%20")
        return f"imaps://{self.user}:{password}@127.0.0.1:{self.port}/{self.mailbox}"

    def speak(self, reading, writing) -> None:
        def say(line: bytes) -> None:
            writing.write(line + b"\r\n")
            writing.flush()

        say(b"* OK ready")
        while line := reading.readline():
            tag, _, rest = line.decode().strip().partition(" ")
            words = [a or b for a, b in QUOTED.findall(rest)]
            command = words[0].upper() if words[0].upper() != "UID" else f"UID {words[1].upper()}"
            match command:
                case "CAPABILITY":
                    say(b"* CAPABILITY IMAP4rev1")
                case "LOGIN":
                    if words[1:3] != [self.user, self.password]:
                        say(f"{tag} NO wrong password".encode())
                        continue
                case "SELECT":
                    if words[1] != self.mailbox:
                        say(f"{tag} NO no such mailbox".encode())
                        continue
                    say(f"* {len(self.messages)} EXISTS".encode())
                case "UID SEARCH":
                    found = [str(u) for u, flags in self.flags.items() if r"\Seen" not in flags]
                    say(f"* SEARCH {' '.join(found)}".encode())
                case "UID FETCH":
                    self.fetched.append(rest)
                    most = int(re.findall(r"<0\.(\d+)>", rest)[0])
                    uid = int(words[2])
                    content = self.messages[uid][:most]
                    head = f"* {uid} FETCH (UID {uid} BODY[]<0> {{{len(content)}}}"
                    say(head.encode())
                    writing.write(content)
                    say(b")")
                case "UID STORE":
                    self.flags[int(words[2])] |= set(re.findall(r"\\\w+", rest))
                case "LOGOUT":
                    say(b"* BYE")
                    say(f"{tag} OK done".encode())
                    return
            say(f"{tag} OK done".encode())
