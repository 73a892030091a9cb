"""Is it them or is it us: whether our own network is at fault for a failure to connect.

The vantage is at fault when canaries that have answered from here before stop answering too. Where
none has ever answered (an intranet, a machine without internet) nothing is diagnosed.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

import msgspec

from tocsin.probes.canary import WELL_KNOWN, Canary, answers, parse_canary
from tocsin.probes.contract import CheckStatus, ProbeOptions, ProbeResult

log = logging.getLogger(__name__)

_CONNECT_CODES = frozenset({"dns", "timeout", "unreachable"})
_CONNECT_STAGES = frozenset({"lookup", "connect"})
LOOKUP_STAGE = "lookup"

AnswersWithin = Callable[[Canary, float], Awaitable[bool]]


class VantageLimits(msgspec.Struct, frozen=True):
    """Seconds between looks in the background, of a look, and how long a look stays fresh."""

    interval_seconds: float = 60.0
    answer_seconds: float = 3.0
    fresh_seconds: float = 3.0


class Look(msgspec.Struct, frozen=True):
    """Which canaries answered when they were last asked, and when that began (epoch seconds)."""

    started_at: float
    answered: frozenset[Canary]


def failure_stage(result: ProbeResult) -> str | None:
    """Return `lookup` or `connect` if the check failed to connect, else None.

    A refused connection and a response of whatever code are answers.
    """
    error = result.error
    if result.status is not CheckStatus.FAILED or error is None or error.code not in _CONNECT_CODES:
        return None
    stage = error.data.get("stage", LOOKUP_STAGE if error.code == "dns" else "connect")
    return stage if stage in _CONNECT_STAGES else None


class Vantage:
    """Remembers which canaries have answered from here, and asks them again when in doubt."""

    def __init__(
        self,
        options: ProbeOptions,
        *,
        limits: VantageLimits | None = None,
        ask: AnswersWithin = answers,
    ) -> None:
        names = options.canaries or (*options.resolvers, *WELL_KNOWN)
        self._canaries = tuple(parse_canary(name) for name in names)
        self._limits = limits or VantageLimits()
        self._ask = ask
        self._known: set[Canary] = set()
        self._last: Look | None = None
        self._looking: asyncio.Task[Look] | None = None
        self._background: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Look now and then from now on: without a history nothing can be diagnosed."""
        if self._background is None:
            self._background = asyncio.create_task(self._keep_looking())

    async def close(self) -> None:
        """Stop looking."""
        tasks = [task for task in (self._background, self._looking) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._background = self._looking = None

    @property
    def has_history(self) -> bool:
        """Tell whether any canary has ever answered from here; without it no fault is diagnosed."""
        return bool(self._known)

    async def is_at_fault(self, result: ProbeResult) -> bool:
        """Tell whether this failed check says more about us than about the site."""
        stage = failure_stage(result)
        if stage is None or not self.has_history:
            return False
        look = self._last
        newest_needed = min(result.started_at, time.time() - self._limits.fresh_seconds)
        if look is None or look.started_at < newest_needed:
            look = await self.look()
        return self._silent(look, stage)

    async def look(self) -> Look:
        """Ask every canary once; callers at the same time share one look."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        return await asyncio.shield(self._looking)

    async def _look(self) -> Look:
        started_at = time.time()
        seconds = self._limits.answer_seconds
        replies = await asyncio.gather(*(self._ask(canary, seconds) for canary in self._canaries))
        pairs = zip(self._canaries, replies, strict=True)
        look = Look(started_at, frozenset(canary for canary, answered in pairs if answered))
        self._known |= look.answered
        self._last = look
        return look

    def _silent(self, look: Look, stage: str) -> bool:
        # A name that does not resolve is our resolver's fault if well-known names fail as well,
        # even though name servers still answer at their addresses.
        named = {canary for canary in self._known if canary.needs_lookup}
        asked = named if stage == LOOKUP_STAGE and named else self._known
        return not asked & look.answered

    async def _keep_looking(self) -> None:
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("The canaries could not be asked")
            await asyncio.sleep(self._limits.interval_seconds)
