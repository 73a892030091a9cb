"""Django's cache in the table that web processes share.

Sign-in counts its failures here, and remembers which codes of two-factor were used: what one
process has seen must count in the others, and `add` must succeed in one of them alone. A cache may
forget; this one does so only where a table of 32,768 entries is full.
"""

import math
import pickle
import time
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

from tocsin.kit import shared_table
from tocsin.kit.shared_table import ENTRY_BYTES, Entry

_OWNER = shared_table.owner("cache")


class SharedCache(BaseCache):
    """Small values by key. Raises ValueError for a value of more than `ENTRY_BYTES`, pickled."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Set a value where there is none; return whether there was none."""
        written = _written(value)
        with self._entry(key, version) as entry:
            now = time.monotonic()
            if _lives(entry, now):
                return False
            _write(entry, written, now, self._lifetime(timeout))
            return True

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Return a value, `default` where there is none."""
        with self._entry(key, version) as entry:
            if not _lives(entry, time.monotonic()):
                return default
            written = _read(entry)
        return pickle.loads(written)  # noqa: S301 — what these processes wrote, to memory of theirs

    def set(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Set a value."""
        written = _written(value)
        with self._entry(key, version) as entry:
            _write(entry, written, time.monotonic(), self._lifetime(timeout))

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Let a value live from now on; return whether there is one."""
        with self._entry(key, version) as entry:
            now = time.monotonic()
            if entry.slot is None or not _lives(entry, now):
                return False
            entry.table.until[entry.slot] = now + self._lifetime(timeout)
            return True

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Remove a value; return whether there was one."""
        with self._entry(key, version) as entry:
            lived = _lives(entry, time.monotonic())
            entry.remove()
            return lived

    def clear(self) -> None:
        """Remove every value, for every process."""
        shared_table.ours().clear(_OWNER)

    def _entry(self, key: Any, version: int | None) -> Entry:
        return shared_table.ours().entry(_OWNER, self.make_and_validate_key(key, version=version))

    def _lifetime(self, timeout: Any) -> float:
        if timeout is DEFAULT_TIMEOUT:
            timeout = self.default_timeout
        return math.inf if timeout is None else float(timeout)


def _lives(entry: Entry, now: float) -> bool:
    return entry.slot is not None and entry.table.until[entry.slot] > now


def _written(value: Any) -> bytes:
    written = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    if len(written) > ENTRY_BYTES:
        raise ValueError(f"{len(written)} bytes are too much for the shared cache")
    return written


def _write(entry: Entry, written: bytes, now: float, lifetime: float) -> None:
    slot = entry.claim(now)
    table, first = entry.table, slot * ENTRY_BYTES
    table.until[slot] = now  # dead while it is half written
    table.bytes[first : first + len(written)] = written
    table.states[slot] = len(written)
    table.used[slot] = now
    table.until[slot] = now + lifetime


def _read(entry: Entry) -> bytes:
    slot = 0 if entry.slot is None else entry.slot
    first = slot * ENTRY_BYTES
    return bytes(entry.table.bytes[first : first + entry.table.states[slot]])
