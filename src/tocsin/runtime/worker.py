"""The worker process: scheduler, prober, intake and housekeeper over the in-process bus."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable
from typing import Protocol

import structlog
import uvloop

from tocsin.checks import leases, manual_runs
from tocsin.checks.tools import Weight
from tocsin.config.environment import Environment
from tocsin.probes.contract import ProbeRequest
from tocsin.runtime import housekeeper, intake, metrics, scheduler, setup, single
from tocsin.runtime.bus.local import LocalBus
from tocsin.runtime.database import DatabaseThread
from tocsin.runtime.prober import Prober, ProbeRunner

log = structlog.get_logger(__name__)
# How long checks that run may go on once the worker is told to stop.
PATIENCE = 12.0


class ClosableRunner(ProbeRunner, Protocol):
    """A runner that can be let go of."""

    async def close(self) -> None:
        """End its threads and processes."""
        ...


def main(environment: Environment) -> int:
    """Work until SIGTERM or SIGINT; return the exit status. Django must be set up."""
    try:
        lock = single.hold(environment.data_dir)
        metrics.serve(environment.metrics_port)
    except (single.AlreadyRunning, OSError) as error:
        print(error, file=sys.stderr)  # noqa: T201 — the one line that a start may say
        return 1
    with lock:
        uvloop.run(work(setup.runner))
    return 0


async def work(make_runner: Callable[[], ClosableRunner]) -> None:
    """Run all roles until a signal: then claim no more, let checks end, hand back the rest."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    database = DatabaseThread("worker")
    await _recover(database)
    runner = make_runner()
    log.info("worker started", capacity=runner.capacity)
    try:
        left = await _run_roles(runner, stop)
        released = await database.run(leases.release, left)
        released += await database.run(manual_runs.release, left)
        log.info("worker stopped", released=released)
    finally:
        await runner.close()
        await database.close()


async def _recover(database: DatabaseThread) -> None:
    """Account for what the worker before us left in flight: we are alone, so it is dead."""
    await database.run(manual_runs.release_all)
    lost = leases.LIMIT
    while lost == leases.LIMIT:
        lost = await database.run(leases.expire_all)
        if lost:
            log.warning("slots lost", reason="worker_lost", count=lost)


async def _run_roles(runner: ProbeRunner, stop: asyncio.Event) -> list[ProbeRequest]:
    """Run the roles until `stop`; return the requests that were not answered.

    They end in the order in which work flows. A role that fails ends the worker: the supervisor
    starts another, and leases tell what was lost.
    """
    bus = LocalBus()
    prober = Prober(bus, Weight.LIGHT, runner)
    name = f"{socket.gethostname()}:{os.getpid()}"
    async with asyncio.TaskGroup() as roles:
        scheduling = roles.create_task(scheduler.run(bus, Weight.LIGHT, stop))
        probing = roles.create_task(prober.run(PATIENCE))
        roles.create_task(intake.run(bus))
        roles.create_task(housekeeper.run(name, stop))
        await scheduling
        left = bus.close_requests()
        prober.end()
        left += await probing
        bus.close_results()
    return left
