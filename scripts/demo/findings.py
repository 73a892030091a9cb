"""Since when links are dead: the record that the demo's crawls would have left behind."""

from collections.abc import Iterable
from typing import Any

from tocsin.checks.findings import KEPT
from tocsin.checks.models import Check, LinkFinding
from tocsin.probes.contract import CheckStatus, Tool


def findings_of(checks: Iterable[Check]) -> list[LinkFinding]:
    """Return what is known of one site's links after all its crawls, each of which saw all."""
    known: dict[str, LinkFinding] = {}
    crawls = [each for each in checks if _is_crawl(each)]
    crawls.sort(key=lambda each: each.created_at)
    for crawl in crawls:
        for link in (crawl.result or {})["urls"]:
            known[link["id"]] = _finding(crawl, link, known.get(link["id"]))
    if not crawls:
        return []
    latest = crawls[-1].completed_at
    for finding in known.values():
        finding.is_current = finding.last_seen == latest
    return [each for each in known.values() if each.last_seen >= latest - KEPT]


def _is_crawl(check: Check) -> bool:
    return check.type == Tool.BROKEN_LINKS and check.status == CheckStatus.COMPLETED


def _finding(crawl: Check, link: dict[str, Any], before: LinkFinding | None) -> LinkFinding:
    is_same = before is not None and before.cause == link["cause"]
    return LinkFinding(
        site_id=crawl.site_id,
        key=link["id"],
        url=link["url"],
        source=link["source"],
        text=link["text"],
        cause=link["cause"],
        status=link["status"],
        confirmed=link["confirmed"],
        first_seen=before.first_seen if before is not None and is_same else crawl.completed_at,
        last_seen=crawl.completed_at,
        is_current=True,
    )
