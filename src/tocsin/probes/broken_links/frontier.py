"""Every address that a crawl knows of, each once, and the budget of pages to read."""

from collections import deque

from tocsin.probes.broken_links.jobs import Job, Link
from tocsin.probes.broken_links.limits import CrawlLimits
from tocsin.probes.broken_links.vocabulary import FinishReason


class Frontier:
    """Remembers addresses up to a bound, and says which pages may still be read."""

    def __init__(self, limits: CrawlLimits) -> None:
        self._limits = limits
        self._known: dict[str, Link] = {}
        self._read: set[str] = set()
        self._reading = 0
        self._held: deque[Job] = deque()
        self.dropped = 0
        self.hit: set[FinishReason] = set()

    @property
    def crawled(self) -> int:
        """How many pages were read."""
        return len(self._read)

    def know(self, url: str) -> Link | None:
        """Return the link of an address met before."""
        return self._known.get(url)

    def add(self, link: Link) -> bool:
        """Remember a new link; False where there are too many already."""
        if len(self._known) >= self._limits.max_links:
            self.dropped += 1
            return False
        self._known[link.url] = link
        return True

    def beyond(self, link: Link) -> FinishReason | None:
        """Return the limit that keeps a page from being read, None where it may be."""
        if link.depth > self._limits.max_depth:
            return FinishReason.DEPTH_LIMIT
        if len(self._read) >= self._limits.max_pages:
            return FinishReason.PAGE_LIMIT
        return None

    def hold(self, job: Job) -> bool:
        """Keep a page back while those on their way may fill the budget; tell whether it was.

        Not all of them will: some turn out to be no pages.
        """
        if len(self._read) + self._reading < self._limits.max_pages:
            return False
        self._held.append(job)
        return True

    def open_page(self) -> None:
        """Count a page that is being fetched, so that many at once do not pass the bound."""
        self._reading += 1

    def close_page(self) -> None:
        """End what `open_page` began."""
        self._reading -= 1

    def released(self) -> list[Job]:
        """Return the pages held back that may go on: as many as there is room, all once it is full.

        Those that come when it is full are not read any more.
        """
        left = self._limits.max_pages - len(self._read)
        room = left - self._reading if left else len(self._held)
        return [self._held.popleft() for _ in range(min(room, len(self._held)))]

    def read(self, url: str) -> bool:
        """Count a page that came; False where it was read before under another address."""
        if url in self._read:
            return False
        self._read.add(url)
        return True

    def finish_reason(self) -> FinishReason:
        """Return which limit was felt first of all, or that none was."""
        for reason in (FinishReason.TIME_LIMIT, FinishReason.PAGE_LIMIT, FinishReason.DEPTH_LIMIT):
            if reason in self.hit:
                return reason
        return FinishReason.COMPLETED
