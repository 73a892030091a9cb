"""The intake role: files results, many to a transaction."""

import asyncio

import structlog
from django.db import DatabaseError

from tocsin.checks import filing, progress
from tocsin.checks.intake import Stored
from tocsin.runtime import metrics
from tocsin.runtime.bus.base import Bus, BusClosed
from tocsin.runtime.database import DatabaseThread

log = structlog.get_logger(__name__)
LIMIT = 500
# Between two batches, so that results gather: a transaction costs as much as dozens of rows.
GATHER = 0.25


async def run(bus: Bus) -> None:
    """File results until the bus is closed and empty, and note how far pending checks have come."""
    database = DatabaseThread("intake")
    noting = asyncio.create_task(_note_progress(bus, database))
    try:
        while True:
            batch = await bus.take_results(LIMIT)
            stored = await database.run(filing.store, batch.items)
            await batch.acknowledge()
            _report(stored)
            if not batch.more:
                await asyncio.sleep(GATHER)
    except BusClosed:
        return
    finally:
        noting.cancel()
        await database.close()


async def _note_progress(bus: Bus, database: DatabaseThread) -> None:
    """Note news of progress as it comes; what cannot be noted is no loss."""
    while True:
        reports = await bus.take_progress()
        try:
            await database.run(progress.note, reports)
        except DatabaseError as error:
            log.warning("progress not noted", error=type(error).__name__)


def _report(stored: Stored) -> None:
    metrics.STORED.inc(stored.stored)
    for reason, count in stored.set_aside.items():
        metrics.SET_ASIDE.labels(reason.value).inc(count)
        log.warning("results set aside", reason=reason.value, count=count)
