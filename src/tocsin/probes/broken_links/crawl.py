"""One crawl: breadth first through a site's pages, every link on them looked at.

The crawl decides and the fetcher does. A link that seems dead is looked at once more, later and by
GET, before it counts. Everything here runs on one thread; only `stop` may be called from others.
"""

import time
from collections import Counter, deque
from collections.abc import Callable

from tocsin.probes.broken_links.discovery import Discovery
from tocsin.probes.broken_links.exchange import Page, PageLinks
from tocsin.probes.broken_links.fetcher import Fetcher
from tocsin.probes.broken_links.findings import Findings
from tocsin.probes.broken_links.frontier import Frontier
from tocsin.probes.broken_links.handle import Answered, Fetch
from tocsin.probes.broken_links.jobs import Job, Link, Purpose, job_for, second_look, step_to
from tocsin.probes.broken_links.lanes import Lanes, Order
from tocsin.probes.broken_links.limits import CrawlLimits
from tocsin.probes.broken_links.origins import Origins
from tocsin.probes.broken_links.pages import PageSource
from tocsin.probes.broken_links.report import Crawled, reason_of
from tocsin.probes.broken_links.site import Site
from tocsin.probes.broken_links.sitemaps import read_sitemap
from tocsin.probes.broken_links.urls import canonical, origin_of
from tocsin.probes.broken_links.verdict import Trouble, endless, judge, malformed
from tocsin.probes.broken_links.vocabulary import Cause, FinishReason
from tocsin.probes.contract import Progress, Stage
from tocsin.probes.target import InvalidTarget

REDIRECT_CODES = frozenset({301, 302, 303, 307, 308})
ASK_AGAIN_CODES = frozenset({429, 503})
LONGEST_WAIT = 0.5
SITEMAP = "/sitemap.xml"
# After so many links that stayed limited whatever the patience, a host is not waited for again.
IN_VAIN = 3


