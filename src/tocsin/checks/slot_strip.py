"""The slot ledger as a calendar: what became of the slots of each hour, or of each day."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Q

from tocsin.access.principal import Principal
from tocsin.checks.claim_rules import GapKind, GapReason
from tocsin.checks.ledger import Timetable, due_on, timetables
from tocsin.checks.models import Check, Schedule
from tocsin.checks.periods import Period
from tocsin.checks.slot_queries import SlotAccount, SlotGap, slots_of_site
from tocsin.checks.slots import Run
from tocsin.kit import clock
from tocsin.probes.contract import Outcome, RunReason, Tool

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOURLY_DAYS, DAILY_DAYS = 7, 30
# Slower tools have so few slots that an hour would be empty mostly.
SLOWEST_BY_HOUR = 6 * 3600


class CellState(StrEnum):
    """The worst that became of a cell's slots; in this order, the worst last."""

    NOTHING = "nothing"
    RAN = "ran"
    LATE = "late"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Cell:
    """The slots that were due from `first` on for an hour or a day, by what became of them."""

    first: datetime
    due: int
    late: int = 0
    unknown: int = 0
    skipped: int = 0
    lost: int = 0

    @property
    def state(self) -> CellState:
        """Return the worst of them."""
        if self.lost:
            return CellState.LOST
        if self.skipped:
            return CellState.SKIPPED
        if self.unknown:
            return CellState.UNKNOWN
        if self.late:
            return CellState.LATE
        return CellState.RAN if self.due else CellState.NOTHING


@dataclass(frozen=True, slots=True)
class SlotStrip:
    """A tool's account, and the same as cells in rows of `columns`, oldest first, days UTC."""

    account: SlotAccount
    cells: tuple[Cell, ...]
    columns: int

    @property
    def is_hourly(self) -> bool:
        """Tell whether a cell is an hour; else it is a day."""
        return self.columns == DAY // HOUR


def strip_of_site(principal: Principal, site_uuid: UUID, tool: Tool) -> SlotStrip:
    """Account for a tool's slots of the last week, or 30 days for a slow one. Raises NotFound.

    A constant number of queries.
    """
    schedule = Schedule.objects.filter(site_id=site_uuid, tool=tool.value).first()
    hourly = schedule is None or schedule.cadence <= SLOWEST_BY_HOUR
    days, size = (HOURLY_DAYS, HOUR) if hourly else (DAILY_DAYS, DAY)
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    first, count = midnight - DAY * (days - 1), days * (DAY // size)
    account = slots_of_site(principal, site_uuid, tool, Period(start=first))
    starts = [first + size * number for number in range(count)]
    if schedule is None:
        cells = tuple(Cell(start, 0) for start in starts)
    else:
        cells = tuple(_cells(starts, size, account, schedule))
    return SlotStrip(account, cells, DAY // HOUR if hourly else count)


def _cells(
    starts: list[datetime], size: timedelta, account: SlotAccount, schedule: Schedule
) -> Iterator[Cell]:
    end = min(account.last.timestamp(), schedule.next_slot or account.last.timestamp())
    tables = timetables(schedule, account.first.timestamp(), end)
    late, unknown = _marks(schedule, account, size)
    for start in starts:
        opening = start.timestamp()
        closing = opening + size.total_seconds() - 1
        yield Cell(
            first=start,
            due=_due(tables, opening, min(closing, end - 1)),
            late=late[opening],
            unknown=unknown[opening],
            skipped=_within(account.gaps, GapKind.SKIPPED, opening, closing),
            lost=_within(account.gaps, GapKind.LOST, opening, closing),
        )


def _due(tables: Iterable[Timetable], first: float, last: float) -> int:
    return due_on(tables, first, last) if first <= last else 0


def _marks(
    schedule: Schedule, account: SlotAccount, size: timedelta
) -> tuple[Counter[float], Counter[float]]:
    """Count the late and the unknown ones among those that ran, by the start of their cell."""
    late: Counter[float] = Counter()
    unknown: Counter[float] = Counter()
    rows: Iterable[Any] = Check.objects.filter(
        Q(late=True) | Q(outcome=Outcome.UNKNOWN.value),
        site_id=schedule.site_id,
        type=schedule.tool,
        run_reason=RunReason.SCHEDULED.value,
        scheduled_for__gte=account.first,
        scheduled_for__lte=account.last,
    ).values_list("scheduled_for", "late", "outcome")
    for slot, is_late, outcome in rows:
        seconds = slot.timestamp()
        start = seconds - seconds % size.total_seconds()
        late[start] += is_late
        unknown[start] += outcome == Outcome.UNKNOWN
    return late, unknown


def _within(gaps: Iterable[SlotGap], kind: GapKind, first: float, last: float) -> int:
    return sum(
        _run_of(gap).within(first, last) for gap in gaps if GapReason(gap.reason).kind is kind
    )


def _run_of(gap: SlotGap) -> Run:
    first, last = int(gap.first.timestamp()), int(gap.last.timestamp())
    cadence = (last - first) // (gap.count - 1) if gap.count > 1 else 1
    return Run(first, last, cadence)
