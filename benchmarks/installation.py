"""A throw-away Tocsin for benchmarks: SQLite or PostgreSQL, the in-process bus or NATS."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.target import ADDRESSES, PORT
from scripts.with_postgres import Server
from tests.runtime.bus_server import NatsServer

END_SECONDS = 60
ROOT = Path(__file__).resolve().parent.parent
# A server as an operator would run it: durable, with a little memory.
POSTGRES = ("shared_buffers=256MB", "max_wal_size=4GB", "wal_compression=on")

SEED = """
import sys
from tocsin.cli.database import bring_up_to_date
bring_up_to_date()
from tocsin.checks.models import Schedule
from tocsin.checks.slots import Grid, phase_of
from tocsin.sites.models import Site, TeamMonitoring
from tocsin.sites.monitoring.probing import RUNNABLE_TOOLS
from tocsin.teams.models import Team
count, cadence, first_due = (int(argument) for argument in sys.argv[1:4])
addresses = sys.argv[4].split(",")
team = Team.objects.create(name="Acme")
# Else a worker that starts gives them the schedules of the other tools.
off = {tool.value: {"enabled": tool.value == "status"} for tool in RUNNABLE_TOOLS}
TeamMonitoring.objects.update_or_create(team=team, defaults={"settings": {"tools": off}})
sites = [
    Site(team=team, name=str(n), domain=addresses[n % len(addresses)],
         url=f"https://{addresses[n % len(addresses)]}:{sys.argv[5]}/{n}")
    for n in range(count)
]
Site.objects.bulk_create(sites, batch_size=500)
def schedule(number, site):
    grid = Grid(phase_of(number, cadence), cadence)
    slot = grid.after(first_due) if cadence < 3600 else grid.at_or_before(first_due)
    return Schedule(id=number, site=site, tool="status", cadence=cadence, phase=grid.phase,
                    since=slot, next_slot=slot)
Schedule.objects.bulk_create((schedule(n, s) for n, s in enumerate(sites, 1)), batch_size=500)
"""


@dataclass(frozen=True)
class Installation:
    """Where its data is; the servers' process ids for those who measure them."""

    directory: Path
    database_url: str = ""
    bus_url: str = ""
    servers: dict[str, int] = field(default_factory=dict)

    @property
    def _file(self) -> Path:
        return self.directory / "data" / "tocsin.sqlite3"

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment of its processes."""
        found = {key: value for key, value in os.environ.items() if not key.startswith("TOCSIN_")}
        return found | {
            "TOCSIN_DATA_DIR": str(self.directory / "data"),
            "TOCSIN_DATABASE_URL": self.database_url,
            "TOCSIN_BUS_URL": self.bus_url,
            "TOCSIN_EGRESS_ALLOW": "127.0.0.0/8",
            "TOCSIN_VANTAGE_CANARIES": f"{ADDRESSES[0]}:{PORT}",
            "TOCSIN_EXTRA_CA_FILE": str(self.directory.parent / "ca.pem"),
        }

    def seed(self, sites: int, cadence: int, first_due: int) -> None:
        """Make the database and sites whose status is checked every `cadence` seconds."""
        arguments = [str(sites), str(cadence), str(first_due), ",".join(ADDRESSES), str(PORT)]
        subprocess.run(
            [sys.executable, "-c", SEED, *arguments], env=self.environment, check=True, cwd=ROOT
        )

    def postpone(self, seconds: int) -> None:
        """Move every first slot; by whole cadences, so that it stays on its grid."""
        statement = "UPDATE checks_schedule SET since = since + {0}, next_slot = next_slot + {0}"
        if self.database_url:
            with psycopg.connect(self.database_url, autocommit=True) as database:
                database.execute(statement.format(seconds).encode())
                database.execute("VACUUM ANALYZE")
            return
        with contextlib.closing(sqlite3.connect(self._file, timeout=20)) as database, database:
            database.execute(statement.format(seconds))

    def rows(self, on_sqlite: str, on_postgres: str | None = None) -> list[tuple[Any, ...]]:
        """Run a query; the second form where PostgreSQL needs another."""
        if self.database_url:
            with psycopg.connect(self.database_url) as database:
                return database.execute((on_postgres or on_sqlite).encode()).fetchall()
        with contextlib.closing(sqlite3.connect(self._file, timeout=20)) as database:
            return database.execute(on_sqlite).fetchall()

    @contextlib.contextmanager
    def running(
        self, roles: Sequence[str], *, core: int | None = None, vantage: str = "local"
    ) -> Iterator[int]:
        """Run some roles in a process while the block runs; yields its process id."""
        pinned = [] if core is None else ["taskset", "-c", str(core)]
        process = subprocess.Popen(
            [*pinned, sys.executable, "-m", "benchmarks.processes", *roles],
            env=self.environment | {"TOCSIN_VANTAGE": vantage}, cwd=ROOT, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=(self.directory / f"{vantage}.log").open("wb"),
        )  # fmt: skip
        try:
            yield process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                print(f"{vantage} had to be killed")


@contextlib.contextmanager
def installed(
    directory: Path, database: str = "sqlite", bus: str = "local"
) -> Iterator[Installation]:
    """Make an installation in a directory, with servers of its own while the block runs."""
    (directory / "data").mkdir(parents=True)
    with contextlib.ExitStack() as stack:
        servers, database_url, bus_url = {}, "", ""
        if database == "postgres":
            server = stack.enter_context(Server(POSTGRES))
            database_url, servers["postgres"] = server.url, server.pid
        if bus == "nats":
            nats = NatsServer(directory / "nats")
            stack.callback(nats.kill)
            nats.start()
            bus_url, servers["nats"] = nats.url, nats.pid
        yield Installation(directory, database_url, bus_url, servers)
