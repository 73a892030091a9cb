"""The slot ledger in words and cells: every check that was due, and what became of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tocsin.checks.claim_rules import GapKind, GapReason
from tocsin.checks.slot_queries import SlotGap
from tocsin.checks.slot_strip import Cell, CellState, SlotStrip

GAPS_SHOWN = 8
REASONS: dict[str, Promise] = {
    GapReason.SCHEDULER_DOWN: gettext_lazy("Tocsin was not running"),
    GapReason.WORKER_LOST: gettext_lazy("the worker that had them was lost"),
    GapReason.OVERLOAD: gettext_lazy("more was due than the workers get done"),
    GapReason.PREVIOUS_STILL_RUNNING: gettext_lazy("the check before still ran"),
    GapReason.PLAN_INACTIVE: gettext_lazy("the plan was inactive"),
    GapReason.SETTINGS_INVALID: gettext_lazy("the settings could not be used"),
    GapReason.TOOL_DISABLED: gettext_lazy("the tool was turned off"),
}
_WORDS: dict[CellState, Promise] = {
    CellState.NOTHING: gettext_lazy("nothing due"),
    CellState.RAN: gettext_lazy("ran on time"),
    CellState.LATE: gettext_lazy("ran late"),
    CellState.UNKNOWN: gettext_lazy("ran, state unknown"),
    CellState.SKIPPED: gettext_lazy("skipped"),
    CellState.LOST: gettext_lazy("lost"),
}


@dataclass(frozen=True, slots=True)
class Square:
    """One hour or day of the calendar."""

    state: str
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """One day of hours, or all days."""

    label: str
    squares: tuple[Square, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How many slots became what, for the legend."""

    state: str
    label: Promise
    count: int


@dataclass(frozen=True, slots=True)
class GapLine:
    """Slots in a row that did not run, in words."""

    gap: SlotGap
    state: str
    reason: Promise | str


@dataclass(frozen=True, slots=True)
class SlotCalendar:
    """What the page shows: `expected = ran + skipped + lost`, always."""

    expected: int
    ran: int
    skipped: int
    lost: int
    first: datetime
    counts: tuple[Count, ...]
    rows: tuple[Row, ...]
    is_hourly: bool
    gaps: tuple[GapLine, ...]
    more_gaps: int


def slot_calendar(strip: SlotStrip) -> SlotCalendar:
    """Put a tool's account into rows and words; newest gaps first."""
    account = strip.account
    skipped, lost = sum(account.skipped.values()), sum(account.lost.values())
    newest = account.gaps[::-1]
    return SlotCalendar(
        expected=account.expected,
        ran=account.ran,
        skipped=skipped,
        lost=lost,
        first=account.first,
        counts=tuple(_counts(strip, skipped, lost)),
        rows=tuple(_rows(strip)),
        is_hourly=strip.is_hourly,
        gaps=tuple(_gap(gap) for gap in newest[:GAPS_SHOWN]),
        more_gaps=max(0, len(newest) - GAPS_SHOWN),
    )


def _counts(strip: SlotStrip, skipped: int, lost: int) -> Iterator[Count]:
    account = strip.account
    numbers = {
        CellState.RAN: account.ran - account.late,
        CellState.LATE: account.late,
        CellState.UNKNOWN: account.unknown,
        CellState.SKIPPED: skipped,
        CellState.LOST: lost,
    }
    for state, count in numbers.items():
        yield Count(state.value, _WORDS[state], count)


def _rows(strip: SlotStrip) -> Iterator[Row]:
    for start in range(0, len(strip.cells), strip.columns):
        cells = strip.cells[start : start + strip.columns]
        label = date_format(cells[0].first, "D j") if strip.is_hourly else ""
        yield Row(label, tuple(_square(cell, strip) for cell in cells))


def _square(cell: Cell, strip: SlotStrip) -> Square:
    when = date_format(cell.first, _("D j M, H:i") if strip.is_hourly else _("D j M"))
    parts = [
        f"{count} {_WORDS[state]}"
        for state, count in (
            (CellState.LOST, cell.lost),
            (CellState.SKIPPED, cell.skipped),
            (CellState.UNKNOWN, cell.unknown),
            (CellState.LATE, cell.late),
        )
        if count
    ]
    if not parts:
        parts = [str(_WORDS[cell.state])]
    due = _("%(count)s due") % {"count": cell.due}
    return Square(cell.state.value, f"{when}: {due}, {', '.join(parts)}")


def _gap(gap: SlotGap) -> GapLine:
    kind = GapReason(gap.reason).kind
    state = CellState.LOST if kind is GapKind.LOST else CellState.SKIPPED
    return GapLine(gap, state.value, REASONS.get(gap.reason, gap.reason))
