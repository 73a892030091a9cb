"""What carries requests to probers and results back. It carries only: the database remembers.

Anything lost on the way is found by its lease, so delivery need not be exact: a request or result
may come twice, late or never.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from tocsin.checks.tools import Weight
from tocsin.probes.contract import ProbeRequest, ProbeResult, ProgressReport

# How many requests of a weight may wait for a prober: a claim that waits loses its slot. Of the
# heavy ones no more than run at once, so that each waits for one other at most.
REQUEST_BOUNDS = {Weight.LIGHT: 1000, Weight.HEAVY: 4, Weight.BROWSER: 1}
Item = TypeVar("Item", covariant=True)  # noqa: PLC0105 — the name that readers expect


@dataclass(frozen=True, slots=True)
class Batch(Generic[Item]):
    """Some items taken together. `acknowledge` once they are dealt with; else they come again.

    `more` where others are here already.
    """

    items: Sequence[Item]
    acknowledge: Callable[[], Awaitable[None]]
    more: bool


class BusClosed(Exception):  # noqa: N818 — it is the end of work, not a mistake
    """Nothing more will come."""


class Bus(Protocol):
    """Bounded queues with back-pressure: one of requests a weight, one of results.

    Beside them news of progress, which nobody waits for.
    """

    async def open(self) -> None:
        """Reach what carries; waits until it is reached."""
        ...

    def obstacle(self) -> str | None:
        """Return what keeps the bus from carrying now; None where all is well. From any thread."""
        ...

    async def room(self, weight: Weight) -> int:
        """Return how many requests may be published now without waiting; waits for at least one.

        Whoever claims work claims no more than this, so that claimed work never waits long.
        """
        ...

    async def publish_requests(self, weight: Weight, requests: Sequence[ProbeRequest]) -> None:
        """Hand requests to the probers of a weight; waits until the bus has them."""
        ...

    async def take_requests(self, weight: Weight, limit: int) -> Sequence[ProbeRequest]:
        """Wait for requests and take about `limit`. Raises BusClosed once no more will come.

        Whoever takes a request answers it by `publish_results` or gives it back. One that is
        neither, because its prober died, goes to another prober where the bus outlives processes.
        """
        ...

    async def publish_results(self, results: Sequence[ProbeResult]) -> None:
        """Hand results to an intake, then let go of the requests that they answer.

        Waits while too many results wait already, or while the bus cannot be reached.
        """
        ...

    async def take_results(self, limit: int) -> Batch[ProbeResult]:
        """Wait for results and take up to `limit`. Raises BusClosed once no more will come."""
        ...

    async def publish_progress(self, reports: Sequence[ProgressReport]) -> None:
        """Tell an intake how far checks have come.

        It is news and no record: what cannot be carried at once is dropped.
        """
        ...

    async def take_progress(self) -> Sequence[ProgressReport]:
        """Wait for news of progress."""
        ...

    async def give_back(self, requests: Sequence[ProbeRequest]) -> Sequence[ProbeRequest]:
        """Let go of requests that were taken and will not be answered here.

        Returns those that no other prober can get through this bus.
        """
        ...

    def close_requests(self) -> Sequence[ProbeRequest]:
        """End the taking of requests; return those that nobody can take any more."""
        ...

    def close_results(self) -> None:
        """End the taking of results."""
        ...

    async def close(self) -> None:
        """Let go of what carries. Nothing may be asked of the bus afterwards."""
        ...
