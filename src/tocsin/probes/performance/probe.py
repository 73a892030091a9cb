"""The performance probe: the median of three runs of Lighthouse, judged by the team's limits."""

import asyncio
import time

from tocsin.probes.answer import Answer, skipped
from tocsin.probes.contract import (
    CheckStatus,
    Outcome,
    PerformanceSettings,
    ProbeError,
    ProbeOptions,
    ProbeRequest,
    ProbeResult,
    Progress,
    Stage,
)
from tocsin.probes.egress import EgressPolicy, EgressRefused, check_url
from tocsin.probes.performance import confine, reading
from tocsin.probes.performance.browser import Browser, BrowserFailed, Look
from tocsin.probes.performance.installation import Installation, Missing, find_installation
from tocsin.probes.performance.norm import CpuNorm
from tocsin.probes.registry import OnProgress
from tocsin.probes.target import InvalidTarget

RUNS = 3
# One more try than runs: a browser that crashed once shall not cost the check.
ATTEMPTS = RUNS + 1
RUN_SECONDS = 120.0
LOAD_SECONDS = 45.0
# How long a browser is kept for nothing: it holds a gigabyte.
IDLE_SECONDS = 90.0
UNCONFINED = Missing(
    ("Landlock, which keeps the browser away from everything else",),
    "Run Tocsin on a Linux kernel that has it (5.13 or newer).",
)
# What says something of the machine and nothing of the site.
OURS = frozenset({"browser_crashed", "memory_limit", "lighthouse"})


class PerformanceProbe:
    """The performance tool; it measures as many pages at once as its options have browsers.

    `on_progress` is called on the event loop of the request, before every run.
    """

    def __init__(
        self, options: ProbeOptions, *, runs: int = RUNS, load_seconds: float = LOAD_SECONDS
    ) -> None:
        self._vantage = options.vantage
        self._policy = EgressPolicy(options.egress_allow)
        self._options = options
        self._runs = runs
        self._load_seconds = load_seconds
        self._free: asyncio.LifoQueue[Browser | None] = asyncio.LifoQueue()
        for _ in range(options.browsers):
            self._free.put_nowait(None)
        self._norm = CpuNorm()
        self._idling: asyncio.Task[None] | None = None
        self._all: list[Browser] = []
        self._on_progress: OnProgress = lambda _request, _progress: None

    def watch(self, on_progress: OnProgress) -> None:
        """Tell of every check's progress from now on."""
        self._on_progress = on_progress

    async def __call__(self, request: ProbeRequest) -> ProbeResult:
        """Measure the page that the settings name, else the site's own."""
        started = time.time()
        answer = await self._answer(request)
        return answer.filed(request, started, self._vantage)

    async def close(self) -> None:
        """End every browser."""
        if self._idling is not None:
            self._idling.cancel()
        await asyncio.gather(*(browser.close() for browser in self._all))

    async def _answer(self, request: ProbeRequest) -> Answer:
        settings = request.settings
        if not isinstance(settings, PerformanceSettings):
            settings = PerformanceSettings()
        url = settings.url or request.url
        try:
            check_url(url, self._policy)
        except InvalidTarget as error:
            return _failed("invalid_url", str(error), Outcome.FAILING)
        except EgressRefused as refused:
            return _refused(refused)
        installation = find_installation(self._options)
        if isinstance(installation, Missing):
            return skipped("browser_missing", installation.message)
        if confine.version() == 0:
            return skipped("browser_missing", UNCONFINED.message)
        browser = await self._free.get() or self._new_browser(installation)
        try:
            looks = await self._look(browser, url, request)
        except EgressRefused as refused:
            return _refused(refused)
        except BrowserFailed as failed:
            outcome = Outcome.UNKNOWN if failed.code in OURS else Outcome.FAILING
            return _failed(failed.code, str(failed), outcome)
        finally:
            self._free.put_nowait(browser)
            self._idling = self._idling or asyncio.create_task(self._end_idle())
        return self._judge(url, looks, settings)

    async def _look(self, browser: Browser, url: str, request: ProbeRequest) -> list[Look]:
        """Return as many runs as are wanted. Raises BrowserFailed or EgressRefused."""
        origin = reading.origin_of(request.url)
        looks: list[Look] = []
        for attempt in range(1, self._runs + ATTEMPTS - RUNS + 1):
            self._on_progress(request, Progress(Stage.MEASURING, len(looks), self._runs))
            seconds = min(RUN_SECONDS, request.deadline - time.time())
            try:
                look = await browser.look(url, origin, dict(request.headers), seconds=seconds)
                _require_result(look)
            except BrowserFailed:
                if attempt - len(looks) > ATTEMPTS - RUNS:
                    raise
                continue
            looks.append(look)
            if len(looks) == self._runs:
                break
        return looks

    def _judge(self, url: str, looks: list[Look], settings: PerformanceSettings) -> Answer:
        result = reading.result_of(url, looks)
        starved = self._norm.is_starved(reading.cpu_benchmark(reading.median_of(looks)))
        if starved:
            outcome = Outcome.UNKNOWN
        elif reading.breaches(result, settings):
            outcome = Outcome.FAILING
        else:
            outcome = Outcome.OK
        return Answer(CheckStatus.COMPLETED, outcome, result)

    def _new_browser(self, installation: Installation) -> Browser:
        browser = Browser(installation, self._policy, self._load_seconds)
        self._all.append(browser)
        return browser

    async def _end_idle(self) -> None:
        """End browsers that nobody needs."""
        while True:
            await asyncio.sleep(IDLE_SECONDS / 3)
            waiting = [self._free.get_nowait() for _ in range(self._free.qsize())]
            for browser in waiting:
                if browser is not None and browser.idle_seconds > IDLE_SECONDS:
                    await browser.close()
            for browser in reversed(waiting):
                self._free.put_nowait(browser)


def _require_result(look: Look) -> None:
    """Raise BrowserFailed where a run has no result, EgressRefused where the policy is why."""
    failure = reading.failure(look.report)
    if failure is None:
        return
    if look.refusals:
        raise EgressRefused(look.refusals[0])
    raise BrowserFailed(*failure)


def _refused(refused: EgressRefused) -> Answer:
    refusal = refused.refusal
    data = {"rule": refusal.rule, "address": refusal.address, "port": refusal.port}
    error = ProbeError("egress_refused", refusal.message, data)
    return Answer(CheckStatus.FAILED, Outcome.FAILING, None, error)


def _failed(code: str, message: str, outcome: Outcome) -> Answer:
    return Answer(CheckStatus.FAILED, outcome, None, ProbeError(code, message))
