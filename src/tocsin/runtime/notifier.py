"""The notifier role: claims what is due, sends it side by side, writes down how it went."""

import asyncio
from collections import Counter
from contextlib import suppress
from datetime import datetime
from typing import Protocol

import structlog

from tocsin.kit import clock
from tocsin.notifications.actions import escalating
from tocsin.notifications.actions.recording import Tried, record
from tocsin.notifications.claims import Claimed, claim, next_due
from tocsin.notifications.couriers import Courier
from tocsin.notifications.limits import LIMITS, Limits
from tocsin.notifications.messages import Attempt, AttemptError, Verdict
from tocsin.notifications.sending.sender import open_sender
from tocsin.runtime import metrics
from tocsin.runtime.database import DatabaseThread

log = structlog.get_logger(__name__)
# How long something new may wait to be noticed.
LONGEST_SLEEP = 0.5
# Between two batches, so that results gather: a transaction costs more than a row.
GATHER = 0.05
MOST_CLAIMED = 200
# How long messages under way may go on once the notifier is told to stop.
PATIENCE = 12.0


class Sender(Protocol):
    """Sends one message and tells how that ended."""

    async def send(self, claimed: Claimed) -> Attempt:
        """Try once, within the limits of time."""
        ...


class Notifier:
    """One loop that claims, as many attempts as fit, and one batch of records at a time."""

    def __init__(self, sender: Sender, limits: Limits = LIMITS) -> None:
        self._sender = sender
        self._limits = limits
        self._database = DatabaseThread("notifier")
        self._under_way: Counter[int] = Counter()
        self._attempts: set[asyncio.Task[None]] = set()
        self._tried: list[Tried] = []
        self._moved = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Send what is due until `stop`; then let what is under way end, and record it.

        What does not end in time is sent again, under the same id, once its lease runs out.
        """
        try:
            while not stop.is_set():
                moved = await self._step()
                if not moved:
                    await self._rest(stop)
            if self._attempts:
                await asyncio.wait(self._attempts, timeout=PATIENCE)
            await self._record()
        finally:
            for attempt in self._attempts:
                attempt.cancel()
            await self._database.close()

    async def _step(self) -> bool:
        """Record, escalate and claim once; return whether there may be more to do at once."""
        recorded = await self._record()
        due = await self._database.run(next_due)
        if due is None or due > clock.now():
            return recorded
        escalated = await self._database.run(escalating.fire, clock.now())
        return bool(await self._claim() or escalated or recorded)

    async def _claim(self) -> int:
        room = self._limits.at_once - len(self._attempts)
        if room <= 0:
            return 0
        claimed = await self._database.run(
            claim,
            clock.now(),
            dict(self._under_way),
            limit=min(room, MOST_CLAIMED),
            limits=self._limits,
        )
        for each in claimed:
            self._under_way[each.destination.pk] += 1
            attempt = asyncio.create_task(self._attempt(each))
            self._attempts.add(attempt)
            attempt.add_done_callback(self._attempts.discard)
        metrics.MESSAGES_UNDER_WAY.set(len(self._attempts))
        return len(claimed)

    async def _attempt(self, claimed: Claimed) -> None:
        at = clock.now()
        try:
            attempt = await self._sender.send(claimed)
        except Exception as error:  # one message that fails must not end the others
            log.exception("message failed", delivery=str(claimed.uuid))
            attempt = _broken(error, at)
        self._tried.append(Tried(claimed, at, attempt))
        self._moved.set()

    async def _record(self) -> bool:
        """Write down what has ended; only then may more go to those destinations."""
        tried, self._tried = self._tried, []
        if not tried:
            return False
        await self._database.run(record, tried)
        self._under_way.subtract(each.claimed.destination.pk for each in tried)
        self._under_way = +self._under_way
        for each in tried:
            metrics.ATTEMPTS.labels(each.attempt.verdict.value).inc()
        return True

    async def _rest(self, stop: asyncio.Event) -> None:
        """Wait for an attempt to end, for `stop`, or for as long as something new may wait."""
        self._moved.clear()
        told = asyncio.create_task(stop.wait())
        ended = asyncio.create_task(self._moved.wait())
        await asyncio.wait(
            (told, ended), timeout=LONGEST_SLEEP, return_when=asyncio.FIRST_COMPLETED
        )
        told.cancel()
        ended.cancel()
        if self._moved.is_set() and not stop.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), GATHER)


def _broken(error: Exception, began: datetime) -> Attempt:
    """Say that we ourselves could not send: that is a mistake of ours, and worth another try."""
    seconds = (clock.now() - began).total_seconds()
    return Attempt(
        verdict=Verdict.RETRY,
        duration_ms=round(seconds * 1000),
        error=AttemptError.INTERNAL_ERROR,
        detail=type(error).__name__,
    )


async def run(_worker: str, stop: asyncio.Event) -> None:
    """Run one notifier until `stop`."""
    async with open_sender() as sender:
        await Notifier(Courier(sender)).run(stop)
