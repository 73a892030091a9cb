"""A site's past as rows: every check of the last week, daily ones of all days, roll-ups, gaps."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from scripts.demo.catalogue import DemoSite
from scripts.demo.plan import (
    DAY,
    MINUTE,
    UPGRADE_BEFORE,
    UPGRADE_LASTS,
    Episode,
    word_at,
)
from scripts.demo.results import UNREACHABLE, Sight, sight
from tocsin.checks.models import Check, DailyRollup, Gap, Schedule
from tocsin.checks.slots import Grid
from tocsin.checks.summaries import in_words
from tocsin.kit import clock
from tocsin.probes.contract import Outcome, Tool

# Checks of the status tool are many; older ones are in the roll-ups alone.
RAW_DAYS = 7
CONFIRMED = frozenset({Tool.STATUS, Tool.SSL, Tool.DNS})
CONFIRMS_AFTER = 2 * MINUTE
LOOKS_FOR_MS, FAILS_AFTER_MS, MEASURES_FOR_MS = 240.0, 900.0, 38_000.0
VANTAGE = "local"


@dataclass(frozen=True, slots=True)
class Subject:
    """A site with its story. `now` and `days` bound the history."""

    demo: DemoSite
    site_id: UUID
    known: list[Episode]
    now: int
    days: int


@dataclass(slots=True)
class Rows:
    """What is to be written."""

    checks: list[Check] = field(default_factory=list)
    rollups: list[DailyRollup] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    schedules: list[Schedule] = field(default_factory=list)


def rows_of(subject: Subject, schedules: list[Schedule]) -> Rows:
    """Make the rows of one site."""
    rows = Rows(schedules=schedules)
    for schedule in schedules:
        _fill(rows, subject, schedule)
    return rows


def _fill(rows: Rows, subject: Subject, schedule: Schedule) -> None:
    tool, grid = Tool(schedule.tool), Grid(schedule.phase, schedule.cadence)
    if tool is Tool.STATUS:
        schedule.since = grid.after(subject.now - min(RAW_DAYS, subject.days) * DAY)
    days: defaultdict[date, DailyRollup] = defaultdict(DailyRollup)
    slots = [schedule.since, *_slots(grid, schedule.since, subject.now)]
    lost = [slot for slot in slots if _is_upgrade(slot, subject.now)]
    checks = [_check(subject, tool, slot) for slot in slots if not _is_upgrade(slot, subject.now)]
    for check in checks:
        _count(days[check.created_at.date()], check)
    for slot in lost:
        days[clock.from_timestamp(slot).date()].lost += 1
    if tool is Tool.STATUS:
        _count_older(days, subject, grid, schedule.since)
    rows.checks += [*checks, *_confirmations(subject, tool, checks)]
    rows.rollups += _kept(days, subject, tool)
    rows.gaps += _gap(subject, schedule, lost)
    schedule.next_slot = grid.after(subject.now)
    _settle(schedule, checks[-1])


def _slots(grid: Grid, since: int, now: int) -> Iterator[int]:
    return iter(range(grid.after(since), now + 1, grid.cadence))


def _is_upgrade(moment: int, now: int) -> bool:
    return now - UPGRADE_BEFORE <= moment < now - UPGRADE_BEFORE + UPGRADE_LASTS


def _check(subject: Subject, tool: Tool, slot: int, reason: str = "scheduled") -> Check:
    seen = sight(subject.demo, tool, _word(subject, tool, slot), slot, subject.now)
    began = clock.from_timestamp(slot + 1)
    ended = began + timedelta(milliseconds=_took_ms(tool, seen))
    return Check(
        uuid=uuid_at(slot, Random(f"{subject.site_id} {tool} {slot} {reason}")),
        site_id=subject.site_id,
        type=tool.value,
        status=seen.status.value,
        outcome=seen.outcome.value,
        automatic=True,
        run_reason=reason,
        scheduled_for=clock.from_timestamp(slot),
        vantage=VANTAGE,
        result=seen.result,
        error=_error(seen),
        created_at=began,
        updated_at=ended,
        completed_at=ended,
    )


def _word(subject: Subject, tool: Tool, slot: int) -> str:
    """Return what a tool saw; of a site that is down, neither crawl nor browser saw anything."""
    word = word_at(subject.known, tool, slot)
    if tool not in {Tool.BROKEN_LINKS, Tool.PERFORMANCE}:
        return word
    state = word_at(subject.known, Tool.STATUS, slot)
    return state if state in UNREACHABLE else word


def _took_ms(tool: Tool, seen: Sight) -> float:
    found = seen.result or {}
    match tool:
        case Tool.STATUS:
            return float(found.get("response_time") or FAILS_AFTER_MS)
        case Tool.BROKEN_LINKS:
            return float(found["crawl"]["duration_ms"])
        case Tool.PERFORMANCE:
            return MEASURES_FOR_MS
    return LOOKS_FOR_MS


def uuid_at(moment: float, random: Random) -> UUID:
    """Make a version-7 UUID of a past moment."""
    stamp = int(moment * 1000) << 80
    return UUID(
        int=stamp | 7 << 76 | random.getrandbits(12) << 64 | 2 << 62 | random.getrandbits(62)
    )


def _error(seen: Sight) -> dict[str, Any] | None:
    if seen.problem is None:
        return None
    code, message = seen.problem
    return {"code": code, "message": message, "data": {}}


def _confirmations(subject: Subject, tool: Tool, checks: list[Check]) -> Iterator[Check]:
    """Yield the check that confirmed the first failing one of each episode."""
    failing = [False, *(check.outcome == Outcome.FAILING for check in checks)]
    for check, before, now in zip(checks, failing, failing[1:], strict=False):
        if now and not before and tool in CONFIRMED:
            moment = int(check.created_at.timestamp()) - 1 + CONFIRMS_AFTER
            yield _check(subject, tool, moment, "confirmation_retry")


def _count(day: DailyRollup, check: Check) -> None:
    if check.status == "skipped":
        day.skipped += 1
        return
    setattr(day, check.outcome, getattr(day, check.outcome) + 1)
    found = check.result or {}
    time = found.get("response_time")
    speed = found.get("speed_metrics")
    if time is not None and (check.outcome == Outcome.OK or speed is not None):
        _time(day, time, 1, time)
    if speed is not None:
        day.score_sum += speed["performance_score"]
        day.speed_sum += speed["metrics"]["speed_index"]["value"] / 1000
        day.score_count += 1
        day.speed_count += 1


def _time(day: DailyRollup, mean: float, count: int, most: float) -> None:
    day.response_time_sum += mean * count
    day.response_time_count += count
    day.response_time_max = max(day.response_time_max or 0.0, most)


def _count_older(
    days: defaultdict[date, DailyRollup], subject: Subject, grid: Grid, until: int
) -> None:
    """Count what no check tells any more, day by day."""
    first = subject.now - subject.days * DAY
    for start in range(first // DAY * DAY, until, DAY):
        low, high = max(start, first), min(start + DAY, until) - 1
        day = days[clock.from_timestamp(start).date()]
        total = grid.count(low, high)
        day.failing += _within(subject, grid, low, high, unknown=False)
        day.unknown += _within(subject, grid, low, high, unknown=True)
        day.ok += max(0, total - day.failing - day.unknown)
        random = Random(f"{subject.demo.label} {start}")
        mean = subject.demo.pace_ms * random.uniform(0.9, 1.15)
        _time(day, mean, day.ok, mean * random.uniform(1.6, 3.2))


def _within(subject: Subject, grid: Grid, low: int, high: int, *, unknown: bool) -> int:
    return sum(
        grid.count(max(low, each.start), min(high, (each.end or subject.now) - 1))
        for each in subject.known
        if each.tool is Tool.STATUS and (each.word == "unknown") is unknown
    )


def _kept(
    days: defaultdict[date, DailyRollup], subject: Subject, tool: Tool
) -> Iterator[DailyRollup]:
    for when, day in days.items():
        day.site_id, day.tool, day.date = subject.site_id, tool.value, when
        yield day


def _gap(subject: Subject, schedule: Schedule, lost: list[int]) -> Iterator[Gap]:
    if lost:
        yield Gap(
            site_id=subject.site_id,
            tool=schedule.tool,
            kind=Gap.Kind.LOST,
            reason="scheduler_down",
            first_slot=lost[0],
            last_slot=lost[-1],
            cadence=schedule.cadence,
            count=len(lost),
        )


def _settle(schedule: Schedule, last: Check) -> None:
    schedule.latest_check = last.pk
    schedule.latest_status, schedule.latest_outcome = last.status, last.outcome
    schedule.latest_at = last.completed_at
    problem = str((last.error or {}).get("message", ""))
    schedule.latest_summary = in_words(Tool(schedule.tool), last.result, problem)
