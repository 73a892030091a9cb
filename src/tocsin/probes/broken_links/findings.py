"""What a crawl has to tell of single links, bounded."""

import hashlib
from typing import Any

from tocsin.probes.broken_links.jobs import Link
from tocsin.probes.broken_links.limits import CrawlLimits
from tocsin.probes.broken_links.verdict import Trouble

_ID_DIGITS = 16


class Findings:
    """The links that are listed, and how many of all are dead.

    Counting has no bound; listing has, so that one site cannot fill the database.
    """

    def __init__(self, limits: CrawlLimits) -> None:
        self._limits = limits
        self._dead: list[dict[str, Any]] = []
        self._others: list[dict[str, Any]] = []
        self._chars = 0
        self.found = 0
        self.omitted = 0

    def add(self, link: Link, trouble: Trouble, *, confirmed: bool) -> None:
        """List a link; only a confirmed one counts."""
        self.found += confirmed
        listed = len(self._dead) + len(self._others)
        self._chars += len(link.url) + len(link.source) + len(link.text) + len(trouble.message)
        if listed >= self._limits.max_listed or self._chars > self._limits.max_listed_chars:
            self.omitted += 1
        else:
            (self._dead if confirmed else self._others).append(_entry(link, trouble, confirmed))

    def listed(self) -> list[dict[str, Any]]:
        """Return the contract's `urls`: those that count, then the others, as they were found."""
        return [*self._dead, *self._others]


def finding_id(url: str) -> str:
    """Return what a finding is known by from crawl to crawl: it depends on its URL alone."""
    return hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()[:_ID_DIGITS]


def _entry(link: Link, trouble: Trouble, confirmed: bool) -> dict[str, Any]:  # noqa: FBT001 — a fact
    return {
        "id": finding_id(link.url),
        "url": link.url,
        "source": link.source,
        "status": trouble.status,
        "cause": trouble.cause.value,
        "text": link.text,
        "confirmed": confirmed,
        "message": trouble.message,
    }
