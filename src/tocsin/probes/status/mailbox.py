"""Results from the engine's thread to an event loop, many in one wake-up."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable

from tocsin.probes.contract import ProbeResult

log = logging.getLogger(__name__)

OnResult = Callable[[ProbeResult], None]


class Mailbox:
    """Calls each `on_result` on the loop; whatever came meanwhile shares one wake-up."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._letters: deque[tuple[OnResult, ProbeResult]] = deque()
        self._scheduled = False

    def put(self, on_result: OnResult, result: ProbeResult) -> None:
        """Hand a result over from any thread."""
        self._letters.append((on_result, result))
        if self._scheduled:
            return
        self._scheduled = True
        try:
            self.loop.call_soon_threadsafe(self._deliver)
        except RuntimeError:
            log.warning("The event loop is closed; results are dropped")

    def _deliver(self) -> None:
        # The flag falls first: what comes from now on is seen below or schedules again.
        self._scheduled = False
        while self._letters:
            on_result, result = self._letters.popleft()
            try:
                on_result(result)
            except Exception:
                log.exception("A result could not be taken", extra={"check": result.check_id})
