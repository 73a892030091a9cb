"""Reports from daily roll-ups; contract, section 4."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.checks.conftest import MIDNIGHT as T
from tests.checks.conftest import answer
from tests.checks.runs import run
from tocsin.access.principal import SYSTEM
from tocsin.accounts.queries import session_principal
from tocsin.checks import claims, intake, report_queries
from tocsin.checks.models import DailyRollup, Schedule
from tocsin.checks.reports import (
    DayRow,
    PerformanceDay,
    UptimeDay,
    percentage,
    performance_report,
    uptime_report,
)
from tocsin.checks.tools import Weight, tools_of
from tocsin.kit import clock
from tocsin.kit.errors import InvalidInput, NotFound
from tocsin.probes.contract import Outcome

TODAY = date(2030, 1, 31)


def midnight(day: int) -> datetime:
    return datetime(2030, 1, day, tzinfo=UTC)


def test_it_reports_every_day_oldest_first_and_today() -> None:
    rows = [
        DayRow(
            TODAY, ok=2,
            response_time_sum=30.0, response_time_count=2, response_time_max=20.004,
        ),
        DayRow(
            date(2030, 1, 29), 2, 1, 4, 5, 6,
            response_time_sum=60.0, response_time_count=2, response_time_max=50.0,
        ),
        DayRow(date(2030, 1, 28), ok=100, response_time_sum=9e9, response_time_count=100),
    ]  # fmt: skip
    report = uptime_report(rows, today=TODAY, days=3)
    assert report.days == (
        UptimeDay(midnight(29), 66.67, 3, 2, 50.0, 15),
        UptimeDay(midnight(30), None, 0, 0, None, 0),
        UptimeDay(midnight(31), 100.0, 2, 2, 20.0, 0),
    )
    assert report.total_uptime_percentage == 80.0
    assert report.average_response_time == 22.5


def test_it_reports_nothing_as_null() -> None:
    report = uptime_report([DayRow(TODAY, unknown=3)], today=TODAY, days=1)
    assert report.days == (UptimeDay(midnight(31), None, 0, 0, None, 3),)
    assert (report.total_uptime_percentage, report.average_response_time) == (None, None)
    performance = performance_report([], today=TODAY, days=1)
    assert performance.days == (PerformanceDay(midnight(31), None, None, None, 0),)
    assert performance.total_checks == 0
    assert performance.average_performance_score is None


def test_it_reports_performance_by_day_and_in_all() -> None:
    rows = [
        DayRow(
            date(2030, 1, 30), ok=1, failing=1, response_time_sum=300.0, response_time_count=2,
            score_sum=150.0, score_count=2, speed_sum=3.0, speed_count=2,
        ),
        DayRow(
            TODAY, ok=1, failing=0, unknown=1, response_time_sum=30.0, response_time_count=1,
            score_sum=90.0, score_count=1, speed_sum=1.2345, speed_count=1,
        ),
    ]  # fmt: skip
    report = performance_report(rows, today=TODAY, days=2)
    assert report.days == (
        PerformanceDay(midnight(30), 75.0, 150.0, 1.5, 2),
        PerformanceDay(midnight(31), 90.0, 30.0, 1.23, 1),
    )
    assert (report.average_performance_score, report.total_checks) == (80.0, 3)
    assert (report.average_response_time, report.average_speed) == (110.0, 1.41)


@pytest.mark.parametrize(
    ("up", "total", "share"),
    [
        (0, 0, None),
        (0, 1, 0.0),
        (5, 5, 100.0),
        (99_999, 100_000, 99.99),
        (9_999_999_999, 10_000_000_000, 99.99),
        (1, 3, 33.33),
        (2, 3, 66.67),
        (99_985, 100_000, 99.99),
        (10_005, 1_000_000, 1.0),
        (1_005, 100_000, 1.01),
    ],
)
def test_it_rounds_to_two_decimals(up: int, total: int, share: float | None) -> None:
    assert percentage(up, total) == share


@given(st.integers(0, 10**12), st.integers(1, 10**12))
def test_it_says_100_only_where_all_were_up(up: int, more: int) -> None:
    total = up + more
    share = percentage(up, total)
    assert share is not None
    assert 0 <= share < 100
    assert abs(share - 100 * up / total) <= 0.010001
    assert percentage(total, total) == 100


@given(st.integers(1, 365), st.lists(st.integers(0, 500), unique=True, max_size=20))
def test_it_has_as_many_days_as_asked_for(days: int, back: list[int]) -> None:
    rows = [DayRow(TODAY - timedelta(days=each), ok=1) for each in back]
    report = uptime_report(rows, today=TODAY, days=days)
    assert len(report.days) == days
    assert report.days[-1].date == midnight(31)
    assert [day.date for day in report.days] == sorted(day.date for day in report.days)
    assert sum(day.total_checks for day in report.days) == sum(each < days for each in back)


@pytest.mark.django_db
def test_it_reads_what_the_automatic_checks_left(schedule: Schedule, site: Any) -> None:
    for number, outcome in enumerate([Outcome.OK, Outcome.FAILING, Outcome.UNKNOWN, Outcome.OK]):
        at = T + 60 * number
        (request,) = claims.claim(tools_of(Weight.LIGHT), now=at, running_since=0).requests
        intake.store([answer(request, outcome=outcome)])
    run(site, "status", at=T + 200)
    with clock.frozen(T + 300):
        report = report_queries.uptime_report(SYSTEM, site.pk, days=2)
    yesterday, today = report.days
    assert (yesterday.uptime_percentage, yesterday.total_checks) == (None, 0)
    assert today.date.timestamp() == T
    assert (today.uptime_percentage, today.total_checks, today.up_checks) == (66.67, 3, 2)
    assert (today.unobserved_checks, today.response_time) == (1, 12.5)


@pytest.mark.django_db
def test_it_reads_days_of_the_tool_and_range_only(
    site: Any, django_assert_num_queries: Any
) -> None:
    today = clock.from_timestamp(T).date()
    for tool, back in (("status", 0), ("status", 89), ("status", 90), ("dns", 0)):
        DailyRollup.objects.create(site=site, tool=tool, date=today - timedelta(days=back), ok=1)
    with clock.frozen(T), django_assert_num_queries(2):
        report = report_queries.uptime_report(SYSTEM, site.pk)
    assert len(report.days) == 90
    assert sum(day.total_checks for day in report.days) == 2
    with clock.frozen(T):
        assert len(report_queries.performance_report(SYSTEM, site.pk).days) == 30


@pytest.mark.django_db
@pytest.mark.parametrize("days", [0, -1, 366, 10**18])
def test_it_refuses_days_out_of_range(site: Any, days: int) -> None:
    with pytest.raises(InvalidInput) as refusal:
        report_queries.uptime_report(SYSTEM, site.pk, days=days)
    assert list(refusal.value.errors) == ["days"]


@pytest.mark.django_db
def test_it_reports_nothing_to_others(site: Any, mallory: Any) -> None:
    with pytest.raises(NotFound):
        report_queries.uptime_report(session_principal(mallory), site.pk)
    with pytest.raises(NotFound):
        report_queries.performance_report(session_principal(mallory), site.pk)
