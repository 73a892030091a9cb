"""How much of one core a status check costs, beside named peers measured in the same minute.

    python -m benchmarks.status_engine                    ratios to wrk and blackbox_exporter
    python -m benchmarks.status_engine --in-flight 1000   memory with so many HTTPS checks in flight

Every check opens a new connection, HTTPS with a full TLS 1.3 handshake verified against the public
roots plus one private root (wrk verifies nothing), and builds the contract's result in full. The
target is a local nginx with one worker on core 0; wrk and the engine run on core 1 in turn, the
exporter is asked over its HTTP interface and only its own CPU time counts. Ratios are medians of
the rounds. Where other processes were busy meanwhile, rates say nothing, and checks per CPU second
are compared instead. nginx, wrk and prometheus-blackbox-exporter are the distribution's packages.
"""

import argparse
import asyncio
import contextlib
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import quote

import uvloop

from benchmarks.engine_target import (
    BACKEND_PORT,
    FIRST_PORT,
    HOLD_SECONDS,
    PORTS,
    SLOW_BACKEND,
    raise_open_files,
    stop,
    target,
    wait_for,
)
from tocsin.probes.contract import ProbeOptions, ProbeRequest, ProbeResult, StatusSettings, Tool
from tocsin.probes.status import StatusProbe

CONCURRENCY = 100
EXPORTER_PORT = 28402
TARGETS = {"http": {"wrk": 0.4, "blackbox": 4.0}, "https": {"wrk": 0.7, "blackbox": 1.5}}
MEMORY_LIMIT_MB = 250
CALM_CORES = 0.15

EXPORTER = """
modules:
  look:
    prober: http
    timeout: 10s
    http: {{ preferred_ip_protocol: ip4, tls_config: {{ ca_file: {dir}/ca.pem }} }}
"""


@dataclass(frozen=True)
class Measured:
    """Checks a second, and CPU milliseconds a check (user and system, all threads)."""

    rate: float
    cpu_ms: float


def main() -> int:
    """Measure what was asked for; exit 1 where a target is missed."""
    options = parse_arguments()
    if options.client:
        print(json.dumps(run_client(options)))
        return 0
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as name, target(Path(name)):
        report = memory(Path(name), options) if options.in_flight else speed(Path(name), options)
    print(json.dumps(report) if options.json else "\n".join(in_words(report)))
    return 0 if all(line["passed"] for line in report["targets"]) else 1


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seconds", type=float, default=3.0, help="of one run")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--in-flight", type=int, default=0, help="measure memory instead")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--client", choices=FIRST_PORT, help=argparse.SUPPRESS)
    parser.add_argument("--ca", help=argparse.SUPPRESS)
    parser.add_argument("--concurrency", type=int, default=CONCURRENCY, help=argparse.SUPPRESS)
    return parser.parse_args()


