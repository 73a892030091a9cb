"""From Lighthouse's reports to results."""

from typing import Any

import pytest

from tocsin.probes.contract import PerformanceSettings
from tocsin.probes.performance import reading
from tocsin.probes.performance.browser import Look
from tocsin.probes.performance.norm import CpuNorm


def look(score: float = 0.9, ttfb: float = 500, tti: float = 2000, index: float = 2000) -> Look:
    audits: dict[str, Any] = {
        "interactive": {"numericValue": tti, "displayValue": "2.0\xa0s", "score": 0.9},
        "server-response-time": {"numericValue": 120},
        "metrics": {"details": {"items": [{"timeToFirstByte": ttfb}]}},
    }
    report = {
        "score": score,
        "audits": audits,
        "opportunities": [{"id": str(n), "title": "t", "savings_ms": n} for n in range(30)],
        "lighthouseVersion": "13.5.0",
        "environment": {"benchmarkIndex": index},
    }
    return Look(report, (), "156.0.0.0")


def test_it_takes_the_run_in_the_middle_and_keeps_the_spread() -> None:
    result = reading.result_of("https://a.example", [look(0.9), look(0.3), look(0.57)])
    speed = result["speed_metrics"]
    assert speed["performance_score"] == 57
    assert speed["runs"] == [{"performance_score": score} for score in (90, 30, 57)]
    assert speed["metrics"]["tti"] == {"value": 2000.0, "display_value": "2.0 s", "score": 0.9}
    assert speed["metrics"]["ttfb"]["display_value"] == "500 ms"
    assert speed["metrics"]["fcp"]["value"] is None
    assert [each["savings_ms"] for each in speed["opportunities"]] == list(range(29, 9, -1))
    assert result["response_time"] == 120
    assert (speed["real_user_metrics"], speed["origin_metrics"]) == (None, None)


@pytest.mark.parametrize(
    ("limits", "breached"),
    [
        ({}, False),
        ({"min_score": 90}, False),
        ({"min_score": 91}, True),
        ({"max_ttfb_ms": 500}, False),
        ({"max_ttfb_ms": 499}, True),
        ({"max_ttfb_ms": None}, False),
        ({"max_load_time_seconds": 2}, False),
        ({"max_load_time_seconds": 1.9}, True),
    ],
)
def test_it_judges_by_each_limit(limits: dict[str, Any], breached: bool) -> None:
    result = reading.result_of("https://a.example", [look()])
    assert reading.breaches(result, PerformanceSettings(**limits)) is breached


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ({"code": "NOT_HTML", "message": "no"}, "not_html"),
        ({"code": "FAILED_DOCUMENT_REQUEST"}, "document_failed"),
        ({"code": "SOMETHING_NEW"}, "lighthouse"),
    ],
)
def test_it_says_why_a_run_has_no_result(error: dict[str, str], code: str) -> None:
    failure = reading.failure({"runtimeError": error, "score": None})
    assert failure is not None
    assert failure[0] == code


def test_it_has_no_failure_where_there_is_a_score() -> None:
    assert reading.failure({"runtimeError": None, "score": 0}) is None
    assert reading.failure({"score": None}) == ("lighthouse", "Lighthouse came to no score.")


def test_it_knows_a_starved_machine_by_its_own_norm() -> None:
    norm = CpuNorm()
    assert norm.is_starved(100)
    assert not any(norm.is_starved(2000) for _ in range(6))
    assert norm.is_starved(900)
    assert not norm.is_starved(1100)
