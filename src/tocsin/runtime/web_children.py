"""Several web processes on one port, each with an interpreter of its own, so that cores count.

Each binds the port for itself (SO_REUSEPORT), and the kernel deals new connections out among those
that live: one that is killed takes nothing along but the connections that it had.
"""

import asyncio
import os
import sys

from tocsin.config.environment import Environment
from tocsin.kit import shared_table
from tocsin.runtime import logs
from tocsin.runtime.supervisor import Child, supervise

# Each takes its memory, and the worker wants a core too; see ADR 5.
MOST_BY_DEFAULT = 2


def how_many(environment: Environment) -> int:
    """Return how many processes serve: what the operator says, else by the cores there are."""
    if environment.web_processes:
        return environment.web_processes
    # Elsewhere the kernel gives every connection to the process that came last.
    return min(MOST_BY_DEFAULT, len(os.sched_getaffinity(0))) if sys.platform == "linux" else 1


def children(host: str, port: int, count: int) -> tuple[Child, ...]:
    """Return the web processes for a supervisor to keep: what they count, they count together."""
    table = shared_table.create()
    arguments = ("-m", "tocsin.runtime", "web", host, str(port), str(table))
    names = ("web",) if count == 1 else tuple(f"web {n}" for n in range(1, count + 1))
    return tuple(Child(name, arguments, (table,)) for name in names)


def keep(host: str, port: int, environment: Environment) -> int:
    """Keep the web processes, and nothing else, until SIGTERM or SIGINT; return the exit status."""
    logs.configure(environment.log_format)
    wanted = children(host, port, how_many(environment))
    asyncio.run(supervise(wanted, asyncio.Event()))
    return 0
