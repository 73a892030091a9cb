"""What carries requests to probers and results back. It carries only: the database remembers.

Anything lost on the way is found by its lease, so delivery need not be exact: a request or result
may come twice, late or never.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from tocsin.checks.tools import Weight
from tocsin.probes.contract import ProbeRequest, ProbeResult

Item = TypeVar("Item", covariant=True)  # noqa: PLC0105 — the name that readers expect


@dataclass(frozen=True, slots=True)
class Batch(Generic[Item]):
    """Some items taken together. `acknowledge` once they are dealt with; else they come again."""

    items: Sequence[Item]
    acknowledge: Callable[[], Awaitable[None]]


class BusClosed(Exception):  # noqa: N818 — it is the end of work, not a mistake
    """Nothing more will come."""


class Bus(Protocol):
    """Bounded queues with back-pressure: one of requests a weight, one of results."""

    async def room(self, weight: Weight) -> int:
        """Return how many requests may be published now without waiting; waits for at least one.

        Whoever claims work claims no more than this, so that claimed work never waits long.
        """
        ...

    async def publish_requests(self, weight: Weight, requests: Sequence[ProbeRequest]) -> None:
        """Hand requests to the probers of a weight."""
        ...

    async def take_requests(self, weight: Weight, limit: int) -> Batch[ProbeRequest]:
        """Wait for requests and take up to `limit`. Raises BusClosed once no more will come."""
        ...

    async def publish_results(self, results: Sequence[ProbeResult]) -> None:
        """Hand results to an intake; waits while too many wait already."""
        ...

    async def take_results(self, limit: int) -> Batch[ProbeResult]:
        """Wait for results and take up to `limit`. Raises BusClosed once no more will come."""
        ...
