"""The engine: one thread that drives all status checks of a process on libcurl and epoll.

The thread owns every handle and journey. Others talk to it through a queue, and hear from it by
the callback that came with the request, called on the engine's thread.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from threading import Lock, Thread
from typing import NamedTuple

import msgspec
import pycurl

from tocsin.probes.contract import ProbeRequest
from tocsin.probes.egress import EgressPolicy
from tocsin.probes.lookup import Answer, Lookup, LookupPool, system_lookup
from tocsin.probes.status.failures import FailureCode
from tocsin.probes.status.handle import Attempt, Handle, HandleOptions
from tocsin.probes.status.journey import Ask, Journey, OnResult, Step
from tocsin.probes.status.limits import StatusLimits
from tocsin.probes.status.multi import Done, Multi
from tocsin.probes.status.report import Finding, build_result

log = logging.getLogger(__name__)

SWEEP_SECONDS = 0.1
# How long past its own time-out a transfer may stay before the engine takes it off libcurl.
GRACE_SECONDS = 1.0
IDLE_HANDLES = 256
RECOVERY_SECONDS = 0.1
CLOSE_SECONDS = 5.0
BROKEN = "The check broke down inside Tocsin."
CLOSED = "The status engine was closed."
NAME_TIMED_OUT = "the name servers did not answer in time"


class EngineOptions(msgspec.Struct, frozen=True):
    """What an engine is made with."""

    handles: HandleOptions
    limits: StatusLimits
    vantage: str = "local"


class _Transfer(NamedTuple):
    journey: Journey
    handle: Handle
    expires: float


class _Asked(NamedTuple):
    question: Ask
    expires: float


class StatusEngine:
    """Runs status checks; every request that was submitted is answered exactly once.

    `after_turn` is called on the engine's thread when a batch of results has been handed over.
    """

    def __init__(
        self,
        options: EngineOptions,
        policy: EgressPolicy,
        lookup: Lookup = system_lookup,
        after_turn: Callable[[], None] = lambda: None,
    ) -> None:
        self._options = options
        self._policy = policy
        self._lookups = LookupPool(lookup)
        self._after_turn = after_turn
        self._inbox: deque[Journey | tuple[Journey, Ask, Answer]] = deque()
        self._signalled = False
        self._closing = False
        self._door = Lock()
        self._idle: list[Handle] = []
        self._transfers: dict[pycurl.Curl, _Transfer] = {}
        self._asked: dict[Journey, _Asked] = {}
        self._next_sweep = 0.0
        self._multi = Multi()
        self._thread = Thread(target=self._main, name="tocsin-status", daemon=True)
        self._thread.start()

    def submit(self, request: ProbeRequest, on_result: OnResult) -> None:
        """Queue a check from any thread; `on_result` is called on the engine's thread.

        Raises RuntimeError once the engine is closed.
        """
        journey = Journey(request, on_result, self._policy, self._options.limits)
        with self._door:
            if self._closing:
                raise RuntimeError(CLOSED)
            self._post(journey)

    def close(self) -> None:
        """Answer everything still on its way as failed and end the thread. Blocks briefly."""
        with self._door:
            self._closing = True
        self._multi.wake()
        self._thread.join(CLOSE_SECONDS)
        self._lookups.close()

    def _post(self, item: Journey | tuple[Journey, Ask, Answer]) -> None:
        self._inbox.append(item)
        if not self._signalled:
            self._signalled = True
            self._multi.wake()

    # From here on everything runs on the engine's thread.

    def _main(self) -> None:
        while not self._closing:
            try:
                self._turn()
            except Exception:
                log.exception("The status engine stumbled; it starts afresh")
                self._start_afresh()
        self._end()

    def _turn(self) -> None:
        busy = self._transfers or self._asked
        for done in self._multi.wait(SWEEP_SECONDS if busy else None):
            self._ended(done)
        self._take_inbox()
        now = time.monotonic()
        if now >= self._next_sweep:
            self._next_sweep = now + SWEEP_SECONDS
            self._sweep(now)
        # Last, so that nothing lies unseen in a mailbox while the next turn waits.
        self._after_turn()

    def _take_inbox(self) -> None:
        # The flag falls before the queue is read: what comes in between is read or signals again.
        self._signalled = False
        while self._inbox:
            item = self._inbox.popleft()
            if isinstance(item, Journey):
                self._advance(item, item.begin)
            else:
                self._looked_up(*item)

    def _looked_up(self, journey: Journey, question: Ask, answer: Answer) -> None:
        asked = self._asked.get(journey)
        if asked is not None and asked.question is question:
            del self._asked[journey]
            self._advance(journey, partial(journey.looked_up, answer))

    def _ended(self, done: Done) -> None:
        transfer = self._transfers.pop(done.curl)
        self._multi.remove(done.curl)
        journey, handle = transfer.journey, transfer.handle
        self._advance(journey, lambda: journey.answered(handle.read(done.error, done.message)))
        self._put_back(handle)

    def _advance(self, journey: Journey, take_step: Callable[[], Step]) -> None:
        try:
            self._do(journey, take_step())
        except Exception:
            log.exception(
                "A status check could not be carried on", extra={"check": journey.request.check_id}
            )
            self._finish(journey, journey.fail(FailureCode.INTERNAL_ERROR, BROKEN))

    def _do(self, journey: Journey, step: Step) -> None:
        if isinstance(step, Finding):
            self._finish(journey, step)
        elif isinstance(step, Attempt):
            self._connect(journey, step)
        else:
            self._ask(journey, step)

    def _connect(self, journey: Journey, attempt: Attempt) -> None:
        handle = self._idle.pop() if self._idle else Handle(self._options.handles, self._policy)
        try:
            handle.prepare(attempt)
            self._multi.add(handle.curl)
        except Exception:
            handle.close()
            raise
        expires = time.monotonic() + attempt.total_ms / 1000 + GRACE_SECONDS
        self._transfers[handle.curl] = _Transfer(journey, handle, expires)

    def _ask(self, journey: Journey, question: Ask) -> None:
        self._asked[journey] = _Asked(question, time.monotonic() + question.seconds)
        self._lookups.ask(
            question.host,
            question.family,
            lambda answer: self._post((journey, question, answer)),
        )

    def _finish(self, journey: Journey, finding: Finding) -> None:
        result = build_result(journey.request, finding, self._options.vantage)
        try:
            journey.on_result(result)
        except Exception:
            log.exception(
                "A status result could not be handed over",
                extra={"check": journey.request.check_id},
            )

    def _put_back(self, handle: Handle) -> None:
        if len(self._idle) < IDLE_HANDLES:
            handle.release()
            self._idle.append(handle)
        else:
            handle.close()

    def _sweep(self, now: float) -> None:
        for journey in [late for late, asked in self._asked.items() if asked.expires <= now]:
            del self._asked[journey]
            self._advance(journey, partial(journey.looked_up, Answer((), NAME_TIMED_OUT)))
        for transfer in [late for late in self._transfers.values() if late.expires <= now]:
            self._take_off(transfer)
            journey = transfer.journey
            self._finish(journey, journey.fail(FailureCode.TIMEOUT, "The check took too long."))

    def _take_off(self, transfer: _Transfer) -> None:
        del self._transfers[transfer.handle.curl]
        self._multi.remove(transfer.handle.curl)
        transfer.handle.close()

    def _start_afresh(self) -> None:
        try:
            self._abandon(FailureCode.INTERNAL_ERROR, BROKEN)
            self._after_turn()
        except Exception:
            log.exception("Checks under way could not be answered")
        self._multi.close()
        while not self._closing:
            time.sleep(RECOVERY_SECONDS)
            try:
                self._multi = Multi()
            except Exception:
                log.exception("The status engine cannot start afresh yet")
            else:
                # Whoever submitted meanwhile has woken the closed one.
                self._multi.wake()
                return

    def _end(self) -> None:
        waiting = [item for item in self._inbox if isinstance(item, Journey)]
        self._inbox.clear()
        self._abandon(FailureCode.CANCELLED, CLOSED, also=waiting)
        self._after_turn()
        for handle in self._idle:
            handle.close()
        self._multi.close()

    def _abandon(self, code: FailureCode, message: str, also: Iterable[Journey] = ()) -> None:
        transfers, self._transfers = self._transfers, {}
        asked, self._asked = self._asked, {}
        for transfer in transfers.values():
            with suppress(pycurl.error):
                self._multi.remove(transfer.handle.curl)
            transfer.handle.close()
        for journey in (*(one.journey for one in transfers.values()), *asked, *also):
            self._finish(journey, journey.fail(code, message))
