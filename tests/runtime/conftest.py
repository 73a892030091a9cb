"""Real processes on a data directory of their own."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.runtime.bus_server import NatsServer

PATIENCE = 90.0

SEED = """
import json, sys
from tocsin.cli.database import bring_up_to_date
bring_up_to_date()
from tocsin.access.principal import SYSTEM
from tocsin.sites.actions import create_site
from tocsin.teams.models import Team
team = Team.objects.create(name="Acme")
others = ("ssl", "dns", "broken-links", "performance")
only_status = {"tools": {tool: {"enabled": False} for tool in others}}
for url in json.loads(sys.argv[1]):
    create_site(SYSTEM, team, url=url, monitoring_settings=only_status)
"""


def environment(data_dir: Path) -> dict[str, str]:
    """Return an environment that keeps a process on its data directory and on loopback."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("TOCSIN_")}
    return {
        **inherited,
        "TOCSIN_DATA_DIR": str(data_dir),
        "TOCSIN_EGRESS_ALLOW": "127.0.0.0/8",
        "TOCSIN_DNS_RESOLVERS": "udp://127.0.0.1:9",
        "TOCSIN_VANTAGE_CANARIES": "udp://127.0.0.1:9",
    }


def seed(data_dir: Path, urls: list[str]) -> None:
    """Make a database with a team that watches `urls` by the status tool only."""
    subprocess.run(
        [sys.executable, "-c", SEED, json.dumps(urls)], env=environment(data_dir), check=True
    )


@pytest.fixture(scope="session")
def _empty_installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data_dir = tmp_path_factory.mktemp("empty") / "data"
    data_dir.mkdir()
    seed(data_dir, [])
    return data_dir


@pytest.fixture
def data_dir(_empty_installation: Path, tmp_path: Path) -> Path:
    """A data directory with an up-to-date database and nothing in it but a team."""
    return Path(shutil.copytree(_empty_installation, tmp_path / "data"))


def rows(data_dir: Path, sql: str) -> list[tuple[Any, ...]]:
    """Ask the database behind the back of the processes that use it."""
    with closing(sqlite3.connect(data_dir / "tocsin.sqlite3", timeout=20)) as connection:
        return connection.execute(sql).fetchall()


def write(data_dir: Path, sql: str) -> None:
    """Change the database behind the back of the processes that use it."""
    with closing(sqlite3.connect(data_dir / "tocsin.sqlite3", timeout=20)) as connection:
        connection.execute(sql)
        connection.commit()


def until(condition: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
    """Wait for a condition of another process, which has no event to wait for here."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"in vain: {what}")


@pytest.fixture
def nats_server(tmp_path: Path) -> Iterator[NatsServer]:
    """A NATS server that runs, and is killed at the end."""
    server = NatsServer(tmp_path / "nats")
    server.start()
    yield server
    server.kill()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"

    def do_GET(self) -> None:
        if self.path.startswith("/slow"):
            time.sleep(0.4)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *args: Any) -> None:
        pass

    def handle(self) -> None:
        with suppress(ConnectionError):  # the prober was killed
            super().handle()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


@pytest.fixture
def target() -> Iterator[str]:
    """A web server on loopback; `/slow…` answers after a while."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
