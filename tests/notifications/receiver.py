"""A recording receiver on loopback: real HTTP, with every way to answer badly."""

import asyncio
import contextlib
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.probes.tls_server import serving

Reader, Writer = asyncio.StreamReader, asyncio.StreamWriter
Behaviour = Callable[[Writer], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came over the wire; names of headers are lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Return the body, read as JSON."""
        return json.loads(self.body)

    @property
    def path(self) -> str:
        """Return the path without the query."""
        return urlsplit(self.target).path

    @property
    def query(self) -> str:
        """Return the query string, raw."""
        return urlsplit(self.target).query

    @property
    def parameters(self) -> dict[str, str]:
        """Return the query's names and values, decoded."""
        return dict(parse_qsl(self.query, keep_blank_values=True, strict_parsing=True))

    @property
    def delivery(self) -> str:
        """Return the id that stays the same across retries."""
        return self.headers["x-tocsin-delivery"]


@dataclass
class Receiver:
    """Keeps what it receives and answers by path, else as `default` says.

    `answers` of a path are used up in order; the last one stays. `arrived` is set anew with each
    request; `wait_for(n)` returns once n have come.
    """

    default: Behaviour
    port: int = 0
    scheme: str = "http"
    received: list[Received] = field(default_factory=list)
    answers: dict[str, list[Behaviour]] = field(default_factory=dict)
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def url(self) -> str:
        """Return where it listens, without a path."""
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def answering(self, path: str, *behaviours: Behaviour) -> str:
        """Answer requests for `path` with these in turn; return the path's URL."""
        self.answers[path] = list(behaviours)
        return self.url + path

    async def wait_for(self, count: int, seconds: float = 10) -> None:
        """Wait until `count` requests have come."""
        async with asyncio.timeout(seconds), self.arrived:
            await self.arrived.wait_for(lambda: len(self.received) >= count)

    async def __call__(self, reader: Reader, writer: Writer) -> None:
        """Serve one connection, which carries one request."""
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            request = await _read(reader)
            async with self.arrived:
                self.received.append(request)
                self.arrived.notify_all()
            await self._behaviour(request.path)(writer)

    def _behaviour(self, path: str) -> Behaviour:
        left = self.answers.get(path)
        if not left:
            return self.default
        return left.pop(0) if len(left) > 1 else left[0]


def status(code: int, body: bytes = b"", **headers: str) -> Behaviour:
    """Answer with a status; `Retry_After="5"` becomes a header."""

    async def answer(writer: Writer) -> None:
        lines = [f"HTTP/1.1 {code} Whatever", f"Content-Length: {len(body)}", "Connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        await writer.drain()

    return answer


OK = status(200, b"ok")


def redirect(location: str, code: int = 302) -> Behaviour:
    """Send the sender elsewhere."""
    return status(code, Location=location)


def after(event: asyncio.Event, then: Behaviour = OK) -> Behaviour:
    """Answer slowly: once the test says so."""

    async def answer(writer: Writer) -> None:
        await event.wait()
        await then(writer)

    return answer


async def hang(_writer: Writer) -> None:
    """Never answer."""
    await asyncio.Event().wait()


async def hang_in_headers(writer: Writer) -> None:
    """Begin an answer and never go on."""
    writer.write(b"HTTP/1.1 200 OK\r\nServer: slow\r\n")
    await asyncio.Event().wait()


async def hang_in_body(writer: Writer) -> None:
    """Say 200 and promise a body that never comes."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nand")
    await asyncio.Event().wait()


async def reset(writer: Writer) -> None:
    """Cut the connection without an answer."""
    writer.transport.abort()


async def stream_for_ever(writer: Writer) -> None:
    """Say 200 and never stop talking."""
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    with contextlib.suppress(ConnectionError):
        while True:
            writer.write(b"x" * 16_384)
            await writer.drain()


async def stream_headers(writer: Writer) -> None:
    """Never stop sending headers."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    with contextlib.suppress(ConnectionError):
        while True:
            writer.write(b"X-Filler: " + b"x" * 8_000 + b"\r\n")
            await writer.drain()


async def drip(writer: Writer) -> None:
    """Answer 200 byte by byte, and never come to an end."""
    writer.write(b"HTTP/1.1 200 OK\r\nX-Filler: ")
    with contextlib.suppress(ConnectionError):
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.01)  # this is what it is about


async def talk_nonsense(writer: Writer) -> None:
    """Speak no HTTP."""
    writer.write(b"\x00\xff* OK IMAP4rev1 ready\r\n" * 8)
    await writer.drain()


@contextlib.asynccontextmanager
async def receiving(
    default: Behaviour = OK, context: ssl.SSLContext | None = None
) -> AsyncIterator[Receiver]:
    """Run a receiver on a free port of 127.0.0.1; with TLS where a context is given."""
    receiver = Receiver(default, scheme="http" if context is None else "https")
    async with serving(receiver, context) as port:
        receiver.port = port
        yield receiver


@contextlib.contextmanager
def receiving_aside(default: Behaviour = OK) -> Iterator[Receiver]:
    """Run a receiver on a thread of its own, for senders that are not asynchronous."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    serving_one = receiving(default)
    yield asyncio.run_coroutine_threadsafe(serving_one.__aenter__(), loop).result(5)
    ended = serving_one.__aexit__(None, None, None)
    asyncio.run_coroutine_threadsafe(ended, loop).result(5)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
    loop.close()


async def _read(reader: Reader) -> Received:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    method, target, _ = first.split(" ", 2)
    pairs = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Received(method, target, headers, body)
