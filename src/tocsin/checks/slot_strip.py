"""The slot ledger as a calendar: what became of the slots of each hour, or of each day."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Q

from tocsin.access.principal import Principal
from tocsin.checks.claim_rules import GapKind, GapReason
from tocsin.checks.ledger import Held, Span, Timetable, due_on, ran_within, timetables
from tocsin.checks.models import Schedule
from tocsin.checks.periods import Period
from tocsin.checks.slot_queries import SlotAccount, SlotGap, accounts_of_site
from tocsin.checks.slots import Run
from tocsin.kit import clock
from tocsin.probes.contract import Outcome, Tool

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


@dataclass(frozen=True, slots=True)
class _Frame:
    """The cells of a strip: when each begins, how long it is, and how many make a row."""

    first: datetime
    size: timedelta
    starts: tuple[datetime, ...]
    columns: int


@dataclass(frozen=True, slots=True)
class _Marks:
    """How many slots of a cell, by its start, ran late or without knowing the state."""

    late: Counter[float] = field(default_factory=Counter)
    unknown: Counter[float] = field(default_factory=Counter)


def strip_of_site(principal: Principal, site_uuid: UUID, tool: Tool) -> SlotStrip:
    """Account for a tool's slots of the last week, or 30 days for a slow one. Raises NotFound."""
    return strips_of_site(principal, site_uuid, (tool,))[tool]


def strips_of_site(
    principal: Principal, site_uuid: UUID, tools: Collection[Tool]
) -> Mapping[Tool, SlotStrip]:
    """Do the same for several tools. Nine queries, however many. Raises NotFound."""
    rows = Schedule.objects.filter(site_id=site_uuid, tool__in=tools)
    schedules = {Tool(schedule.tool): schedule for schedule in rows}
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    frames = {tool: _frame(schedules.get(tool), midnight) for tool in tools}
    periods = {tool: Period(start=frame.first) for tool, frame in frames.items()}
    accounts = accounts_of_site(principal, site_uuid, periods)
    held = [(schedule, _span(accounts[tool], schedule)) for tool, schedule in schedules.items()]
    tables, marks = timetables(held), _marks(held, frames)
    strips = {}
    for tool, frame in frames.items():
        schedule, account = schedules.get(tool), accounts[tool]
        if schedule is None:
            cells = tuple(Cell(start, 0) for start in frame.starts)
        else:
            end = _span(account, schedule).last
            cells = tuple(_cells(frame, account, tables[schedule.tool], end, marks[tool]))
        strips[tool] = SlotStrip(account, cells, frame.columns)
    return strips


def _frame(schedule: Schedule | None, midnight: datetime) -> _Frame:
    hourly = schedule is None or schedule.cadence <= SLOWEST_BY_HOUR
    days, size = (HOURLY_DAYS, HOUR) if hourly else (DAILY_DAYS, DAY)
    first, count = midnight - DAY * (days - 1), days * (DAY // size)
    starts = tuple(first + size * number for number in range(count))
    return _Frame(first, size, starts, DAY // HOUR if hourly else count)


def _span(account: SlotAccount, schedule: Schedule) -> Span:
    last = account.last.timestamp()
    return Span(account.first.timestamp(), min(last, schedule.next_slot or last))


def _cells(
    frame: _Frame, account: SlotAccount, tables: list[Timetable], end: float, marks: _Marks
) -> Iterator[Cell]:
    for start in frame.starts:
        opening = start.timestamp()
        closing = opening + frame.size.total_seconds() - 1
        yield Cell(
            first=start,
            due=_due(tables, opening, min(closing, end - 1)),
            late=marks.late[opening],
            unknown=marks.unknown[opening],
            skipped=_within(account.gaps, GapKind.SKIPPED, opening, closing),
            lost=_within(account.gaps, GapKind.LOST, opening, closing),
        )


def _due(tables: Iterable[Timetable], first: float, last: float) -> int:
    return due_on(tables, first, last) if first <= last else 0


def _marks(held: Held, frames: Mapping[Tool, _Frame]) -> Mapping[Tool, _Marks]:
    """Count the late and the unknown ones among those that ran, by the start of their cell."""
    found: defaultdict[Tool, _Marks] = defaultdict(_Marks)
    marked = Q(late=True) | Q(outcome=Outcome.UNKNOWN.value)
    columns = ("type", "scheduled_for", "late", "outcome")
    rows: Iterable[Any] = ran_within(held).filter(marked).values_list(*columns)
    for kind, slot, is_late, outcome in rows:
        tool, seconds = Tool(kind), slot.timestamp()
        start = seconds - seconds % frames[tool].size.total_seconds()
        found[tool].late[start] += is_late
        found[tool].unknown[start] += outcome == Outcome.UNKNOWN
    return found


def _within(gaps: Iterable[SlotGap], kind: GapKind, first: float, last: float) -> int:
    return sum(
        _run_of(gap).within(first, last) for gap in gaps if GapReason(gap.reason).kind is kind
    )


def _run_of(gap: SlotGap) -> Run:
    first, last = int(gap.first.timestamp()), int(gap.last.timestamp())
    cadence = (last - first) // (gap.count - 1) if gap.count > 1 else 1
    return Run(first, last, cadence)
