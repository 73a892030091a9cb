"""Waiting until queued checks have ended, without using up what else the token may ask."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec

from tocsin_client.errors import RateLimitedError, WaitTimeoutError
from tocsin_client.resources import Check, Data
from tocsin_client.transport import Allowance, Transport

FIRST_PAUSE, GROWTH, LONGEST_PAUSE = 1.0, 1.5, 15.0  # seconds
SHARE = 0.5  # of the requests a minute, once more than that share of them is used
DEFAULT_TIMEOUT = 900.0  # a crawl may take 10 minutes

_decoder = msgspec.json.Decoder(Data[Check])


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the waiting is: what has ended, what has not, and the seconds since it began."""

    ended: tuple[Check, ...]
    pending: tuple[Check, ...]
    seconds: float


OnProgress = Callable[[Progress], object]


class QueuedChecks:
    """Checks as they were queued, in the order of the answer."""

    def __init__(self, transport: Transport, checks: list[Check]) -> None:
        self._transport, self.checks = transport, tuple(checks)

    def __iter__(self) -> Iterator[Check]:
        return iter(self.checks)

    def __len__(self) -> int:
        return len(self.checks)

    def __repr__(self) -> str:
        return f"<QueuedChecks {', '.join(check.type for check in self.checks)}>"

    def wait(
        self, timeout: float = DEFAULT_TIMEOUT, on_progress: OnProgress | None = None
    ) -> list[Check]:
        """Return the checks once all have ended; `timeout` in seconds.

        `on_progress` is called after every round of looking. Raises WaitTimeoutError, and
        whatever looking raises, such as NotFoundError for a check that was deleted.
        """
        started = time.monotonic()
        found, pause = list(self.checks), FIRST_PAUSE
        while True:
            self._look(found, started + timeout)
            progress = _progress(found, time.monotonic() - started)
            if on_progress is not None:
                on_progress(progress)
            if not progress.pending:
                return found
            wanted = _polite(pause, len(progress.pending), self._transport.allowance)
            if progress.seconds + wanted > timeout:
                raise _too_late(found)
            time.sleep(wanted)
            pause = min(LONGEST_PAUSE, pause * GROWTH)

    def _look(self, found: list[Check], deadline: float) -> None:
        """Look once at each pending check, and put what it is now in its place."""
        for index, check in enumerate(found):
            if check.is_terminal:
                continue
            patience = max(0.0, deadline - time.monotonic())
            try:
                answer = self._transport.send("GET", f"/checks/{check.uuid}", patience=patience)
            except RateLimitedError:
                raise _too_late(found) from None
            found[index] = _decoder.decode(answer).data


def _too_late(checks: list[Check]) -> WaitTimeoutError:
    return WaitTimeoutError(tuple(str(each.uuid) for each in checks if not each.is_terminal))


def _progress(checks: list[Check], seconds: float) -> Progress:
    ended = tuple(check for check in checks if check.is_terminal)
    pending = tuple(check for check in checks if not check.is_terminal)
    return Progress(ended, pending, seconds)


def _polite(pause: float, requests: int, allowance: Allowance | None) -> float:
    """Lengthen a pause where the rounds would eat up the token's requests a minute."""
    if allowance is None or allowance.remaining > allowance.limit * SHARE:
        return pause
    return max(pause, requests * 60 / (allowance.limit * SHARE))
