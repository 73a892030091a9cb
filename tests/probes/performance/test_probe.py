"""Lighthouse in a real, confined Chromium against pages served here."""

import asyncio
from typing import Any

import pytest

from tests.probes.performance.pages import measure, page, serve
from tests.probes.servers.http import redirect, response
from tocsin.probes.contract import CheckStatus, Outcome, PerformanceSettings
from tocsin.probes.performance import probe as performance_probe
from tocsin.probes.performance.installation import Missing

FAST = page("<h1>Hello</h1><p>All is here at once.</p>")
# Long tasks before the first paint, after an answer that takes its time.
BUSY = page(
    "<h1>Slow</h1>",
    "<script>const end = Date.now() + 1500; while (Date.now() < end) {}</script>",
)
DELAY = 0.7


async def after_a_while(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(DELAY)
    writer.write(BUSY)
    await writer.drain()


def speed(result: dict[str, Any] | None) -> dict[str, Any]:
    assert result is not None
    return dict(result["speed_metrics"])


def test_it_scores_a_fast_page_high_and_a_slow_one_low() -> None:
    async def run() -> None:
        async with serve({"/": FAST, "/slow": after_a_while}) as (_, base):
            fast = await measure(f"{base}/")
            slow = await measure(f"{base}/slow", settings=PerformanceSettings(min_score=90))
        assert (fast.status, fast.outcome) == (CheckStatus.COMPLETED, Outcome.OK)
        assert (slow.status, slow.outcome) == (CheckStatus.COMPLETED, Outcome.FAILING)
        quick, late = speed(fast.result), speed(slow.result)
        assert quick["performance_score"] >= 95
        assert late["performance_score"] < 90
        assert slow.result is not None
        # The server waits; what is simulated beside it is the phone's network.
        assert DELAY * 1000 - 50 <= slow.result["response_time"] <= DELAY * 1000 + 600
        # The simulated phone needs three round trips (450 ms) before a first byte can come.
        assert quick["metrics"]["ttfb"]["value"] >= 400
        waited = late["metrics"]["ttfb"]["value"] - quick["metrics"]["ttfb"]["value"]
        assert waited > 250
        vitals = late["core_web_vitals"]
        assert vitals["lcp"]["value"] > quick["core_web_vitals"]["lcp"]["value"]
        assert vitals["inp"] == {"value": None, "display_value": None, "score": None}
        environment = late["environment"]
        assert environment["preset"] == "mobile"
        assert environment["lighthouse"].count(".") == 2
        assert environment["chromium"].count(".") == 3
        assert environment["cpu_benchmark"] > 0

    asyncio.run(run())


def test_it_measures_a_page_that_never_finishes_and_one_that_opens_dialogs() -> None:
    async def never(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n")
        await writer.drain()
        await asyncio.Event().wait()

    talkative = page('<h1>Hi</h1><img src="/never.png">', "<script>alert(1);confirm(2)</script>")

    async def run() -> None:
        async with serve({"/": talkative, "/never.png": never}) as (_, base):
            seen = await measure(f"{base}/", load_seconds=3)
        assert seen.status is CheckStatus.COMPLETED, seen.error
        assert speed(seen.result)["performance_score"] > 0

    asyncio.run(run())


def test_it_refuses_a_page_that_leads_to_a_refused_address() -> None:
    async def run() -> None:
        routes = {"/": redirect("http://10.255.255.1/")}
        async with serve(routes) as (_, base):
            seen = await measure(f"{base}/")
        assert (seen.status, seen.outcome) == (CheckStatus.FAILED, Outcome.FAILING)
        assert seen.error is not None
        assert (seen.error.code, seen.error.data["address"]) == ("egress_refused", "10.255.255.1")

    asyncio.run(run())


def test_it_sends_the_teams_header_to_the_sites_own_origin_only() -> None:
    async def run() -> None:
        picture = response(200, b"GIF89a", Content_Type="image/gif")
        async with serve({"/other.gif": picture}) as (foreign, elsewhere):
            own = page(f'<h1>Hi</h1><img src="/own.gif"><img src="{elsewhere}/other.gif">')
            async with serve({"/": own, "/own.gif": picture}) as (site, base):
                seen = await measure(f"{base}/", headers=(("X-Key", "s3cret"),))
        assert seen.status is CheckStatus.COMPLETED, seen.error
        pages = [head for head in site.heads if head.startswith(("GET / ", "GET /own.gif "))]
        assert len(pages) >= 2
        assert all("X-Key: s3cret" in head for head in pages)
        assert foreign.heads
        assert not any("s3cret" in head for head in foreign.heads)

    asyncio.run(run())


def test_it_skips_and_says_what_mends_it_where_the_browser_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    missing = Missing(("Chromium",), "Run `apt-get install chromium`.")
    monkeypatch.setattr(performance_probe, "find_installation", lambda _: missing)
    seen = asyncio.run(measure("http://127.0.0.1:8080/"))
    assert seen.status is CheckStatus.SKIPPED
    assert seen.error is not None
    assert seen.error.code == "browser_missing"
    assert "apt-get install chromium" in seen.error.message


@pytest.mark.parametrize(
    ("url", "code"),
    [("http://10.0.0.1/", "egress_refused"), ("http://127.0.0.1:22/", "egress_refused")],
)
def test_it_judges_the_page_before_a_browser_starts(url: str, code: str) -> None:
    seen = asyncio.run(measure(url))
    assert seen.error is not None
    assert seen.error.code == code
