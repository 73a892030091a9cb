"""Precision and recall: one site with every cause once, and every trap."""

import asyncio
import socket

import pytest
import trustme

from tests.probes.broken_links.crawling import causes, crawl, facts
from tests.probes.broken_links.web import Web, page
from tests.probes.broken_links.whole_site import WholeSite, build
from tests.probes.tls_server import server_context, serving
from tocsin.probes.contract import ProbeResult


async def _crawl_whole_site() -> tuple[WholeSite, ProbeResult]:
    own, untrusted = Web(), server_context(trustme.CA().issue_cert("127.0.0.1"))
    other = Web({"/fine": page("Fine")})
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        closed_port = closed.getsockname()[1]
        async with serving(own) as here, serving(other) as there, serving(Web(), untrusted) as tls:
            site = build(here, there, closed_port, tls)
            own.routes.update(site.routes)
            return site, await crawl(f"http://127.0.0.1:{here}", link_seconds=0.6)


def test_it_finds_every_dead_link_and_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    site, result = asyncio.run(_crawl_whole_site())
    found = causes(result)
    right = found.keys() & site.dead.keys()
    precision, recall = len(right) / len(found), len(right) / len(site.dead)
    with capsys.disabled():
        print(f"\nprecision {precision:.3f}, recall {recall:.3f} of {len(site.dead)}")  # noqa: T201
    assert (precision, recall) == (1.0, 1.0), found.keys() ^ site.dead.keys()
    assert found == site.dead
    assert causes(result, confirmed=False) == site.closed
    assert facts(result)["found"] == len(site.dead)
    assert facts(result)["crawl"]["robots_blocked"] == 1
    assert facts(result)["crawl"]["finish_reason"] == "completed"
