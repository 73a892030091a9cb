"""The scheduler role: claims what is due and hands it to the probers."""

import asyncio
from contextlib import suppress

from tocsin.checks import claims
from tocsin.checks.tools import Weight, tools_of
from tocsin.kit import clock
from tocsin.runtime import metrics
from tocsin.runtime.bus.base import Bus
from tocsin.runtime.database import DatabaseThread

# How long a new site may wait to be noticed.
LONGEST_SLEEP = 0.5


async def run(bus: Bus, weight: Weight, stop: asyncio.Event) -> None:
    """Claim what is due of one weight until `stop`, and sleep until the next slot in between."""
    database = DatabaseThread(f"scheduler-{weight}")
    running_since = clock.timestamp()
    try:
        while not stop.is_set():
            looked_at = await _claim(bus, weight, database, running_since)
            if looked_at < claims.LIMIT:
                await _sleep(weight, database, stop)
    finally:
        await database.close()


async def _claim(bus: Bus, weight: Weight, database: DatabaseThread, running_since: float) -> int:
    limit = min(await bus.room(weight), claims.LIMIT)
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
    return claims.LIMIT if claim.due == limit else claim.due


async def _sleep(weight: Weight, database: DatabaseThread, stop: asyncio.Event) -> None:
    """Wait for the next slot, for `stop`, or for as long as a new site may wait."""
    due = await database.run(claims.next_due, tools_of(weight))
    ahead = LONGEST_SLEEP if due is None else due - clock.timestamp()
    if ahead > 0:
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), min(ahead, LONGEST_SLEEP))
