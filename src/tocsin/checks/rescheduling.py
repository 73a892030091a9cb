"""What a change of settings does to a schedule's slots: a pure decision.

The slots before the change stay what they were, due at their moments and accounted for; the new
ones begin after them. So no slot is counted on two grids, and none falls between two.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tocsin.checks.claim_rules import GapReason, Unrun
from tocsin.checks.slots import Grid, Run


@dataclass(frozen=True, slots=True)
class Timetable:
    """A schedule's slots: `opening`, then its grid. `next_slot` is the first that is unclaimed."""

    grid: Grid
    opening: int
    next_slot: int


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a timetable.

    `timetable` is None where nothing is due any more. The slots before the change end with
    `past_until`, None where there were none. `unrun` were due and will not run.
    """

    timetable: Timetable | None
    past_until: int | None
    unrun: tuple[Unrun, ...]


def opened(grid: Grid, now: int, past_until: int | None = None) -> Timetable:
    """Begin: the first slot is now, or right after the slots of an earlier time."""
    opening = now if past_until is None else max(now, past_until + 1)
    return Timetable(grid, opening, next_slot=opening)


def moved(old: Timetable, grid: Grid, now: int) -> Change:
    """Go on by another grid.

    A slot that is due right now still runs, unless the new grid has had a later one meanwhile:
    then it was missed, like all before it.
    """
    latest = _latest_due(old, now)
    if latest is not None and grid.at_or_before(now) <= latest:
        missed = tuple(_unrun(old, latest - 1))
        return Change(Timetable(grid, latest, latest), _until(old, latest - 1), missed)
    first = grid.after(now)
    missed = tuple(_unrun(old, now))
    return Change(Timetable(grid, first, first), _until(old, now), missed)


def stopped(old: Timetable, now: int) -> Change:
    """Come to an end: the tool was turned off. A slot that is due right now is skipped for it."""
    latest = _latest_due(old, now)
    if latest is None:
        return Change(None, _until(old, now), ())
    skipped = Unrun(Run(latest, latest, old.grid.cadence), GapReason.TOOL_DISABLED)
    return Change(None, _until(old, now), (*_unrun(old, latest - 1), skipped))


def _latest_due(table: Timetable, now: int) -> int | None:
    if table.next_slot > now:
        return None
    return max(table.grid.at_or_before(now), table.next_slot)


def _until(table: Timetable, moment: int) -> int | None:
    """Return the end of the slots before a change, None where they had not begun."""
    return moment if table.opening <= moment else None


def _unrun(table: Timetable, last: int) -> Iterator[Unrun]:
    """Yield the unclaimed slots to `last`. More than one at once means that nobody scheduled."""
    for run in unclaimed(table.grid, table.next_slot, last):
        yield Unrun(run, GapReason.SCHEDULER_DOWN)


def unclaimed(grid: Grid, first: int, last: int) -> Iterator[Run]:
    """Yield the slots from an unclaimed one to `last`; an opening beside the grid by itself."""
    if first > last:
        return
    if not grid.holds(first):
        yield Run(first, first, grid.cadence)
        first = grid.after(first)
    if first <= last:
        yield Run(first, grid.at_or_before(last), grid.cadence)
