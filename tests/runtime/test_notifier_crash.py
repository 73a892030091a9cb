"""A notifier that is killed at any step of a delivery leaves nothing untold."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.runtime.conftest import environment, rows

ROOT = Path(__file__).parents[2]
STEPS = ("before-send", "after-send", "during-record")


class Hooks(ThreadingHTTPServer):
    """Keeps path, delivery and transition of what is posted."""

    daemon_threads = True
    received: list[tuple[str, str, str]]

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # the sender was killed


class _Handler(BaseHTTPRequestHandler):
    server: Hooks

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        delivery = str(self.headers["X-Tocsin-Delivery"])
        self.server.received.append((self.path, delivery, body["transition"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def hooks() -> Iterator[Hooks]:
    """A receiver on loopback."""
    with Hooks(("127.0.0.1", 0), _Handler) as server:
        server.received = []
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server
        server.shutdown()


def notifier(data_dir: Path, *arguments: str) -> int:
    command = [sys.executable, "-m", "tests.notifications.killed_notifier", *arguments]
    done = subprocess.run(
        command, env=environment(data_dir), cwd=ROOT, timeout=60, check=False, stdout=sys.stderr
    )
    return done.returncode


def test_it_delivers_everything_after_a_kill_at_each_step(data_dir: Path, hooks: Hooks) -> None:
    urls = [f"http://127.0.0.1:{hooks.server_port}/{name}" for name in ("a", "b")]
    assert notifier(data_dir, "begin", *urls) == 0
    for step in STEPS:
        assert notifier(data_dir, step) == -signal.SIGKILL
    assert notifier(data_dir, "finish") == 0

    owed = rows(data_dir, "SELECT status, reason, count(*) FROM notifications_delivery GROUP BY 1")
    assert owed == [("delivered", "", 4)]
    told = set(hooks.received)
    assert len(told) == 4  # every event × destination, and each always under the same id
    assert len(hooks.received) > len(told)
    for path in ("/a", "/b"):
        order = [transition for where, _, transition in hooks.received if where == path]
        assert order == sorted(order)  # “open” before “resolve”
