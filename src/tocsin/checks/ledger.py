"""The slot ledger: what became of every slot of a range. Contract, `GET /sites/{site}/slots`."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil, floor, inf
from uuid import UUID

from django.db.models import Count, Q

from tocsin.access.principal import Principal
from tocsin.checks.claim_rules import GapKind
from tocsin.checks.models import Check, Gap, PastTimetable, Schedule
from tocsin.checks.slots import Grid, Run, expected
from tocsin.kit import clock
from tocsin.probes.contract import Outcome, RunReason, Tool
from tocsin.sites import queries as sites


@dataclass(frozen=True, slots=True)
class GapEntry:
    """Slots in a row that did not run, cut to the range asked for; epoch seconds."""

    first: int
    last: int
    count: int
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Timetable:
    """When slots are due: at `opening` and, after it, on the grid, to `until` inclusive."""

    grid: Grid
    opening: int
    until: float = inf


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every slot of a closed range: `expected = ran + Σ skipped + Σ lost`.

    `late` and `unknown` are among those that ran. `pending` slots are in flight or wait to be
    claimed right now, so they are not expected to have ended yet.
    """

    tool: Tool
    expected: int
    ran: int
    late: int
    skipped: Mapping[str, int]
    lost: Mapping[str, int]
    unknown: int
    pending: int
    gaps: tuple[GapEntry, ...]


def ledger(
    principal: Principal, site_id: UUID, tool: Tool, *, first: float, last: float
) -> Ledger | None:
    """Account for a tool's slots at one site from `first` to `last`, epoch seconds, both included.

    What lies ahead is not expected yet. None where the principal may not see the site, or where the
    tool was never turned on.
    """
    if sites.site(principal, site_id) is None:
        return None
    schedule = Schedule.objects.filter(site_id=site_id, tool=tool.value).first()
    if schedule is None:
        return None
    last = min(last, clock.timestamp())
    gaps = _gaps(schedule, first, last)
    ran, late, unknown = _ran(schedule, first, last)
    grid = Grid(schedule.phase, schedule.cadence)
    due = _due(schedule, first, last)
    pending = _pending(schedule, grid, first, last)
    return Ledger(
        tool=tool,
        expected=due - pending,
        ran=ran,
        late=late,
        skipped=_reasons(gaps, GapKind.SKIPPED),
        lost=_reasons(gaps, GapKind.LOST),
        unknown=unknown,
        pending=pending,
        gaps=gaps,
    )


def timetables(schedule: Schedule, first: float, last: float) -> list[Timetable]:
    """Return every timetable that a tool has had within a range. One query."""
    past = PastTimetable.objects.filter(
        site_id=schedule.site_id, tool=schedule.tool, opening__lte=last, until__gte=first
    )
    tables = [
        Timetable(Grid(table.phase, table.cadence), table.opening, table.until) for table in past
    ]
    # Turned off, the schedule has no slots of its own: what it had lies in the past ones.
    if schedule.next_slot is not None:
        tables.append(Timetable(Grid(schedule.phase, schedule.cadence), schedule.since))
    return tables


def due_on(tables: Iterable[Timetable], first: float, last: float) -> int:
    """Count the slots that timetables have in a closed range."""
    return sum(
        expected(table.grid, table.opening, first, min(last, table.until)) for table in tables
    )


def _due(schedule: Schedule, first: float, last: float) -> int:
    """Count the slots of a range on every timetable that the tool has had there."""
    return due_on(timetables(schedule, first, last), first, last)


def _pending(schedule: Schedule, grid: Grid, first: float, last: float) -> int:
    held = None if schedule.inflight_reason else schedule.inflight_slot
    in_flight = 1 if held is not None and first <= held <= last else 0
    if schedule.next_slot is None:
        return in_flight
    return in_flight + expected(grid, schedule.since, max(first, schedule.next_slot), last)


def _gaps(schedule: Schedule, first: float, last: float) -> tuple[GapEntry, ...]:
    found = Gap.objects.filter(
        site_id=schedule.site_id, tool=schedule.tool, first_slot__lte=last, last_slot__gte=first
    ).order_by("first_slot")
    return tuple(entry for gap in found if (entry := _cut(gap, first, last)).count)


def _cut(gap: Gap, first: float, last: float) -> GapEntry:
    run = Run(gap.first_slot, gap.last_slot, gap.cadence)
    return GapEntry(
        first=max(run.first, run.grid.at_or_after(ceil(first))),
        last=min(run.last, run.grid.at_or_before(floor(last))),
        count=run.within(first, last),
        kind=gap.kind,
        reason=gap.reason,
    )


def _ran(schedule: Schedule, first: float, last: float) -> tuple[int, int, int]:
    counts = Check.objects.filter(
        site_id=schedule.site_id,
        type=schedule.tool,
        run_reason=RunReason.SCHEDULED.value,
        scheduled_for__gte=clock.from_timestamp(first),
        scheduled_for__lte=clock.from_timestamp(last),
    ).aggregate(
        ran=Count("pk"),
        late=Count("pk", filter=Q(late=True)),
        unknown=Count("pk", filter=Q(outcome=Outcome.UNKNOWN.value)),
    )
    return counts["ran"], counts["late"], counts["unknown"]


def _reasons(gaps: tuple[GapEntry, ...], kind: GapKind) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for gap in gaps:
        if gap.kind == kind:
            counts[gap.reason] += gap.count
    return dict(counts)
