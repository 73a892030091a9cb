"""Schedules and answers for the tests of checks."""

from collections.abc import Callable
from typing import Any

import pytest

from tocsin.checks.models import Schedule
from tocsin.checks.slots import Grid
from tocsin.probes.contract import CheckStatus, Outcome, ProbeRequest, ProbeResult

# A moment on every grid whose phase is 0: a UTC midnight.
MIDNIGHT = 1_800_057_600


@pytest.fixture
def schedule(site: Any) -> Schedule:
    """A status schedule of `site`, every minute on the minute, opened at MIDNIGHT."""
    return Schedule.objects.create(
        site=site, tool="status", cadence=60, phase=0, since=MIDNIGHT, next_slot=MIDNIGHT
    )


def answer(request: ProbeRequest, **changes: Any) -> ProbeResult:
    """Answer a request as a prober would, at once and well, but for `changes`."""
    slot = request.ticket.slot if request.ticket and request.ticket.slot else MIDNIGHT
    values: dict[str, Any] = {
        "check_id": request.check_id,
        "tool": request.tool,
        "status": CheckStatus.COMPLETED,
        "outcome": Outcome.OK,
        "result": {"up": True, "code": 200, "response_time": 12.5},
        "error": None,
        "started_at": slot + 0.1,
        "completed_at": slot + 0.2,
        "ticket": request.ticket,
    }
    return ProbeResult(**{**values, **changes})


Accounted = Callable[[Schedule, float], tuple[int, int]]


@pytest.fixture
def accounted() -> Accounted:
    """Count a schedule's slots up to a moment: (by arithmetic, by what is recorded)."""

    def count(schedule: Schedule, until: float) -> tuple[int, int]:
        schedule.refresh_from_db()
        grid = Grid(schedule.phase, schedule.cadence)
        due = 1 + grid.count(schedule.since + 1, until)
        checks = schedule.site.checks.filter(type=schedule.tool, run_reason="scheduled").count()
        gaps = sum(schedule.site.gaps.filter(tool=schedule.tool).values_list("count", flat=True))
        in_flight = 0 if schedule.inflight_slot is None else 1
        assert schedule.next_slot is not None
        waiting = grid.count(schedule.next_slot, until)
        return due, checks + gaps + in_flight + waiting

    return count
