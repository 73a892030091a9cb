"""How the tests of the broken-links tool crawl."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from tocsin.probes.broken_links.crawl import Progress
from tocsin.probes.broken_links.limits import CrawlLimits
from tocsin.probes.broken_links.probe import BrokenLinksProbe
from tocsin.probes.contract import LinksSettings, ProbeOptions, ProbeRequest, ProbeResult, Tool

LOOPBACK = ("127.0.0.0/8",)
QUICK = CrawlLimits(
    requests_per_second=0,
    max_seconds=20,
    connect_seconds=2,
    link_seconds=3,
    confirm_seconds=0.05,
    default_retry_after=0.05,
)


def no_such_name(host: str, _family: object) -> Sequence[str]:
    """Know names that begin with a known word; every other has no address."""
    if host.endswith(".known.test"):
        return ("127.0.0.1",)
    raise OSError(f"no address for {host}")


async def crawl(
    url: str,
    *,
    settings: LinksSettings | None = None,
    headers: tuple[tuple[str, str], ...] = (),
    allow: Sequence[str] = LOOPBACK,
    seconds: float = 60,
    progress: list[Progress] | None = None,
    **limits: Any,
) -> ProbeResult:
    """Crawl a site politely enough for a test, and close the probe."""
    probe = BrokenLinksProbe(
        ProbeOptions(egress_allow=tuple(allow), agent_url="https://tocsin.example"),
        limits=msgspec.structs.replace(QUICK, **limits),
        lookup=no_such_name,
    )
    if progress is not None:
        probe.watch(lambda _, made: progress.append(made))
    request = ProbeRequest(
        "check", Tool.BROKEN_LINKS, url, settings or LinksSettings(), time.time() + seconds, headers
    )
    try:
        return await probe(request)
    finally:
        await probe.close()


def facts(result: ProbeResult) -> dict[str, Any]:
    """Return the result object."""
    assert result.result is not None
    return result.result


def causes(result: ProbeResult, *, confirmed: bool = True) -> Mapping[str, str]:
    """Return the listed links that count (or those that do not) with their causes."""
    urls = facts(result)["urls"]
    return {each["url"]: each["cause"] for each in urls if each["confirmed"] is confirmed}
