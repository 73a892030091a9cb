"""The scheduler role: claims what is due and hands it to the probers."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from tocsin.checks import claims, leases, manual_runs
from tocsin.checks.tools import Weight, tools_of
from tocsin.kit import clock
from tocsin.probes.contract import ProbeRequest
from tocsin.runtime import metrics
from tocsin.runtime.bus.base import Bus
from tocsin.runtime.database import DatabaseThread
from tocsin.runtime.stopping import Stopped, unless

# How long a new site may wait to be noticed.
LONGEST_SLEEP = 0.5
# How long a bus that is full or cannot be reached is waited for at the end.
LAST_PUBLICATION = 3.0


async def run(bus: Bus, weight: Weight, stop: asyncio.Event) -> None:
    """Claim what is due of one weight until `stop`, and sleep until the next slot in between."""
    scheduler = _Scheduler(bus, weight, stop)
    try:
        with suppress(Stopped):
            await scheduler.run()
    finally:
        await scheduler.close()


class _Scheduler:
    """Claims no more than the bus has room for."""

    def __init__(self, bus: Bus, weight: Weight, stop: asyncio.Event) -> None:
        self._bus = bus
        self._weight = weight
        self._tools = tools_of(weight)
        self._stop = stop
        self._database = DatabaseThread(f"scheduler-{weight}")
        self._running_since = clock.timestamp()

    async def run(self) -> None:
        """Claim until told to stop: what somebody asked for first, since a person waits for it."""
        while not self._stop.is_set():
            room = await unless(self._stop, self._bus.room(self._weight))
            room = min(room, claims.LIMIT)
            room -= await self._claim_manual(room)
            if not room:
                continue
            ahead = await self._ahead()
            if ahead > 0:
                await self._sleep(ahead)
            else:
                await self._claim(room)

    async def close(self) -> None:
        """End the thread."""
        await self._database.close()

    async def _claim_manual(self, limit: int) -> int:
        """Claim and publish manual runs once; return how many."""
        requests = await self._database.run(
            manual_runs.claim, self._tools, now=clock.timestamp(), limit=limit
        )
        await self._publish(requests)
        metrics.MANUAL_CLAIMED.inc(len(requests))
        return len(requests)

    async def _claim(self, limit: int) -> None:
        """Claim and publish once; more may be due afterwards."""
        now = clock.timestamp()
        claim = await self._database.run(
            claims.claim, self._tools, now=now, running_since=self._running_since, limit=limit
        )
        await self._publish(claim.requests)
        metrics.CLAIMED.inc(len(claim.requests))
        for request in claim.requests:
            if request.ticket is not None and request.ticket.slot is not None:
                metrics.SLOT_DELAY.observe(now - request.ticket.slot)

    async def _publish(self, requests: Sequence[ProbeRequest]) -> None:
        """Hand over what was claimed; hand back what the bus will not take before the end.

        Where it has taken some of it nevertheless, the answers to that are set aside.
        """
        if not requests:
            return
        publishing = self._bus.publish_requests(self._weight, requests)
        try:
            await unless(self._stop, publishing, grace=LAST_PUBLICATION)
        except Stopped:
            await self._database.run(leases.release, requests)
            await self._database.run(manual_runs.release, requests)
            raise

    async def _ahead(self) -> float:
        """Return in how many seconds something is due; to ask costs less than to claim."""
        due = await self._database.run(claims.next_due, self._tools)
        return LONGEST_SLEEP if due is None else due - clock.timestamp()

    async def _sleep(self, ahead: float) -> None:
        """Wait for the next slot, for the end, or for as long as a new site may wait."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), min(ahead, LONGEST_SLEEP))
