"""A bus with its two ends, whichever bus it is: who asks, who looks and who files."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from prometheus_client import REGISTRY

from tests.runtime.bus_server import NatsServer
from tocsin.checks.tools import Weight
from tocsin.kit import clock
from tocsin.probes.contract import (
    CheckStatus,
    LinksSettings,
    Outcome,
    ProbeRequest,
    ProbeResult,
    StatusSettings,
    Tool,
)
from tocsin.runtime.bus.base import Bus
from tocsin.runtime.bus.local import LocalBus
from tocsin.runtime.bus.nats.bus import NatsBus
from tocsin.runtime.bus.nats.link import parse

REGION = "eu"
# Short, so that a test sees soon that somebody is taken for dead.
ACK_SECONDS = 1.0
# How long something must not happen before a test believes that it does not.
QUIET_SECONDS = 0.25
PATIENCE = 20.0


@dataclass(frozen=True)
class Line:
    """Where a scheduler, a prober and an intake stand: on one bus in one process, or apart."""

    scheduler: Bus
    prober: Bus
    intake: Bus


@asynccontextmanager
async def local_line() -> AsyncIterator[Line]:
    """The bus within one process."""
    bus = LocalBus()
    yield Line(bus, bus, bus)


@asynccontextmanager
async def nats_line(server: NatsServer) -> AsyncIterator[Line]:
    """Three connections to a server, with every queue made."""
    async with AsyncExitStack() as stack:
        ends = [await stack.enter_async_context(nats_bus(server)) for _ in range(3)]
        line = Line(*ends)
        await settle_queues(line)
        yield line


@asynccontextmanager
async def nats_bus(server: NatsServer, region: str = REGION) -> AsyncIterator[NatsBus]:
    """One connection to a server."""
    bus = NatsBus(parse(server.url), region, ack_seconds=ACK_SECONDS)
    await bus.open()
    try:
        yield bus
    finally:
        await bus.close()


async def settle_queues(line: Line) -> None:
    """Have the queues made, as a scheduler and an intake do at their start."""
    for weight in Weight:
        await line.scheduler.room(weight)
    assert await nothing_comes(line.intake.take_results(1))


def request(number: int, tool: Tool = Tool.STATUS, *, seconds: float = 30) -> ProbeRequest:
    """Make a request that is waited for so long."""
    settings = LinksSettings() if tool is Tool.BROKEN_LINKS else StatusSettings()
    deadline = clock.timestamp() + seconds
    return ProbeRequest(str(UUID(int=number)), tool, "http://127.0.0.1/", settings, deadline)


def requests(numbers: Sequence[int], tool: Tool = Tool.STATUS) -> list[ProbeRequest]:
    """Make several."""
    return [request(number, tool) for number in numbers]


def answer(asked: ProbeRequest, **changes: Any) -> ProbeResult:
    """Answer a request at once and well, but for `changes`."""
    now = clock.timestamp()
    values: dict[str, Any] = {
        "check_id": asked.check_id,
        "tool": asked.tool,
        "status": CheckStatus.COMPLETED,
        "outcome": Outcome.OK,
        "result": {},
        "error": None,
        "started_at": now,
        "completed_at": now,
        "ticket": asked.ticket,
    }
    return ProbeResult(**{**values, **changes})


def numbers(items: Sequence[ProbeRequest | ProbeResult]) -> list[int]:
    """Name requests or results by their checks' numbers."""
    return [UUID(item.check_id).int for item in items]


def tell(story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a test's story; one that gets stuck fails."""

    async def in_time() -> None:
        async with asyncio.timeout(PATIENCE):
            await story()

    asyncio.run(in_time())


async def nothing_comes(waiting: Awaitable[Any]) -> bool:
    """Tell whether what is waited for does not come in a short while; it is given up then."""
    try:
        await asyncio.wait_for(waiting, QUIET_SECONDS)
    except TimeoutError:
        return True
    return False


async def eventually(condition: Callable[[], Awaitable[bool]], what: str) -> None:
    """Wait for a state of the server, which has no event to wait for."""
    end = asyncio.get_running_loop().time() + PATIENCE
    while not await condition():
        if asyncio.get_running_loop().time() > end:
            raise AssertionError(f"in vain: {what}")
        await asyncio.sleep(0.02)


def counted(metric: str, **labels: str) -> float:
    """Return what a counter of this process stands at."""
    return REGISTRY.get_sample_value(metric, labels) or 0.0
