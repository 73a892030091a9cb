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


class Hooks(ThreadingHTTPServer):
    """Keeps path, delivery and transition of what is posted; may kill who posts, once."""

    daemon_threads = True
    received: list[tuple[str, str, str]]
    victim: "subprocess.Popen[str] | None" = None

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # the sender was killed


class _Handler(BaseHTTPRequestHandler):
    server: Hooks

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        delivery = str(self.headers["X-Tocsin-Delivery"])
        self.server.received.append((self.path, delivery, body["transition"]))
        if self.server.victim is not None:
            self.server.victim.kill()
            return
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


def start(data_dir: Path, *steps: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.notifications.killed_notifier", *steps]
    return subprocess.Popen(
        command, env=environment(data_dir), cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def go_through(data_dir: Path, *steps: str) -> dict[str, int]:
    """Return how the process of each step ended."""
    told, _ = start(data_dir, *steps).communicate(timeout=120)
    return dict(zip(steps, map(int, told.split()), strict=True))


def killed_by(hooks: Hooks, data_dir: Path) -> int:
    """Run a notifier that the receiver kills while it waits for the answer."""
    with start(data_dir, "while-sending") as hooks.victim:
        code = hooks.victim.wait(120)
    hooks.victim = None
    return code


def owed(data_dir: Path) -> Any:
    return rows(data_dir, "SELECT status, reason, count(*) FROM notifications_delivery GROUP BY 1")


def test_it_delivers_everything_after_a_kill_at_each_step(data_dir: Path, hooks: Hooks) -> None:
    urls = [f"http://127.0.0.1:{hooks.server_port}/{name}" for name in ("a", "b")]
    killed, well = -signal.SIGKILL, 0
    added = go_through(data_dir, *urls, "during-enqueue")
    assert list(added.values()) == [well, well, killed]
    assert owed(data_dir) == []  # neither what happened nor what is owed for it
    begun = go_through(data_dir, "begin", "during-claim", "before-send")
    assert list(begun.values()) == [well, killed, killed]
    assert killed_by(hooks, data_dir) == killed
    ended = go_through(data_dir, "after-send", "during-record", "after-record", "finish")
    assert list(ended.values()) == [killed, killed, killed, well]

    assert owed(data_dir) == [("delivered", "", 4)]
    told = set(hooks.received)
    assert len(told) == 4  # every event × destination, and each always under the same id
    assert len(hooks.received) > len(told)
    for path in ("/a", "/b"):
        order = [transition for where, _, transition in hooks.received if where == path]
        assert order == sorted(order)  # “open” before “resolve”
