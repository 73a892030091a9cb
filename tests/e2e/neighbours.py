"""Real servers on loopback: a site that answers as told, and a program that is told things."""

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Received = queue.Queue[tuple[dict[str, str], bytes]]


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Keep quiet."""

    def answer(self, status: int) -> None:
        """Answer without a body."""
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()


@contextmanager
def site_answering(status: int) -> Iterator[str]:
    """Serve a site that answers every GET with a status; yields its address."""

    class Handler(_Handler):
        def do_GET(self) -> None:
            self.answer(status)

    with _serving(Handler) as base:
        yield base


@contextmanager
def program_told() -> Iterator[tuple[str, Received]]:
    """Serve a program that takes messages; yields its address, and what came in by its headers."""
    received: Received = queue.Queue()

    class Handler(_Handler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.put(({name.lower(): value for name, value in self.headers.items()}, body))
            self.answer(204)

    with _serving(Handler) as base:
        yield f"{base}/a-secret-path", received


@contextmanager
def _serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
