"""What one worker reaches on the full path: claim, HTTPS check, stored row, on SQLite.

    python benchmarks/worker.py              checks/s on one core, against wrk on the same core
    python benchmarks/worker.py --cadence    10,000 sites once a minute for 3 minutes: slot delay

Every check opens a new connection with a full TLS 1.3 handshake, verified (wrk verifies nothing).
The target is a local nginx with one worker on core 0, on many loopback addresses, since a worker is
polite to each host. Rates come from the rows that the worker stored. nginx and wrk are the
distribution's packages.
"""

import argparse
import contextlib
import os
import re
import resource
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import trustme

ADDRESSES = [f"127.0.1.{number}" for number in range(1, 251)]
PORT = 28500
CONNECTIONS = 100
LEAST_RATIO = 0.5
MOST_DELAY_SECONDS = 1.0
LEAD_SECONDS = 10

NGINX = """
daemon off; worker_processes 1; worker_cpu_affinity 01; worker_rlimit_nofile 20000;
pid {dir}/nginx.pid; error_log {dir}/error.log;
events {{ worker_connections 8000; }}
http {{
  access_log off; client_body_temp_path {dir}/b; proxy_temp_path {dir}/p;
  fastcgi_temp_path {dir}/f; uwsgi_temp_path {dir}/u; scgi_temp_path {dir}/s;
  ssl_certificate {dir}/leaf.pem; ssl_certificate_key {dir}/leaf.key; ssl_protocols TLSv1.3;
  ssl_session_cache off; ssl_session_tickets off;
  server {{ {listen} location / {{ return 200 "a body of twenty-five by\\n"; }} }}
}}
"""

