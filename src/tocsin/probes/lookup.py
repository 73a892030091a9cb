"""Names to addresses on threads of our own.

libcurl's resolver has twenty threads for all transfers, asyncio's a handful, and a dead name server
holds one for many seconds: twenty dead sites would make every healthy one time out. So names are
looked up here, on a pool wide enough for that, and libcurl is handed the addresses. The threads are
daemons, so that a process ends without waiting for a dead name server.
"""

import asyncio
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import SimpleQueue
from threading import Lock, Thread

import msgspec

MAX_THREADS = 256

Lookup = Callable[[str, socket.AddressFamily], Sequence[str]]


class Answer(msgspec.Struct, frozen=True):
    """What a lookup brought: addresses in the system's order of preference, or an error."""

    addresses: tuple[str, ...]
    error: str | None = None


OnAnswer = Callable[[Answer], None]


def system_lookup(host: str, family: socket.AddressFamily) -> Sequence[str]:
    """Ask the system's resolver; raise OSError or UnicodeError when the name has no address.

    Names below `localhost` are this machine (RFC 6761, section 6.3); not every resolver knows it.
    """
    if host.rstrip(".").lower().endswith(".localhost"):
        host = "localhost"
    found = socket.getaddrinfo(host, None, family=family, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


class LookupPool:
    """Daemon threads that are started as needed and wait for names."""

    def __init__(self, lookup: Lookup = system_lookup, max_threads: int = MAX_THREADS) -> None:
        self._lookup = lookup
        self._max_threads = max_threads
        self._jobs: SimpleQueue[tuple[str, socket.AddressFamily, OnAnswer] | None] = SimpleQueue()
        self._lock = Lock()
        self._threads = 0
        self._busy = 0

    def ask(self, host: str, family: socket.AddressFamily, on_answer: OnAnswer) -> None:
        """Look a name up; `on_answer` is called on a pool thread."""
        with self._lock:
            self._busy += 1
            grow = self._busy > self._threads and self._threads < self._max_threads
            self._threads += grow
        if grow:
            Thread(target=self._work, name="tocsin-lookup", daemon=True).start()
        self._jobs.put((host, family, on_answer))

    def close(self) -> None:
        """Let the threads end; one inside a lookup ends with it."""
        with self._lock:
            threads, self._threads = self._threads, self._max_threads
        for _ in range(threads):
            self._jobs.put(None)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            host, family, on_answer = job
            on_answer(self._answer(host, family))
            with self._lock:
                self._busy -= 1

    def _answer(self, host: str, family: socket.AddressFamily) -> Answer:
        try:
            addresses = tuple(self._lookup(host, family))
        except OSError as error:
            return Answer((), error.strerror or str(error))
        except Exception as error:  # noqa: BLE001 — a lookup thread must outlive any name
            return Answer((), str(error))
        return Answer(addresses, None if addresses else "the name has no address")


_shared = LookupPool()


async def look_up(host: str, family: socket.AddressFamily) -> Answer:
    """Look a name up on the process's own pool; a cancelled caller does not wait for it."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Answer] = loop.create_future()

    def settle(answer: Answer) -> None:
        if not future.done():
            future.set_result(answer)

    def on_answer(answer: Answer) -> None:
        with suppress(RuntimeError):  # the loop has ended, so nobody waits
            loop.call_soon_threadsafe(settle, answer)

    _shared.ask(host, family, on_answer)
    return await future
