"""Remembers in memory what was seen within the last minute."""

import threading
import time
from collections import OrderedDict

WINDOW_SECONDS = 60.0
MOST = 10_000


class RecentlySeen:
    """Says whether a key was not seen for a minute; safe to ask from many threads."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def is_news(self, key: str) -> bool:
        """Return True once a minute for each key. Bounded: the oldest keys are forgotten."""
        now = time.monotonic()
        with self._lock:
            if now - self._seen.get(key, -WINDOW_SECONDS) < WINDOW_SECONDS:
                return False
            self._seen[key] = now
            self._seen.move_to_end(key)
            if len(self._seen) > MOST:
                self._seen.popitem(last=False)
            return True
