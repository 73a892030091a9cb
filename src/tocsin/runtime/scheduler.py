"""The scheduler role: claims what is due and hands it to the probers."""

import asyncio
from contextlib import suppress

from tocsin.checks import claims, manual_runs
from tocsin.checks.tools import Weight, tools_of
from tocsin.kit import clock
from tocsin.runtime import metrics
from tocsin.runtime.bus.base import Bus
from tocsin.runtime.database import DatabaseThread

# How long a new site may wait to be noticed.
LONGEST_SLEEP = 0.5


async def run(bus: Bus, weight: Weight, stop: asyncio.Event) -> None:
    """Claim what is due of one weight until `stop`, and sleep until the next slot in between.

    What somebody asked for goes before the slots: a person waits for it.
    """
    database = DatabaseThread(f"scheduler-{weight}")
    running_since = clock.timestamp()
    try:
        while not stop.is_set():
            room = await _room(bus, weight, stop)
            if room:
                room -= await _claim_manual(bus, weight, database, limit=room)
            if room and not await _claim(bus, weight, database, running_since, limit=room):
                await _sleep(weight, database, stop)
    finally:
        await database.close()


async def _room(bus: Bus, weight: Weight, stop: asyncio.Event) -> int:
    """Return how many schedules may be claimed; 0 once `stop` is set, however full the bus is."""
    told = asyncio.create_task(stop.wait())
    asked = asyncio.create_task(bus.room(weight))
    await asyncio.wait((told, asked), return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    if stop.is_set():
        asked.cancel()
        return 0
    return min(asked.result(), claims.LIMIT)


async def _claim_manual(bus: Bus, weight: Weight, database: DatabaseThread, *, limit: int) -> int:
    """Claim and publish manual runs once; return how many."""
    requests = await database.run(
        manual_runs.claim, tools_of(weight), now=clock.timestamp(), limit=limit
    )
    if requests:
        await bus.publish_requests(weight, requests)
        metrics.MANUAL_CLAIMED.inc(len(requests))
    return len(requests)


async def _claim(
    bus: Bus, weight: Weight, database: DatabaseThread, running_since: float, *, limit: int
) -> bool:
    """Claim and publish once; return whether more may be due already."""
    now = clock.timestamp()
    claim = await database.run(
        claims.claim, tools_of(weight), now=now, running_since=running_since, limit=limit
    )
    if claim.requests:
        await bus.publish_requests(weight, claim.requests)
        metrics.CLAIMED.inc(len(claim.requests))
        for request in claim.requests:
            if request.ticket is not None and request.ticket.slot is not None:
                metrics.SLOT_DELAY.observe(now - request.ticket.slot)
    return claim.due == limit


async def _sleep(weight: Weight, database: DatabaseThread, stop: asyncio.Event) -> None:
    """Wait for the next slot, for `stop`, or for as long as a new site may wait."""
    due = await database.run(claims.next_due, tools_of(weight))
    ahead = LONGEST_SLEEP if due is None else due - clock.timestamp()
    if ahead > 0:
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), min(ahead, LONGEST_SLEEP))
