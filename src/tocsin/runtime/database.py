"""Database work of one role, on a thread of its own.

Django's connections belong to threads, and a slow statement must not stop the event loop.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

import structlog
from django.db import Error, connections

log = structlog.get_logger(__name__)
PAUSES = (0.1, 0.5, 1.0, 2.0, 5.0)
P = ParamSpec("P")
Result = TypeVar("Result")


class DatabaseThread:
    """Runs calls one after another on one thread with one connection."""

    def __init__(self, role: str) -> None:
        self._role = role
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=f"{role}-database")

    async def run(self, call: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result:
        """Run a call to its end.

        Where the database fails, try again after growing pauses until it succeeds: calls made here
        are single transactions, so a failed one has changed nothing.
        """
        attempt = 0
        while True:
            try:
                return await self._once(lambda: call(*args, **kwargs))
            except Error as error:
                pause = PAUSES[min(attempt, len(PAUSES) - 1)]
                log.warning("database failed", role=self._role, error=str(error), pause=pause)
                await self._once(connections.close_all)
                await asyncio.sleep(pause)
                attempt += 1

    async def close(self) -> None:
        """Close the connection and end the thread."""
        await self._once(connections.close_all)
        self._executor.shutdown()

    async def _once(self, call: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._executor, call)
