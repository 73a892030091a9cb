"""Results as the probes' own code makes them, of every tool and every kind."""

import ssl
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

import trustme

from tests.probes.performance.test_reading import look
from tocsin.probes import ssl_verdict
from tocsin.probes.broken_links.findings import Findings
from tocsin.probes.broken_links.jobs import Link
from tocsin.probes.broken_links.limits import CrawlLimits
from tocsin.probes.broken_links.report import Crawled, answer_for
from tocsin.probes.broken_links.verdict import Trouble
from tocsin.probes.broken_links.vocabulary import Cause, FinishReason
from tocsin.probes.contract import (
    DnsSettings,
    LinksSettings,
    ProbeError,
    ProbeRequest,
    StatusSettings,
    Tool,
)
from tocsin.probes.dns import probe as dns_probe
from tocsin.probes.dns.observation import Observation
from tocsin.probes.dns.survey import Zone
from tocsin.probes.handshake import Handshake
from tocsin.probes.performance.reading import result_of
from tocsin.probes.status.report import Finding, Phases, build_result

URL = "https://example.com"


@cache
def of_tool(tool: Tool) -> Sequence[dict[str, Any]]:
    """Return some results of a tool, a good one first."""
    return tuple(_MADE[tool]())


def _of_status() -> list[dict[str, Any]]:
    no_answer = ProbeError("timeout", "The site did not answer in time.")
    redirects = ({"url": URL, "code": 301},)
    return [
        _status(200),
        _status(503, redirects=redirects, effective_url=f"{URL}/home"),
        _status(0, error=no_answer, ip=None, http_version=None),
    ]


def _status(code: int, **more: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "started_at": time.time(),
        "code": code,
        "effective_url": URL,
        "redirects": (),
        "phases": Phases(1.5, 2, 3, 4, 5),
        "ip": "192.0.2.1",
        "http_version": "1.1",
        "error": None,
    }
    request = ProbeRequest("check", Tool.STATUS, URL, StatusSettings(), time.time() + 30)
    result = build_result(request, Finding(**{**values, **more}), "local").result
    assert result is not None
    return result


def _of_ssl() -> list[Any]:
    issued = trustme.CA().issue_cert("example.com")
    chain = tuple(
        map(ssl.PEM_cert_to_DER_cert, (c.bytes().decode() for c in issued.cert_chain_pems))
    )
    handshake = Handshake("TLSv1.3", "TLS_AES_256_GCM_SHA384", chain)
    rejection = ssl_verdict.Rejection(18, "self-signed certificate")
    now = datetime.now(UTC)

    def judged(rejection: ssl_verdict.Rejection | None) -> Any:
        sight = ssl_verdict.Sight("192.0.2.1", handshake, rejection, rejection is None)
        return ssl_verdict.judge(sight, "example.com", now, 14).result

    refused = ssl_verdict.unfetched("connect_refused", "Nobody answers.", "example.com").result
    bare = ssl_verdict.uncertified("It sent no certificate.", "example.com").result
    return [judged(None), judged(rejection), refused, bare]


def _of_dns() -> list[Any]:
    found = Observation(values=("192.0.2.1",), ms=3.25)
    failed = Observation(error="nxdomain", ms=2.0)
    kinds = ("A", "MX")

    def judged(zone: Zone, **by_resolver: Observation) -> Any:
        seen = {name: dict.fromkeys(kinds, item) for name, item in by_resolver.items()}
        return dns_probe.judge(seen, zone, DnsSettings(), kinds).result

    return [
        judged(Zone(("ns1.example.com",), 2026112401), one=found, two=failed),
        judged(Zone(), one=failed, two=failed),
    ]


def _of_links() -> list[Any]:
    limits = CrawlLimits()
    findings = Findings(limits)
    link = Link(f"{URL}/gone", URL, "Old", 1, is_page=True)
    findings.add(link, Trouble(Cause.NOT_FOUND, "404 Not Found", 404), confirmed=True)
    findings.add(link, Trouble(Cause.DNS, "There is no such name."), confirmed=False)
    start = Trouble(Cause.CONNECT, "Nobody answers.", code="connect_refused")

    def told(reason: FinishReason, urls: Any, trouble: Trouble | None = None) -> Any:
        crawled = Crawled(
            found=findings.found,
            crawled=4,
            urls=urls,
            finish_reason=reason,
            links_checked=9,
            seconds=1.25,
            js_rendered=False,
            robots_blocked=0,
            links_dropped=0,
            pages_unread=0,
            urls_omitted=findings.omitted,
            trouble=trouble,
        )
        return answer_for(crawled, limits, LinksSettings()).result

    return [
        told(FinishReason.COMPLETED, findings.listed()),
        told(FinishReason.START_FAILED, [], start),
    ]


def _of_performance() -> list[Any]:
    return [result_of(URL, [look(0.9), look(0.3), look(0.57)])]


_MADE = {
    Tool.STATUS: _of_status,
    Tool.SSL: _of_ssl,
    Tool.DNS: _of_dns,
    Tool.BROKEN_LINKS: _of_links,
    Tool.PERFORMANCE: _of_performance,
}
