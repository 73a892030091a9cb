"""Run a command against a PostgreSQL server of its own: with_postgres.py COMMAND …

Makes a cluster in a temporary directory, on a free loopback port, sets TOCSIN_DATABASE_URL, runs
the command, stops the server and removes everything. PostgreSQL refuses to run as root, so there
it runs as the distribution's `postgres` user.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path


def main(command: list[str]) -> int:
    """Run `command`; returns its exit code."""
    binaries = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)
    if binaries is None:
        sys.stderr.write("No PostgreSQL server found; run: sudo apt-get install postgresql\n")
        return 1
    as_server = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    prefix = as_server if os.geteuid() == 0 else []
    home = Path(tempfile.mkdtemp(prefix="tocsin-pg-"))
    if prefix:
        shutil.chown(home, "postgres", "postgres")
    data = home / "data"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    control = [*prefix, str(binaries / "pg_ctl"), "-D", str(data), "-w"]
    options = (
        f"-p {port} -k {home} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=300"
    )
    initdb = [*prefix, str(binaries / "initdb"), "-D", str(data), "-U", "tocsin", "-A", "trust"]
    try:
        _quietly([*initdb, "-E", "UTF8", "--locale=C.UTF-8"], home)
        _quietly([*control, "-l", str(home / "log"), "-o", options, "start"], home)
        try:
            url = f"postgres://tocsin@127.0.0.1:{port}/postgres"
            return subprocess.run(
                command, env={**os.environ, "TOCSIN_DATABASE_URL": url}, check=False
            ).returncode
        finally:
            _quietly([*control, "-m", "immediate", "stop"], home)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _quietly(command: list[str], home: Path) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=home)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
