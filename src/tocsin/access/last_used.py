"""Remember when tokens were last used without a write for each request.

Uses are noted in memory and written in one batch a minute at most, by a thread of the process
that saw them (the server's entry point calls `uses.start`). A crash loses up to a minute of "last
used" and nothing else.
"""

import atexit
import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import Manager, Q

from tocsin.access.models import Token
from tocsin.kit import clock

log = logging.getLogger(__name__)

FLUSH_EVERY = timedelta(minutes=1)
COARSENESS = timedelta(minutes=5)


def is_due(stored: datetime | None, used: datetime) -> bool:
    """Decide whether a use is worth writing: the first, or later than the coarse step."""
    return stored is None or used - stored >= COARSENESS


class UseBuffer:
    """Latest use of each token since the last flush; safe to share between threads."""

    def __init__(self, write: Callable[[Mapping[int, datetime]], None]) -> None:
        self._write = write
        self._lock = threading.Lock()
        self._noted: dict[int, datetime] = {}
        self._thread: threading.Thread | None = None
        self._wake = threading.Event()

    def note(self, token_id: int, stored: datetime | None, used: datetime) -> None:
        """Note a use where it is due."""
        if not is_due(stored, used):
            return
        with self._lock:
            self._noted[token_id] = used

    def start(self) -> None:
        """Begin to write once a minute, until the process ends; once a process."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="token-last-used", daemon=True)
            self._thread.start()
            atexit.register(self.stop)

    def flush(self) -> int:
        """Write what is noted; return how many tokens. What fails to be written is dropped."""
        with self._lock:
            noted, self._noted = self._noted, {}
        if not noted:
            return 0
        try:
            self._write(noted)
        except DatabaseError as error:
            log.warning("last use of %d tokens was not written: %s", len(noted), error)
        return len(noted)

    def stop(self) -> None:
        """Write what is noted for the last time, and end the thread."""
        self._wake.set()
        thread = self._thread
        if thread is not None:
            thread.join(timeout=5)

    def _run(self) -> None:
        try:
            while not self._wake.wait(FLUSH_EVERY.total_seconds()):
                self.flush()
            self.flush()
        finally:
            connection.close()


def store(rows: Manager[Any], noted: Mapping[int, datetime]) -> None:
    """Store uses on rows that have a `last_used_at`: one statement for each minute."""
    by_minute: dict[datetime, list[int]] = {}
    for row_id, used in noted.items():
        by_minute.setdefault(used.replace(second=0, microsecond=0), []).append(row_id)
    for minute, row_ids in by_minute.items():
        earlier = Q(last_used_at__isnull=True) | Q(last_used_at__lt=minute)
        rows.filter(earlier, id__in=row_ids).update(last_used_at=minute)


def write(noted: Mapping[int, datetime]) -> None:
    """Store uses of tokens."""
    store(Token.objects, noted)


uses = UseBuffer(write)


def note(token_id: int, stored: datetime | None) -> None:
    """Note that a token was used just now."""
    uses.note(token_id, stored, clock.now())
