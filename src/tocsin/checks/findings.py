"""Since when links are dead: what each crawl lists, followed from crawl to crawl."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.utils.translation import gettext

from tocsin.access.principal import Principal
from tocsin.checks.models import LinkFinding
from tocsin.kit import clock
from tocsin.kit.errors import NotFound
from tocsin.probes.contract import CheckStatus, ProbeResult, Tool
from tocsin.sites import queries as sites

log = logging.getLogger(__name__)
# A crawl that ended otherwise, or listed not all, says nothing of the links that it does not list.
SAW_ALL = frozenset({"completed", "page_limit", "depth_limit"})
# How long a link that is well again is remembered: it may only flutter.
KEPT = timedelta(days=30)
_UPDATED = (
    "url", "source", "text", "cause", "status", "confirmed", "first_seen", "last_seen",
    "is_current",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One link of a site, as faces show it."""

    id: str
    url: str
    source: str
    text: str
    cause: str
    status: int | None
    confirmed: bool
    first_seen: datetime
    last_seen: datetime
    is_current: bool


class _Listed(msgspec.Struct):
    id: str
    url: str
    source: str
    text: str
    cause: str
    status: int | None
    confirmed: bool


class _Crawl(msgspec.Struct):
    finish_reason: str
    urls_omitted: int


class _Result(msgspec.Struct):
    urls: list[_Listed]
    crawl: _Crawl


def link_findings(
    principal: Principal, site_uuid: UUID, *, current: bool = True
) -> tuple[Finding, ...]:
    """Return a site's findings, the dead links first, the oldest of them first.

    Without `current` also those that are well again, for 30 days. Two queries. Raises NotFound.
    """
    if sites.site(principal, site_uuid) is None:
        raise NotFound(gettext("There is no such site."))
    found = LinkFinding.objects.filter(site_id=site_uuid)
    if current:
        found = found.filter(is_current=True)
    return tuple(map(_view, found.order_by("-confirmed", "first_seen", "url")))


def follow(results: Sequence[ProbeResult]) -> None:
    """Take up what crawls listed, within the transaction that files them."""
    for result in results:
        if result.tool is not Tool.BROKEN_LINKS or result.status is not CheckStatus.COMPLETED:
            continue
        try:
            crawled = msgspec.convert(result.result, _Result)
        except msgspec.ValidationError as error:
            log.warning("findings of %s cannot be read: %s", result.check_id, error)
        else:
            if result.ticket is not None:
                seen = clock.from_timestamp(result.completed_at)
                _follow(UUID(result.ticket.site_id), crawled, seen)


def _follow(site_id: UUID, crawled: _Result, seen: datetime) -> None:
    known = {finding.key: finding for finding in LinkFinding.objects.filter(site_id=site_id)}
    if any(finding.last_seen > seen for finding in known.values()):
        return  # what a later crawl saw counts
    LinkFinding.objects.bulk_create(
        # In one order, so that two crawls of a site cannot block each other.
        sorted(_rows(site_id, crawled.urls, known, seen), key=lambda finding: finding.key),
        update_conflicts=True,
        unique_fields=("site", "key"),
        update_fields=_UPDATED,
    )
    if crawled.crawl.finish_reason in SAW_ALL and not crawled.crawl.urls_omitted:
        gone = LinkFinding.objects.filter(site_id=site_id, last_seen__lt=seen)
        gone.filter(is_current=True).update(is_current=False)
        gone.filter(last_seen__lt=seen - KEPT).delete()


def _rows(
    site_id: UUID, listed: Sequence[_Listed], known: Mapping[str, LinkFinding], seen: datetime
) -> Iterator[LinkFinding]:
    for link in {each.id: each for each in listed}.values():
        before = known.get(link.id)
        is_same = before is not None and before.cause == link.cause
        yield LinkFinding(
            site_id=site_id,
            key=link.id[:16],
            url=link.url[:2048],
            source=link.source[:2048],
            text=link.text[:255].replace("\0", ""),
            cause=link.cause[:16],
            status=link.status,
            confirmed=link.confirmed,
            first_seen=before.first_seen if before is not None and is_same else seen,
            last_seen=seen,
            is_current=True,
        )


def _view(finding: LinkFinding) -> Finding:
    return Finding(
        id=finding.key,
        url=finding.url,
        source=finding.source,
        text=finding.text,
        cause=finding.cause,
        status=finding.status,
        confirmed=finding.confirmed,
        first_seen=finding.first_seen,
        last_seen=finding.last_seen,
        is_current=finding.is_current,
    )
