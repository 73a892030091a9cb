"""What lists and reports of the API cost: 10,000 sites, with 1 and 10 million checks behind them.

On PostgreSQL and on SQLite. For each request: how many queries it makes, the 99th percentile with
50 requests in flight against the web role as it is by default, and the CPU that server and
database spend on it, which must not grow with the history (beside a fixed piece of work in the same
moment: machines change their pace). Prints goal, figure and verdict; exits
1 where one is missed.
`python -m benchmarks.api [--seconds 8] [--postgres 1,10] [--sqlite 1]` (millions of checks).
"""

import argparse
import contextlib
import json
import multiprocessing
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.gates import Serving, free_port, serving

if TYPE_CHECKING:
    from benchmarks.api_world import World

MOST_QUERIES = 8
MOST_P99_MS = 100.0
MOST_GROWTH = 0.2
IN_FLIGHT = 50
MILLION = 1_000_000
PATHS = 500
WARM_UP = 16  # requests, one after the other
PIECE = [{"number": number, "text": str(number)} for number in range(500)]
PIECES = 400

# Each connection asks with the next token for the next address.
ROTATE = """
local function lines(name)
  local found = {}
  for line in io.lines(name) do found[#found + 1] = line end
  return found
end
local tokens, paths = lines("%s"), lines("%s")
local turn = 0
request = function()
  turn = turn + 1
  local token = tokens[turn %% #tokens + 1]
  return wrk.format("GET", paths[turn %% #paths + 1], {["Authorization"] = "Bearer " .. token})
end
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """One request on one database: milliseconds, and CPU milliseconds a request."""

    name: str
    database: str
    millions: int
    queries: int
    rate: float
    p50: float
    p99: float
    server_cpu: float
    database_cpu: float
    pace: float

    @property
    def cost(self) -> float:
        """Return what a request costs in all, in pieces of fixed work."""
        return (self.server_cpu + self.database_cpu) / self.pace


def main() -> int:
    """Run; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--postgres", default="1,10")
    parser.add_argument("--sqlite", default="1")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, _stop)
    figures: list[Figure] = []
    if options.postgres:
        from scripts.with_postgres import Server

        with Server() as server:
            figures += apart(server.url, _sizes(options.postgres), options.seconds)
    if options.sqlite:
        figures += apart("", _sizes(options.sqlite), options.seconds)
    return verdict(figures)


def apart(url: str, sizes: Sequence[int], seconds: int) -> list[Figure]:
    """Measure one database in a process of its own, which sets Django up for it."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measure_all, (url, sizes, seconds))


def measure_all(url: str, sizes: Sequence[int], seconds: int) -> list[Figure]:
    """Fill a database, and measure each time it has grown to a size (millions of checks)."""
    signal.signal(signal.SIGTERM, _stop)
    database = "PostgreSQL" if url else "SQLite"
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder:
        os.environ |= {"TOCSIN_DATA_DIR": folder, "TOCSIN_DATABASE_URL": url}
        os.environ["DJANGO_SETTINGS_MODULE"] = "tocsin.config.settings"
        import django

        django.setup()
        from django.core.management import call_command

        from benchmarks import api_world

        call_command("migrate", verbosity=0)
        now = datetime.now(UTC)
        world, figures, rounds = api_world.found(now), [], 0
        print(f"{database}: {api_world.SITES} sites", flush=True)
        for millions in sizes:
            more = millions * MILLION // api_world.SITES
            api_world.grow(world, range(rounds, more), now)
            rounds = more
            api_world.settle()
            print(f"{database}: {millions} million checks", flush=True)
            figures += measure(world, database, millions, Path(folder), seconds)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)  # so the pool ends this process
        return figures


def measure(
    world: "World", database: str, millions: int, folder: Path, seconds: int
) -> Iterator[Figure]:
    """Measure every request against the web role as it is by itself."""
    port = free_port()
    command = [sys.executable, "-m", "tocsin.cli.main", "run", "web", "--port", str(port)]
    with serving(command, port) as server:
        for name, paths in requests_of(world).items():
            queries = count_queries(paths[0], world.tokens[0])
            script = write_script(paths, world.tokens[1:], folder)
            warm(server.url, paths, world.tokens[0])
            before = pace()
            load = one(server, script, seconds)
            found = Figure(name, database, millions, queries, *load, (before + pace()) / 2)
            print(_row(found), flush=True)
            yield found


def pace() -> float:
    """Return the CPU milliseconds that a fixed piece of work takes now."""
    start = time.process_time()
    for _ in range(PIECES):
        json.loads(json.dumps(PIECE))
    return (time.process_time() - start) * 1000 / PIECES


def requests_of(world: "World") -> Mapping[str, list[str]]:
    """Return the addresses of each kind of request; many, so that no cache knows them all."""
    draw = random.Random(1)
    chosen, reported = (draw.sample(list(each), PATHS) for each in (world.sites, world.reported))
    sites, last = f"/api/v1/teams/{world.team}/sites", len(world.sites) // 25
    issues = f"/api/v1/issues?team={world.team}"
    return {
        "list sites": [f"{sites}?page={page}" for page in range(1, last)],
        "list checks, page 1": [f"/api/v1/sites/{site}/checks" for site in chosen],
        "list checks, page 100": [f"/api/v1/sites/{site}/checks?page=100" for site in world.busy],
        "uptime, 365 days": [f"/api/v1/sites/{site}/reports/uptime?days=365" for site in reported],
        "list issues": [f"{issues}&page={page}" for page in range(1, 80)],
    }


def count_queries(path: str, token: str) -> int:
    """Return how many queries one request makes."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="127.0.0.1", headers={"authorization": f"Bearer {token}"})
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    assert response.status_code == 200, response.content
    return len(queries)


