"""The shop's slots and reports."""

from tocsin.checks.claim_rules import GapReason
from tocsin.probes.contract import Tool
from tocsin.resources import reports as schemas
from tocsin.resources import site_schemas

FIRST_DAY, TODAY = "2026-11-23T00:00:00+00:00", "2026-11-24T00:00:00+00:00"


def slots() -> site_schemas.Slots:
    """Make the account of a week in which the machine was once switched off."""
    gap = site_schemas.SlotGap(
        first="2026-11-20T02:00:00+00:00",
        last="2026-11-20T02:25:00+00:00",
        count=6,
        reason=GapReason.SCHEDULER_DOWN,
    )
    return site_schemas.Slots(
        tool=Tool.STATUS,
        first="2026-11-17T09:10:00+00:00",
        last="2026-11-24T09:10:00+00:00",
        expected=2016,
        ran=2010,
        late=3,
        skipped={},
        lost={GapReason.SCHEDULER_DOWN.value: gap.count},
        unknown=1,
        gaps=[gap],
    )


def uptime() -> schemas.Uptime:
    """Make two days, one of them with an outage."""
    days = [
        schemas.UptimeDay(
            date=FIRST_DAY,
            uptime_percentage=99.65,
            total_checks=288,
            up_checks=287,
            response_time=812.4,
            unobserved_checks=0,
        ),
        schemas.UptimeDay(
            date=TODAY,
            uptime_percentage=100.0,
            total_checks=110,
            up_checks=110,
            response_time=304.9,
            unobserved_checks=1,
        ),
    ]
    return schemas.Uptime(days, total_uptime_percentage=99.74, average_response_time=148.2)


def performance() -> schemas.Performance:
    """Make two days, one of them without a check."""
    days = [
        schemas.PerformanceDay(
            date=FIRST_DAY, performance_score=91.0, response_time=188.0, speed=1.9, total_checks=1
        ),
        schemas.PerformanceDay(
            date=TODAY, performance_score=None, response_time=None, speed=None, total_checks=0
        ),
    ]
    return schemas.Performance(
        days,
        average_performance_score=91.0,
        average_response_time=188.0,
        average_speed=1.9,
        total_checks=1,
    )
