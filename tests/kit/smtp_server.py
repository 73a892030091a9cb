"""A mail server on loopback that takes everything and keeps it."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Postbox(socketserver.ThreadingTCPServer):
    """Listens on a free port; `mails` are (recipients, text).

    `refusals`: what to answer of an address instead of taking it, such as “550 unknown”.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.mails: list[tuple[list[str], str]] = []
        self.refusals: dict[str, str] = {}

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])


@contextmanager
def postbox() -> Iterator[Postbox]:
    """Run a mail server."""
    with Postbox() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class _Session(socketserver.StreamRequestHandler):
    server: Any

    def handle(self) -> None:
        recipients: list[str] = []
        self._say("220 ready")
        while line := self.rfile.readline().decode().strip():
            verb = line.split(" ")[0].upper()
            if verb == "RSET":
                recipients = []
            if verb == "RCPT":
                address = line.partition("<")[2].partition(">")[0]
                if refusal := self.server.refusals.get(address):
                    self._say(refusal)
                    continue
                recipients.append(address)
            if verb == "DATA":
                self._say("354 go on")
                self.server.mails.append((recipients, self._read_text()))
                recipients = []
            self._say("221 bye" if verb == "QUIT" else "250 ok")

    def _read_text(self) -> str:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        return b"".join(lines).decode()

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
