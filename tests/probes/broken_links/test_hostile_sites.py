"""Sites that would keep a crawler for ever, or fill its memory."""

import asyncio
import gzip
import re
import tracemalloc
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest

from tests.probes.broken_links.crawling import causes, crawl, facts
from tests.probes.broken_links.web import Asked, Reply, Route, Web, links, moved, page
from tests.probes.tls_server import serving
from tocsin.probes.broken_links import pages
from tocsin.probes.broken_links.exchange import Page
from tocsin.probes.broken_links.pages import PlainPages
from tocsin.probes.broken_links.sitemaps import read_sitemap
from tocsin.probes.contract import CheckStatus, Outcome, ProbeResult

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
MIB = 1024 * 1024


def crawled(site: Handler, **limits: Any) -> ProbeResult:
    async def run() -> ProbeResult:
        async with serving(site) as port:
            return await crawl(f"http://127.0.0.1:{port}", **limits)

    return asyncio.run(run())


def reason(result: ProbeResult) -> str:
    return str(facts(result)["crawl"]["finish_reason"])


class Calendar(Web):
    """Every month links to the one before, the one after and each of its days, for ever."""

    def __init__(self, routes: Mapping[str, Route] | None = None) -> None:
        super().__init__({"/": links("/month/0"), **(routes or {})})
        self.otherwise = self._month

    async def _month(self, asked: Asked) -> Reply:
        found = re.fullmatch(r"/month/(-?\d+)", asked.path)
        if found is None:
            return Reply(404)
        number = int(found[1])
        return links(f"/month/{number - 1}", f"/month/{number + 1}")


def test_it_comes_to_an_end_in_an_endless_calendar() -> None:
    calendar = Calendar()
    by_pages = crawled(calendar, max_pages=40, max_depth=1000)
    assert (facts(by_pages)["crawled"], reason(by_pages)) == (40, "page_limit")
    # Links beyond the limit are looked at all the same, without a body.
    assert len(calendar.paths("GET")) <= 45
    by_depth = crawled(Calendar(), max_depth=3)
    assert (facts(by_depth)["crawled"], reason(by_depth)) == (6, "depth_limit")


def test_it_stops_when_its_time_is_up_and_counts_nothing_unconfirmed() -> None:
    # Dead they seem at once, and the time is up before the second look.
    result = crawled(Web({"/": links("/a", "/b")}), max_seconds=1.5, confirm_seconds=60)
    assert reason(result) == "time_limit"
    assert facts(result)["found"] == 0
    assert facts(result)["crawl"]["duration_ms"] >= 1500
    assert set(causes(result, confirmed=False).values()) == {"not_found"}


