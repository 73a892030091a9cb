"""How fast a site answered over a stretch of time, by phase; from its status checks.

Short stretches are read from the checks themselves, long ones from the daily roll-ups, which know
no phases.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from tocsin.access.principal import Principal
from tocsin.checks.models import Check, DailyRollup
from tocsin.kit import clock
from tocsin.probes.contract import Outcome, Tool
from tocsin.sites import queries as sites

# What is longer is read by the day.
BY_CHECK = timedelta(days=8)
MOST_BUCKETS = 240
DAY = 86_400
_STEPS = (60, 120, 300, 600, 900, 1800, 3600, 7200)


class Phases(NamedTuple):
    """Milliseconds that follow each other; roll-ups know their sum only, which is `wait`."""

    dns: float
    connect: float
    tls: float
    wait: float
    transfer: float

    @property
    def total(self) -> float:
        """Return how long all took."""
        return sum(self)


@dataclass(frozen=True, slots=True)
class Bucket:
    """The checks that began within a step; `phases` is their mean, None where none was good."""

    at: datetime
    phases: Phases | None
    slowest: float | None
    failing: int
    unknown: int


@dataclass(frozen=True, slots=True)
class ResponseTimes:
    """A stretch in equal steps of `step` seconds; buckets without checks are left out."""

    first: datetime
    last: datetime
    step: int
    has_phases: bool
    buckets: tuple[Bucket, ...]

    @property
    def slowest(self) -> float | None:
        """Return the longest response time, in milliseconds."""
        return max((each.slowest for each in self.buckets if each.slowest), default=None)


def response_times(
    principal: Principal, site_uuid: UUID, first: datetime, last: datetime, cadence: int
) -> ResponseTimes:
    """Return a site's response times; `cadence` in seconds is the least step. One query."""
    if last - first > BY_CHECK:
        return _by_day(principal, site_uuid, first, last)
    seconds = (last - first).total_seconds()
    step = next(
        (step for step in _STEPS if step >= max(cadence, seconds / MOST_BUCKETS)),
        ceil(cadence / DAY) * DAY,
    )
    found = _checks(principal, site_uuid, first, last)
    rows = found.values_list("created_at", "outcome", "result__timings")
    return ResponseTimes(first, last, step, has_phases=True, buckets=_bucketed(rows, step))


def phases_of(timings: object) -> Phases | None:
    """Part a status check's `timings` into phases that follow each other; None without any."""
    if not isinstance(timings, Mapping) or not timings.get("total"):
        return None
    dns, connect, tls = (float(timings.get(name) or 0) for name in ("dns", "connect", "tls"))
    total = float(timings["total"])
    first_byte = min(total, float(timings.get("ttfb") or total))
    return Phases(dns, connect, tls, max(0.0, first_byte - dns - connect - tls), total - first_byte)


def _checks(
    principal: Principal, site_uuid: UUID, first: datetime, last: datetime
) -> "QuerySet[Check]":
    return Check.objects.visible_to(principal).filter(
        site_id=site_uuid,
        type=Tool.STATUS.value,
        created_at__gte=first,
        created_at__lt=last,
    )


def _bucketed(rows: Iterable[tuple[datetime, str, Any]], step: int) -> tuple[Bucket, ...]:
    found: defaultdict[int, list[tuple[str, Phases | None]]] = defaultdict(list)
    for moment, outcome, timings in rows:
        seconds = int(moment.timestamp())
        found[seconds - seconds % step].append((outcome, phases_of(timings)))
    return tuple(_bucket(start, found[start]) for start in sorted(found))


def _bucket(start: int, checks: list[tuple[str, Phases | None]]) -> Bucket:
    measured = [phases for outcome, phases in checks if outcome == Outcome.OK and phases]
    return Bucket(
        at=clock.from_timestamp(start),
        phases=Phases(*(sum(part) / len(measured) for part in zip(*measured, strict=True)))
        if measured
        else None,
        slowest=max((phases.total for phases in measured), default=None),
        failing=sum(outcome == Outcome.FAILING for outcome, _ in checks),
        unknown=sum(outcome == Outcome.UNKNOWN for outcome, _ in checks),
    )


def _by_day(
    principal: Principal, site_uuid: UUID, first: datetime, last: datetime
) -> ResponseTimes:
    days = DailyRollup.objects.filter(
        site__in=sites.sites(principal).filter(pk=site_uuid),
        tool=Tool.STATUS.value,
        date__gte=first.date(),
        date__lte=last.date(),
    )
    return ResponseTimes(
        first, last, DAY, has_phases=False, buckets=tuple(map(_day, days.order_by("date")))
    )


def _day(row: DailyRollup) -> Bucket:
    count = row.response_time_count
    return Bucket(
        at=datetime.combine(row.date, datetime.min.time(), clock.now().tzinfo),
        phases=Phases(0, 0, 0, row.response_time_sum / count, 0) if count else None,
        slowest=row.response_time_max,
        failing=row.failing,
        unknown=row.unknown,
    )
