"""The supervisor: keeps the processes of one machine running, and ends them together."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import structlog

from tocsin.runtime import parent

log = structlog.get_logger(__name__)
SHORTEST_PAUSE = 0.2
LONGEST_PAUSE = 30.0
# A child that has lived this long has not failed in a row.
HEALTHY_SECONDS = 30.0
# How long a child may take to end: longer than a worker waits for its checks.
PATIENCE = 20.0


@dataclass(frozen=True, slots=True)
class Child:
    """A process to keep: the arguments that Python runs it with, the descriptors it is given."""

    name: str
    arguments: tuple[str, ...]
    descriptors: tuple[int, ...] = ()


async def supervise(children: Sequence[Child], stop: asyncio.Event) -> None:
    """Keep every child running until `stop` or a signal, then end them all."""
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with asyncio.TaskGroup() as keepers:
        for child in children:
            keepers.create_task(_keep(child, stop))


def pause_after(failures: int) -> float:
    """Return how many seconds to wait before a start, after so many failures in a row."""
    return min(LONGEST_PAUSE, SHORTEST_PAUSE * 2.0 ** min(failures, 10))


async def _keep(child: Child, stop: asyncio.Event) -> None:
    failures = 0
    while not stop.is_set():
        process = await _start(child)
        began = time.monotonic()
        if await _told_to_stop(stop, process):
            await _end(child, process)
            return
        failures = 0 if time.monotonic() - began > HEALTHY_SECONDS else failures + 1
        pause = pause_after(failures)
        log.warning("child ended", child=child.name, status=process.returncode, restart_in=pause)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)


async def _start(child: Child) -> asyncio.subprocess.Process:
    # A group of its own: Ctrl-C in a terminal reaches the supervisor only, who ends children in
    # good order.
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *child.arguments,
        env={**os.environ, parent.VARIABLE: str(os.getpid())},
        stdin=asyncio.subprocess.DEVNULL,
        process_group=0,
        pass_fds=child.descriptors,
    )


async def _told_to_stop(stop: asyncio.Event, process: asyncio.subprocess.Process) -> bool:
    """Wait for `stop` or the end of a child; return whether it was `stop`."""
    told = asyncio.create_task(stop.wait())
    ended = asyncio.create_task(process.wait())
    await asyncio.wait((told, ended), return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    ended.cancel()
    return stop.is_set()


async def _end(child: Child, process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), PATIENCE)
    except TimeoutError:
        log.warning("child would not end", child=child.name)
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