SEED = """
import sys
from tocsin.cli.database import bring_up_to_date
bring_up_to_date()
from tocsin.checks.models import Schedule
from tocsin.checks.slots import Grid, phase_of
from tocsin.sites.models import Site
from tocsin.teams.models import Team
count, cadence, first_due = (int(argument) for argument in sys.argv[1:4])
addresses = sys.argv[4].split(",")
team = Team.objects.create(name="Acme")
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

DELAYS = """
SELECT (julianday(created_at) - julianday(scheduled_for)) * 86400.0 FROM checks_check ORDER BY 1
"""


@dataclass(frozen=True)
class Rate:
    """Checks a second, and CPU milliseconds a check (user and system, all threads)."""

    rate: float
    cpu_ms: float


def main() -> int:
    """Measure what was asked for; exit 1 where a target is missed."""
    # Whoever ends us early must not leave servers behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cadence", action="store_true", help="measure the slot delay instead")
    parser.add_argument("--sites", type=int, default=10_000)
    parser.add_argument("--minutes", type=float, default=3.0, help="of --cadence")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as name, target(Path(name)):
        if options.cadence:
            return report_delay(Path(name), options.sites, options.minutes)
        return report_rate(Path(name), options.sites, options.rounds)


def report_rate(directory: Path, sites: int, rounds: int) -> int:
    ratios = []
    for number in range(rounds):
        peer = wrk()
        ours = drain(directory, directory / f"data{number}", sites)
        ratios.append(ours.rate / peer.rate)
        print(f"wrk     {peer.rate:7.0f}/s {peer.cpu_ms:7.3f} ms CPU")
        print(f"worker  {ours.rate:7.0f}/s {ours.cpu_ms:7.3f} ms CPU  ratio {ratios[-1]:.2f}")
    ratio = statistics.median(ratios)
    return verdict(
        f"HTTPS checks/s against wrk: {ratio:.2f} (≥ {LEAST_RATIO})", ratio >= LEAST_RATIO
    )


def report_delay(directory: Path, sites: int, minutes: float) -> int:
    data = directory / "data"
    first_due = int(time.time()) + LEAD_SECONDS + sites // 1000
    seed(data, sites, 60, first_due)
    with working(directory, data, core=None):
        time.sleep(max(0.0, first_due - time.time()) + minutes * 60)
    with contextlib.closing(sqlite3.connect(data / "tocsin.sqlite3")) as database:
        delays = [delay for (delay,) in database.execute(DELAYS)]
        unrun = database.execute("SELECT coalesce(sum(count), 0) FROM checks_gap").fetchone()[0]
        good = database.execute("SELECT count(*) FROM checks_check WHERE outcome = 'ok'").fetchone()
    p50, p99 = delays[len(delays) // 2], delays[len(delays) * 99 // 100]
    print(f"{len(delays)} checks of {sites} sites ({good[0]} ok), {unrun} slots not run")
    print(f"slot delay p50 {p50:.3f} s, p99 {p99:.3f} s, most {delays[-1]:.3f} s")
    passed = p99 <= MOST_DELAY_SECONDS and not unrun and good[0] == len(delays)
    return verdict(f"p99 slot delay {p99:.2f} s (≤ {MOST_DELAY_SECONDS:.0f} s), none lost", passed)


def verdict(words: str, passed: bool) -> int:  # noqa: FBT001 — the verdict itself
    print(f"{'pass' if passed else 'MISS'}  {words}")
    return 0 if passed else 1


def wrk() -> Rate:
    seconds = 4
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-H", "Connection: close"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out = subprocess.run(
        ["taskset", "-c", "1", *command, f"https://{ADDRESSES[0]}:{PORT}/"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    found = re.search(r"Requests/sec:\s+([\d.]+)", out)
    if found is None or "Non-2xx" in out:
        raise SystemExit(f"wrk failed: {out}")
    rate = float(found[1])
    return Rate(rate, cpu_since(before) / (rate * seconds) * 1000)


def drain(directory: Path, data: Path, sites: int) -> Rate:
    """Let a worker run every site once, all due already; from the first start to the last row."""
    seed(data, sites, 86_400, int(time.time()))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with working(directory, data, core=1):
        while stored(data) < sites:
            time.sleep(0.5)
    cpu = cpu_since(before)
    with contextlib.closing(sqlite3.connect(data / "tocsin.sqlite3")) as database:
        seconds, ok = database.execute(
            "SELECT (julianday(max(updated_at)) - julianday(min(created_at))) * 86400.0,"
            " sum(outcome = 'ok') FROM checks_check"
        ).fetchone()
        errors = database.execute(
            "SELECT coalesce(error->>'$.code', result->>'$.code'), count(*) FROM checks_check"
            " WHERE outcome <> 'ok' GROUP BY 1"
        ).fetchall()
    if errors:
        raise SystemExit(f"only {ok} of {sites} checks went well: {errors}")
    return Rate(sites / seconds, cpu / sites * 1000)


def stored(data: Path) -> int:
    with contextlib.closing(sqlite3.connect(data / "tocsin.sqlite3", timeout=20)) as database:
        return int(database.execute("SELECT count(*) FROM checks_check").fetchone()[0])


def cpu_since(before: resource.struct_rusage) -> float:
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def seed(data: Path, sites: int, cadence: int, first_due: int) -> None:
    data.mkdir()
    arguments = [str(sites), str(cadence), str(first_due), ",".join(ADDRESSES), str(PORT)]
    subprocess.run([sys.executable, "-c", SEED, *arguments], env=environment(data), check=True)


def environment(data: Path, directory: Path | None = None) -> dict[str, str]:
    found = {key: value for key, value in os.environ.items() if not key.startswith("TOCSIN_")}
    found |= {"TOCSIN_DATA_DIR": str(data), "TOCSIN_EGRESS_ALLOW": "127.0.0.0/8"}
    found |= {"TOCSIN_VANTAGE_CANARIES": f"{ADDRESSES[0]}:{PORT}"}
    if directory is not None:
        found["TOCSIN_EXTRA_CA_FILE"] = str(directory / "ca.pem")
    return found


@contextlib.contextmanager
def working(directory: Path, data: Path, core: int | None) -> Iterator[None]:
    pinned = [] if core is None else ["taskset", "-c", str(core)]
    worker = subprocess.Popen(
        [*pinned, sys.executable, "-m", "tocsin.runtime", "worker"],
        env=environment(data, directory), start_new_session=True, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(30)


@contextlib.contextmanager
def target(directory: Path) -> Iterator[None]:
    authority = trustme.CA()
    leaf = authority.issue_cert(*ADDRESSES)
    authority.cert_pem.write_to_path(directory / "ca.pem")
    leaf.private_key_pem.write_to_path(directory / "leaf.key")
    for blob in leaf.cert_chain_pems:
        blob.write_to_path(directory / "leaf.pem", append=True)
    listen = " ".join(f"listen {address}:{PORT} ssl backlog=2048;" for address in ADDRESSES)
    (directory / "nginx.conf").write_text(NGINX.format(dir=directory, listen=listen))
    nginx = subprocess.Popen(
        ["nginx", "-c", str(directory / "nginx.conf"), "-p", str(directory)],
        start_new_session=True, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(ADDRESSES[-1], PORT)
        if nginx.poll() is not None:
            raise SystemExit(f"port {PORT} is in use; end what an earlier run left")
        yield
    finally:
        nginx.terminate()
        nginx.wait()


def wait_for(host: str, port: int) -> None:
    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection((host, port), 1):
            return
        time.sleep(0.05)
    raise SystemExit(f"nothing listens on {host} port {port}")


if __name__ == "__main__":
    sys.exit(main())
