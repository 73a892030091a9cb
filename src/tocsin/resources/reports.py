"""Reports of a site, from numbers that outlive its checks."""

from functools import lru_cache

import msgspec

from tocsin.checks import reports
from tocsin.resources.moments import timestamp
from tocsin.resources.schemas import Moment


class UptimeDay(msgspec.Struct, frozen=True):
    """A UTC day; `response_time` is its slowest, in milliseconds."""

    date: Moment
    uptime_percentage: float | None
    total_checks: int
    up_checks: int
    response_time: float | None
    unobserved_checks: int


class Uptime(msgspec.Struct, frozen=True):
    """Oldest day first, today included; what was not observed counts neither up nor down."""

    days: list[UptimeDay]
    total_uptime_percentage: float | None
    average_response_time: float | None


class PerformanceDay(msgspec.Struct, frozen=True):
    """A UTC day's averages: milliseconds, and Speed Index in seconds."""

    date: Moment
    performance_score: float | None
    response_time: float | None
    speed: float | None
    total_checks: int


class Performance(msgspec.Struct, frozen=True):
    """Oldest day first, today included."""

    days: list[PerformanceDay]
    average_performance_score: float | None
    average_response_time: float | None
    average_speed: float | None
    total_checks: int


def uptime(report: reports.UptimeReport) -> Uptime:
    """Shape an uptime report."""
    return Uptime(
        days=[_uptime_day(day) for day in report.days],
        total_uptime_percentage=report.total_uptime_percentage,
        average_response_time=report.average_response_time,
    )


def performance(report: reports.PerformanceReport) -> Performance:
    """Shape a performance report."""
    return Performance(
        days=[_performance_day(day) for day in report.days],
        average_performance_score=report.average_performance_score,
        average_response_time=report.average_response_time,
        average_speed=report.average_speed,
        total_checks=report.total_checks,
    )


def _uptime_day(day: reports.UptimeDay) -> UptimeDay:
    return UptimeDay(
        _midnight(day.date),
        day.uptime_percentage,
        day.total_checks,
        day.up_checks,
        day.response_time,
        day.unobserved_checks,
    )


def _performance_day(day: reports.PerformanceDay) -> PerformanceDay:
    return PerformanceDay(
        date=_midnight(day.date),
        performance_score=day.performance_score,
        response_time=day.response_time,
        speed=day.speed,
        total_checks=day.total_checks,
    )


# The same few hundred days stand in every report.
_midnight = lru_cache(maxsize=1024)(timestamp)
