"""What becomes of an address that a page or a sitemap names."""

from tocsin.probes.broken_links.exchange import Found
from tocsin.probes.broken_links.frontier import Frontier
from tocsin.probes.broken_links.jobs import Job, Link, Purpose, job_for
from tocsin.probes.broken_links.limits import CrawlLimits
from tocsin.probes.broken_links.site import Site
from tocsin.probes.broken_links.urls import resolve_link
from tocsin.probes.broken_links.vocabulary import Role
from tocsin.probes.target import InvalidTarget, parse_target


class Discovery:
    """Decides which addresses are new, ours, and worth a request."""

    def __init__(self, site: Site, frontier: Frontier, limits: CrawlLimits) -> None:
        self._site = site
        self._frontier = frontier
        self._limits = limits
        self._sitemaps: set[str] = set()

    def look_at(self, found: Found, source: str, depth: int) -> Job | Link | None:
        """Return what a found address asks for: a job; its link where it is no URL; or nothing."""
        known = self._frontier.know(found.url)
        if known is None:
            return self._new(found, source, depth)
        if found.role is Role.PAGE and not known.is_page and self._is_ours(found.url):
            # Met as an image or a form before, and as a page now: it may have links.
            known.is_page = True
            return job_for(Purpose.PAGE, known)
        return None

    def seed(self, written: str, sitemap: str) -> Job | None:
        """Return the job for a page that a sitemap names, None where it is known or not ours."""
        try:
            url = resolve_link(sitemap, written)
        except InvalidTarget:
            return None
        if url is None or self._frontier.know(url) is not None or not self._is_ours(url):
            return None
        made = self._new(Found(url, Role.PAGE, ""), sitemap, 1)
        return made if isinstance(made, Job) else None

    def sitemap(self, written: str, base: str) -> Link | None:
        """Return the link of a sitemap on the site's own host, once."""
        try:
            url = resolve_link(base, written)
        except InvalidTarget:
            return None
        if url is None or url in self._sitemaps or not self._is_ours(url):
            return None
        self._sitemaps.add(url)
        return Link(url, base, "", 1, is_page=False)

    def _is_ours(self, url: str) -> bool:
        return self._site.owns(parse_target(url))

    def _new(self, found: Found, source: str, depth: int) -> Job | Link | None:
        if found.role is Role.MALFORMED:
            link = Link(found.url, source, found.text, depth, is_page=False)
            return link if self._frontier.add(link) else None
        target = parse_target(found.url)
        if self._site.ignores(found.url, target):
            return None
        is_page = found.role is Role.PAGE and self._site.owns(target)
        link = Link(found.url, source, found.text, depth, is_page=is_page)
        if not self._frontier.add(link):
            return None
        return Job(Purpose.PAGE if is_page else Purpose.LINK, link, found.url, target, not is_page)