def speed(directory: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Measure wrk, blackbox_exporter and the engine in turn, plain and HTTPS."""
    runs: dict[str, dict[str, list[Measured]]] = {}
    others: list[float] = []
    for _ in range(options.rounds):
        for scheme in TARGETS:
            of = runs.setdefault(scheme, {"wrk": [], "blackbox": [], "tocsin": []})
            with others_watched(directory, others):
                of["wrk"].append(run_wrk(scheme, options.seconds))
                of["tocsin"].append(run_engine(directory, scheme, options.seconds, CONCURRENCY)[0])
            of["blackbox"].append(run_exporter(directory, scheme, options.seconds))
    calm = statistics.median(others) <= CALM_CORES
    return {
        "cores_taken_by_others": round(statistics.median(others), 2),
        "measured": {
            scheme: {name: vars(middle(found)) for name, found in of.items()}
            for scheme, of in runs.items()
        },
        "targets": [line for scheme, of in runs.items() for line in compare(scheme, of, calm=calm)],
    }


def compare(scheme: str, of: dict[str, list[Measured]], *, calm: bool) -> list[dict[str, Any]]:
    pairs = list(zip(of["tocsin"], of["wrk"], of["blackbox"], strict=True))
    by_rate = statistics.median(ours.rate / wrk.rate for ours, wrk, _ in pairs)
    by_cpu = statistics.median(wrk.cpu_ms / ours.cpu_ms for ours, wrk, _ in pairs)
    to_blackbox = statistics.median(peer.cpu_ms / ours.cpu_ms for ours, _, peer in pairs)
    goals = TARGETS[scheme]
    measure, to_wrk = ("checks/s", by_rate) if calm else ("checks per CPU second", by_cpu)
    return [
        goal(f"{scheme}: {measure} against wrk", to_wrk, at_least=goals["wrk"]),
        goal(f"{scheme}: times less CPU than blackbox", to_blackbox, at_least=goals["blackbox"]),
    ]


def memory(directory: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Hold many HTTPS checks in flight and read the engine process's peak memory."""
    backend = subprocess.Popen(
        [sys.executable, "-c", SLOW_BACKEND], start_new_session=True, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(BACKEND_PORT)
        seconds = max(options.seconds, HOLD_SECONDS * 3)
        _, found = run_engine(directory, "slow", seconds, options.in_flight)
    finally:
        stop(backend)
    name = f"peak MB at {found['peak_in_flight']} HTTPS checks in flight"
    reached = found["peak_in_flight"] >= options.in_flight and not found["failed"]
    line = {
        "name": name,
        "value": round(found["peak_mb"], 1),
        "target": f"≤ {MEMORY_LIMIT_MB}",
        "passed": found["peak_mb"] <= MEMORY_LIMIT_MB and reached,
    }
    return {"measured": found, "targets": [line]}


def goal(name: str, value: float, *, at_least: float) -> dict[str, Any]:
    return {
        "name": name,
        "value": round(value, 2),
        "target": f"≥ {at_least}",
        "passed": value >= at_least,
    }


def middle(found: list[Measured]) -> Measured:
    return Measured(
        round(statistics.median(one.rate for one in found), 1),
        round(statistics.median(one.cpu_ms for one in found), 4),
    )


def in_words(report: dict[str, Any]) -> Iterator[str]:
    for scheme, of in report["measured"].items():
        if isinstance(of, dict):
            for name, found in of.items():
                yield f"{scheme:6} {name:9} {found['rate']:9.0f}/s {found['cpu_ms']:8.3f} ms CPU"
    if report.get("cores_taken_by_others", 0) > CALM_CORES:
        yield f"Others took {report['cores_taken_by_others']} cores meanwhile: mistrust the rates."
    for line in report["targets"]:
        verdict = "pass" if line["passed"] else "MISS"
        yield f"{verdict}  {line['name']}: {line['value']} (target {line['target']})"


# The peers


def run_wrk(scheme: str, seconds: float) -> Measured:
    url = f"{scheme}://127.0.0.1:{FIRST_PORT[scheme]}/"
    rate, cpu = wrk([url, "-H", "Connection: close"], seconds, core=1)
    return Measured(rate, cpu / (rate * seconds) * 1000)


def wrk(arguments: list[str], seconds: float, core: int) -> tuple[float, float]:
    command = ["wrk", "-t1", f"-c{CONCURRENCY}", f"-d{seconds:.0f}s", *arguments]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out = subprocess.run(
        ["taskset", "-c", str(core), *command], check=True, capture_output=True, text=True
    ).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = re.search(r"Requests/sec:\s+([\d.]+)", out)
    if found is None or "Non-2xx" in out:
        raise SystemExit(f"wrk failed: {out}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return float(found[1]), cpu


def run_exporter(directory: Path, scheme: str, seconds: float) -> Measured:
    (directory / "blackbox.yml").write_text(EXPORTER.format(dir=directory))
    exporter = subprocess.Popen(
        [
            "taskset",
            "-c",
            "1",
            "prometheus-blackbox-exporter",
            f"--config.file={directory}/blackbox.yml",
            f"--web.listen-address=127.0.0.1:{EXPORTER_PORT}",
            "--log.level=error",
        ],
        env={**os.environ, "GOMAXPROCS": "1"},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(EXPORTER_PORT)
        site = quote(f"{scheme}://127.0.0.1:{FIRST_PORT[scheme]}/", safe="")
        url = f"http://127.0.0.1:{EXPORTER_PORT}/probe?module=look&target={site}"
        with urllib.request.urlopen(url) as answer:
            if "probe_success 1" not in answer.read().decode():
                raise SystemExit("blackbox_exporter does not reach the target")
        before = cpu_seconds(exporter.pid)
        rate, _ = wrk([url], seconds, core=0)
        cpu = cpu_seconds(exporter.pid) - before
    finally:
        stop(exporter)
    return Measured(rate, cpu / (rate * seconds) * 1000)


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def others_watched(directory: Path, found: list[float]) -> Iterator[None]:
    """Append how many cores processes that are none of ours took meanwhile."""
    started, busy, own = time.perf_counter(), machine_cpu(), own_cpu(directory)
    yield
    others = machine_cpu() - busy - (own_cpu(directory) - own)
    found.append(max(0.0, others / (time.perf_counter() - started)))


def machine_cpu() -> float:
    fields = [int(text) for text in Path("/proc/stat").read_text().splitlines()[0].split()[1:8]]
    return (sum(fields) - fields[3] - fields[4]) / os.sysconf("SC_CLK_TCK")


def own_cpu(directory: Path) -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    master = int((directory / "nginx.pid").read_text())
    workers = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    target_cpu = sum(cpu_seconds(int(pid)) for pid in workers)
    return children.ru_utime + children.ru_stime + process_cpu() + target_cpu


# The engine, in a process of its own


def run_engine(
    directory: Path, kind: str, seconds: float, concurrency: int
) -> tuple[Measured, dict[str, Any]]:
    command = [sys.executable, "-m", "benchmarks.status_engine", "--client", kind]
    command += ["--ca", f"{directory}/ca.pem"]
    command += ["--seconds", str(seconds), "--concurrency", str(concurrency)]
    out = subprocess.run(["taskset", "-c", "1", *command], check=True, stdout=subprocess.PIPE)
    found = json.loads(out.stdout)
    return Measured(found["rate"], found["cpu_ms"]), found


def run_client(options: argparse.Namespace) -> dict[str, Any]:
    raise_open_files()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(Load(options).run())


class Load:
    """Keeps so many checks in flight until the time is over."""

    def __init__(self, options: argparse.Namespace) -> None:
        scheme = "http" if options.client == "http" else "https"
        first = FIRST_PORT[options.client]
        self.urls = cycle([f"{scheme}://127.0.0.1:{port}/" for port in range(first, first + PORTS)])
        self.options = options
        self.probe = StatusProbe(
            ProbeOptions(egress_allow=("127.0.0.0/8",), extra_ca_file=options.ca)
        )
        self.settings = StatusSettings()
        self.done = self.failed = self.in_flight = self.peak = 0
        self.over = asyncio.Event()
        self.until = 0.0

    async def run(self) -> dict[str, Any]:
        await self.probe(self.request())
        before, started = process_cpu(), time.perf_counter()
        self.until = started + self.options.seconds
        for _ in range(self.options.concurrency):
            self.start()
        await self.over.wait()
        seconds, cpu = time.perf_counter() - started, process_cpu() - before
        await self.probe.close()
        return {
            "rate": self.done / seconds,
            "cpu_ms": cpu / self.done * 1000,
            "failed": self.failed,
            "peak_in_flight": self.peak,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }

    def request(self) -> ProbeRequest:
        return ProbeRequest(
            "0190", Tool.STATUS, next(self.urls), self.settings, deadline=time.time() + 60
        )

    def start(self) -> None:
        self.in_flight += 1
        self.peak = max(self.peak, self.in_flight)
        self.probe.submit(self.request(), self.finish)

    def finish(self, result: ProbeResult) -> None:
        self.done += 1
        self.in_flight -= 1
        self.failed += result.result is None or not result.result["up"]
        if time.perf_counter() < self.until:
            self.start()
        elif not self.in_flight:
            self.over.set()


def process_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
