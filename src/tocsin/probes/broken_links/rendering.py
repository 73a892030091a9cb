"""Pages as a browser shows them, for sites whose links only scripts make.

The crawl asks for a page first, as for any other, and only where that brings HTML a browser opens
it. The browser is the performance tool's: confined, and with no way out but the filtering proxy.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Future
from functools import partial

from tocsin.probes.broken_links.exchange import Page
from tocsin.probes.broken_links.jobs import Job
from tocsin.probes.broken_links.pages import PlainPages, Read
from tocsin.probes.broken_links.robots import AGENT
from tocsin.probes.broken_links.urls import origin_of
from tocsin.probes.contract import ProbeOptions
from tocsin.probes.egress import EgressPolicy
from tocsin.probes.performance import confine
from tocsin.probes.performance.browser import Browser, BrowserFailed, PageToRender
from tocsin.probes.performance.installation import Missing, find_installation
from tocsin.probes.target import parse_target

LOAD_SECONDS = 10.0
PAGE_SECONDS = 20.0
PAGE_CHARS = 2 * 1024 * 1024
HTML = "text/html; charset=utf-8"


class Rendering:
    """One browser for all crawls of this machine, there while any of them needs it."""

    def __init__(self, options: ProbeOptions, policy: EgressPolicy) -> None:
        self._options = options
        self._policy = policy
        self._browser: Browser | None = None
        self._crawls = 0
        # One page at a time: a browser's memory is what it costs.
        self._turn = asyncio.Lock()

    async def begin(self) -> bool:
        """Take part until `end`; False, and no part taken, where no browser can run here."""
        installation = await asyncio.to_thread(find_installation, self._options)
        if isinstance(installation, Missing) or confine.version() == 0:
            return False
        self._crawls += 1
        self._browser = self._browser or Browser(installation, self._policy, LOAD_SECONDS)
        return True

    async def end(self) -> None:
        """Let go; the last one closes the browser."""
        self._crawls -= 1
        if self._crawls == 0 and self._browser is not None:
            browser, self._browser = self._browser, None
            await browser.close()

    async def render(self, url: str, origin: str, headers: Mapping[str, str]) -> str | None:
        """Return a page's document, None where the browser came to none."""
        agent = f"{AGENT}/1.0 (+{self._options.agent_url})"
        page = PageToRender(url, origin, dict(headers), agent, PAGE_CHARS)
        async with self._turn:
            if self._browser is None:
                return None
            try:
                return await self._browser.render(page, seconds=PAGE_SECONDS)
            except BrowserFailed:
                return None


class RenderedPages:
    """Reads pages through the browser; where that fails, reads what HTTP brought.

    Made on the event loop that the browser lives on; `wake` ends the crawl's waiting.
    """

    js_rendered = True

    def __init__(
        self, rendering: Rendering, url: str, headers: Mapping[str, str], wake: Callable[[], None]
    ) -> None:
        self._rendering = rendering
        self._origin = origin_of(parse_target(url))
        self._headers = headers
        self._wake = wake
        self._loop = asyncio.get_running_loop()
        self._plain = PlainPages()
        self._under_way: set[Future[str | None]] = set()
        self._rendered: deque[tuple[Job, Page, str | None]] = deque()
        self._waiting = 0

    @property
    def waiting(self) -> int:
        """Return how many pages `finished` has not returned yet."""
        return self._waiting

    def read(self, job: Job, page: Page) -> None:
        """Let the browser have a page."""
        self._waiting += 1
        rendering = self._rendering.render(page.url, self._origin, self._headers)
        future = asyncio.run_coroutine_threadsafe(rendering, self._loop)
        self._under_way.add(future)
        future.add_done_callback(partial(self._came, job, page))

    def finished(self) -> list[Read]:
        """Return the pages that have been rendered since it was last asked, and read now."""
        found = []
        while self._rendered:
            job, page, html = self._rendered.popleft()
            self._waiting -= 1
            shown = page if html is None else Page(page.url, html.encode("utf-8", "replace"), HTML)
            found.append(Read(job, page, self._plain.links(shown)))
        return found

    def close(self) -> None:
        """Give up what is under way."""
        for future in list(self._under_way):
            future.cancel()
        self._plain.close()

    def _came(self, job: Job, page: Page, future: "Future[str | None]") -> None:
        """Take what the browser wrote down; called on the event loop's thread."""
        self._under_way.discard(future)
        try:
            html = future.result()
        except CancelledError:
            return
        self._rendered.append((job, page, html))
        self._wake()
