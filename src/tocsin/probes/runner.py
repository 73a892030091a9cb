"""Many checks at once: bounded by tool and by host, within deadlines, none of them ever lost."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol, runtime_checkable
from urllib.parse import urlsplit

import msgspec

from tocsin.probes.contract import (
    CheckStatus,
    Outcome,
    Probe,
    ProbeError,
    ProbeOptions,
    ProbeRequest,
    ProbeResult,
    Tool,
)
from tocsin.probes.own_faults import blame
from tocsin.probes.registry import Closable, OnProgress, Watchable, build_probes
from tocsin.probes.turnstile import Turnstile
from tocsin.probes.vantage import Vantage

log = logging.getLogger(__name__)

OnResult = Callable[[ProbeResult], None]


class RunnerLimits(msgspec.Struct, frozen=True):
    """How many checks run at once: in all, of one tool, and against one host and port.

    A bulk tool makes one small request, so it is given more: where hundreds of sites live on one
    host and that host is dead, each must still find its time-out before its deadline.
    """

    total: int = 1000
    per_tool: int = 1000
    per_host: int = 4
    bulk_per_host: int = 100


@runtime_checkable
class BulkProbe(Protocol):
    """A probe that runs many checks without a task for each."""

    def submit(self, request: ProbeRequest, on_result: OnResult) -> None:
        """Run a check and call `on_result` on the running event loop."""
        ...


class _Run:
    """One check under way."""

    def __init__(self, request: ProbeRequest, on_result: OnResult) -> None:
        self.request = request
        self.on_result = on_result
        self.host = _host_of(request.url)
        self.received_at = time.time()
        self.task: asyncio.Task[None] | None = None
        self.cancelled = False


class Runner:
    """Runs checks on one event loop; every request is answered exactly once."""

    def __init__(
        self,
        options: ProbeOptions,
        *,
        limits: RunnerLimits | None = None,
        probes: Mapping[Tool, Probe] | None = None,
        vantage: Vantage | None = None,
    ) -> None:
        self._options = options
        self._limits = limits or RunnerLimits()
        self._probes = build_probes(options) if probes is None else probes
        self._vantage = vantage or Vantage(options)
        self._bulk = {
            tool: probe for tool, probe in self._probes.items() if isinstance(probe, BulkProbe)
        }
        self._hosts = Turnstile(self._limits.per_host)
        self._bulk_hosts = Turnstile(self._limits.bulk_per_host)
        self._tools = Turnstile(self._limits.per_tool)
        self._runs: set[_Run] = set()
        self._diagnoses: set[asyncio.Task[None]] = set()
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def capacity(self) -> int:
        """How many more checks can be taken now; more are queued but start late."""
        return max(0, self._limits.total - len(self._runs))

    def start(self) -> None:
        """Begin to watch our own network, so that failures can be told from our own."""
        self._vantage.start()

    def watch(self, on_progress: OnProgress) -> None:
        """Tell of the progress of checks that take their time, from now on."""
        for probe in self._probes.values():
            if isinstance(probe, Watchable):
                probe.watch(on_progress)

    def submit(self, request: ProbeRequest, on_result: OnResult) -> None:
        """Run a check and call `on_result` on this event loop, whatever the probe does."""
        self._accept(_Run(request, on_result))

    async def run(self, request: ProbeRequest) -> ProbeResult:
        """Run a check and return its result; a cancelled caller cancels the check."""
        future: asyncio.Future[ProbeResult] = asyncio.get_running_loop().create_future()
        run = _Run(request, partial(_resolve, future))
        self._accept(run)
        try:
            return await future
        except asyncio.CancelledError:
            run.cancelled = True
            if run.task is not None:
                run.task.cancel()
            raise

    async def drain(self) -> None:
        """Wait until every check taken so far has been answered."""
        await self._idle.wait()

    async def close(self) -> None:
        """Cancel what runs, end the probes' threads and stop watching the network."""
        tasks = [run.task for run in self._runs if run.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for probe in self._probes.values():
            if isinstance(probe, Closable):
                await probe.close()
        await self._vantage.close()

    def _accept(self, run: _Run) -> None:
        self._runs.add(run)
        self._idle.clear()
        self._hosts_for(run).enter(run.host, partial(self._enter_tool, run))

    def _hosts_for(self, run: _Run) -> Turnstile:
        return self._bulk_hosts if run.request.tool in self._bulk else self._hosts

    def _enter_tool(self, run: _Run) -> None:
        self._tools.enter(run.request.tool, partial(self._begin, run))

    def _begin(self, run: _Run) -> None:
        request = run.request
        probe = self._probes.get(request.tool)
        if run.cancelled:
            self._settle_soon(run, self._failed(run, "cancelled", "The check was cancelled."))
        elif probe is None:
            self._settle_soon(run, self._failed(run, "unknown_tool", "There is no such tool here."))
        elif time.time() >= request.deadline:
            self._settle_soon(run, self._overdue(run))
        elif request.tool in self._bulk:
            self._submit_to(self._bulk[request.tool], run)
        else:
            run.task = asyncio.create_task(self._await(probe, run))

    def _submit_to(self, probe: BulkProbe, run: _Run) -> None:
        try:
            probe.submit(run.request, partial(self._settle, run))
        except Exception:
            log.exception("A check could not be started", extra={"check": run.request.check_id})
            self._settle_soon(run, self._broken(run))

    async def _await(self, probe: Probe, run: _Run) -> None:
        try:
            async with asyncio.timeout(run.request.deadline - time.time()):
                result = await probe(run.request)
        except TimeoutError:
            result = self._overdue(run)
        except asyncio.CancelledError:
            result = self._failed(run, "cancelled", "The check was cancelled.")
        except Exception:
            log.exception("A probe broke down", extra={"check": run.request.check_id})
            result = self._broken(run)
        self._settle(run, result)

    def _settle_soon(self, run: _Run, result: ProbeResult) -> None:
        # Not at once: a thousand overdue checks in one queue would start each other recursively.
        asyncio.get_running_loop().call_soon(self._settle, run, result)

    def _settle(self, run: _Run, result: ProbeResult) -> None:
        # The places are free as soon as the site has been looked at; the diagnosis needs none.
        self._tools.leave(run.request.tool)
        self._hosts_for(run).leave(run.host)
        if not self._vantage.suspects(result):
            self._deliver(run, result)
            return
        diagnosis = asyncio.create_task(self._diagnose(run, result))
        self._diagnoses.add(diagnosis)
        diagnosis.add_done_callback(self._diagnoses.discard)

    async def _diagnose(self, run: _Run, result: ProbeResult) -> None:
        try:
            fault = await self._vantage.fault_behind(result)
            if fault is not None:
                result = blame(result, fault)
        except Exception:
            log.exception("The vantage could not be judged")
        finally:
            self._deliver(run, result)

    def _deliver(self, run: _Run, result: ProbeResult) -> None:
        self._runs.discard(run)
        if not self._runs:
            self._idle.set()
        try:
            run.on_result(result)
        except Exception:
            log.exception("A result could not be taken", extra={"check": result.check_id})

    def _overdue(self, run: _Run) -> ProbeResult:
        return self._failed(
            run, "deadline_exceeded", "The check could not be finished before its deadline."
        )

    def _broken(self, run: _Run) -> ProbeResult:
        return self._failed(run, "internal_error", "The check broke down inside Tocsin.")

    def _failed(self, run: _Run, code: str, message: str) -> ProbeResult:
        # None of these says anything about the site, so the outcome is unknown.
        return ProbeResult(
            check_id=run.request.check_id,
            tool=run.request.tool,
            status=CheckStatus.FAILED,
            outcome=Outcome.UNKNOWN,
            result=None,
            error=ProbeError(code, message),
            started_at=run.received_at,
            completed_at=time.time(),
            vantage=self._options.vantage,
            ticket=run.request.ticket,
        )


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return url


def _resolve(future: "asyncio.Future[ProbeResult]", result: ProbeResult) -> None:
    if not future.done():
        future.set_result(result)
