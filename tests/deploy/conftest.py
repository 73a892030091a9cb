"""A NATS server that runs with the very file that operators are given."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.runtime.bus_server import NatsServer

DEPLOY = Path(__file__).parents[2] / "deploy"
CENTRE, PROBER = "c3ntre-password", "pr0ber-password"


@pytest.fixture
def guarded_bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[NatsServer]:
    """The server of deploy/nats/nats.conf, on a port and in a directory of the test's own."""
    monkeypatch.setenv("TOCSIN_BUS_CENTRE_PASSWORD", CENTRE)
    monkeypatch.setenv("TOCSIN_BUS_PROBER_EU_PASSWORD", PROBER)
    server = NatsServer(tmp_path / "nats", DEPLOY / "nats" / "nats.conf")
    server.start()
    yield server
    server.kill()
