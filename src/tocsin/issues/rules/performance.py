"""Reading the performance tool."""

from collections.abc import Iterator
from typing import Any

import msgspec

from tocsin.issues.rules.facts import Observation, PerformanceLimits
from tocsin.issues.rules.reading import SILENT, Breach, Reading
from tocsin.issues.vocabulary import Fingerprint, Severity
from tocsin.probes.contract import CheckStatus

_GOOD = Reading(clear=(Fingerprint.PERFORMANCE_DEGRADED,))


class _Metric(msgspec.Struct):
    value: float | None = None


class _Metrics(msgspec.Struct):
    ttfb: _Metric | None = None
    tti: _Metric | None = None


class _Speed(msgspec.Struct):
    performance_score: float | None = None
    metrics: _Metrics = msgspec.field(default_factory=_Metrics)


class _Result(msgspec.Struct):
    speed_metrics: _Speed
    url: str | None = None


def read(seen: Observation, limits: PerformanceLimits) -> Reading:
    """Read score, TTFB and Time to Interactive; a run that failed says nothing."""
    if seen.status is not CheckStatus.COMPLETED:
        return SILENT
    result = msgspec.convert(seen.result or {}, _Result)
    breaches = list(_breaches(result.speed_metrics, limits))
    if not breaches:
        return _GOOD
    summary = " ".join(_WORDS[each["metric"]].format(**each) for each in breaches)
    facts = {"url": result.url, "breaches": breaches}
    breach = Breach(Fingerprint.PERFORMANCE_DEGRADED, Severity.WARNING, summary, facts)
    return Reading((breach,))


_WORDS = {
    "performance_score": "The score is {value:.0f}, below {limit}.",
    "ttfb_ms": "The first byte takes {value:.0f} ms, more than {limit}.",
    "load_time_seconds": "The page takes {value:.1f} s to become interactive, more than {limit}.",
}


def _breaches(speed: _Speed, limits: PerformanceLimits) -> Iterator[dict[str, Any]]:
    score = speed.performance_score
    if score is not None and score < limits.min_score:
        yield {"metric": "performance_score", "value": score, "limit": limits.min_score}
    ttfb = _value(speed.metrics.ttfb)
    if _exceeds(ttfb, limits.max_ttfb_ms):
        yield {"metric": "ttfb_ms", "value": ttfb, "limit": limits.max_ttfb_ms}
    tti = _value(speed.metrics.tti)
    load_time = None if tti is None else tti / 1000
    if _exceeds(load_time, limits.max_load_time_seconds):
        limit = limits.max_load_time_seconds
        yield {"metric": "load_time_seconds", "value": load_time, "limit": limit}


def _value(metric: _Metric | None) -> float | None:
    return None if metric is None else metric.value


def _exceeds(value: float | None, limit: float | None) -> bool:
    return value is not None and limit is not None and value > limit
