"""How much the bus carries: requests there and results back, within the process and over NATS.

    python -m benchmarks.bus               100,000 checks on each bus
    python -m benchmarks.bus --checks N

Nothing is checked or stored, so this is the bus alone: packing, the server, acknowledgements. Over
NATS a scheduler, two probers and an intake have a connection each, on one event loop; the server is
another process.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from tests.runtime.bus_server import NatsServer
from tocsin.checks.tools import Weight
from tocsin.probes.contract import (
    CheckStatus,
    Outcome,
    ProbeRequest,
    ProbeResult,
    StatusSettings,
    Ticket,
    Tool,
)
from tocsin.runtime.bus.base import Bus, BusClosed
from tocsin.runtime.bus.local import LocalBus
from tocsin.runtime.bus.nats.bus import NatsBus
from tocsin.runtime.bus.nats.link import parse

LIGHT = Weight.LIGHT
REGION = "bench"
# What fifty thousand sites a minute ask of a bus.
NEEDED_A_SECOND = 50_000 / 60
MOST_UNEVEN = 0.1
CLAIM, FILE = 500, 500


@dataclass
class Line:
    """Who asks, who looks, who files; and how many checks each prober answered."""

    scheduler: Bus
    probers: list[Bus]
    intake: Bus
    answered: Counter[int] = field(default_factory=Counter)


def main() -> int:
    """Measure both buses; exit 1 where NATS carries too little or its probers share unevenly."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--checks", type=int, default=100_000)
    checks = parser.parse_args().checks
    local = asyncio.run(measure_local(checks))
    print(f"in-process {local:9,.0f} checks/s")
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as name:
        server = NatsServer(Path(name))
        server.start()
        try:
            rate, shares = asyncio.run(measure_nats(server, checks))
        finally:
            server.kill()
    print(f"NATS       {rate:9,.0f} checks/s, {rate / local:.2f} of the in-process bus")
    apart = (max(shares) - min(shares)) / (sum(shares) / len(shares))
    fast = verdict(
        f"{rate / NEEDED_A_SECOND:.1f} × 50,000 checks a minute (≥ 1)",
        passed=rate >= NEEDED_A_SECOND,
    )
    even = verdict(
        f"two probers did {shares[0]} and {shares[1]}, {apart:.1%} apart (≤ {MOST_UNEVEN:.0%})",
        passed=apart <= MOST_UNEVEN,
    )
    return 0 if fast and even else 1


async def measure_local(checks: int) -> float:
    """Return checks a second on the bus within the process."""
    bus = LocalBus()
    return await carry(Line(bus, [bus], bus), checks)


async def measure_nats(server: NatsServer, checks: int) -> tuple[float, list[int]]:
    """Return checks a second over NATS, and how many each of two probers answered."""
    async with AsyncExitStack() as stack:
        buses = [NatsBus(parse(server.url), REGION) for _ in range(4)]
        for bus in buses:
            await bus.open()
            stack.push_async_callback(bus.close)
        line = Line(buses[0], list(buses[1:3]), buses[3])
        rate = await carry(line, checks)
        return rate, [line.answered[number] for number in range(len(line.probers))]


async def carry(line: Line, checks: int) -> float:
    """Carry so many requests there and results back; return how many a second."""
    await line.scheduler.room(LIGHT)
    probing = [asyncio.create_task(probe(line, number)) for number in range(len(line.probers))]
    filing = asyncio.create_task(file(line.intake, checks))
    began = time.perf_counter()
    await ask(line.scheduler, checks)
    await filing
    seconds = time.perf_counter() - began
    for prober in line.probers:
        prober.close_requests()
    await asyncio.gather(*probing)
    return checks / seconds


async def ask(bus: Bus, checks: int) -> None:
    asked = 0
    while asked < checks:
        room = min(await bus.room(LIGHT), CLAIM, checks - asked)
        await bus.publish_requests(LIGHT, [request(asked + number) for number in range(room)])
        asked += room


async def probe(line: Line, number: int) -> None:
    bus = line.probers[number]
    try:
        while True:
            taken = await bus.take_requests(LIGHT, CLAIM)
            await bus.publish_results([answer(each) for each in taken])
            line.answered[number] += len(taken)
    except BusClosed:
        return


async def file(bus: Bus, checks: int) -> None:
    filed: set[str] = set()
    while len(filed) < checks:
        batch = await bus.take_results(FILE)
        filed.update(result.check_id for result in batch.items)
        await batch.acknowledge()


def request(number: int) -> ProbeRequest:
    ticket = Ticket(str(UUID(int=number)), number, time.time(), cadence_seconds=60)
    url = f"https://site-{number}.example.com/"
    return ProbeRequest(
        str(UUID(int=number)), Tool.STATUS, url, StatusSettings(), time.time() + 45, (), ticket
    )


def answer(asked: ProbeRequest) -> ProbeResult:
    now = time.time()
    found = {
        "up": True, "code": 200, "url": asked.url, "effective_url": asked.url,
        "response_time": 12.345, "redirected": False, "redirect_count": 0, "ip": "192.0.2.1",
        "timings": {"dns": 1.0, "connect": 2.0, "tls": 5.0, "ttfb": 12.0, "total": 12.345},
        "http_version": "2",
    }  # fmt: skip
    return ProbeResult(
        asked.check_id, asked.tool, CheckStatus.COMPLETED, Outcome.OK, found, None, now, now,
        "bench", asked.ticket,
    )  # fmt: skip


def verdict(words: str, *, passed: bool) -> bool:
    print(f"{'pass' if passed else 'MISS'}  {words}")
    return passed


if __name__ == "__main__":
    sys.exit(main())
