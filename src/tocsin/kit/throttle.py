"""How often something may happen: a sliding window a key, for all web processes of a machine.

Exact: never more than `limit` in any `seconds`, wherever the window is laid, because the moment of
each event is kept; see ADR 5.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from tocsin.kit import shared_table
from tocsin.kit.shared_table import ENTRY_NUMBERS, Entry, SharedTable

_COUNT = 2**32


@dataclass(frozen=True, slots=True)
class Quota:
    """What is left: `reset` is in epoch seconds, `retry_after` in seconds and 0 where allowed."""

    limit: int
    remaining: int
    reset: int
    retry_after: int = 0

    @property
    def allowed(self) -> bool:
        """Say whether the event that was counted may happen."""
        return self.retry_after == 0


class SlidingWindow:
    """At most `limit` events in any `seconds` for each key; safe for threads and processes.

    Windows of one name share their counts, in whichever process. `now` is the clock of the window
    and the same in all processes of a machine, `wall` the one that `reset` is told by.
    """

    def __init__(
        self,
        name: str,
        limit: int,
        seconds: int,
        *,
        now: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        table: SharedTable | None = None,
    ) -> None:
        if not 0 < limit <= ENTRY_NUMBERS:
            raise ValueError(f"a window counts to {ENTRY_NUMBERS} at most")
        self.limit = limit
        self._owner = shared_table.owner(name)
        self._seconds = seconds
        self._now = now
        self._wall = wall
        self._given = table

    def hit(self, key: str) -> Quota:
        """Count an event; one that is refused does not count."""
        with self._table.entry(self._owner, key) as entry:
            now = self._now()  # once nobody else can count any more: moments never go back
            slot = entry.claim(now)
            recent = self._recent(entry, now)
            if recent.events >= self.limit:
                return self._quota(recent, now, refused=True)
            return self._quota(self._counted(entry.table, slot, recent, now), now)

    def peek(self, key: str) -> Quota:
        """Tell what is left without counting anything."""
        with self._table.entry(self._owner, key) as entry:
            now = self._now()
            return self._quota(self._recent(entry, now), now)

    def clear(self) -> None:
        """Forget everything that was counted by this window, in every process."""
        self._table.clear(self._owner)

    @property
    def _table(self) -> SharedTable:
        return self._given or shared_table.ours()

    def _recent(self, entry: Entry, now: float) -> "_Recent":
        table, slot = entry.table, entry.slot
        if slot is None:
            return _Recent(0, 0, now)
        place = slot * ENTRY_NUMBERS
        first, count = divmod(table.states[slot], _COUNT)
        while count and table.numbers[place + first] + self._seconds <= now:
            first, count = (first + 1) % self.limit, count - 1
        return _Recent(first, count, table.numbers[place + first] if count else now)

    def _counted(self, table: SharedTable, slot: int, recent: "_Recent", now: float) -> "_Recent":
        # What is over goes before its place is taken, and the event is there before it counts:
        # so that a process may die anywhere in between.
        table.states[slot] = recent.first * _COUNT + recent.events
        last = (recent.first + recent.events) % self.limit
        table.numbers[slot * ENTRY_NUMBERS + last] = now
        table.states[slot] = recent.first * _COUNT + recent.events + 1
        table.used[slot] = now
        table.until[slot] = now + self._seconds
        return _Recent(recent.first, recent.events + 1, recent.oldest)

    def _quota(self, recent: "_Recent", now: float, *, refused: bool = False) -> Quota:
        frees_in = recent.oldest + self._seconds - now
        return Quota(
            limit=self.limit,
            remaining=self.limit - recent.events,
            reset=math.ceil(self._wall() + frees_in),
            retry_after=max(1, math.ceil(frees_in)) if refused else 0,
        )


class _Recent(NamedTuple):
    """The events that count now: `events` moments of the ring from place `first`."""

    first: int
    events: int
    oldest: float


def tighter(first: Quota, second: Quota) -> Quota:
    """Return the quota that refuses first."""
    return min(first, second, key=lambda quota: (quota.allowed, quota.remaining))
