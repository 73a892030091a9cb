"""The fetcher: many requests at once on libcurl and epoll, connections kept, names looked up aside.

One thread owns it; only `wake` may be called from others.
"""

import socket
import time
from collections import deque
from typing import Generic, NamedTuple, TypeVar

import pycurl

from tocsin.probes.broken_links.handle import Answered, Fetch, Handle, HandleOptions
from tocsin.probes.egress import EgressPolicy
from tocsin.probes.lookup import Answer, LookupPool
from tocsin.probes.status.multi import Done, Multi

Tag = TypeVar("Tag")
NAME_TIMED_OUT = "the name servers did not answer in time"
UNSENDABLE = "The request cannot be sent"


class _Asked(NamedTuple, Generic[Tag]):
    expires: float
    waiting: list[tuple[Fetch, Tag]]


class Fetcher(Generic[Tag]):
    """Makes requests; `tag` is what the caller knows each by."""

    def __init__(self, options: HandleOptions, policy: EgressPolicy, lookups: LookupPool) -> None:
        self._options = options
        self._policy = policy
        self._lookups = lookups
        self._multi = Multi()
        self._idle: dict[bool, list[Handle]] = {False: [], True: []}
        self._transfers: dict[pycurl.Curl, tuple[Handle, Tag]] = {}
        self._names: dict[str, tuple[str, ...]] = {}
        self._asked: dict[str, _Asked[Tag]] = {}
        self._answers: deque[tuple[str, Answer]] = deque()
        self._ended: list[tuple[Tag, Answered]] = []
        self._open = 0

    @property
    def open(self) -> int:
        """How many requests were started and not yet returned."""
        return self._open

    def start(self, fetch: Fetch, tag: Tag) -> None:
        """Begin a request; its answer comes from a later `wait`."""
        self._open += 1
        target = fetch.target
        judge = self._policy.judge if target.is_literal else self._policy.judge_port
        refusal = judge(target.host, target.port)
        if refusal is not None:
            self._ended.append((tag, Answered(refusal=refusal, message=refusal.message)))
        elif target.is_literal:
            self._connect(fetch, tag, ())
        elif target.host in self._names:
            self._connect(fetch, tag, self._names[target.host])
        else:
            self._ask(fetch, tag)

    def wait(self, seconds: float) -> list[tuple[Tag, Answered]]:
        """Drive requests for at most `seconds`; return those that ended."""
        for done in self._multi.wait(0.0 if self._ended else seconds):
            self._end(done)
        while self._answers:
            self._looked_up(*self._answers.popleft())
        now = time.monotonic()
        for host in [host for host, asked in self._asked.items() if asked.expires <= now]:
            self._looked_up(host, Answer((), NAME_TIMED_OUT))
        ended, self._ended = self._ended, []
        self._open -= len(ended)
        return ended

    def wake(self) -> None:
        """End a `wait` early; safe from any thread and after `close`."""
        self._multi.wake()

    def close(self) -> None:
        """Drop what is under way and free everything."""
        for handle, _ in self._transfers.values():
            self._multi.remove(handle.curl)
            handle.close()
        for handle in (*self._idle[False], *self._idle[True]):
            handle.close()
        self._multi.close()

    def _ask(self, fetch: Fetch, tag: Tag) -> None:
        host = fetch.target.host
        if host in self._asked:
            self._asked[host].waiting.append((fetch, tag))
            return
        expires = time.monotonic() + self._options.connect_ms / 1000
        self._asked[host] = _Asked(expires, [(fetch, tag)])
        self._lookups.ask(host, socket.AF_UNSPEC, lambda answer: self._post(host, answer))

    def _post(self, host: str, answer: Answer) -> None:
        self._answers.append((host, answer))
        self._multi.wake()

    def _looked_up(self, host: str, answer: Answer) -> None:
        asked = self._asked.pop(host, None)
        if answer.error is None:
            self._names[host] = answer.addresses
        for fetch, tag in () if asked is None else asked.waiting:
            if answer.error is None:
                self._connect(fetch, tag, answer.addresses)
            else:
                message = f"{host} does not resolve: {answer.error}."
                failed = Answered(curl_error=pycurl.E_COULDNT_RESOLVE_HOST, message=message)
                self._ended.append((tag, failed))

    def _connect(self, fetch: Fetch, tag: Tag, addresses: tuple[str, ...]) -> None:
        reads = fetch.max_bytes > 0
        pool = self._idle[reads]
        handle = pool.pop() if pool else Handle(self._options, self._policy, reads=reads)
        try:
            handle.prepare(fetch, addresses)
            self._multi.add(handle.curl)
        except (UnicodeError, pycurl.error) as error:
            handle.close()
            failed = Answered(curl_error=pycurl.E_URL_MALFORMAT, message=f"{UNSENDABLE}: {error}.")
            self._ended.append((tag, failed))
        else:
            self._transfers[handle.curl] = (handle, tag)

    def _end(self, done: Done) -> None:
        handle, tag = self._transfers.pop(done.curl)
        self._multi.remove(done.curl)
        self._ended.append((tag, handle.read(done.error, done.message)))
        handle.release()
        self._idle[handle.reads].append(handle)
