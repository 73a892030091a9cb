"""The prober role: runs requests, as many at once as the engine takes."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from tocsin.checks.tools import Weight
from tocsin.probes.contract import ProbeRequest, ProbeResult, Progress, ProgressReport
from tocsin.runtime import metrics
from tocsin.runtime.bus.base import Bus, BusClosed

# Between two publications, so that results gather: a message costs more than a result, here, at
# the server and at the intake.
GATHER = 0.1
# Between two reports of progress: as often as a person looks.
TELL = 1.0
# How long the last results may take to reach the bus; after that their leases tell.
LAST_PUBLICATION = 5.0


class ProbeRunner(Protocol):
    """What the prober needs of the probe engine's runner."""

    @property
    def capacity(self) -> int:
        """Return how many more checks may be started now."""
        ...

    def submit(self, request: ProbeRequest, on_result: Callable[[ProbeResult], None]) -> None:
        """Start a check; `on_result` is called once, on the event loop."""
        ...


class Prober:
    """Takes requests while there is room, and publishes results together as they come."""

    def __init__(self, bus: Bus, weight: Weight, runner: ProbeRunner) -> None:
        self._bus = bus
        self._weight = weight
        self._runner = runner
        self._in_flight: dict[str, ProbeRequest] = {}
        self._results: list[ProbeResult] = []
        self._news: dict[str, ProgressReport] = {}
        self._moved = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._ending = False
        self._done_taking = False

    async def run(self, patience: float) -> list[ProbeRequest]:
        """Run until the bus is closed and `end` was called, then let checks end for a while.

        `patience` is how many seconds what still runs may take. Returns the requests that were not
        answered.
        """
        publishing = asyncio.create_task(self._publish())
        telling = asyncio.create_task(self._tell())
        with suppress(BusClosed):
            while True:
                await self._take()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), patience)
        left = list(self._in_flight.values())
        self._done_taking = True
        self._moved.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(publishing, LAST_PUBLICATION)
        telling.cancel()
        return left

    def end(self) -> None:
        """Take no more requests, not even once there is room again."""
        self._ending = True
        self._moved.set()

    def on_progress(self, request: ProbeRequest, progress: Progress) -> None:
        """Keep the latest news of a check that a person waits for; nobody sees the others."""
        if request.ticket is not None and request.ticket.schedule_id is None:
            self._news[request.check_id] = ProgressReport(request.check_id, progress)

    async def _take(self) -> None:
        while (room := self._room()) <= 0:
            if self._ending:
                raise BusClosed
            self._moved.clear()
            await self._moved.wait()
        requests = await self._bus.take_requests(self._weight, room)
        self._idle.clear()
        for request in requests:
            self._in_flight[request.check_id] = request
            self._runner.submit(request, self._on_result)
        metrics.IN_FLIGHT.labels(self._weight.value).set(len(self._in_flight))

    def _room(self) -> int:
        # Results that nobody takes count as well, else they would pile up without bound.
        return self._runner.capacity - len(self._results)

    def _on_result(self, result: ProbeResult) -> None:
        # What was given up meanwhile is somebody else's again.
        self._news.pop(result.check_id, None)
        if self._in_flight.pop(result.check_id, None) is not None:
            self._results.append(result)
        if not self._in_flight:
            self._idle.set()
        self._moved.set()

    async def _publish(self) -> None:
        while not (self._done_taking and not self._results):
            while not (self._results or self._done_taking):
                self._moved.clear()
                await self._moved.wait()
            results, self._results = self._results, []
            await self._bus.publish_results(results)
            metrics.IN_FLIGHT.labels(self._weight.value).set(len(self._in_flight))
            self._moved.set()
            if not self._done_taking:
                await asyncio.sleep(GATHER)

    async def _tell(self) -> None:
        while True:
            await asyncio.sleep(TELL)
            news, self._news = self._news, {}
            if news:
                await self._bus.publish_progress(list(news.values()))
