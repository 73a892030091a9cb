"""Run a command against a PostgreSQL server of its own: with_postgres.py COMMAND …

Makes a cluster in a temporary directory, on a free loopback port, sets TOCSIN_DATABASE_URL, runs
the command, stops the server and removes everything, also when told to stop by SIGTERM. PostgreSQL
refuses to run as root, so there it runs as the distribution's `postgres` user.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

NO_SERVER = "No PostgreSQL server found; run: sudo apt-get install postgresql"
AS_SERVER = ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups")
DATABASE = "postgres"


class Server:
    """A PostgreSQL server on loopback, in a directory that goes with it.

    `settings` are the server's own; without any it is fast and would not outlive a power cut.
    """

    def __init__(self, settings: Sequence[str] = ("fsync=off",)) -> None:
        self._settings = settings
        binaries = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)
        if binaries is None:
            raise FileNotFoundError(NO_SERVER)
        self._binaries = binaries
        self._prefix = AS_SERVER if os.geteuid() == 0 else ()
        self._home = Path(tempfile.mkdtemp(prefix="tocsin-pg-"))
        if self._prefix:
            shutil.chown(self._home, "postgres", "postgres")
        self._port = _free_port()
        self.url = f"postgres://tocsin@127.0.0.1:{self._port}/{DATABASE}"

    def __enter__(self) -> Self:
        try:
            self._quietly(
                "initdb", "-U", "tocsin", "-A", "trust", "-N", "-E", "UTF8", "--locale=C.UTF-8"
            )
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(subprocess.CalledProcessError):  # it may have been killed
            self._quietly("pg_ctl", "-w", "-m", "immediate", "stop")
        shutil.rmtree(self._home, ignore_errors=True)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = (
            f"-p {self._port} -k {self._home} -c listen_addresses=127.0.0.1"
            f" -c max_connections=300 {' '.join(f'-c {each}' for each in self._settings)}"
        )
        self._quietly("pg_ctl", "-w", "-l", str(self._home / "log"), "-o", options, "start")

    @property
    def pid(self) -> int:
        """Return the id of the server's first process."""
        return int((self._home / "data" / "postmaster.pid").read_text().split()[0])

    def kill(self) -> None:
        """End the server as a crash would: its first process is killed; the others see it."""
        postmaster = self.pid
        os.kill(postmaster, signal.SIGKILL)
        # Its orphans hold the port and the shared memory until they have noticed.
        while _is_taken(self._port) or _lives(postmaster):
            time.sleep(0.02)

    def create_database(self, name: str) -> str:
        """Make another database; return its URL."""
        self._quietly(
            "createdb",
            "-h",
            "127.0.0.1",
            "-p",
            str(self._port),
            "-U",
            "tocsin",
            name,
            on_data=False,
        )
        return self.url.removesuffix(DATABASE) + name

    def _quietly(self, program: str, *arguments: str, on_data: bool = True) -> None:
        where = ("-D", str(self._home / "data")) if on_data else ()
        command = [*self._prefix, str(self._binaries / program), *where, *arguments]
        subprocess.run(
            command,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL if program == "pg_ctl" else None,
            cwd=self._home,
        )


def main(command: list[str]) -> int:
    """Run `command`; returns its exit code."""
    signal.signal(signal.SIGTERM, _stop)
    try:
        with Server() as server:
            environment = {**os.environ, "TOCSIN_DATABASE_URL": server.url}
            return _run(command, environment)
    except FileNotFoundError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _run(command: list[str], environment: dict[str, str]) -> int:
    with subprocess.Popen(command, env=environment) as process:
        try:
            return process.wait()
        except BaseException:
            process.terminate()
            raise


def _stop(number: int, _frame: Any) -> None:
    raise SystemExit(128 + number)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _lives(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists() and "Z" not in _state(pid)


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
