"""Is it them or is it us: whether our own network, clock or processor is at fault for a failure.

The network is at fault when canaries that have answered from here before stop answering too. Where
none has ever answered (an intranet, a machine without internet) nothing is diagnosed. The clock is
at fault when every canary that tells the time tells another one. The processor is at fault when
this process stood still for so long that a connection had to time out.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

import msgspec

from tocsin.probes.canary import WELL_KNOWN, Canary, answers, parse_canary
from tocsin.probes.contract import ProbeOptions, ProbeResult
from tocsin.probes.own_faults import LOOKUP_STAGE, OwnFault, failure_stage, judges_time
from tocsin.probes.starvation import LoopWatch
from tocsin.probes.true_time import seconds_ahead, timeless_context

log = logging.getLogger(__name__)

AnswersWithin = Callable[[Canary, float], Awaitable[bool]]
AheadWithin = Callable[[Canary, float], Awaitable[float | None]]


class VantageLimits(msgspec.Struct, frozen=True):
    """What is too much, in seconds.

    Between looks in the background, of a look, and how long a look at canaries or clocks stays
    fresh; how wrong a clock may be; how long a process may stand still (half of the time that a
    connection has).
    """

    interval_seconds: float = 60.0
    answer_seconds: float = 3.0
    fresh_seconds: float = 3.0
    clock_fresh_seconds: float = 60.0
    clock_error_seconds: float = 300.0
    stall_seconds: float = 2.5


class Look(msgspec.Struct, frozen=True):
    """Which canaries answered when they were last asked, and when that began (epoch seconds)."""

    started_at: float
    answered: frozenset[Canary]


class Vantage:
    """Remembers which canaries have answered from here, and asks them again when in doubt."""

    def __init__(
        self,
        options: ProbeOptions,
        *,
        limits: VantageLimits | None = None,
        ask: AnswersWithin = answers,
        ahead: AheadWithin | None = None,
    ) -> None:
        names = options.canaries or (*options.resolvers, *WELL_KNOWN)
        self._canaries = tuple(parse_canary(name) for name in names)
        self._limits = limits or VantageLimits()
        self._ask = ask
        self._ahead = ahead or _clock_asker(options)
        self._clock_is_wrong: asyncio.Task[bool] | None = None
        self._clock_asked_at = 0.0
        self._processor = LoopWatch()
        self._known: set[Canary] = set()
        self._last: Look | None = None
        self._looking: asyncio.Task[Look] | None = None
        self._background: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Look now and then from now on: without a history nothing can be diagnosed."""
        if self._background is None:
            self._background = asyncio.create_task(self._keep_looking())
            self._processor.start()

    async def close(self) -> None:
        """Stop looking."""
        await self._processor.close()
        running = (self._background, self._looking, self._clock_is_wrong)
        tasks = [task for task in running if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._background = self._looking = self._clock_is_wrong = None

    @property
    def has_history(self) -> bool:
        """Tell whether any canary has ever answered from here; without it no fault is diagnosed."""
        return bool(self._known)

    def suspects(self, result: ProbeResult) -> bool:
        """Tell whether a fault of ours could explain this result; costs nothing."""
        is_suspicious = judges_time(result) or failure_stage(result) is not None
        return is_suspicious and self.has_history

    async def fault_behind(self, result: ProbeResult) -> OwnFault | None:
        """Return the fault of ours that explains this failed check; None where it is theirs."""
        if not self.suspects(result):
            return None
        stage = failure_stage(result)
        if stage is None:
            return OwnFault.CLOCK if await self._clock_is_off() else None
        if self._processor.longest_since(result.started_at) >= self._limits.stall_seconds:
            return OwnFault.CPU_STARVED
        look = self._last
        newest_needed = min(result.started_at, time.time() - self._limits.fresh_seconds)
        if look is None or look.started_at < newest_needed:
            look = await self.look()
        return self._network_fault(look, stage)

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

    def _network_fault(self, look: Look, stage: str) -> OwnFault | None:
        if not self._known & look.answered:
            return OwnFault.NO_EGRESS
        # A name that does not resolve is our resolver's fault if well-known names fail as well,
        # even though name servers still answer at their addresses.
        named = {canary for canary in self._known if canary.needs_lookup}
        is_deaf = stage == LOOKUP_STAGE and named and not named & look.answered
        return OwnFault.RESOLVER if is_deaf else None

    async def _clock_is_off(self) -> bool:
        """Ask for the time, or remember what was found lately; callers share one asking."""
        age = time.monotonic() - self._clock_asked_at
        if self._clock_is_wrong is None or age > self._limits.clock_fresh_seconds:
            self._clock_asked_at = time.monotonic()
            self._clock_is_wrong = asyncio.create_task(self._ask_clocks())
        return await asyncio.shield(self._clock_is_wrong)

    async def _ask_clocks(self) -> bool:
        seconds = self._limits.answer_seconds
        asked = [self._ahead(canary, seconds) for canary in self._known if canary.tells_time]
        told = [ahead for ahead in await asyncio.gather(*asked) if ahead is not None]
        # One that agrees with our clock acquits it.
        return bool(told) and min(map(abs, told)) > self._limits.clock_error_seconds

    async def _keep_looking(self) -> None:
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("The canaries could not be asked")
            await asyncio.sleep(self._limits.interval_seconds)


def _clock_asker(options: ProbeOptions) -> AheadWithin:
    async def ask(canary: Canary, seconds: float) -> float | None:
        # Made when it is needed: reading all roots takes a while.
        return await seconds_ahead(canary, timeless_context(options.extra_ca_file), seconds)

    return ask
