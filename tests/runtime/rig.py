"""An installation whose every part can be killed: processes, the bus and the database."""

import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from scripts.with_postgres import Server
from tests.runtime.bus_server import NatsServer
from tests.runtime.conftest import SEED, environment, until

REGION = "eu"
# What runs apart where a bus between processes allows it; a worker does all of it in one.
APART: Mapping[str, Sequence[str]] = {
    "scheduler": ("scheduler",),
    "intake": ("intake", "housekeeper"),
    "prober": ("prober",),
}
TOGETHER: Mapping[str, Sequence[str]] = {"worker": ("scheduler", "prober", "intake", "housekeeper")}
GENTLE_SECONDS = 30


@dataclass
class Rig:
    """`parts` are the processes by name; `postgres` and `nats` are None where not used."""

    data_dir: Path
    postgres: Server | None
    nats: NatsServer | None
    database_url: str
    parts: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def roles(self) -> Mapping[str, Sequence[str]]:
        """Return what each process does."""
        return TOGETHER if self.nats is None else APART

    @property
    def victims(self) -> list[str]:
        """Name everything that can be killed."""
        servers = {"postgres": self.postgres, "nats": self.nats}
        return [*self.roles, *(name for name, server in servers.items() if server is not None)]

    @property
    def variables(self) -> dict[str, str]:
        """Return the environment of the processes."""
        return {
            **environment(self.data_dir),
            "TOCSIN_DATABASE_URL": self.database_url,
            "TOCSIN_BUS_URL": self.nats.url if self.nats else "",
        }

    def start(self, name: str) -> None:
        """Start a process or a server that does not run."""
        if name == "postgres" and self.postgres is not None:
            until(self._starts_postgres, "the database's new beginning")
        elif name == "nats" and self.nats is not None:
            self.nats.start()
        else:
            command = [sys.executable, "-m", "tocsin.cli.main", "run", *self.roles[name]]
            with (self.data_dir / f"{name}.log").open("ab") as log:
                self.parts[name] = subprocess.Popen(
                    [*command, "--region", REGION], env=self.variables, stdout=log, stderr=log
                )

    def kill(self, name: str) -> None:
        """End a process or a server as a crash would."""
        if name == "postgres" and self.postgres is not None:
            self.postgres.kill()
        elif name == "nats" and self.nats is not None:
            self.nats.kill()
        else:
            process = self.parts.pop(name)
            process.send_signal(signal.SIGKILL)
            assert process.wait() == -signal.SIGKILL, f"{name} had ended by itself"

    def revive(self) -> None:
        """Start again what gave up because it began while the database was away, as units do."""
        for name in [name for name, process in self.parts.items() if process.poll() == 1]:
            self.start(name)

    def stop(self, name: str) -> None:
        """End a process in good order."""
        process = self.parts.pop(name)
        process.terminate()
        assert process.wait(GENTLE_SECONDS) == 0

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the database behind the back of the processes."""
        if self.database_url:
            with psycopg.connect(self.database_url) as database:
                return database.execute(sql.encode()).fetchall()
        with closing(self._sqlite()) as database:
            return database.execute(sql).fetchall()

    def write(self, sql: str) -> None:
        """Change the database behind the back of the processes."""
        if self.database_url:
            with psycopg.connect(self.database_url) as database:
                database.execute(sql.encode())
            return
        with closing(self._sqlite()) as database:
            database.execute(sql)
            database.commit()

    def _starts_postgres(self) -> bool:
        """Start it; it refuses while processes of the one that was killed still end."""
        assert self.postgres is not None
        try:
            self.postgres.start()
        except subprocess.CalledProcessError:
            return False
        return True

    def _sqlite(self) -> sqlite3.Connection:
        return sqlite3.connect(self.data_dir / "tocsin.sqlite3", timeout=20)


@contextmanager
def rigged(directory: Path, database: str, bus: str, urls: Sequence[str]) -> Iterator[Rig]:
    """Make an installation that watches `urls`, nothing of it running but its servers."""
    data_dir = directory / "data"
    data_dir.mkdir(parents=True)
    with ExitStack() as stack:
        postgres = stack.enter_context(Server()) if database == "postgres" else None
        nats = NatsServer(directory / "nats") if bus == "nats" else None
        if nats is not None:
            stack.callback(nats.kill)
            nats.start()
        rig = Rig(data_dir, postgres, nats, postgres.url if postgres else "")
        stack.callback(_end_all, rig)
        _seed(rig, urls)
        yield rig


def _seed(rig: Rig, urls: Sequence[str]) -> None:
    command = [sys.executable, "-c", SEED, json.dumps(urls)]
    subprocess.run(command, env=rig.variables, check=True)


def _end_all(rig: Rig) -> None:
    for process in rig.parts.values():
        process.kill()
        process.wait()
