"""Lighthouse in a real, confined Chromium against pages served here."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from tests.probes.performance.conftest import Studio
from tests.probes.performance.pages import measure, page, serve
from tests.probes.servers.http import redirect
from tocsin.probes.contract import CheckStatus, Outcome, PerformanceSettings, ProbeResult
from tocsin.probes.performance import probe as performance_probe
from tocsin.probes.performance.installation import Missing

FAST = page("<h1>Hello</h1><p>All is here at once.</p>")
# Long tasks before the first paint, after an answer that takes its time.
BUSY = page(
    "<h1>Slow</h1>",
    "<script>const end = Date.now() + 1500; while (Date.now() < end) {}</script>",
)
TALKATIVE = page('<h1>Hi</h1><img src="/never.png">', "<script>alert(1);confirm(2)</script>")
DELAY = 0.7
STRICT = PerformanceSettings(min_score=90)


async def after_a_while(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(DELAY)
    writer.write(BUSY)
    await writer.drain()


async def never(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n")
    await writer.drain()
    await asyncio.Event().wait()


ROUTES = {
    "/": FAST,
    "/slow": after_a_while,
    "/never-done": TALKATIVE,
    "/never.png": never,
    "/inside": redirect("http://10.255.255.1/"),
}


@pytest.fixture(scope="module")
def measured(studio: Studio) -> Mapping[str, ProbeResult]:
    """Every page, measured once. Together, since most of a measurement is waiting."""

    async def run() -> dict[str, ProbeResult]:
        async with serve(ROUTES) as (_, base):
            paths = ("/", "/slow", "/never-done", "/inside")
            results = await asyncio.gather(
                *(studio.measure(f"{base}{path}", STRICT) for path in paths)
            )
        return dict(zip(paths, results, strict=True))

    return studio.run(run())


def speed(result: ProbeResult) -> dict[str, Any]:
    assert result.result is not None, result.error
    return dict(result.result["speed_metrics"])


def test_it_scores_a_fast_page_high_and_a_slow_one_low(measured: Mapping[str, ProbeResult]) -> None:
    fast, slow = measured["/"], measured["/slow"]
    assert (fast.status, fast.outcome) == (CheckStatus.COMPLETED, Outcome.OK)
    assert (slow.status, slow.outcome) == (CheckStatus.COMPLETED, Outcome.FAILING)
    quick, late = speed(fast), speed(slow)
    # Far enough apart for a machine that has other tests to run meanwhile.
    assert quick["performance_score"] >= 85
    assert late["performance_score"] < 85
    vitals = late["core_web_vitals"]
    # The script alone keeps a phone busy four times as long as this machine.
    assert vitals["lcp"]["value"] - quick["core_web_vitals"]["lcp"]["value"] > 1000
    assert vitals["inp"] == {"value": None, "display_value": None, "score": None}


def test_it_measures_the_first_byte_within_tolerance(measured: Mapping[str, ProbeResult]) -> None:
    quick, slow = speed(measured["/"]), measured["/slow"]
    assert slow.result is not None
    # The server waits; what is simulated beside it is the phone's network.
    assert DELAY * 1000 - 50 <= slow.result["response_time"] <= DELAY * 1000 + 600
    # The simulated phone needs three round trips (450 ms) before a first byte can come.
    first = quick["metrics"]["ttfb"]["value"]
    assert first >= 400
    assert speed(slow)["metrics"]["ttfb"]["value"] - first > 250


def test_it_says_with_what_it_measured(measured: Mapping[str, ProbeResult]) -> None:
    environment = speed(measured["/"])["environment"]
    assert environment["preset"] == "mobile"
    assert environment["lighthouse"].count(".") == 2
    assert environment["chromium"].count(".") == 3
    assert environment["cpu_benchmark"] > 0


def test_it_measures_a_page_that_never_finishes_and_opens_dialogs(
    measured: Mapping[str, ProbeResult],
) -> None:
    seen = measured["/never-done"]
    assert seen.status is CheckStatus.COMPLETED, seen.error
    assert speed(seen)["performance_score"] > 0


def test_it_refuses_a_page_that_redirects_to_a_private_address(
    measured: Mapping[str, ProbeResult],
) -> None:
    seen = measured["/inside"]
    assert (seen.status, seen.outcome) == (CheckStatus.FAILED, Outcome.FAILING)
    assert seen.error is not None
    assert (seen.error.code, seen.error.data["address"]) == ("egress_refused", "10.255.255.1")


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
