"""A process of one role or several: starts them, and ends them in the order in which work flows."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable, Collection, Coroutine, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import structlog
import uvloop

from tocsin.checks.tools import Weight
from tocsin.config.environment import Environment
from tocsin.probes.contract import ProbeRequest
from tocsin.runtime import metrics, roles, setup, single
from tocsin.runtime.bus.base import Bus
from tocsin.runtime.prober import Prober
from tocsin.runtime.roles import Role
from tocsin.runtime.stopping import Stopped, unless

log = structlog.get_logger(__name__)
Running = Coroutine[Any, Any, None]
# How long checks that run may go on once the process is told to stop.
PATIENCE = 12.0


@dataclass(frozen=True, slots=True)
class Post:
    """What one process does, and with what; `host` and `port` are the web role's."""

    roles: frozenset[Role]
    environment: Environment
    bus: Bus
    host: str
    port: int

    @property
    def alone(self) -> bool:
        """Tell whether no other process may take part in the flow of checks."""
        return not self.environment.bus_url and roles.needs_bus(self.roles)

    def obstacle(self) -> str | None:
        """Return what keeps the process from its work, in words; None where nothing does."""
        return self.bus.obstacle() if roles.needs_bus(self.roles) else None


def main(
    wanted: Collection[Role], environment: Environment, host: str = "127.0.0.1", port: int = 8000
) -> int:
    """Work until SIGTERM or SIGINT; return the exit status.

    Django must be set up where a role needs the database.
    """
    post = Post(frozenset(wanted), environment, setup.bus(environment), host, port)
    try:
        with single.hold(environment.data_dir) if post.alone else nullcontext():
            # The web counts nothing here, tells its health where it serves, and runs several times.
            if post.roles != {Role.WEB}:
                metrics.serve(environment.metrics_port, post.obstacle)
            uvloop.run(work(post))
    except (single.AlreadyRunning, OSError) as error:
        print(error, file=sys.stderr)  # noqa: T201 — the one line that a start may say
        return 1
    return 0


async def work(post: Post) -> None:
    """Run the roles until a signal: then claim no more, let checks end, hand back the rest."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    if post.alone:
        await _recover()
    with suppress(Stopped):
        if roles.needs_bus(post.roles):
            await unless(stop, post.bus.open())
        log.info("started", roles=sorted(post.roles), region=post.environment.region)
        left = await _run(post, stop)
        log.info("stopped", released=await _release(left))
    await post.bus.close()


async def _run(post: Post, stop: asyncio.Event) -> Sequence[ProbeRequest]:
    """Run the roles until `stop`; return the requests that the database must take back.

    They end in the order in which work flows. A role that fails ends the process: whoever
    supervises it starts another, and leases tell what was lost.
    """
    runners = setup.runners(post.environment) if Role.PROBER in post.roles else {}
    probers = [Prober(post.bus, weight, runner) for weight, runner in runners.items()]
    for prober, runner in zip(probers, runners.values(), strict=True):
        runner.watch(prober.on_progress)
    try:
        async with asyncio.TaskGroup() as group:
            for role in _others(post, stop):
                group.create_task(role)
            scheduling = [group.create_task(role) for role in _schedulers(post, stop)]
            probing = [group.create_task(prober.run(PATIENCE)) for prober in probers]
            await stop.wait()
            await asyncio.gather(*scheduling)
            left = list(post.bus.close_requests())
            for prober in probers:
                prober.end()
            for unanswered in await asyncio.gather(*probing):
                left.extend(unanswered)
            left = list(await post.bus.give_back(left))
            post.bus.close_results()
    finally:
        for runner in runners.values():
            await runner.close()
    return left


def _schedulers(post: Post, stop: asyncio.Event) -> list[Running]:
    if Role.SCHEDULER not in post.roles:
        return []
    run = _named("tocsin.runtime.scheduler:run")
    return [run(post.bus, weight, stop) for weight in Weight]


def _others(post: Post, stop: asyncio.Event) -> list[Running]:
    """Return the roles that end by themselves: at `stop`, or when the bus is closed."""
    worker = f"{socket.gethostname()}:{os.getpid()}"
    found = [
        _named(place)(worker, stop) for role, place in roles.BESIDE.items() if role in post.roles
    ]
    if Role.INTAKE in post.roles:
        found.append(_named("tocsin.runtime.intake:run")(post.bus))
    if Role.WEB in post.roles:
        found.append(_named("tocsin.runtime.web:serve")(post.host, post.port, stop))
    return found


def _named(place: str) -> Callable[..., Running]:
    """Load a role: not before it is wanted, since most load the models and a prober has none."""
    module, _, name = place.partition(":")
    found: Callable[..., Running] = getattr(import_module(module), name)
    return found


async def _recover() -> None:
    """Account for what the worker before us left in flight: we are alone, so it is dead."""
    from tocsin.checks import leases, manual_runs  # noqa: PLC0415 - loads the models
    from tocsin.runtime.database import DatabaseThread  # noqa: PLC0415

    database = DatabaseThread("worker")
    await database.run(manual_runs.release_all)
    lost = leases.LIMIT
    while lost == leases.LIMIT:
        lost = await database.run(leases.expire_all)
        if lost:
            log.warning("slots lost", reason="worker_lost", count=lost)
    await database.close()


async def _release(left: Sequence[ProbeRequest]) -> int:
    """Let the next claim have requests that nobody will answer; return how many."""
    if not left:
        return 0
    from tocsin.checks import leases, manual_runs  # noqa: PLC0415 - loads the models
    from tocsin.runtime.database import DatabaseThread  # noqa: PLC0415

    database = DatabaseThread("worker")
    released = await database.run(leases.release, left)
    released += await database.run(manual_runs.release, left)
    await database.close()
    return released
