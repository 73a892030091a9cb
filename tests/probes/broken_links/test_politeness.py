"""What a crawl owes to the hosts that it visits."""

import asyncio
import time
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.probes.broken_links.crawling import crawl, facts
from tests.probes.broken_links.web import Asked, Reply, Web, links
from tests.probes.tls_server import serving
from tocsin.probes.broken_links.lanes import Lanes, Order
from tocsin.probes.broken_links.limits import CrawlLimits


class Watched(Web):
    """Answers after a while, and notes when each request began and how many ran together."""

    def __init__(self, seconds: float) -> None:
        super().__init__({"/": links(*(f"/{number}" for number in range(24)))})
        self.began: list[float] = []
        self.running = self.most = self.connections = self.most_connections = 0
        self._seconds = seconds
        self.otherwise = self._slowly

    async def _slowly(self, _: Asked) -> Reply:
        self.began.append(time.monotonic())
        self.running += 1
        self.most = max(self.most, self.running)
        await asyncio.sleep(self._seconds)
        self.running -= 1
        return Reply()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.most_connections = max(self.most_connections, self.connections)
        try:
            await super().__call__(reader, writer)
        finally:
            self.connections -= 1


def crawled(site: Watched, **limits: Any) -> None:
    async def run() -> None:
        async with serving(site) as port:
            result = await crawl(f"http://127.0.0.1:{port}", **limits)
            assert facts(result)["crawl"]["finish_reason"] == "completed"

    asyncio.run(run())


def test_it_owes_a_host_what_the_contract_says() -> None:
    limits = CrawlLimits()
    assert (limits.requests_per_second, limits.connections_per_host) == (5, 4)
    assert (limits.max_pages, limits.max_depth, limits.max_seconds) == (500, 10, 600)
    assert limits.link_seconds == 10


def test_it_leaves_time_between_requests() -> None:
    site = Watched(0)
    crawled(site, requests_per_second=25)
    spent = site.began[-1] - site.began[0]
    # The server may be late to see the first of them.
    assert spent >= (len(site.began) - 1) / 25 - 0.3


def test_it_opens_no_more_connections_than_it_may() -> None:
    site = Watched(0.05)
    crawled(site, connections_per_host=4)
    assert site.most == 4
    assert site.most_connections <= 4


arrivals = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(Order)), max_size=40)
steps = st.lists(st.floats(0, 0.5), min_size=1, max_size=80)


@given(arrivals, steps, st.integers(1, 4), st.floats(0.05, 1))
def test_it_keeps_every_lane_within_its_bounds(
    jobs: list[tuple[str, Order]], pauses: list[float], per_host: int, interval: float
) -> None:
    lanes: Lanes[str] = Lanes(per_host, interval)
    for host, order in jobs:
        lanes.put(host, host, order)
    started: dict[str, list[float]] = {"a": [], "b": []}
    running: dict[str, int] = {"a": 0, "b": 0}
    now = 0.0
    for number, pause in enumerate(pauses):
        while (host := lanes.take(now)) is not None:
            running[host] += 1
            assert running[host] <= per_host
            started[host].append(now)
        if number % 2:
            for host in [host for host, count in running.items() if count]:
                running[host] -= 1
                lanes.leave(host)
        now += pause
    for moments in started.values():
        assert all(second - first >= interval - 1e-9 for first, second in pairwise(moments))
    assert len(lanes) == len(jobs) - sum(map(len, started.values()))
