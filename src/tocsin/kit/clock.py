"""The one place that asks what time it is, so that tests can say it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

_source = time.time


def timestamp() -> float:
    """Return the current moment in UTC epoch seconds."""
    return _source()


def now() -> datetime:
    """Return the current moment, aware, in UTC."""
    return datetime.fromtimestamp(_source(), UTC)


def from_timestamp(seconds: float) -> datetime:
    """Turn UTC epoch seconds into an aware moment."""
    return datetime.fromtimestamp(seconds, UTC)


@contextmanager
def frozen(seconds: float) -> Iterator[None]:
    """Stop the clock of this process at `seconds` since the epoch; for tests."""
    global _source  # noqa: PLW0603 — one clock a process, replaced as a whole
    previous = _source
    _source = lambda: seconds  # noqa: E731 — shorter than a named function of one value
    try:
        yield
    finally:
        _source = previous
