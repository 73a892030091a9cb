"""Adding performance results to their days."""

from typing import Any

import pytest

from tests.checks.conftest import MIDNIGHT as T
from tocsin.access.principal import SYSTEM
from tocsin.checks import intake, report_queries
from tocsin.checks.models import DailyRollup, Schedule
from tocsin.kit import clock, ids
from tocsin.probes.contract import CheckStatus, Outcome, ProbeResult, RunReason, Ticket, Tool

pytestmark = pytest.mark.django_db


def measured(score: Any, speed_index_ms: Any, response_time: Any = 200.0) -> dict[str, Any]:
    return {
        "url": "https://example.com",
        "response_time": response_time,
        "speed_metrics": {
            "performance_score": score,
            "metrics": {"speed_index": {"value": speed_index_ms, "score": 0.9}},
        },
    }


def store(site: Any, *results: dict[str, Any] | None, outcome: Outcome = Outcome.OK) -> None:
    """File results of performance checks, one a day from T on."""
    schedule, _ = Schedule.objects.get_or_create(
        site=site, tool="performance", defaults={"cadence": 60, "phase": 0, "since": T}
    )
    for number, result in enumerate(results):
        check, slot = ids.new_uuid(), T + 60 * number
        Schedule.objects.filter(pk=schedule.pk).update(inflight_slot=slot, inflight_check=check)
        stored = intake.store(
            [
                ProbeResult(
                    check_id=str(check),
                    tool=Tool.PERFORMANCE,
                    status=CheckStatus.COMPLETED if result else CheckStatus.FAILED,
                    outcome=outcome,
                    result=result,
                    error=None,
                    started_at=slot,
                    completed_at=slot,
                    ticket=Ticket(str(site.pk), schedule.pk, slot, RunReason.SCHEDULED, 60),
                )
            ]
        )
        assert stored.stored == 1


def test_it_averages_scores_and_speeds_of_a_day(site: Any) -> None:
    store(site, measured(80, 1500.0), measured(91, 2500, 100))
    with clock.frozen(T):
        report = report_queries.performance_report(SYSTEM, site.pk, days=1)
    (day,) = report.days
    assert (day.performance_score, day.speed, day.response_time) == (85.5, 2.0, 150.0)
    assert (report.average_performance_score, report.average_speed) == (85.5, 2.0)
    assert (report.average_response_time, report.total_checks) == (150.0, 2)


def test_it_counts_what_was_measured_although_it_is_failing(site: Any) -> None:
    store(site, measured(10, 9000.0), outcome=Outcome.FAILING)
    rollup = DailyRollup.objects.get()
    assert (rollup.failing, rollup.score_sum, rollup.speed_sum) == (1, 10.0, 9.0)
    assert rollup.response_time_sum == 200.0


@pytest.mark.parametrize(
    "result",
    [
        None,
        {},
        {"speed_metrics": None},
        {"speed_metrics": {"metrics": []}},
        measured(None, None, None),
        measured("90", True, "fast"),
        measured(float("nan"), float("inf")),
    ],
)
def test_it_passes_over_what_was_not_measured(site: Any, result: dict[str, Any] | None) -> None:
    store(site, result)
    rollup = DailyRollup.objects.get()
    assert (rollup.score_count, rollup.speed_count, rollup.ok) == (0, 0, 1)
