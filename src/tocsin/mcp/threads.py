"""Database work from asynchronous code: on a few threads of its own that keep their connections."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

from django.db import close_old_connections

Result = TypeVar("Result")

THREADS = 4
_pool = ThreadPoolExecutor(THREADS, thread_name_prefix="mcp")


async def in_thread(function: Callable[[], Result]) -> Result:
    """Run a function on one of the threads, within the context of the caller."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_pool, copy_context().run, _cleanly, function)


def _cleanly(function: Callable[[], Result]) -> Result:
    # What Django does around each request of its own.
    close_old_connections()
    try:
        return function()
    finally:
        close_old_connections()
