"""What a worker reaches on the full path: claim, HTTPS check with a full handshake, stored row.

    python -m benchmarks.worker                checks/s on one core, against wrk on the same core
    python -m benchmarks.worker --cadence      10,000 sites once a minute for a minute: slot delay
        --sites 50000 --seconds 300 --database postgres --bus nats --probers 2

Every check opens a new connection with a full TLS 1.3 handshake, verified (wrk verifies nothing).
The site, the database and the bus are on this machine. All figures come from the rows that were
stored, and from what the kernel counts of the processes.
"""

import argparse
import contextlib
import os
import resource
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.installation import Installation, installed
from benchmarks.processes import cpu_of_family, cpu_of_threads, idle_seconds, peak_mib
from benchmarks.target import Rate, cpu_since, target, wrk

LEAST_RATIO = 0.5
MOST_DELAY_SECONDS = 1.0
MOST_UNEVEN = 0.1
CADENCE = 60
# What is not measured: the start of the processes, and their first slots, which find all cold.
LEAD_SECONDS, WARM_SECONDS = 20, 10
WORKER = ("scheduler", "prober", "intake", "notifier", "housekeeper")
CENTRE = tuple(role for role in WORKER if role != "prober")

DELAYS = "SELECT {delay}, outcome, vantage FROM checks_check WHERE {slot} > {since} ORDER BY 1"
SQLITE_SLOT = "(julianday(scheduled_for) - 2440587.5) * 86400.0"
SQLITE_DELAY = "(julianday(created_at) - julianday(scheduled_for)) * 86400.0"
POSTGRES_SLOT = "extract(epoch FROM scheduled_for)"
POSTGRES_DELAY = "extract(epoch FROM created_at - scheduled_for)::float8"


@dataclass(frozen=True)
class Spent:
    """What processes had cost at a moment, in CPU seconds by part; `idle`, that nobody wanted."""

    moment: float
    parts: Counter[str]
    idle: float


@dataclass(frozen=True)
class Run:
    """What a run cost: CPU seconds by part over `seconds`, and MiB by process at the most.

    `idle` is the share of the machine that was left; what these parts did not take, others did.
    """

    since: float
    seconds: float
    parts: Counter[str]
    memory: dict[str, float]
    idle: float


def main() -> int:
    """Measure what was asked for; exit 1 where a target is missed."""
    # Whoever ends us early must not leave servers behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cadence", action="store_true", help="measure the slot delay instead")
    parser.add_argument("--sites", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=60, help="of --cadence")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--bus", choices=("local", "nats"), default="local")
    parser.add_argument("--probers", type=int, default=1, help="processes, with --bus nats")
    parser.add_argument("--memory", type=int, default=400, help="MiB beside database and target")
    parser.add_argument("--rounds", type=int, default=3, help="without --cadence")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="tocsin-bench-") as name,
        target(Path(name), pinned=not options.cadence) as nginx,
    ):
        if options.cadence:
            return report_delay(Path(name), nginx, options)
        return report_rate(Path(name), options)


def report_rate(directory: Path, options: argparse.Namespace) -> int:
    ratios = []
    for number in range(options.rounds):
        peer = wrk(pinned=True)
        with installed(directory / f"round{number}", options.database) as installation:
            ours = drain(installation, options.sites)
        ratios.append(ours.rate / peer.rate)
        print(f"wrk     {peer.rate:7.0f}/s {peer.cpu_ms:7.3f} ms CPU")
        print(f"worker  {ours.rate:7.0f}/s {ours.cpu_ms:7.3f} ms CPU  ratio {ratios[-1]:.2f}")
    ratio = statistics.median(ratios)
    return verdict(
        f"HTTPS checks/s against wrk: {ratio:.2f} (≥ {LEAST_RATIO})", ratio >= LEAST_RATIO
    )


def drain(installation: Installation, sites: int) -> Rate:
    """Let a worker run every site once, all due already; from the first start to the last row."""
    installation.seed(sites, 86_400, int(time.time()))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with installation.running(WORKER, core=1):
        while installation.rows("SELECT count(*) FROM checks_check")[0][0] < sites:
            time.sleep(0.5)
    cpu = cpu_since(before)
    (seconds,) = installation.rows(
        "SELECT (julianday(max(updated_at)) - julianday(min(created_at))) * 86400.0"
        " FROM checks_check",
        "SELECT extract(epoch FROM max(updated_at) - min(created_at))::float8 FROM checks_check",
    )[0]
    bad = installation.rows("SELECT outcome, error FROM checks_check WHERE outcome <> 'ok' LIMIT 3")
    if bad:
        raise SystemExit(f"not all checks went well: {bad}")
    return Rate(sites / seconds, cpu / sites * 1000)


