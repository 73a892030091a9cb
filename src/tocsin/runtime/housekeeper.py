"""The housekeeper role: repairs what others left, and says that this worker lives."""

import asyncio
from contextlib import suppress

import structlog

from tocsin.checks import heartbeats, leases
from tocsin.kit import clock
from tocsin.runtime import chores, metrics
from tocsin.runtime.database import DatabaseThread

log = structlog.get_logger(__name__)
INTERVAL = 5.0


async def run(worker: str, stop: asyncio.Event) -> None:
    """Every few seconds until `stop`: account for lapsed leases, beat the heart of `worker`.

    Beside it, `chores` are done hourly.
    """
    database = DatabaseThread("housekeeper")
    hourly = asyncio.create_task(chores.run(stop))
    try:
        while not stop.is_set():
            await database.run(heartbeats.beat, worker)
            await _expire(database)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), INTERVAL)
        await database.run(heartbeats.end, worker)
        await hourly
    finally:
        hourly.cancel()
        await database.close()


async def _expire(database: DatabaseThread) -> None:
    lost = leases.LIMIT
    while lost == leases.LIMIT:
        lost = await database.run(leases.expire, now=clock.timestamp())
        if lost:
            metrics.LOST.inc(lost)
            log.warning("slots lost", reason="worker_lost", count=lost)
