"""The housekeeper role: repairs what others left, and says that this worker lives."""

import asyncio
from contextlib import suppress

import structlog

from tocsin.checks import heartbeats, leases, manual_runs, schedules
from tocsin.kit import clock
from tocsin.runtime import chores, metrics, retention
from tocsin.runtime.database import DatabaseThread

log = structlog.get_logger(__name__)
INTERVAL = 5.0


async def run(worker: str, stop: asyncio.Event) -> None:
    """Every few seconds until `stop`: account for what was lost, beat the heart of `worker`.

    Beside it, `chores` and `retention` are done hourly. Before it, sites get the tools that they
    did not have under an earlier version.
    """
    database = DatabaseThread("housekeeper")
    begun = await database.run(schedules.begin_new_tools)
    if begun:
        log.info("tools begun", schedules=begun)
    hourly = asyncio.gather(chores.run(stop), retention.run(stop))
    try:
        while not stop.is_set():
            await database.run(heartbeats.beat, worker)
            await _expire(database)
            await _expire_manual(database)
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


async def _expire_manual(database: DatabaseThread) -> None:
    lost = manual_runs.LIMIT
    while lost == manual_runs.LIMIT:
        lost = await database.run(manual_runs.expire, now=clock.timestamp())
        if lost:
            log.warning("manual checks lost", count=lost)
