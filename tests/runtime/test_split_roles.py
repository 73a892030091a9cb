"""The roles apart, as processes that share the bus and nothing else."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.runtime.bus_server import NatsServer
from tests.runtime.conftest import environment, rows, seed, until

IMPORTED = re.compile(r"^import time:.*\| +(\S+)$", re.MULTILINE)
REGION = "eu"


def start(directory: Path, variables: dict[str, str], *arguments: str) -> "subprocess.Popen[bytes]":
    """Run a command of Tocsin's in an empty directory, its errors in a file there."""
    directory.mkdir()
    with (directory / "errors").open("wb") as errors:
        return subprocess.Popen(
            [sys.executable, "-m", "tocsin.cli.main", *arguments],
            env=variables, cwd=directory, stdout=errors, stderr=errors,
        )  # fmt: skip


def prober_environment(bus_url: str) -> dict[str, str]:
    """Return all that a prober is given: the bus, and on loopback what it may look at."""
    return {
        "PATH": os.environ["PATH"],
        "TOCSIN_BUS_URL": bus_url,
        "TOCSIN_EGRESS_ALLOW": "127.0.0.0/8",
        "TOCSIN_DNS_RESOLVERS": "udp://127.0.0.1:9",
        "TOCSIN_VANTAGE_CANARIES": "udp://127.0.0.1:9",
        # Python then tells of everything that it loads.
        "PYTHONPROFILEIMPORTTIME": "1",
    }


def end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    assert process.wait(20) == 0


def opened_by(pid: int) -> set[str]:
    """Return the files and libraries that a process has open."""
    proc = Path("/proc") / str(pid)
    files = {str(each.readlink()) for each in (proc / "fd").iterdir()}
    libraries = (proc / "maps").read_text().splitlines()
    return files | {line.split(maxsplit=5)[-1] for line in libraries}


def test_it_checks_sites_by_roles_that_share_only_the_bus(
    data_dir: Path, tmp_path: Path, target: str, nats_server: NatsServer
) -> None:
    seed(data_dir, [f"{target}/{number}" for number in range(30)])
    at_centre = {**environment(data_dir), "TOCSIN_BUS_URL": nats_server.url}
    region = ("--region", REGION)
    prober = start(
        tmp_path / "prober", prober_environment(nats_server.url), "run", "prober", *region
    )
    centre = start(tmp_path / "centre", at_centre, "run", "scheduler", "intake", *region)
    sql = "SELECT count(*), min(vantage), max(vantage), max(outcome) FROM checks_check"
    until(lambda: rows(data_dir, sql) == [(30, REGION, REGION, "ok")], "all checks, by the prober")

    held = opened_by(prober.pid)
    assert not [each for each in held if "sqlite" in each or "psycopg" in each or "libpq" in each]
    variables = (Path("/proc") / str(prober.pid) / "environ").read_text()
    assert not re.search("SECRET|DATABASE|DATA_DIR", variables)

    end(centre)
    end(prober)
    loaded = set(IMPORTED.findall((tmp_path / "prober" / "errors").read_text()))
    assert "tocsin.probes.runner" in loaded
    assert not [name for name in loaded if name.split(".")[0] in {"django", "sqlite3", "psycopg"}]
    # Nothing was written where it stands: neither keys nor data.
    assert [path.name for path in (tmp_path / "prober").iterdir()] == ["errors"]
