"""Forgetting what is past its time, once an hour and never in the way of others."""

import asyncio
from contextlib import suppress

import structlog

from tocsin.checks import retention
from tocsin.kit import clock
from tocsin.runtime.database import DatabaseThread

log = structlog.get_logger(__name__)
INTERVAL = 3600.0
# Between two steps, so that others may write: SQLite has one writer at a time.
PAUSE = 0.05


async def run(stop: asyncio.Event) -> None:
    """Sweep at the start and then hourly until `stop`, which it heeds between two small steps."""
    database = DatabaseThread("retention")
    try:
        while not stop.is_set():
            for name in await database.run(retention.keep_partitions, clock.now()):
                log.info("history forgotten", partition=name)
            deleted = await _sweep(database, stop)
            if deleted:
                log.info("history forgotten", rows=deleted)
            await _wait(stop, INTERVAL)
    finally:
        await database.close()


async def _sweep(database: DatabaseThread, stop: asyncio.Event) -> int:
    """Return how many rows were deleted. Where the database fails, the next sweep does the rest."""
    steps = retention.sweep(clock.now())
    total = 0
    while not stop.is_set():
        deleted = await database.run(lambda: next(steps, None))
        if deleted is None:
            break
        total += deleted
        await _wait(stop, PAUSE)
    return total


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
