"""The status tool as its callers see it: a coroutine, or a callback for many at once."""

import asyncio
import os
from functools import partial
from itertools import cycle

from tocsin.probes.contract import ProbeOptions, ProbeRequest, ProbeResult
from tocsin.probes.egress import EgressPolicy
from tocsin.probes.lookup import Lookup, system_lookup
from tocsin.probes.status.engine import EngineOptions, StatusEngine
from tocsin.probes.status.handle import HandleOptions
from tocsin.probes.status.limits import StatusLimits
from tocsin.probes.status.mailbox import Mailbox, OnResult
from tocsin.probes.status.roots import RootsFile

# libcurl shakes hands outside the interpreter lock, so a second core has work; a third would wait
# for the lock, which is held for nearly half of a check.
MOST_ENGINES = 2


class StatusProbe:
    """One GET of the site, timed by phase.

    Owns its engines' threads from the first to the last; call `close` to end them.
    """

    def __init__(
        self,
        options: ProbeOptions,
        *,
        limits: StatusLimits | None = None,
        lookup: Lookup = system_lookup,
        engines: int | None = None,
    ) -> None:
        limits = limits or StatusLimits()
        self._mailboxes: dict[asyncio.AbstractEventLoop, Mailbox] = {}
        self._roots = RootsFile(options.extra_ca_file)
        handles = HandleOptions(
            ca_file=self._roots.path,
            user_agent=f"TocsinBot/1.0 (+{options.agent_url})",
            body_bytes=limits.body_bytes,
        )
        engine_options = EngineOptions(handles, limits, options.vantage)
        policy = EgressPolicy(options.egress_allow)
        self._engines = [
            StatusEngine(engine_options, policy, lookup, self._flush)
            for _ in range(engines or min(MOST_ENGINES, len(os.sched_getaffinity(0))))
        ]
        self._next_engine = cycle(self._engines)

    async def __call__(self, request: ProbeRequest) -> ProbeResult:
        """Check the site; what a site does is a result, never an exception."""
        future: asyncio.Future[ProbeResult] = asyncio.get_running_loop().create_future()
        self.submit(request, partial(_resolve, future))
        return await future

    def submit(self, request: ProbeRequest, on_result: OnResult) -> None:
        """Check the site and call `on_result` on the running event loop: no task a check.

        Raises RuntimeError once the probe is closed.
        """
        mailbox = self._mailbox_of(asyncio.get_running_loop())
        next(self._next_engine).submit(request, partial(mailbox.put, on_result))

    async def close(self) -> None:
        """Answer what is still on its way as failed and end the threads."""
        await asyncio.gather(*(asyncio.to_thread(engine.close) for engine in self._engines))
        self._roots.close()

    def _flush(self) -> None:
        for mailbox in tuple(self._mailboxes.values()):
            mailbox.flush()

    def _mailbox_of(self, loop: asyncio.AbstractEventLoop) -> Mailbox:
        if loop not in self._mailboxes:
            self._mailboxes[loop] = Mailbox(loop)
        return self._mailboxes[loop]


def _resolve(future: "asyncio.Future[ProbeResult]", result: ProbeResult) -> None:
    if not future.done():
        future.set_result(result)
