"""The contract's `result` object of a crawl, and what it says of the site."""

from typing import Any

import msgspec

from tocsin.probes.answer import Answer
from tocsin.probes.broken_links.limits import CrawlLimits
from tocsin.probes.broken_links.verdict import Trouble
from tocsin.probes.broken_links.vocabulary import Cause, FinishReason
from tocsin.probes.contract import CheckStatus, LinksSettings, Outcome, ProbeError


class Crawled(msgspec.Struct, frozen=True):
    """What a crawl brought, with `trouble` where its very start was in trouble."""

    found: int
    crawled: int
    urls: list[dict[str, Any]]
    finish_reason: FinishReason
    links_checked: int
    seconds: float
    js_rendered: bool
    robots_blocked: int
    links_dropped: int
    pages_unread: int
    urls_omitted: int
    trouble: Trouble | None = None


def answer_for(crawled: Crawled, limits: CrawlLimits, settings: LinksSettings) -> Answer:
    """Judge a crawl: a start that fails fails the check, one that is closed says nothing."""
    result = _result(crawled, limits)
    match crawled.finish_reason:
        case FinishReason.START_FAILED:
            error = _error(crawled.trouble)
            return Answer(CheckStatus.FAILED, Outcome.FAILING, result, error)
        case FinishReason.BLOCKED:
            return Answer(CheckStatus.COMPLETED, Outcome.UNKNOWN, result)
    failing = crawled.found >= settings.min_broken_count
    return Answer(CheckStatus.COMPLETED, Outcome.FAILING if failing else Outcome.OK, result)


def reason_of(trouble: Trouble) -> FinishReason:
    """Return how a crawl ends whose start is in trouble."""
    closed = trouble.cause in {Cause.BLOCKED, Cause.RATE_LIMITED} and trouble.code == "http_error"
    return FinishReason.BLOCKED if closed else FinishReason.START_FAILED


def _error(trouble: Trouble | None) -> ProbeError | None:
    if trouble is None:
        return None
    return ProbeError(
        trouble.code, f"The start page cannot be read: {trouble.message}", trouble.data
    )


def _result(crawled: Crawled, limits: CrawlLimits) -> dict[str, Any]:
    return {
        "found": crawled.found,
        "crawled": crawled.crawled,
        "urls": crawled.urls,
        "crawl": {
            "finish_reason": crawled.finish_reason.value,
            "limits": {
                "max_pages": limits.max_pages,
                "max_depth": limits.max_depth,
                "max_seconds": limits.max_seconds,
            },
            "links_checked": crawled.links_checked,
            "duration_ms": round(crawled.seconds * 1000, 3),
            "js_rendered": crawled.js_rendered,
            "robots_blocked": crawled.robots_blocked,
            "links_dropped": crawled.links_dropped,
            "pages_unread": crawled.pages_unread,
            "urls_omitted": crawled.urls_omitted,
        },
    }
