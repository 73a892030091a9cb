"""The two heavy tools in a whole installation: real processes, a real site, a real browser."""

import subprocess
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.runtime.conftest import environment, rows, until, write
from tests.runtime.heavy_site import DEAD, HeavyHandler, ask, install
from tests.runtime.test_up import UP, free_port

PATIENCE = 300.0
# Of crawls and measurements, in seconds. One measurement is enough, unless the machine is so busy
# that it counts as starved.
CADENCES = {"broken-links": 9, "performance": 40}
SETTINGS = {
    "tools": {
        **{tool: {"enabled": False} for tool in ("status", "ssl", "dns")},
        "broken-links": {"settings": {"min_broken_count": DEAD, "consecutive_breaches_to_open": 2}},
        "performance": {"settings": {"min_score": 99, "consecutive_breaches_to_open": 1}},
    }
}
METRIC = {"value", "display_value", "score"}
ISSUES = "SELECT type, fingerprint FROM issues_issue WHERE status = 'open' ORDER BY type"


@pytest.fixture
def heavy_site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), HeavyHandler) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_it_crawls_and_measures_in_their_slots_and_opens_issues(
    tmp_path: Path, heavy_site: str
) -> None:
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    made = install(data_dir, heavy_site, SETTINGS)
    # No team may look so often; the second crawl is what takes the test's time.
    for tool, cadence in CADENCES.items():
        write(data_dir, f"UPDATE checks_schedule SET cadence = {cadence} WHERE tool = '{tool}'")
    port = free_port()
    up = subprocess.Popen(
        [*UP, "--port", str(port)],
        env=environment(data_dir), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        opened = until(lambda: two(rows(data_dir, ISSUES)), "two issues", PATIENCE)
        assert opened == [
            ("broken-links", "broken-links:found"),
            ("performance", "performance:degraded"),
        ]
        checks = ask(port, made["token"], f"/sites/{made['site']}/checks")
    finally:
        up.terminate()
        up.wait(30)
    assert {check["status"] for check in checks} == {"completed"}
    by_tool = {check["type"]: check for check in checks if check["outcome"] == "failing"}
    assert {check["run_reason"] for check in checks} == {"scheduled"}
    assert sum(check["type"] == "broken-links" for check in checks) >= 2
    require_links(by_tool["broken-links"]["result"], heavy_site)
    require_speed(by_tool["performance"]["result"], heavy_site)


def two(found: list[Any]) -> list[Any]:
    return found if len(found) == 2 else []


def require_links(result: dict[str, Any], site: str) -> None:
    """Hold a crawl's result to the contract's words, and to nothing less."""
    assert {"found", "crawled", "urls", "crawl"} == set(result)
    assert (result["found"], result["crawled"]) == (DEAD, 1)
    assert {each["url"] for each in result["urls"]} == {f"{site}/dead-{n}" for n in range(DEAD)}
    for each in result["urls"]:
        assert {"url", "source", "status", "cause", "text"} <= set(each)
        assert (each["source"], each["status"], each["cause"]) == (site, 404, "not_found")
    crawl = result["crawl"]
    wanted = {"finish_reason", "limits", "links_checked", "duration_ms", "js_rendered"}
    assert wanted | {"robots_blocked"} <= set(crawl)
    assert crawl["limits"] == {"max_pages": 500, "max_depth": 10, "max_seconds": 600}
    # Politeness: five requests a second at most, and the dead ones are looked at twice.
    assert crawl["duration_ms"] > DEAD / 5 * 1000


def require_speed(result: dict[str, Any], site: str) -> None:
    """Hold a measurement to the contract's words exactly."""
    assert set(result) == {"url", "response_time", "speed_metrics"}
    assert result["url"] == site
    speed = result["speed_metrics"]
    assert set(speed) == {
        "performance_score", "core_web_vitals", "metrics", "opportunities", "real_user_metrics",
        "origin_metrics", "runs", "environment",
    }  # fmt: skip
    assert set(speed["core_web_vitals"]) == {"lcp", "inp", "cls", "tbt"}
    assert set(speed["metrics"]) == {"fcp", "speed_index", "tti", "ttfb"}
    for metric in (*speed["core_web_vitals"].values(), *speed["metrics"].values()):
        assert set(metric) == METRIC
    assert all(set(each) == {"id", "title", "savings_ms"} for each in speed["opportunities"])
    assert set(speed["environment"]) == {"lighthouse", "chromium", "preset", "cpu_benchmark"}
    assert [set(run) for run in speed["runs"]] == [{"performance_score"}] * 3
    scores = sorted(run["performance_score"] for run in speed["runs"])
    assert speed["performance_score"] == scores[1] < 99
    assert (speed["real_user_metrics"], speed["origin_metrics"]) == (None, None)
