"""The bus within one process: bounded queues on one event loop."""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Generic, TypeVar

from tocsin.checks.tools import Weight
from tocsin.probes.contract import ProbeRequest, ProbeResult, ProgressReport
from tocsin.runtime.bus.base import REQUEST_BOUNDS, Batch, BusClosed

RESULT_BOUND = 5000
PROGRESS_BOUND = 100
Item = TypeVar("Item")


class _Queue(Generic[Item]):
    """A bounded queue whose items are put and taken many at a time.

    asyncio.Queue would cost a future and a wake-up for every single item.
    """

    def __init__(self, bound: int) -> None:
        self._bound = bound
        self._items: deque[Item] = deque()
        self._filled = asyncio.Event()
        self._roomy = asyncio.Event()
        self._roomy.set()
        self._closed = False

    def __len__(self) -> int:
        return len(self._items)

    async def room(self) -> int:
        await self._roomy.wait()
        return self._bound - len(self._items)

    async def put(self, items: Sequence[Item]) -> None:
        await self._roomy.wait()
        self._items.extend(items)
        self._note()

    async def take(self, limit: int) -> list[Item]:
        while not self._items:
            if self._closed:
                raise BusClosed
            await self._filled.wait()
        taken = [self._items.popleft() for _ in range(min(limit, len(self._items)))]
        self._note()
        return taken

    def close(self) -> None:
        self._closed = True
        self._note()

    def drain(self) -> list[Item]:
        left = list(self._items)
        self._items.clear()
        self._note()
        return left

    def _note(self) -> None:
        _set(self._filled, bool(self._items) or self._closed)
        _set(self._roomy, len(self._items) < self._bound)


class LocalBus:
    """Implements `bus.base.Bus` for roles that share one process and one event loop."""

    def __init__(self) -> None:
        self._requests: dict[Weight, _Queue[ProbeRequest]] = {
            weight: _Queue(bound) for weight, bound in REQUEST_BOUNDS.items()
        }
        self._results: _Queue[ProbeResult] = _Queue(RESULT_BOUND)
        self._progress: _Queue[ProgressReport] = _Queue(PROGRESS_BOUND)

    async def open(self) -> None:
        """Do nothing: there is nothing to reach."""

    def obstacle(self) -> None:
        """Return None: what is within the process always carries."""

    async def room(self, weight: Weight) -> int:
        """Return how many requests may be published now; waits for at least one."""
        return await self._requests[weight].room()

    async def publish_requests(self, weight: Weight, requests: Sequence[ProbeRequest]) -> None:
        """Hand requests to the prober."""
        await self._requests[weight].put(requests)

    async def take_requests(self, weight: Weight, limit: int) -> list[ProbeRequest]:
        """Wait for requests and take up to `limit`. Raises BusClosed once no more will come."""
        return await self._requests[weight].take(limit)

    async def publish_results(self, results: Sequence[ProbeResult]) -> None:
        """Hand results to the intake; waits while too many wait already."""
        await self._results.put(results)

    async def take_results(self, limit: int) -> Batch[ProbeResult]:
        """Wait for results and take up to `limit`. Raises BusClosed once no more will come."""
        taken = await self._results.take(limit)
        return Batch(taken, _nothing, more=len(self._results) > 0)

    async def publish_progress(self, reports: Sequence[ProgressReport]) -> None:
        """Tell the intake how far checks have come, unless it lags behind."""
        if len(self._progress) < PROGRESS_BOUND:
            await self._progress.put(reports)

    async def take_progress(self) -> Sequence[ProgressReport]:
        """Wait for news of progress."""
        return await self._progress.take(PROGRESS_BOUND)

    async def give_back(self, requests: Sequence[ProbeRequest]) -> Sequence[ProbeRequest]:
        """Return all of them: the one prober there is does not want them."""
        return requests

    def close_requests(self) -> list[ProbeRequest]:
        """End the requests and return those that nobody took."""
        left = [request for queue in self._requests.values() for request in queue.drain()]
        for queue in self._requests.values():
            queue.close()
        return left

    def close_results(self) -> None:
        """End the results; those that wait can still be taken."""
        self._results.close()

    async def close(self) -> None:
        """Do nothing: what is left is the garbage collector's."""


def _set(event: asyncio.Event, state: bool) -> None:  # noqa: FBT001 — the event's own state
    if state:
        event.set()
    else:
        event.clear()


async def _nothing() -> None:
    """Acknowledge nothing: what a dead process held is found by its lease."""
