"""Results from the engines' threads to an event loop, many in one wake-up.

A wake-up for each result would make the threads fight for the interpreter lock.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable

from tocsin.probes.contract import ProbeResult

log = logging.getLogger(__name__)

OnResult = Callable[[ProbeResult], None]


class Mailbox:
    """Calls each `on_result` on the loop, once `flush` has been called."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._letters: deque[tuple[OnResult, ProbeResult]] = deque()
        self._scheduled = False

    def put(self, on_result: OnResult, result: ProbeResult) -> None:
        """Lay a result in the box, from any engine's thread."""
        self._letters.append((on_result, result))

    def flush(self) -> None:
        """Wake the loop if anything lies in the box, from any engine's thread."""
        if self._scheduled or not self._letters:
            return
        self._scheduled = True
        try:
            self._loop.call_soon_threadsafe(self._deliver)
        except RuntimeError:
            log.warning("The event loop is closed; results are dropped")

    def _deliver(self) -> None:
        # The flag falls first: what comes from now on is seen below or wakes the loop again.
        self._scheduled = False
        while self._letters:
            on_result, result = self._letters.popleft()
            try:
                on_result(result)
            except Exception:
                log.exception("A result could not be taken", extra={"check": result.check_id})
