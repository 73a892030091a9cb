"""Slots: the moments at which automatic checks are due. Arithmetic on whole UTC epoch seconds.

A schedule's slots are its grid, `phase + n * cadence`, from its opening on. The opening itself is
the moment at which the tool was turned on: the first check is due at once, so that moment is the
first slot although it lies beside the grid. Every other slot lies on the grid, after the opening.
"""

from collections.abc import Iterator
from dataclasses import dataclass

DAY = 86_400
LEAST_LATENESS = 30.0
LATE_SHARE = 0.1
NEIGHBOURS = 12
_GOLDEN = 0x9E3779B1


@dataclass(frozen=True, slots=True)
class Grid:
    """The moments `phase + n * cadence`, in seconds."""

    phase: int
    cadence: int

    def at_or_before(self, moment: float) -> int:
        """Return the latest grid moment that is not after `moment`."""
        return int((moment - self.phase) // self.cadence) * self.cadence + self.phase

    def after(self, moment: float) -> int:
        """Return the first grid moment that is later than `moment`."""
        return self.at_or_before(moment) + self.cadence

    def at_or_after(self, moment: float) -> int:
        """Return the first grid moment that is not before `moment`."""
        before = self.at_or_before(moment)
        return before if before >= moment else before + self.cadence

    def holds(self, moment: int) -> bool:
        """Tell whether a moment lies on the grid."""
        return (moment - self.phase) % self.cadence == 0

    def count(self, first: float, last: float) -> int:
        """Count the grid moments of a closed range."""
        if last < first:
            return 0
        return max(0, (self.at_or_before(last) - self.at_or_after(first)) // self.cadence + 1)


@dataclass(frozen=True, slots=True)
class Run:
    """Slots in a row: `count` of them from `first` to `last`, `cadence` seconds apart."""

    first: int
    last: int
    cadence: int

    @property
    def count(self) -> int:
        """Return how many slots it has."""
        return (self.last - self.first) // self.cadence + 1

    @property
    def grid(self) -> Grid:
        """Return the grid that its slots lie on."""
        return Grid(self.first % self.cadence, self.cadence)

    def within(self, first: float, last: float) -> int:
        """Count its slots in a closed range."""
        return self.grid.count(max(first, self.first), min(last, self.last))

    def split(self, moment: float) -> "tuple[Run | None, Run | None]":
        """Part it into the slots before `moment` and those from `moment` on."""
        start = max(self.first, self.grid.at_or_after(moment))
        before = min(self.last, start - self.cadence)
        return (
            Run(self.first, before, self.cadence) if self.first <= before else None,
            Run(start, self.last, self.cadence) if start <= self.last else None,
        )

    def by_day(self) -> Iterator[tuple[int, int]]:
        """Yield the start of each UTC day that it touches, with the number of its slots there."""
        for day in range(self.first // DAY, self.last // DAY + 1):
            count = self.within(day * DAY, day * DAY + DAY - 1)
            if count:
                yield day * DAY, count


def phase_of(key: int, cadence: int) -> int:
    """Return a schedule's fixed phase from its row id, in seconds below the cadence.

    Blocks of neighbouring ids go around the interval by the golden ratio, so that any number of
    schedules loads it evenly; within a block ids follow each other by a second, so that what is
    claimed together lies together on disk.
    """
    block, member = divmod(key, NEIGHBOURS)
    start = ((block * _GOLDEN) % 2**32) * cadence >> 32
    return (start + member) % cadence


def expected(grid: Grid, opening: int, first: float, last: float) -> int:
    """Count the slots of a closed range: the opening if it lies there, and the grid after it."""
    opened = 1 if first <= opening <= last else 0
    return opened + grid.count(max(first, opening + 1), last)


def is_late(slot: float, began: float, cadence: int) -> bool:
    """Tell whether a run began more than max(30 s, 10 % of the cadence) after its slot."""
    return began - slot > max(LEAST_LATENESS, LATE_SHARE * cadence)