def write_script(paths: Sequence[str], tokens: Sequence[str], folder: Path) -> Path:
    """Write what wrk sends."""
    listing, addresses, script = (folder / name for name in ("tokens", "paths", "rotate.lua"))
    listing.write_text("\n".join(tokens) + "\n", encoding="ascii")
    addresses.write_text("\n".join(paths) + "\n", encoding="ascii")
    script.write_text(ROTATE % (listing, addresses), encoding="ascii")
    return script


def warm(url: str, paths: Sequence[str], token: str) -> None:
    """Let the server load what it loads late, and the database what is asked for most."""
    for path in paths[:WARM_UP]:
        request = urllib.request.Request(url + path, headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            answer.read()


def one(server: Serving, script: Path, seconds: int) -> tuple[float, float, float, float, float]:
    """Load a server; return rate, p50, p99, and the CPU of server and database a request, in ms."""
    before = cpu_of(server.pid), cpu_of_backends()
    count, p50, p99 = wrk(server.url, script, seconds)
    after = cpu_of(server.pid), cpu_of_backends()
    own, other = ((late - early) / count for late, early in zip(after, before, strict=True))
    return count / seconds, p50, p99, own, other


def wrk(url: str, script: Path, seconds: int) -> tuple[int, float, float]:
    """Keep 50 requests in flight; return how many were answered, p50 and p99 in milliseconds."""
    command = ["wrk", "-t1", f"-c{IN_FLIGHT}", f"-d{seconds}s", "--timeout", "20s", "--latency"]
    command += ["-s", str(script), url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(said)
    count = re.search(r"([1-9]\d*) requests in", said)
    if count is None:
        raise RuntimeError(f"nothing was answered within {seconds} s: {said}")
    return int(count[1]), _percentile(said, 50), _percentile(said, 99)


def _percentile(said: str, number: int) -> float:
    found = re.search(rf"{number}%\s+([\d.]+)(us|ms|s|m)\b", said)
    assert found is not None, said
    return float(found[1]) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[found[2]]


def cpu_of(pid: int) -> float:
    """Return the CPU milliseconds of a process and its children, living and gone."""
    total = _ticks(pid, gone=True)
    for child in _children(pid):
        total += cpu_of(child) / _MS_A_TICK
    return total * _MS_A_TICK


def cpu_of_backends() -> float:
    """Return the CPU milliseconds of all of the database server; 0 where it is a library."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        own = int(cursor.fetchone()[0])
    return cpu_of(_parent(own))


_MS_A_TICK = 1000 / os.sysconf("SC_CLK_TCK")


def _fields(pid: int) -> list[str]:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return []
    return text.rpartition(")")[2].split()


def _ticks(pid: int, *, gone: bool) -> int:
    fields = _fields(pid)
    return sum(map(int, fields[11 : 15 if gone else 13]))


def _parent(pid: int) -> int:
    return int(_fields(pid)[1])


def _children(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(IndexError):
                if _parent(int(entry.name)) == pid:
                    found.append(int(entry.name))
    return found


def verdict(figures: Sequence[Figure]) -> int:
    """Print each goal, figure and verdict; return the exit code."""
    goals = [
        *((f"queries, {_of(f)}", f"≤ {MOST_QUERIES}", f"{f.queries}", f.queries <= MOST_QUERIES)
          for f in figures),
        *((f"p99, {_of(f)}", f"≤ {MOST_P99_MS:.0f} ms", f"{f.p99:.0f} ms", f.p99 <= MOST_P99_MS)
          for f in figures),
        *growths(figures),
    ]  # fmt: skip
    for what, goal, found, met in goals:
        print(f"{'PASS' if met else 'FAIL'}  {what:56} goal {goal:>9}  found {found}")
    return 0 if all(met for *_, met in goals) else 1


def growths(figures: Sequence[Figure]) -> Iterator[tuple[str, str, str, bool]]:
    """Compare the CPU of a request by the largest history with that by the smallest."""
    by_request: dict[tuple[str, str], list[Figure]] = {}
    for figure in figures:
        by_request.setdefault((figure.database, figure.name), []).append(figure)
    for (database, name), found in by_request.items():
        if len(found) > 1:
            growth = found[-1].cost / found[0].cost - 1
            what = f"CPU, {name}, {database}, {found[0].millions} → {found[-1].millions} million"
            yield what, f"± {MOST_GROWTH:.0%}", f"{growth:+.0%}", abs(growth) <= MOST_GROWTH


def _of(figure: Figure) -> str:
    return f"{figure.name}, {figure.database}, {figure.millions} million"


def _row(figure: Figure) -> str:
    return (
        f"  {figure.name:24} {figure.queries} queries {figure.rate:7.0f}/s"
        f"  p50 {figure.p50:6.0f} ms  p99 {figure.p99:6.0f} ms"
        f"  CPU {figure.server_cpu:6.2f} + {figure.database_cpu:5.2f} ms, pace {figure.pace:.2f}"
    )


def _stop(number: int, _frame: object) -> None:
    """Leave through all that has to be cleaned up."""
    raise SystemExit(128 + number)


def _sizes(text: str) -> list[int]:
    return [int(each) for each in text.split(",") if each]


if __name__ == "__main__":
    sys.exit(main())
