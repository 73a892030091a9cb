"""Adding results to their days: the numbers that reports read and that outlive raw checks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from tocsin.checks.columns import date_column, uuid_column
from tocsin.kit import clock
from tocsin.probes.contract import CheckStatus, Outcome, ProbeResult, Tool


@dataclass(slots=True)
class _Day:
    """What one batch adds to one day."""

    ok: int = 0
    failing: int = 0
    unknown: int = 0
    skipped: int = 0
    response_times: tuple[float, ...] = ()

    def add(self, result: ProbeResult) -> None:
        if result.status is CheckStatus.SKIPPED:
            self.skipped += 1
            return
        match result.outcome:
            case Outcome.OK:
                self.ok += 1
            case Outcome.FAILING:
                self.failing += 1
            case Outcome.UNKNOWN:
                self.unknown += 1
        milliseconds = (result.result or {}).get("response_time")
        # A page that is slow enough to be failing was measured all the same.
        counts = result.outcome is Outcome.OK or result.tool is Tool.PERFORMANCE
        if isinstance(milliseconds, int | float) and counts:
            self.response_times = (*self.response_times, float(milliseconds))


def rows(results: Iterable[tuple[UUID, float, ProbeResult]]) -> list[tuple[Any, ...]]:
    """Return one row for `bulk.ADD_TO_ROLLUP` a site, tool and UTC day of the slot.

    Takes (site, slot in epoch seconds, result). In the order of their keys, so that two intakes
    lock the same days in the same order.
    """
    days: dict[tuple[UUID, str, date], _Day] = {}
    for site_id, slot, result in results:
        key = (site_id, result.tool.value, clock.from_timestamp(slot).date())
        days.setdefault(key, _Day()).add(result)
    return [_row(key, days[key]) for key in sorted(days)]


def _row(key: tuple[UUID, str, date], day: _Day) -> tuple[Any, ...]:
    site_id, tool, when = key
    times = day.response_times
    return (
        uuid_column(site_id),
        tool,
        date_column(when),
        day.ok,
        day.failing,
        day.unknown,
        day.skipped,
        0,
        sum(times),
        len(times),
        max(times, default=None),
    )