def report_delay(directory: Path, nginx: int, options: argparse.Namespace) -> int:
    peer = wrk(pinned=False)
    with installed(directory / "one", options.database, options.bus) as installation:
        seeded = int(time.time())
        installation.seed(options.sites, CADENCE, seeded)
        late = int(time.time()) + LEAD_SECONDS - seeded
        wait = -(-late // CADENCE) * CADENCE
        installation.postpone(wait)
        first_due = seeded + wait
        run = observe(installation, nginx, first_due, options)
        return report(installation, run, peer, options)


def observe(
    installation: Installation, nginx: int, first_due: int, options: argparse.Namespace
) -> Run:
    """Let the installation work for as long as asked for; what came after the start counts."""
    with contextlib.ExitStack() as stack:
        processes = start(installation, stack, options)
        time.sleep(max(0.0, first_due + WARM_SECONDS - time.time()))
        before = spent(installation, nginx, processes.values())
        time.sleep(options.seconds)
        after = spent(installation, nginx, processes.values())
        memory = {name: peak_mib(pid) for name, pid in processes.items()}
        if "nats" in installation.servers:
            memory["nats"] = peak_mib(installation.servers["nats"])
    seconds = after.moment - before.moment
    idle = (after.idle - before.idle) / seconds / (os.cpu_count() or 1)
    return Run(before.moment, seconds, after.parts - before.parts, memory, idle)


def start(
    installation: Installation, stack: contextlib.ExitStack, options: argparse.Namespace
) -> dict[str, int]:
    """Start the processes; return their ids by name."""
    if options.bus == "local":
        return {"worker": stack.enter_context(installation.running(WORKER))}
    found = {"centre": stack.enter_context(installation.running(CENTRE, vantage="centre"))}
    for number in range(options.probers):
        name = f"prober-{number}"
        found[name] = stack.enter_context(installation.running(("prober",), vantage=name))
    return found


def spent(installation: Installation, nginx: int, processes: Iterable[int]) -> Spent:
    parts = cpu_of_threads(processes)
    parts["target"] = cpu_of_family(nginx)
    for name, pid in installation.servers.items():
        parts[name] = cpu_of_family(pid)
    return Spent(time.time(), parts, idle_seconds())


def report(installation: Installation, run: Run, peer: Rate, options: argparse.Namespace) -> int:
    rows = installation.rows(
        DELAYS.format(delay=SQLITE_DELAY, slot=SQLITE_SLOT, since=run.since),
        DELAYS.format(delay=POSTGRES_DELAY, slot=POSTGRES_SLOT, since=run.since),
    )
    (unrun,) = installation.rows("SELECT coalesce(sum(count), 0) FROM checks_gap")[0]
    if not rows:
        return verdict(
            f"fell behind: no slot after the start ran; {run.idle:.0%} idle", passed=False
        )
    delays = [row[0] for row in rows]
    p50, p99 = delays[len(delays) // 2], delays[len(delays) * 99 // 100]
    good = sum(row[1] == "ok" for row in rows)
    print(f"{options.database}, {options.bus} bus, {options.seconds} s")
    rate = len(rows) / run.seconds
    print(f"{len(rows)} checks of {options.sites} sites ({good} ok), {unrun} slots not run")
    print(f"{rate * 60:,.0f} checks a minute; wrk {peer.rate:.0f}/s, ratio {rate / peer.rate:.2f}")
    print(f"slot delay p50 {p50:.3f} s, p99 {p99:.3f} s, most {delays[-1]:.3f} s")
    for part, seconds in sorted(run.parts.items(), key=lambda item: -item[1]):
        print(f"{part:>10} {seconds / len(rows) * 1e6:6.0f} µs CPU a check")
    for name, mib in run.memory.items():
        print(f"{name:>10} {mib:6.0f} MiB at the most")
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; {run.idle:.0%} idle")
    enough = verdict(
        f"p99 slot delay {p99:.2f} s (≤ {MOST_DELAY_SECONDS:.0f} s), none lost",
        p99 <= MOST_DELAY_SECONDS and not unrun and good == len(rows),
    )
    total = sum(run.memory.values())
    small = verdict(f"memory {total:.0f} MiB (≤ {options.memory})", total <= options.memory)
    return enough | small | even([row[2] for row in rows])


def even(vantages: Sequence[str]) -> int:
    """Judge whether several probers did the same share of the work."""
    shares = Counter(vantages)
    if len(shares) < 2:
        return 0
    apart = (max(shares.values()) - min(shares.values())) / (len(vantages) / len(shares))
    return verdict(
        f"shares of the probers {apart:.0%} apart (≤ {MOST_UNEVEN:.0%})", apart <= MOST_UNEVEN
    )


def verdict(words: str, passed: bool) -> int:  # noqa: FBT001 — the verdict itself
    print(f"{'pass' if passed else 'MISS'}  {words}")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
