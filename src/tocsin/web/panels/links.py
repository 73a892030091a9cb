"""What a crawl found: dead links by cause, and links that are closed to robots."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tocsin.probes.broken_links.vocabulary import Cause, FinishReason
from tocsin.web.panels.reading import Found, number, objects, part, text

LINKS_SHOWN = 8
_CAUSES: dict[str, Promise] = {
    Cause.NOT_FOUND: _("Not found"),
    Cause.GONE: _("Gone"),
    Cause.SERVER_ERROR: _("Server error"),
    Cause.DNS: _("Host does not exist"),
    Cause.TIMEOUT: _("No answer in time"),
    Cause.CONNECT: _("Connection failed"),
    Cause.TLS: _("Certificate problem"),
    Cause.OTHER: _("Other"),
    Cause.BLOCKED: _("Closed to robots"),
    Cause.RATE_LIMITED: _("Asked too often"),
}
_ENDS: dict[str, Promise] = {
    FinishReason.COMPLETED: _("The whole site was read."),
    FinishReason.PAGE_LIMIT: _("It stopped reading at the limit of pages."),
    FinishReason.DEPTH_LIMIT: _("It did not read pages deeper than the limit."),
    FinishReason.TIME_LIMIT: _("It stopped at the limit of time."),
    FinishReason.BLOCKED: _("The site does not let robots in."),
    FinishReason.START_FAILED: _("The start page cannot be read."),
}
_NOT_COUNTED = frozenset({Cause.BLOCKED, Cause.RATE_LIMITED})


@dataclass(frozen=True, slots=True)
class DeadLink:
    """One link as it stands on a page; `status` is the HTTP status, empty without a response."""

    url: str
    source: str
    text: str
    status: str


@dataclass(frozen=True, slots=True)
class CauseGroup:
    """Links with one cause, the first of them; `is_counted`: they are dead for everybody."""

    label: Promise | str
    is_counted: bool
    links: tuple[DeadLink, ...]
    count: int

    @property
    def more(self) -> int:
        """Return how many are not shown."""
        return self.count - len(self.links)


@dataclass(frozen=True, slots=True)
class LinksBody:
    """A crawl; `seconds` is how long it took, `end` why it ended."""

    found: int
    crawled: int
    checked: int
    seconds: float
    groups: tuple[CauseGroup, ...]
    end: Promise | str
    robots_blocked: int


def body(found: Found, *, shown: int = LINKS_SHOWN) -> LinksBody:
    """Read a result, showing up to `shown` links of each cause."""
    crawl = part(found, "crawl")
    by_cause: defaultdict[str, list[DeadLink]] = defaultdict(list)
    for link in objects(found, "urls"):
        by_cause[text(link, "cause")].append(_link(link))
    known = [cause for cause in _CAUSES if cause in by_cause]
    others = [cause for cause in by_cause if cause not in _CAUSES]
    return LinksBody(
        found=int(number(found, "found") or 0),
        crawled=int(number(found, "crawled") or 0),
        checked=int(number(crawl, "links_checked") or 0),
        seconds=(number(crawl, "duration_ms") or 0) / 1000,
        groups=tuple(_group(cause, by_cause[cause], shown) for cause in [*known, *others]),
        end=_ENDS.get(text(crawl, "finish_reason"), ""),
        robots_blocked=int(number(crawl, "robots_blocked") or 0),
    )


def _group(cause: str, links: list[DeadLink], shown: int) -> CauseGroup:
    return CauseGroup(
        label=_CAUSES.get(cause, cause),
        is_counted=cause not in _NOT_COUNTED,
        links=tuple(links[:shown]),
        count=len(links),
    )


def _link(link: Found) -> DeadLink:
    status = number(link, "status")
    return DeadLink(
        url=text(link, "url"),
        source=text(link, "source"),
        text=text(link, "text"),
        status="" if status is None else f"{status:.0f}",
    )
