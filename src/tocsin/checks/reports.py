"""Uptime and performance reports from daily roll-ups; contract, section 4. Pure functions of rows.

Every UTC day from the first to today stands in a report, oldest first; a day without checks has
null figures. Milliseconds, seconds and percentages have two decimals.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

_ALMOST = 99.99
_WHOLE = 100.0


class DayRow(NamedTuple):
    """One day's roll-up; response times in milliseconds, speed in seconds."""

    date: date
    ok: int = 0
    failing: int = 0
    unknown: int = 0
    skipped: int = 0
    lost: int = 0
    response_time_sum: float = 0.0
    response_time_count: int = 0
    response_time_max: float | None = None
    score_sum: float = 0.0
    score_count: int = 0
    speed_sum: float = 0.0
    speed_count: int = 0

    @property
    def total(self) -> int:
        """Return how many checks came to a verdict on the site."""
        return self.ok + self.failing

    @property
    def unobserved(self) -> int:
        """Return how many checks say nothing of the site."""
        return self.unknown + self.skipped + self.lost


class UptimeDay(NamedTuple):
    """One day; `response_time` is the slowest, in milliseconds."""

    date: datetime
    uptime_percentage: float | None
    total_checks: int
    up_checks: int
    response_time: float | None
    unobserved_checks: int


@dataclass(frozen=True, slots=True)
class UptimeReport:
    """The uptime report of section 4."""

    days: tuple[UptimeDay, ...]
    total_uptime_percentage: float | None
    average_response_time: float | None


@dataclass(frozen=True, slots=True)
class PerformanceDay:
    """One day's averages; `response_time` in milliseconds, `speed` (Speed Index) in seconds."""

    date: datetime
    performance_score: float | None
    response_time: float | None
    speed: float | None
    total_checks: int


@dataclass(frozen=True, slots=True)
class PerformanceReport:
    """The performance report of section 4."""

    days: tuple[PerformanceDay, ...]
    average_performance_score: float | None
    average_response_time: float | None
    average_speed: float | None
    total_checks: int


def uptime_report(rows: Iterable[DayRow], *, today: date, days: int) -> UptimeReport:
    """Report the last `days` days, today included; of a status tool's rows, in any order."""
    every = _every_day(rows, today, days)
    found = tuple(map(_uptime_day, every))
    return UptimeReport(
        days=found,
        total_uptime_percentage=percentage(
            sum(day.up_checks for day in found), sum(day.total_checks for day in found)
        ),
        average_response_time=_average_response_time(every),
    )


def performance_report(rows: Iterable[DayRow], *, today: date, days: int) -> PerformanceReport:
    """Report the last `days` days, today included; of a performance tool's rows, in any order."""
    every = _every_day(rows, today, days)
    return PerformanceReport(
        days=tuple(
            PerformanceDay(
                date=_midnight(row.date),
                performance_score=_mean(row.score_sum, row.score_count),
                response_time=_mean(row.response_time_sum, row.response_time_count),
                speed=_mean(row.speed_sum, row.speed_count),
                total_checks=row.total,
            )
            for row in every
        ),
        average_performance_score=_mean(
            sum(row.score_sum for row in every), sum(row.score_count for row in every)
        ),
        average_response_time=_average_response_time(every),
        average_speed=_mean(
            sum(row.speed_sum for row in every), sum(row.speed_count for row in every)
        ),
        total_checks=sum(row.total for row in every),
    )


def percentage(up: int, total: int) -> float | None:
    """Return the share of `up` with two decimals, 100 only where all are; None of nothing."""
    if total == 0:
        return None
    if up == total:
        return _WHOLE
    hundredths = (20_000 * up + total) // (2 * total)  # rounded half up
    return min(hundredths / 100, _ALMOST)


def _every_day(rows: Iterable[DayRow], today: date, days: int) -> list[DayRow]:
    by_date: Mapping[date, DayRow] = {row.date: row for row in rows}
    first = today - timedelta(days=days - 1)
    dates = [first + timedelta(days=number) for number in range(days)]
    return [by_date.get(day) or DayRow(day) for day in dates]


def _uptime_day(row: DayRow) -> UptimeDay:
    total = row.total
    return UptimeDay(
        _midnight(row.date),
        percentage(row.ok, total),
        total,
        row.ok,
        _rounded(row.response_time_max),
        row.unobserved,
    )


def _average_response_time(rows: list[DayRow]) -> float | None:
    return _mean(
        sum(row.response_time_sum for row in rows), sum(row.response_time_count for row in rows)
    )


def _mean(total: float, count: int) -> float | None:
    return _rounded(total / count) if count else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


@lru_cache(maxsize=1024)
def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
