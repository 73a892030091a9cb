"""The slot ledger: what became of every slot of a range. Contract, `GET /sites/{site}/slots`."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from math import ceil, floor, inf
from operator import or_
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from tocsin.access.principal import Principal
from tocsin.checks.claim_rules import GapKind
from tocsin.checks.models import Check, Gap, PastTimetable, Schedule
from tocsin.checks.slots import Grid, Run, expected
from tocsin.kit import clock
from tocsin.probes.contract import Outcome, RunReason, Tool
from tocsin.sites import queries as sites


@dataclass(frozen=True, slots=True)
class Span:
    """A closed range of time, epoch seconds."""

    first: float
    last: float


# Schedules of one site, each with the span that is asked for.
Held = Sequence[tuple[Schedule, Span]]


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
    return ledgers(principal, site_id, {tool: Span(first, last)}).get(tool)


def ledgers(
    principal: Principal, site_id: UUID, spans: Mapping[Tool, Span]
) -> Mapping[Tool, Ledger]:
    """Account for several tools, each over a span of its own; without those never turned on.

    Five queries, however many tools.
    """
    if sites.site(principal, site_id) is None:
        return {}
    now = clock.timestamp()
    held = [
        (
            schedule,
            Span(spans[Tool(schedule.tool)].first, min(spans[Tool(schedule.tool)].last, now)),
        )
        for schedule in Schedule.objects.filter(site_id=site_id, tool__in=spans)
    ]
    tables, gaps, ran = timetables(held), _gaps(held), _ran(held)
    return {
        Tool(schedule.tool): _account(
            schedule, span, tables[schedule.tool], gaps[schedule.tool], ran[schedule.tool]
        )
        for schedule, span in held
    }


def timetables(held: Held) -> Mapping[str, list[Timetable]]:
    """Return every timetable that each tool of a site has had within its span. One query."""
    found: defaultdict[str, list[Timetable]] = defaultdict(list)
    past = PastTimetable.objects.filter(
        _any_of(held, lambda span: Q(opening__lte=span.last, until__gte=span.first))
    )
    for table in past:
        grid = Grid(table.phase, table.cadence)
        found[table.tool].append(Timetable(grid, table.opening, table.until))
    for schedule, _span in held:
        # Turned off, the schedule has no slots of its own: what it had lies in the past ones.
        if schedule.next_slot is not None:
            own = Timetable(Grid(schedule.phase, schedule.cadence), schedule.since)
            found[schedule.tool].append(own)
    return found


def ran_within(held: Held) -> QuerySet[Check]:
    """Return the scheduled checks of each tool within its span."""
    within = _any_of(
        held,
        lambda span: Q(
            scheduled_for__gte=clock.from_timestamp(span.first),
            scheduled_for__lte=clock.from_timestamp(span.last),
        ),
        tool="type",
    )
    return Check.objects.filter(within, run_reason=RunReason.SCHEDULED.value)


def due_on(tables: Iterable[Timetable], first: float, last: float) -> int:
    """Count the slots that timetables have in a closed range."""
    return sum(
        expected(table.grid, table.opening, first, min(last, table.until)) for table in tables
    )


def _account(
    schedule: Schedule,
    span: Span,
    tables: Iterable[Timetable],
    gaps: Iterable[Gap],
    ran: tuple[int, int, int],
) -> Ledger:
    grid = Grid(schedule.phase, schedule.cadence)
    pending = _pending(schedule, grid, span.first, span.last)
    entries = tuple(entry for gap in gaps if (entry := _cut(gap, span.first, span.last)).count)
    return Ledger(
        tool=Tool(schedule.tool),
        expected=due_on(tables, span.first, span.last) - pending,
        ran=ran[0],
        late=ran[1],
        skipped=_reasons(entries, GapKind.SKIPPED),
        lost=_reasons(entries, GapKind.LOST),
        unknown=ran[2],
        pending=pending,
        gaps=entries,
    )


def _pending(schedule: Schedule, grid: Grid, first: float, last: float) -> int:
    held = None if schedule.inflight_reason else schedule.inflight_slot
    in_flight = 1 if held is not None and first <= held <= last else 0
    if schedule.next_slot is None:
        return in_flight
    return in_flight + expected(grid, schedule.since, max(first, schedule.next_slot), last)


def _gaps(held: Held) -> Mapping[str, list[Gap]]:
    found: defaultdict[str, list[Gap]] = defaultdict(list)
    overlaps = _any_of(held, lambda span: Q(first_slot__lte=span.last, last_slot__gte=span.first))
    for gap in Gap.objects.filter(overlaps).order_by("first_slot"):
        found[gap.tool].append(gap)
    return found


def _cut(gap: Gap, first: float, last: float) -> GapEntry:
    run = Run(gap.first_slot, gap.last_slot, gap.cadence)
    return GapEntry(
        first=max(run.first, run.grid.at_or_after(ceil(first))),
        last=min(run.last, run.grid.at_or_before(floor(last))),
        count=run.within(first, last),
        kind=gap.kind,
        reason=gap.reason,
    )


def _ran(held: Held) -> Mapping[str, tuple[int, int, int]]:
    """Count what ran, ran late, and ran without knowing the state."""
    counts = (
        ran_within(held)
        .values("type")
        .annotate(
            ran=Count("pk"),
            late=Count("pk", filter=Q(late=True)),
            unknown=Count("pk", filter=Q(outcome=Outcome.UNKNOWN.value)),
        )
        .order_by("type")
    )
    found: defaultdict[str, tuple[int, int, int]] = defaultdict(lambda: (0, 0, 0))
    for row in counts:
        found[row["type"]] = (row["ran"], row["late"], row["unknown"])
    return found


def _any_of(held: Held, within: Callable[[Span], Q], tool: str = "tool") -> Q:
    """Name the rows of any of these tools that lie within the tool's own span."""
    parts = (
        Q(**{"site_id": schedule.site_id, tool: schedule.tool}) & within(span)
        for schedule, span in held
    )
    return reduce(or_, parts, Q(pk__in=()))


def _reasons(gaps: tuple[GapEntry, ...], kind: GapKind) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for gap in gaps:
        if gap.kind == kind:
            counts[gap.reason] += gap.count
    return dict(counts)
