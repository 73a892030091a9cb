"""Taking messages from a work queue that others take from as well."""

import asyncio
import json
from collections import deque
from contextlib import suppress
from typing import NamedTuple

from nats.aio.msg import Msg
from nats.errors import Error

from tocsin.runtime import metrics
from tocsin.runtime.bus.base import BusClosed
from tocsin.runtime.bus.nats.link import Link
from tocsin.runtime.bus.nats.topology import Queue

# How long one asking lasts: as long as it may take to notice that the server has forgotten it.
ASK_SECONDS = 2.0
# More than this is not asked for at once, so that what is there is shared among those who ask.
MOST_ASKED = 16
_ACKNOWLEDGED = "$JS.ACK."


class Message(NamedTuple):
    """A message that was taken; `sequence` is its number in the stream."""

    sequence: int
    payload: bytes


class Puller:
    """Takes messages of one queue, and holds them until they are acknowledged."""

    def __init__(self, link: Link, queue: Queue, most_asked: int = MOST_ASKED) -> None:
        self._link = link
        self._queue = queue
        self._most_asked = most_asked
        self._inbox = ""
        self._ready: deque[Message] = deque()
        self._held: dict[int, Msg] = {}
        self._arrived = asyncio.Event()
        self._closed = False
        self._asked = 0
        self._asked_until = 0.0

    @property
    def has_more(self) -> bool:
        """Say whether a message is here that nobody has taken."""
        return bool(self._ready)

    async def wait(self, want: int) -> None:
        """Ask for `want` messages and wait until one is here.

        Raises BusClosed once closed, and BusLost.
        """
        while not self._ready or self._closed:
            if self._closed:
                await self._return_ready()
                raise BusClosed
            self._link.require()
            await self._ask(min(want, self._most_asked))
            self._arrived.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._arrived.wait(), ASK_SECONDS)

    def next(self) -> Message | None:
        """Take a message that is here; None where there is none."""
        return self._ready.popleft() if self._ready else None

    async def acknowledge(self, sequence: int) -> None:
        """Say that a message has been dealt with; it does not come again."""
        await self._settle(sequence, Msg.Ack.Ack)

    async def refuse(self, sequence: int) -> None:
        """Say that a message can be dealt with by nobody; it does not come again."""
        await self._settle(sequence, Msg.Ack.Term)

    async def give_back(self, sequence: int) -> None:
        """Say that another should deal with a message."""
        await self._settle(sequence, Msg.Ack.Nak)

    async def beat(self) -> None:
        """Say of every message held that it is being dealt with."""
        for message in list(self._held.values()):
            await self._say(message, Msg.Ack.Progress)

    def close(self) -> None:
        """Take no more; who waits is told, and what comes nevertheless is given back."""
        self._closed = True
        self._arrived.set()

    async def _ask(self, want: int) -> None:
        now = asyncio.get_running_loop().time()
        if self._asked > 0 and now < self._asked_until:
            return
        if not self._inbox:
            self._inbox = self._link.client.new_inbox()
            await self._link.client.subscribe(self._inbox, cb=self._on_message)
        asking = {"batch": want, "expires": int(ASK_SECONDS * 1e9)}
        subject = f"$JS.API.CONSUMER.MSG.NEXT.{self._queue.stream}.{self._queue.taker}"
        # Where there is no connection, the next asking is soon enough.
        with suppress(Error):
            await self._link.client.publish(subject, json.dumps(asking).encode(), self._inbox)
        self._asked, self._asked_until = want, now + ASK_SECONDS

    async def _on_message(self, message: Msg) -> None:
        if not message.reply.startswith(_ACKNOWLEDGED):  # a word of the server's on the asking
            return
        facts = message.metadata
        sequence = facts.sequence.stream
        self._asked -= 1
        metrics.BUS_WAITING.labels(self._queue.label).set(facts.num_pending)
        if facts.num_delivered > 1:
            metrics.BUS_REDELIVERED.labels(self._queue.label).inc()
        # What comes again while we hold it is not to be done again.
        known = sequence in self._held
        self._held[sequence] = message
        if self._closed and not known:
            await self.give_back(sequence)
        elif not known:
            self._ready.append(Message(sequence, message.data))
        self._arrived.set()

    async def _return_ready(self) -> None:
        while self._ready:
            await self.give_back(self._ready.popleft().sequence)

    async def _settle(self, sequence: int, word: bytes) -> None:
        message = self._held.pop(sequence, None)
        if message is not None:
            await self._say(message, word)

    async def _say(self, message: Msg, word: bytes) -> None:
        # What is not said because the server cannot be reached, it finds out by our silence.
        with suppress(Error):
            await self._link.client.publish(message.reply, word)
