"""A table in memory that the web processes of one machine share: a little data for many keys.

Of fixed size. Keys are hashed into buckets of a few entries; where one is full, a key whose time is
over goes, else the one longest unused. Each bucket has its lock, of the kernel's kind that a
process loses when it dies, so nobody waits for the dead. Whatever is half written then is either
not there or as it was.

The memory has no name: the supervisor makes it and hands it down. A process that was given none has
a table of its own. Keys are hashed with a secret that is made with the table, so that nobody can
choose them to meet in a bucket, and none can be read from it.
"""

import fcntl
import mmap
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from hashlib import blake2b
from types import TracebackType
from typing import Self

BUCKETS = 2048
WAYS = 16
ENTRY_BYTES = 960
ENTRY_NUMBERS = ENTRY_BYTES // 8
_HEAD = 4096
_SALT = 16
_FOREVER = -1  # mmap's word for memory without a file


class SharedTable:
    """Entries by key. `file` is the descriptor of `memory` where other processes have it too."""

    def __init__(self, memory: mmap.mmap, file: int | None = None) -> None:
        entries = (len(memory) - _HEAD) // (5 * 8 + ENTRY_BYTES)
        self.buckets = entries // WAYS
        self._salt = memory[:_SALT]
        self._file = file
        # Locks of files are a process's, not a thread's. One at a time in each process, too: of
        # several, the kernel would take some waiting in a circle for a deadlock.
        self._lock = threading.Lock()
        whole = memoryview(memory)
        columns = [whole[_HEAD + 8 * entries * n : _HEAD + 8 * entries * (n + 1)] for n in range(5)]
        self.keys, self.owners, self.states = (column.cast("Q") for column in columns[:3])
        self.used, self.until = (column.cast("d") for column in columns[3:])
        self.bytes = whole[_HEAD + 8 * entries * 5 :]
        self.numbers = self.bytes.cast("d")

    def entry(self, owner: bytes, key: str) -> "Entry":
        """Open the entry of a key that belongs to `owner`, eight bytes: a context manager."""
        digest = blake2b(owner + key.encode(), digest_size=8, key=self._salt).digest()
        return Entry(self, int.from_bytes(owner), int.from_bytes(digest) or 1)

    def clear(self, owner: bytes) -> None:
        """Remove every entry of an owner."""
        wanted = int.from_bytes(owner)
        for slot in self._slots_of(wanted):
            self.lock(slot // WAYS)
            if self.owners[slot] == wanted:  # and not somebody's who came in between
                self.keys[slot] = self.owners[slot] = 0
            self.unlock(slot // WAYS)

    def _slots_of(self, owner: int) -> Iterator[int]:
        """Find an owner's slots. Few of many are: bytes are searched faster than numbers."""
        owners, sought = self.owners.tobytes(), owner.to_bytes(8, sys.byteorder)
        found = owners.find(sought)
        while found >= 0:
            slot, beside = divmod(found, 8)
            if not beside:
                yield slot
            found = owners.find(sought, found + 1)

    def lock(self, bucket: int) -> None:
        """Keep every other thread and process out of a bucket."""
        self._lock.acquire()
        try:
            if self._file is not None:
                fcntl.lockf(self._file, fcntl.LOCK_EX, 1, bucket)
        except BaseException:
            self._lock.release()
            raise

    def unlock(self, bucket: int) -> None:
        """Let others at a bucket again."""
        try:
            if self._file is not None:
                fcntl.lockf(self._file, fcntl.LOCK_UN, 1, bucket)
        finally:
            self._lock.release()


class Entry:
    """One key's place, to be read and changed inside its `with` block only.

    `slot` is None where there is none. Of an entry there are `state`, an unsigned number of 64
    bits; when it was `used` and `until` when it counts, in seconds of the caller's clock; and
    `ENTRY_BYTES` or, seen so, `ENTRY_NUMBERS` of content.
    """

    __slots__ = ("_bucket", "_key", "_owner", "slot", "table")

    def __init__(self, table: SharedTable, owner: int, key: int) -> None:
        self.table = table
        self.slot: int | None = None
        self._owner = owner
        self._key = key
        self._bucket = key % table.buckets

    def __enter__(self) -> Self:
        """Lock the entry and look for it."""
        self.table.lock(self._bucket)
        first = self._bucket * WAYS
        keys = self.table.keys[first : first + WAYS].tolist()
        if self._key in keys:
            self.slot = first + keys.index(self._key)
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Unlock the entry."""
        self.table.unlock(self._bucket)

    def claim(self, now: float) -> int:
        """Return the entry's slot; a new one is empty and takes the least needed of its bucket."""
        if self.slot is not None:
            return self.slot
        table, first = self.table, self._bucket * WAYS
        slot = min(
            range(first, first + WAYS),
            key=lambda each: (table.keys[each] != 0, table.until[each] > now, table.used[each]),
        )
        # In this order, so that a process that dies in between leaves nobody's entry.
        table.keys[slot] = 0
        table.states[slot] = 0
        table.used[slot] = table.until[slot] = now
        table.owners[slot] = self._owner
        table.keys[slot] = self._key
        self.slot = slot
        return slot

    def remove(self) -> None:
        """Make the key unknown again."""
        if self.slot is not None:
            self.table.keys[self.slot] = self.table.owners[self.slot] = 0
            self.slot = None


def owner(name: str) -> bytes:
    """Return what a table knows an owner by; the same in every process."""
    return blake2b(name.encode(), digest_size=8).digest()


def size(buckets: int = BUCKETS) -> int:
    """Return how many bytes a table takes where every entry is in use; before, it takes less."""
    return _HEAD + buckets * WAYS * (5 * 8 + ENTRY_BYTES)


def create() -> int:
    """Make the memory of a table for child processes; return its descriptor. No name leads to it.

    Raises OSError.
    """
    if hasattr(os, "memfd_create"):
        file = os.memfd_create("tocsin")
    else:
        file, path = tempfile.mkstemp()
        os.unlink(path)  # noqa: PTH108 — mkstemp names it so
    os.ftruncate(file, size())
    os.pwrite(file, os.urandom(_SALT), 0)
    return file


def private(buckets: int = BUCKETS) -> SharedTable:
    """Make a table that only this process has."""
    memory = mmap.mmap(_FOREVER, size(buckets))
    memory[:_SALT] = os.urandom(_SALT)
    return SharedTable(memory)


def joined(file: int) -> SharedTable:
    """Open the table that `create` made, of which this process was given the descriptor."""
    os.set_inheritable(file, False)  # noqa: FBT003 — the only way to say it
    return SharedTable(mmap.mmap(file, size()), file)


_ours = private()


def join(file: int) -> None:
    """Make the given table the one of this process; before anything is counted."""
    global _ours  # noqa: PLW0603 — one table a process, replaced as a whole
    _ours = joined(file)


def ours() -> SharedTable:
    """Return the table of this process."""
    return _ours