def endless(body: bytes, sent: list[int]) -> Handler:
    """Serve a start page that never ends; `sent` counts its bytes."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"GET / "):
            writer.write(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n")
        writer.write(body)
        try:
            while sum(sent) < 100 * MIB:
                writer.write(b"x" * 65536)
                sent.append(65536)
                await writer.drain()
        except OSError:
            return

    return serve


def test_it_reads_a_page_of_100_mb_as_far_as_its_bound() -> None:
    sent: list[int] = []
    result = crawled(endless(b'<a href="/dead">x</a><p>', sent), page_bytes=MIB)
    assert (facts(result)["crawled"], facts(result)["found"]) == (1, 1)
    # What the sockets hold comes on top.
    assert sum(sent) < 20 * MIB


def test_it_unfolds_no_bomb_beyond_its_bound() -> None:
    bomb = gzip.compress(b'<a href="/dead">x</a>' + bytes(80 * MIB), compresslevel=1)
    packed = {"Content-Type": "text/html", "Content-Encoding": "gzip"}
    tracemalloc.start()
    result = crawled(Web({"/": Reply(200, bomb, packed)}), page_bytes=MIB)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (facts(result)["crawled"], facts(result)["found"]) == (1, 1)
    assert peak < 20 * MIB


def test_it_remembers_of_a_million_links_as_many_as_it_may() -> None:
    async def many(asked: Asked) -> Reply:
        if not asked.path.startswith("/page/"):
            return Reply(404)
        number = int(asked.path.removeprefix("/page/"))
        return links(*(f"/dead/{number}/{each}" for each in range(10_000)))

    leaves = [f"/page/{number}" for number in range(100)]
    site = Web({"/": links(*leaves)})
    site.otherwise = many
    result = crawled(site, max_links=300, max_pages=4, max_listed=50)
    crawl_facts = facts(result)["crawl"]
    assert crawl_facts["links_dropped"] > 29_000
    assert crawl_facts["links_checked"] == 300
    assert facts(result)["found"] == 300 - len(leaves) - 1
    assert len(facts(result)["urls"]) == 50
    assert crawl_facts["urls_omitted"] == facts(result)["found"] - 50


def test_it_leaves_a_page_unread_that_no_parser_finishes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MAX_LOST", 2)
    deep = Page("https://a.example", b"<b><a>" * 200_000, "text/html")
    fine = Page("https://a.example", b'<a href="/fine">x</a>', "text/html")
    reader = PlainPages(page_seconds=1)
    try:
        assert reader.links(deep) is None
        found = reader.links(fine)
        assert found is not None
        assert [link.url for link in found.links] == ["https://a.example/fine"]
        assert reader.links(deep) is None
        # A site that goes on like this costs no more children.
        assert reader.links(fine) is None
    finally:
        reader.close()


def test_it_follows_no_redirect_for_ever() -> None:
    hops = {f"/hop/{number}": moved(f"/hop/{number + 1}") for number in range(30)}
    growing = Web({"/": links("/hop/0", "/grow", "/self"), "/self": moved("/self"), **hops})

    async def grow(asked: Asked) -> Reply:
        return moved(f"{asked.path}/x") if asked.path.startswith("/grow") else Reply(404)

    growing.otherwise = grow
    result = crawled(growing)
    assert sorted(causes(result).values()) == ["other", "other", "other"]
    # One walk of ten steps, and one more to confirm it.
    assert len([path for path in growing.paths() if path.startswith("/grow")]) <= 3 * 11


@pytest.mark.parametrize(("code", "outcome"), [(500, "start_failed"), (429, "blocked")])
def test_it_reads_no_page_where_robots_txt_cannot_be_had(code: int, outcome: str) -> None:
    result = crawled(Web({"/robots.txt": Reply(code), "/": links("/dead")}))
    assert (facts(result)["crawled"], reason(result)) == (0, outcome)


def test_it_goes_as_slowly_as_robots_txt_asks_within_reason() -> None:
    robots = Reply(200, b"User-agent: *\nCrawl-delay: 86400\n")
    site = Web({"/robots.txt": robots, "/": links("/a"), "/a": page("")})
    result = crawled(site, longest_crawl_delay=0.2)
    assert reason(result) == "completed"
    # Four requests after robots.txt: two pages, a sitemap, and nothing at once.
    assert facts(result)["crawl"]["duration_ms"] >= 400


def test_it_reads_a_robots_txt_without_end_as_far_as_its_bound() -> None:
    rules = b"User-agent: *\nDisallow: /closed\n" + b"# filler\n" * 200_000
    site = Web({"/robots.txt": Reply(200, rules), "/": links("/closed/x"), "/closed/x": page("")})
    result = crawled(site, robots_bytes=4096)
    assert facts(result)["crawl"]["robots_blocked"] == 1
    assert "/closed/x" not in site.paths()


def test_it_asks_for_few_of_endless_sitemaps() -> None:
    async def index(asked: Asked) -> Reply:
        if not asked.path.startswith("/sitemap"):
            return Reply(404)
        here = f"http://{asked.headers['host']}/sitemap"
        names = "".join(f"<sitemap><loc>{here}{asked.path}/{n}</loc></sitemap>" for n in range(50))
        return Reply(200, f"<sitemapindex>{names}</sitemapindex>".encode())

    site = Web({"/": page("")})
    site.otherwise = index
    result = crawled(site, max_sitemaps=5)
    assert reason(result) == "completed"
    assert len([path for path in site.paths() if path.startswith("/sitemap")]) == 5


def test_it_unfolds_no_sitemap_beyond_its_bound() -> None:
    url = b"<url><loc>https://a.example/first</loc></url>"
    bomb = gzip.compress(b"<urlset>" + url + b" " * (80 * MIB) + url, compresslevel=1)
    tracemalloc.start()
    found = read_sitemap(bomb, max_bytes=MIB, max_urls=10)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.urls == ("https://a.example/first",)
    assert peak < 10 * MIB


def test_it_expands_no_entity_of_a_sitemap() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><urlset><url><loc>&l9;</loc></url></urlset>'
    assert read_sitemap(text.encode(), max_bytes=MIB, max_urls=10).urls == ("&l9;",)


def test_it_says_that_a_start_in_ruins_has_failed() -> None:
    result = crawled(Web({"/": moved("/loop"), "/loop": moved("/")}))
    assert (result.status, result.outcome) == (CheckStatus.FAILED, Outcome.FAILING)
    assert result.error is not None
    assert result.error.code == "too_many_redirects"
