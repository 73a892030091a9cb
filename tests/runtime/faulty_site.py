"""Sites on loopback that are up, slow, or down until they are healed."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

SLOW_SECONDS = 0.4


class Sites(ThreadingHTTPServer):
    """Answers 200, `/slow…` after a while, `/down…` with 503 until `healed` is set."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.healed = Event()

    def urls(self, count: int) -> list[str]:
        """Name so many sites, a third of each kind."""
        kinds = ("up", "slow", "down")
        root = f"http://127.0.0.1:{self.server_port}"
        return [f"{root}/{kinds[number % 3]}/{number}" for number in range(count)]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: the prober was killed."""


class _Handler(BaseHTTPRequestHandler):
    server: Sites
    protocol_version = "HTTP/1.0"

    def do_GET(self) -> None:
        if self.path.startswith("/slow"):
            time.sleep(SLOW_SECONDS)
        is_down = self.path.startswith("/down") and not self.server.healed.is_set()
        self.send_response(503 if is_down else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass

    def handle(self) -> None:
        with suppress(ConnectionError):
            super().handle()


@contextmanager
def faulty_sites() -> Iterator[Sites]:
    """Serve them while the block runs."""
    with Sites() as sites:
        Thread(target=sites.serve_forever, args=(0.05,), daemon=True).start()
        yield sites
        sites.shutdown()
