"""The broken-links and performance tools: breaches in a row."""

from dataclasses import replace
from typing import Any

import pytest

from tests.issues.builders import LINKS, PERFORMANCE, T, observe, run, speed, story
from tocsin.issues.rules import QUIET, PerformanceLimits, evaluate
from tocsin.issues.vocabulary import Severity
from tocsin.probes.contract import CheckStatus, Outcome, Tool

FOUND, DEGRADED = "broken-links:found", "performance:degraded"


@pytest.mark.parametrize(
    ("in_a_row", "words", "expected"),
    [
        (1, ["found", "good"], [f"+{FOUND}", f"-{FOUND}"]),
        (2, ["found", "good", "found"], ["", "", ""]),
        (2, ["found", "unknown", "found"], ["", "", f"+{FOUND}"]),
    ],
)
def test_it_opens_for_broken_links(in_a_row: int, words: list[str], expected: list[str]) -> None:
    assert story(run(Tool.BROKEN_LINKS, words, replace(LINKS, to_open=in_a_row))) == expected


def test_it_opens_for_slow_pages() -> None:
    assert story(run(Tool.PERFORMANCE, ["slow", "slow", "good"])) == [
        "",
        f"+{DEGRADED}",
        f"-{DEGRADED}",
    ]


@pytest.mark.parametrize(
    ("tool", "word"), [(Tool.BROKEN_LINKS, "found"), (Tool.PERFORMANCE, "slow")]
)
def test_it_never_runs_heavy_tools_again_to_confirm(tool: Tool, word: str) -> None:
    assert all(verdict.next_run is None for verdict in run(tool, [word] * 3))


@pytest.mark.parametrize(
    ("result", "metrics"),
    [
        (speed(score=49), ["performance_score"]),
        (speed(score=50), []),
        (speed(ttfb=4001), ["ttfb_ms"]),
        (speed(ttfb=4000), []),
        (speed(tti=9001), ["load_time_seconds"]),
        (speed(tti=9000), []),
        (
            speed(score=10, ttfb=5000, tti=20000),
            ["performance_score", "ttfb_ms", "load_time_seconds"],
        ),
        (speed(ttfb=None, tti=None), []),
    ],
)
def test_it_lists_each_breach(result: dict[str, Any], metrics: list[str]) -> None:
    settings = replace(PERFORMANCE, limits=PerformanceLimits(50, 4000, 9), to_open=1)
    seen = observe(Tool.PERFORMANCE, T, Outcome.FAILING, result)
    openings = evaluate(QUIET, seen, settings, T).openings
    told = [each["metric"] for opening in openings for each in opening.context["facts"]["breaches"]]
    assert told == metrics


def test_it_does_not_look_at_limits_that_are_null() -> None:
    limits = PerformanceLimits(50, None, None)
    seen = observe(Tool.PERFORMANCE, T, Outcome.FAILING, speed(ttfb=90_000, tti=90_000))
    assert not evaluate(QUIET, seen, replace(PERFORMANCE, limits=limits, to_open=1), T).openings


@pytest.mark.parametrize("tool", [Tool.BROKEN_LINKS, Tool.PERFORMANCE])
def test_it_learns_nothing_from_a_run_that_failed(tool: Tool) -> None:
    word = {Tool.BROKEN_LINKS: "found", Tool.PERFORMANCE: "slow"}[tool]
    state = run(tool, [word, word])[-1].state
    seen = observe(
        tool, T + 600, Outcome.FAILING, None, status=CheckStatus.FAILED, problem="It crashed."
    )
    verdict = evaluate(state, seen, {Tool.BROKEN_LINKS: LINKS}.get(tool, PERFORMANCE), T + 600)
    assert verdict.state == state
    assert not verdict.resolutions


@pytest.mark.parametrize("reason", ["blocked", "start_failed"])
def test_it_takes_a_crawl_that_saw_nothing_for_no_recovery(reason: str) -> None:
    state = run(Tool.BROKEN_LINKS, ["found"])[-1].state
    result = {"found": 0, "crawl": {"finish_reason": reason}}
    seen = observe(Tool.BROKEN_LINKS, T + 600, Outcome.OK, result)
    assert not evaluate(state, seen, LINKS, T + 600).resolutions


def test_it_warns() -> None:
    (opening,) = run(Tool.BROKEN_LINKS, ["found"])[0].openings
    assert opening.severity is Severity.WARNING
    assert opening.summary == "5 broken links found."