class Crawl:
    """One crawl of one site. `clock` gives monotonic seconds."""

    def __init__(
        self,
        site: Site,
        fetcher: Fetcher[Job],
        pages: PageSource,
        limits: CrawlLimits,
        *,
        on_progress: Callable[[Progress], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._site = site
        self._fetcher = fetcher
        self._pages = pages
        self._limits = limits
        self._on_progress = on_progress
        self._clock = clock
        rate = limits.requests_per_second
        self._lanes: Lanes[Job] = Lanes(limits.connections_per_host, 1 / rate if rate else 0.0)
        self._frontier = Frontier(limits)
        self._discovery = Discovery(site, self._frontier, limits)
        self._findings = Findings(limits)
        self._origins = Origins()
        self._doubts: deque[tuple[float, Job, Trouble]] = deque()
        self._again: dict[Link, Trouble] = {}
        self._limiting: Counter[str] = Counter()
        self._checked = self._robots_blocked = self._unread = self._sitemaps = 0
        self._trouble: Trouble | None = None
        self._blocked = False
        self._stopping = False

    def stop(self) -> None:
        """End the crawl soon, from any thread."""
        self._stopping = True
        self._fetcher.wake()

    def run(self) -> Crawled:
        """Crawl until there is nothing left to look at, or a limit is reached."""
        started = self._clock()
        expires = started + self._limits.max_seconds
        start = Link(self._site.url, self._site.url, "", 0, is_page=True)
        self._frontier.add(start)
        self._put(job_for(Purpose.PAGE, start), Order.FIRST)
        self._on_progress(self._progress())
        while self._has_work() and not self._stopping:
            now = self._clock()
            if now >= expires:
                self._frontier.hit.add(FinishReason.TIME_LIMIT)
                break
            self._start_what_may(now)
            answers = self._fetcher.wait(self._patience(min(expires, now + LONGEST_WAIT)))
            for job, answered in answers:
                self._answered(job, answered)
            read = self._pages.finished()
            for job, page, links in read:
                self._has_read(job, page, links)
            if answers or read:
                self._on_progress(self._progress())
        return self._crawled(self._clock() - started)

    def _has_work(self) -> bool:
        return bool(self._lanes or self._fetcher.open or self._doubts or self._pages.waiting)

    @property
    def _is_full(self) -> bool:
        limits = self._limits
        return (
            self._fetcher.open >= limits.connections or self._pages.waiting >= limits.unread_pages
        )

    def _patience(self, until: float) -> float:
        starts = [moment for moment in (self._lanes.next_start(),) if moment is not None]
        if self._is_full:
            starts = []
        doubts = [self._doubts[0][0]] if self._doubts else []
        return max(0.0, min((until, *starts, *doubts)) - self._clock())

    def _start_what_may(self, now: float) -> None:
        while self._doubts and self._doubts[0][0] <= now:
            _, job, trouble = self._doubts.popleft()
            self._again[job.link] = trouble
            self._put(second_look(job), Order.FIRST)
        while not self._is_full:
            taken = self._lanes.take(now)
            if taken is None:
                return
            if not self._begin(taken):
                self._lanes.give_back(taken.target.host, now)

    def _put(self, job: Job, order: Order = Order.NORMAL) -> None:
        self._lanes.put(job.target.host, job, order)

    # Starting: what may be asked, and how.

    def _begin(self, job: Job) -> bool:
        """Start a job's request; False where none is made, for now or for good."""
        if job.purpose is Purpose.PAGE and not self._admit(job):
            return False
        reads = job.purpose is not Purpose.LINK
        self._fetcher.start(
            Fetch(
                url=job.url,
                target=job.target,
                is_head=job.is_head,
                max_bytes=self._max_bytes(job) if reads else 0,
                html_only=job.purpose is Purpose.PAGE,
                headers=self._site.headers_for(job.target),
                cookies=job.cookies,
            ),
            job,
        )
        return True

    def _max_bytes(self, job: Job) -> int:
        limits = self._limits
        if job.purpose is Purpose.ROBOTS:
            return limits.robots_bytes
        return limits.page_bytes

    def _admit(self, job: Job) -> bool:
        """Let a page be read, or make it a mere link where a limit is reached.

        False where it waits for its origin's robots.txt, or where that forbids it.
        """
        origin = origin_of(job.target)
        rules = self._origins.rules_for(origin)
        if rules is None:
            if self._origins.park(origin, job):
                url = f"{origin}/robots.txt"
                link = Link(url, url, "", job.link.depth, is_page=False)
                self._put(Job(Purpose.ROBOTS, link, url, job.target), Order.FIRST)
            return False
        if not rules.allows(job.url):
            self._refused_by_robots(job, origin)
            return False
        job.beyond = self._frontier.beyond(job.link)
        if job.beyond is not None:
            job.purpose, job.is_head = Purpose.LINK, job.look == 1
        elif self._frontier.hold(job):
            return False
        else:
            self._frontier.open_page()
        return True

    def _refused_by_robots(self, job: Job, origin: str) -> None:
        self._robots_blocked += 1
        if job.is_start:
            self._trouble = self._origins.unreadable.get(origin)
            self._blocked = True

    # Answers: the next step, or a verdict.

    def _answered(self, job: Job, answered: Answered) -> None:
        self._lanes.leave(job.target.host)
        if job.purpose is Purpose.PAGE:
            self._frontier.close_page()
        if self._must_wait(job, answered):
            self._put(job, Order.FIRST)
        elif answered.code in REDIRECT_CODES and answered.redirect_url is not None:
            self._redirected(job, answered, answered.redirect_url)
        elif job.purpose is Purpose.ROBOTS:
            self._read_robots(job, answered)
        elif job.purpose is Purpose.SITEMAP:
            self._read_sitemap(job, answered)
        else:
            self._judge(job, answered)
        for page in self._frontier.released():
            self._put(page, Order.FIRST)

    def _must_wait(self, job: Job, answered: Answered) -> bool:
        """Honour Retry-After once for each link, unless its host was waited for in vain before."""
        host, seconds = job.target.host, float(answered.retry_after)
        asks = answered.code == 429 or (answered.code == 503 and seconds > 0)  # noqa: PLR2004
        if not asks or job.waited or self._limiting[host] >= IN_VAIN:
            return False
        seconds = seconds or self._limits.default_retry_after
        if seconds > self._limits.longest_retry_after:
            return False
        self._lanes.hold(host, self._clock() + seconds)
        job.waited = True
        return True

    def _redirected(self, job: Job, answered: Answered, location: str) -> None:
        step = self._step(job, answered, location)
        if isinstance(step, Trouble):
            self._in_trouble(job, step)
        elif step is None:
            self._conclude(job, None)
        elif (
            job.is_start and not self._site.owns(step.target) and not self._site.adopt(step.target)
        ):
            message = (
                f"It redirects to another host, {step.target.host}: that would be its own site."
            )
            self._conclude(job, Trouble(Cause.OTHER, message, answered.code, "redirected_away"))
        else:
            self._put(step, Order.FIRST)

    def _step(self, job: Job, answered: Answered, location: str) -> Job | Trouble | None:
        """Return a redirect's next request, what is wrong with it, or None where it may rest."""
        circle = location in job.walked and job.cookies is None
        if circle or len(job.walked) >= self._limits.redirects:
            return endless(self._limits.redirects)
        try:
            url = canonical(location)
            step = None if url is None else step_to(job, url, answered.cookies)
        except (InvalidTarget, ValueError) as error:
            return malformed(str(error))
        if step is None or job.is_start or job.purpose in {Purpose.ROBOTS, Purpose.SITEMAP}:
            return step
        stays = self._site.owns(step.target)
        settings = self._site.settings
        if job.purpose is Purpose.PAGE and not stays:
            step.purpose, step.is_head = Purpose.LINK, job.look == 1
        rests = settings.ignore_redirects and step.purpose is Purpose.LINK
        return None if rests or (settings.ignore_external_links and not stays) else step

    def _judge(self, job: Job, answered: Answered) -> None:
        trouble = judge(answered)
        if trouble is None:
            self._works(job, answered)
        elif job.is_head and (trouble.status or 0) != 429:  # noqa: PLR2004
            # Some servers refuse HEAD, and some know no better than to call that “not found”.
            job.is_head = False
            self._put(job, Order.FIRST)
        else:
            self._in_trouble(job, trouble)

    def _in_trouble(self, job: Job, trouble: Trouble) -> None:
        if job.purpose is Purpose.ROBOTS:
            self._read_robots(job, Answered(code=404))
        elif job.purpose is Purpose.SITEMAP:
            return
        elif job.walked and self._site.settings.ignore_redirects and not job.is_start:
            self._conclude(job, None)
        elif trouble.cause.is_dead and job.look == 1:
            self._doubts.append((self._clock() + self._limits.confirm_seconds, job, trouble))
        else:
            self._conclude(job, trouble)

    def _works(self, job: Job, answered: Answered) -> None:
        if job.beyond is not None and answered.is_html:
            self._frontier.hit.add(job.beyond)
        if answered.body is not None and answered.is_html and self._frontier.read(job.url):
            self._pages.read(job, Page(job.url, answered.body, answered.content_type))
        self._conclude(job, None)

    def _conclude(self, job: Job, trouble: Trouble | None) -> None:
        link = job.link
        self._checked += 1
        self._again.pop(link, None)
        if trouble is None:
            return
        if trouble.cause is Cause.RATE_LIMITED:
            self._limiting[job.target.host] += 1
        if job.is_start:
            self._trouble = trouble
        else:
            self._findings.add(link, trouble, confirmed=trouble.cause.is_dead)

    # Reading: pages, robots.txt and sitemaps.

    def _has_read(self, job: Job, page: Page, links: PageLinks | None) -> None:
        if links is None:
            self._unread += 1
        else:
            self._frontier.dropped += links.dropped
            for found in links.links:
                self._discovered(self._discovery.look_at(found, page.url, job.link.depth + 1))
        if job.is_start:
            self._ask_for_sitemaps(job)

    def _discovered(self, found: Job | Link | None, order: Order = Order.NORMAL) -> None:
        if isinstance(found, Job):
            self._put(found, order)
        elif isinstance(found, Link):
            self._checked += 1
            self._findings.add(found, malformed("It is not a URL."), confirmed=True)

    def _read_robots(self, job: Job, answered: Answered) -> None:
        origin = job.link.url.removesuffix("/robots.txt")
        rules, parked = self._origins.settle(origin, answered)
        delay = min(rules.crawl_delay, self._limits.longest_crawl_delay)
        for page in parked:
            self._lanes.slow(page.target.host, delay)
            self._put(page, Order.FIRST if page.is_start else Order.NORMAL)

    def _ask_for_sitemaps(self, job: Job) -> None:
        origin = origin_of(job.target)
        rules = self._origins.rules_for(origin)
        named = () if rules is None else rules.sitemaps
        for written in dict.fromkeys((*named, SITEMAP)):
            self._ask_for_sitemap(written, origin)

    def _ask_for_sitemap(self, written: str, base: str) -> None:
        link = self._discovery.sitemap(written, base)
        if link is not None and self._sitemaps < self._limits.max_sitemaps:
            self._sitemaps += 1
            job = job_for(Purpose.SITEMAP, link)
            job.is_head = False
            self._put(job, Order.LAST)

    def _read_sitemap(self, job: Job, answered: Answered) -> None:
        if judge(answered) is not None or not answered.body:
            return
        limits = self._limits
        sitemap = read_sitemap(
            answered.body, max_bytes=limits.sitemap_bytes, max_urls=limits.max_sitemap_urls
        )
        for url in sitemap.urls:
            if sitemap.is_index:
                self._ask_for_sitemap(url, job.url)
            else:
                self._discovered(self._discovery.seed(url, job.url), Order.LAST)

    # The end.

    def _progress(self) -> Progress:
        return Progress(
            Stage.CRAWLING,
            self._frontier.crawled,
            links=self._checked,
            found=self._findings.found,
        )

    def _crawled(self, seconds: float) -> Crawled:
        self._list_unconfirmed()
        return Crawled(
            found=self._findings.found,
            crawled=self._frontier.crawled,
            urls=self._findings.listed(),
            finish_reason=self._finish_reason(),
            links_checked=self._checked,
            seconds=seconds,
            js_rendered=self._pages.js_rendered,
            robots_blocked=self._robots_blocked,
            links_dropped=self._frontier.dropped,
            pages_unread=self._unread,
            urls_omitted=self._findings.omitted,
            trouble=self._trouble,
        )

    def _list_unconfirmed(self) -> None:
        """List what seemed dead when the time was up, without counting it."""
        for link, trouble in (
            *((job.link, why) for _, job, why in self._doubts),
            *self._again.items(),
        ):
            if link.depth > 0:
                self._findings.add(link, trouble, confirmed=False)

    def _finish_reason(self) -> FinishReason:
        if self._trouble is not None and not self._frontier.crawled:
            return reason_of(self._trouble)
        return FinishReason.BLOCKED if self._blocked else self._frontier.finish_reason()
