"""What a crawl found: dead links by cause and since when, and links that are closed to robots."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tocsin.checks.findings import Finding
from tocsin.probes.broken_links.vocabulary import Cause, FinishReason
from tocsin.web.panels.reading import Found, number, objects, part, text

LINKS_SHOWN = 8
_EVER = datetime.max.replace(tzinfo=UTC)
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
    """One link as it stands on a page; `status` is the HTTP status, empty without a response.

    `first_seen` is since when crawls meet it with this cause, `last_seen` when the latest did that
    met it; None where no record of it is kept.
    """

    url: str
    source: str
    text: str
    status: str
    first_seen: datetime | None = None
    last_seen: datetime | None = None


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
    """A crawl; `seconds` is how long it took, `end` why it ended.

    `well` are links that earlier crawls found dead and this one, which saw all, did not.
    """

    found: int
    crawled: int
    checked: int
    seconds: float
    groups: tuple[CauseGroup, ...]
    end: Promise | str
    robots_blocked: int
    well: CauseGroup | None = None


def body(
    found: Found,
    *,
    findings: Sequence[Finding] = (),
    is_latest: bool = True,
    shown: int = LINKS_SHOWN,
) -> LinksBody:
    """Read a result, showing up to `shown` links of each cause, the longest dead first.

    `findings` are the site's: they say since when. With the latest result they also add what a
    crawl that did not see all has left out, and what is well again.
    """
    crawl = part(found, "crawl")
    by_cause: defaultdict[str, list[DeadLink]] = defaultdict(list)
    for cause, link in _links(objects(found, "urls"), findings, is_latest=is_latest):
        by_cause[cause].append(link)
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
        well=_well(findings, shown) if is_latest else None,
    )


def _links(
    listed: Sequence[Found], findings: Sequence[Finding], *, is_latest: bool
) -> Iterator[tuple[str, DeadLink]]:
    known = {(finding.url, finding.cause): finding for finding in findings}
    for link in listed:
        yield text(link, "cause"), _link(link, known)
    if not is_latest:
        return
    here = {text(link, "url") for link in listed}
    for finding in findings:
        if finding.is_current and finding.url not in here:
            yield finding.cause, _of_finding(finding)


def _well(findings: Sequence[Finding], shown: int) -> CauseGroup | None:
    links = [_of_finding(finding) for finding in findings if not finding.is_current]
    if not links:
        return None
    links.sort(key=lambda link: link.last_seen or _EVER, reverse=True)
    return CauseGroup(
        _("Well again"), is_counted=False, links=tuple(links[:shown]), count=len(links)
    )


def _group(cause: str, links: list[DeadLink], shown: int) -> CauseGroup:
    links.sort(key=lambda link: link.first_seen or _EVER)
    return CauseGroup(
        label=_CAUSES.get(cause, cause),
        is_counted=cause not in _NOT_COUNTED,
        links=tuple(links[:shown]),
        count=len(links),
    )


def _link(link: Found, known: Mapping[tuple[str, str], Finding]) -> DeadLink:
    status = number(link, "status")
    finding = known.get((text(link, "url"), text(link, "cause")))
    return DeadLink(
        url=text(link, "url"),
        source=text(link, "source"),
        text=text(link, "text"),
        status="" if status is None else f"{status:.0f}",
        first_seen=finding.first_seen if finding else None,
        last_seen=finding.last_seen if finding else None,
    )


def _of_finding(finding: Finding) -> DeadLink:
    return DeadLink(
        url=finding.url,
        source=finding.source,
        text=finding.text,
        status="" if finding.status is None else f"{finding.status}",
        first_seen=finding.first_seen,
        last_seen=finding.last_seen,
    )
