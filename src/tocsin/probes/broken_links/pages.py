"""Where a page's links come from: a child process that parses what HTTP brought.

`PageSource` is the seam for pages that only a browser can read (see `rendering`): a source may take
its time, and the crawl goes on meanwhile.
"""

import os
import selectors
import subprocess
import sys
import time
from contextlib import suppress
from typing import NamedTuple, Protocol

import msgspec

from tocsin.probes.broken_links.exchange import LENGTH, Page, PageLinks
from tocsin.probes.broken_links.jobs import Job

READER = "tocsin.probes.broken_links.reading"
# After so many lost children the site is hostile, and its pages are not read any more.
MAX_LOST = 5
_CHUNK = 1 << 16


class Read(NamedTuple):
    """A page that was read for a job; `links` is None where it could not be."""

    job: Job
    page: Page
    links: PageLinks | None


class PageSource(Protocol):
    """Turns pages into their links. All of it is called on the crawl's thread."""

    js_rendered: bool

    @property
    def waiting(self) -> int:
        """Return how many pages `finished` has not returned yet."""
        ...

    def read(self, job: Job, page: Page) -> None:
        """Begin to read a page."""
        ...

    def finished(self) -> list[Read]:
        """Return the pages that have been read since it was last asked."""
        ...

    def close(self) -> None:
        """Let go of everything."""
        ...


class PlainPages:
    """Parses pages as they came over HTTP, in a child that is replaced when it is lost."""

    js_rendered = False

    def __init__(self, page_seconds: float = 3.0) -> None:
        self._page_seconds = page_seconds
        self._child: subprocess.Popen[bytes] | None = None
        self._lost = 0
        self._finished: list[Read] = []
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(PageLinks)

    @property
    def waiting(self) -> int:
        """Return how many pages `finished` has not returned yet."""
        return len(self._finished)

    def read(self, job: Job, page: Page) -> None:
        """Read a page at once."""
        self._finished.append(Read(job, page, self.links(page)))

    def finished(self) -> list[Read]:
        """Return the pages that have been read since it was last asked."""
        finished, self._finished = self._finished, []
        return finished

    def links(self, page: Page) -> PageLinks | None:
        """Return a page's links; None where the child took too long, too much, or broke down."""
        if self._lost >= MAX_LOST:
            return None
        try:
            return self._decoder.decode(self._ask(self._encoder.encode(page)))
        except (OSError, EOFError, TimeoutError, msgspec.DecodeError):
            self._lost += 1
            self.close()
            return None

    def close(self) -> None:
        """End the child."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    def _ask(self, content: bytes) -> bytes:
        child = self._child = self._child or _start()
        if child.stdin is None or child.stdout is None:
            raise EOFError
        talk = _Talk(child.stdin.fileno(), child.stdout.fileno(), self._page_seconds)
        return talk.exchange(LENGTH.pack(len(content)) + content)


class _Talk:
    """One question and its answer over two pipes, within a time."""

    def __init__(self, to_child: int, from_child: int, seconds: float) -> None:
        self._to_child, self._from_child = to_child, from_child
        self._expires = time.monotonic() + seconds

    def exchange(self, frame: bytes) -> bytes:
        """Send a frame and return the answer. Raises TimeoutError, EOFError, OSError."""
        left = memoryview(frame)
        while left:
            self._await(self._to_child, selectors.EVENT_WRITE)
            left = left[os.write(self._to_child, left[:_CHUNK]) :]
        (length,) = LENGTH.unpack(self._read(LENGTH.size))
        return self._read(length)

    def _read(self, length: int) -> bytes:
        parts: list[bytes] = []
        while length:
            self._await(self._from_child, selectors.EVENT_READ)
            part = os.read(self._from_child, min(length, _CHUNK))
            if not part:
                raise EOFError
            parts.append(part)
            length -= len(part)
        return b"".join(parts)

    def _await(self, pipe: int, event: int) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, event)
            if not selector.select(max(0.0, self._expires - time.monotonic())):
                raise TimeoutError


def _start() -> "subprocess.Popen[bytes]":
    # Isolated and with an empty environment: what parses hostile bytes knows no secret.
    command = [sys.executable, "-I", "-m", READER]
    child = subprocess.Popen(  # noqa: S603 — our own interpreter and module
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
    )
    if child.stdin is not None:
        os.set_blocking(child.stdin.fileno(), False)
    return child
