"""A bounded number at once for every key; the others wait in the order they came."""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable

Start = Callable[[], None]


class Turnstile:
    """Lets `limit` pass at once for each key. Not thread-safe: one event loop uses it."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._inside: Counter[Hashable] = Counter()
        self._waiting: defaultdict[Hashable, deque[Start]] = defaultdict(deque)

    def enter(self, key: Hashable, start: Start) -> None:
        """Call `start` now, or as soon as someone with the same key has left."""
        if self._inside[key] < self._limit:
            self._inside[key] += 1
            start()
        else:
            self._waiting[key].append(start)

    def leave(self, key: Hashable) -> None:
        """Give the place to the next one who waits for it."""
        waiting = self._waiting.get(key)
        if waiting:
            start = waiting.popleft()
            if not waiting:
                del self._waiting[key]
            start()
        elif self._inside[key] > 1:
            self._inside[key] -= 1
        else:
            del self._inside[key]
