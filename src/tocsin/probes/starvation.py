"""Whether this process gets to run when it should: how late its event loop wakes up.

The kernel's figures (pressure, stolen time) tell that somebody waits for a processor; this tells
that we did, whether other processes, a quota, a hypervisor or our own code kept us from it.
"""

import asyncio
import time
from collections import deque

import msgspec

TICK = 0.25
# Shorter waits explain no failure, and are forgotten at once.
LEAST_NOTED = 0.5
REMEMBERED = 256


class Stall(msgspec.Struct, frozen=True):
    """The event loop woke up at `ended_at` (epoch seconds), so many seconds late."""

    ended_at: float
    seconds: float


class LoopWatch:
    """Remembers when the event loop last stood still."""

    def __init__(self) -> None:
        self._stalls: deque[Stall] = deque(maxlen=REMEMBERED)
        self._due = float("inf")
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Watch from now on."""
        if self._task is None:
            self._task = asyncio.create_task(self._watch())

    async def close(self) -> None:
        """Stop watching."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    def longest_since(self, moment: float) -> float:
        """Return how long the loop has stood still at the longest since a moment, in seconds.

        A stall that ends only now counts, though the watch itself has not woken up yet.
        """
        noted = [stall.seconds for stall in self._stalls if stall.ended_at >= moment]
        return max([*noted, time.monotonic() - self._due, 0.0])

    async def _watch(self) -> None:
        while True:
            self._due = time.monotonic() + TICK
            await asyncio.sleep(TICK)
            late = time.monotonic() - self._due
            if late >= LEAST_NOTED:
                self._stalls.append(Stall(time.time(), late))
