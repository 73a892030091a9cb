"""The broken-links tool as its callers see it: a coroutine, and a crawl on a thread of its own."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Thread

import msgspec

from tocsin.probes.answer import Answer
from tocsin.probes.broken_links.crawl import Crawl
from tocsin.probes.broken_links.fetcher import Fetcher
from tocsin.probes.broken_links.handle import HandleOptions
from tocsin.probes.broken_links.jobs import Job
from tocsin.probes.broken_links.limits import CrawlLimits
from tocsin.probes.broken_links.pages import PageSource, PlainPages
from tocsin.probes.broken_links.rendering import RenderedPages, Rendering
from tocsin.probes.broken_links.report import answer_for
from tocsin.probes.broken_links.robots import AGENT
from tocsin.probes.broken_links.site import Site
from tocsin.probes.broken_links.urls import canonical
from tocsin.probes.contract import (
    CheckStatus,
    LinksSettings,
    Outcome,
    ProbeError,
    ProbeOptions,
    ProbeRequest,
    ProbeResult,
    Progress,
)
from tocsin.probes.egress import EgressPolicy
from tocsin.probes.lookup import Lookup, LookupPool, system_lookup
from tocsin.probes.registry import OnProgress
from tocsin.probes.status.roots import RootsFile

# What a crawl leaves of its deadline, so that it ends itself and what it found is kept.
SPARE_SECONDS = 15.0
PROGRESS_SECONDS = 0.2


class BrokenLinksProbe:
    """Crawls sites, each on its own thread; `close` ends what still runs.

    `on_progress` is called on the event loop of the request, a few times a second.
    """

    def __init__(
        self,
        options: ProbeOptions,
        *,
        limits: CrawlLimits | None = None,
        lookup: Lookup = system_lookup,
    ) -> None:
        self._options = options
        self._limits = limits or CrawlLimits()
        self._policy = EgressPolicy(options.egress_allow)
        self._lookups = LookupPool(lookup)
        self._roots = RootsFile(options.extra_ca_file)
        self._rendering = Rendering(options, self._policy)
        self._on_progress: OnProgress | None = None

    def watch(self, on_progress: OnProgress) -> None:
        """Tell of every crawl's progress from now on."""
        self._on_progress = on_progress

    async def __call__(self, request: ProbeRequest) -> ProbeResult:
        """Crawl the request's site; what a site does is a result, never an exception."""
        started = time.time()
        settings = request.settings
        if not isinstance(settings, LinksSettings):
            settings = LinksSettings()
        try:
            site = Site(canonical(request.url) or request.url, settings, request.headers)
        except ValueError as error:
            answer = _unreadable(str(error))
        else:
            answer = await self._crawl(site, request)
        return answer.filed(request, started, self._options.vantage)

    async def close(self) -> None:
        """Let go of threads and files; crawls end with their cancelled callers."""
        self._lookups.close()
        self._roots.close()

    async def _crawl(self, site: Site, request: ProbeRequest) -> Answer:
        loop = asyncio.get_running_loop()
        ended: asyncio.Future[Answer] = loop.create_future()
        limits = self._limits_for(request)
        fetcher: Fetcher[Job] = Fetcher(self._handle_options(limits), self._policy, self._lookups)
        pages = await self._pages_for(site, request, fetcher.wake)
        crawl = Crawl(site, fetcher, pages, limits, on_progress=self._teller(request, loop))

        def work() -> None:
            try:
                outcome: Answer | Exception = answer_for(crawl.run(), limits, site.settings)
            except Exception as error:  # noqa: BLE001 — the awaiting side raises it
                outcome = error
            finally:
                pages.close()
                fetcher.close()
            with suppress(RuntimeError):  # the loop has ended, so nobody waits
                loop.call_soon_threadsafe(_settle, ended, outcome)

        Thread(target=work, name="tocsin-crawl", daemon=True).start()
        try:
            return await ended
        finally:
            crawl.stop()
            if pages.js_rendered:
                await self._rendering.end()

    async def _pages_for(
        self, site: Site, request: ProbeRequest, wake: Callable[[], None]
    ) -> PageSource:
        """Return what reads the pages; without a browser here, what HTTP brings must do."""
        if not site.settings.js_rendered or not await self._rendering.begin():
            return PlainPages()
        return RenderedPages(self._rendering, site.url, dict(request.headers), wake)

    def _limits_for(self, request: ProbeRequest) -> CrawlLimits:
        left = request.deadline - time.time() - SPARE_SECONDS
        seconds = max(0.0, min(self._limits.max_seconds, left))
        return msgspec.structs.replace(self._limits, max_seconds=seconds)

    def _handle_options(self, limits: CrawlLimits) -> HandleOptions:
        return HandleOptions(
            ca_file=self._roots.path,
            user_agent=f"{AGENT}/1.0 (+{self._options.agent_url})",
            connect_ms=int(limits.connect_seconds * 1000),
            total_ms=int(limits.link_seconds * 1000),
        )

    def _teller(
        self, request: ProbeRequest, loop: asyncio.AbstractEventLoop
    ) -> Callable[[Progress], None]:
        """Return what the crawl's thread calls after every step; it tells of a few of them."""
        on_progress = self._on_progress
        if on_progress is None:
            return lambda _: None
        told_at = 0.0

        def tell(progress: Progress) -> None:
            nonlocal told_at
            now = time.monotonic()
            if now - told_at >= PROGRESS_SECONDS:
                told_at = now
                with suppress(RuntimeError):  # the loop has ended, so nobody watches
                    loop.call_soon_threadsafe(on_progress, request, progress)

        return tell


def _unreadable(message: str) -> Answer:
    error = ProbeError("invalid_url", message)
    return Answer(CheckStatus.FAILED, Outcome.FAILING, None, error)


def _settle(ended: "asyncio.Future[Answer]", outcome: Answer | Exception) -> None:
    if ended.done():
        return
    if isinstance(outcome, Exception):
        ended.set_exception(outcome)
    else:
        ended.set_result(outcome)
