"""How often something may happen: a sliding window a key, in the memory of this process.

Exact: never more than `limit` in any `seconds`, wherever the window is laid. Each web process
counts for itself, so where there are several their proxy sends a token to always the same one;
ADR 5.
"""

import math
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass

MOST_KEYS = 20_000


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
    """At most `limit` events in any `seconds` for each key; safe to share between threads."""

    def __init__(self, limit: int, seconds: int, now: Callable[[], float] = time.time) -> None:
        self.limit = limit
        self._seconds = seconds
        self._now = now
        self._lock = threading.Lock()
        self._events: OrderedDict[str, deque[float]] = OrderedDict()

    def hit(self, key: str) -> Quota:
        """Count an event; one that is refused does not count."""
        now = self._now()
        with self._lock:
            events = self._recent(key, now)
            if len(events) >= self.limit:
                return self._quota(events, now, refused=True)
            events.append(now)
            self._events[key] = events
            self._events.move_to_end(key)
            if len(self._events) > MOST_KEYS:
                self._events.popitem(last=False)
            return self._quota(events, now)

    def peek(self, key: str) -> Quota:
        """Tell what is left without counting anything."""
        now = self._now()
        with self._lock:
            return self._quota(self._recent(key, now), now)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._events.clear()

    def _recent(self, key: str, now: float) -> deque[float]:
        events = self._events.get(key)
        if events is None:
            return deque()
        while events and events[0] + self._seconds <= now:
            events.popleft()
        return events

    def _quota(self, events: deque[float], now: float, *, refused: bool = False) -> Quota:
        frees_at = (events[0] if events else now) + self._seconds
        return Quota(
            limit=self.limit,
            remaining=max(0, self.limit - len(events)),
            reset=math.ceil(frees_at),
            retry_after=max(1, math.ceil(frees_at - now)) if refused else 0,
        )


def tighter(first: Quota, second: Quota) -> Quota:
    """Return the quota that refuses first."""
    return min(first, second, key=lambda quota: (quota.allowed, quota.remaining))
