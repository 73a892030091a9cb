"""Waiting for something that may never come, and for the end of the process at the same time."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


class Stopped(Exception):  # noqa: N818 — it is the end of work, not a mistake
    """The process is told to end, and what was waited for has not come."""


async def unless(
    stop: asyncio.Event, waiting: Coroutine[Any, Any, Result], grace: float = 0.0
) -> Result:
    """Return what `waiting` returns; it has `grace` more seconds once `stop` is set.

    Raises Stopped, having cancelled it.
    """
    task = asyncio.create_task(waiting)
    told = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((told, task), return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            await asyncio.wait((task,), timeout=grace)
        if not task.done():
            raise Stopped
        return task.result()
    finally:
        told.cancel()
        task.cancel()
