"""Adding performance results to their days: scores and Speed Index, for the performance report."""

import math
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from tocsin.checks.columns import date_column, uuid_column
from tocsin.kit import clock
from tocsin.probes.contract import ProbeResult, Tool


def rows(results: Iterable[tuple[UUID, float, ProbeResult]]) -> list[tuple[Any, ...]]:
    """Return one row for `bulk.ADD_SPEED_TO_ROLLUP` a performance result that measured something.

    Takes (site, slot in epoch seconds, result). In the order of their keys, so that two intakes
    lock the same days in the same order; the days' rows must exist.
    """
    measured = [item for item in results if item[2].tool is Tool.PERFORMANCE]
    return [
        _row(site_id, slot, result)
        for site_id, slot, result in sorted(measured, key=lambda item: item[:2])
        if result.result is not None
    ]


def _row(site_id: UUID, slot: float, result: ProbeResult) -> tuple[Any, ...]:
    metrics = _part(result.result, "speed_metrics")
    score = _number(metrics.get("performance_score"))
    speed = _number(_part(_part(metrics, "metrics"), "speed_index").get("value"))
    return (
        0.0 if score is None else score,
        0 if score is None else 1,
        0.0 if speed is None else speed / 1000,
        0 if speed is None else 1,
        uuid_column(site_id),
        result.tool.value,
        date_column(clock.from_timestamp(slot).date()),
    )


def _part(value: object, name: str) -> dict[str, Any]:
    part = value.get(name) if isinstance(value, dict) else None
    return part if isinstance(part, dict) else {}


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)
