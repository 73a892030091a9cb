"""The browser's only way out: a local proxy that judges every connection by the egress policy."""

import asyncio
import socket
from contextlib import suppress
from urllib.parse import SplitResult, urlsplit

from tocsin.probes.egress import EgressPolicy, EgressRefused, Refusal, open_connection, resolve

CONNECT_SECONDS = 10.0
# Of one page with all that it loads; what is past it is cut off.
MAX_BYTES = 256 * 1024 * 1024
MAX_CONNECTIONS = 256
_CHUNK = 64 * 1024
_HEAD_LIMIT = 128 * 1024
# Headers between the browser and us; `Connection: close` makes it one request a connection.
_HOP_HEADERS = (b"proxy-connection:", b"proxy-authorization:", b"connection:", b"keep-alive:")

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class FilteringProxy:
    """Serves on a free port of 127.0.0.1; `refusals` are what it refused since `forget`."""

    def __init__(self, policy: EgressPolicy) -> None:
        self._policy = policy
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._bytes = 0
        self.refusals: list[Refusal] = []

    @property
    def port(self) -> int:
        """Return the port that it serves on. It must have been started."""
        if self._server is None:
            raise RuntimeError("The proxy has not been started.")
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def start(self) -> None:
        """Begin to serve."""
        self._server = await asyncio.start_server(
            self._serve, "127.0.0.1", 0, limit=_HEAD_LIMIT, backlog=MAX_CONNECTIONS
        )

    def forget(self) -> None:
        """Begin a new page: nothing refused and nothing carried yet."""
        self.refusals = []
        self._bytes = 0

    async def close(self) -> None:
        """Serve nobody any more."""
        if self._server is not None:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            return
        self._tasks.add(task)
        try:
            if len(self._tasks) <= MAX_CONNECTIONS:
                await self._answer(reader, writer)
        except (OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        except asyncio.CancelledError:
            # Only `close` cancels; asyncio's own callback cannot take a cancelled server task.
            pass
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        line, _, headers = head.partition(b"\r\n")
        method, target, _ = line.decode("latin-1").split(" ", 2)
        tunnel = method == "CONNECT"
        parts = urlsplit(f"//{target}" if tunnel else target)
        try:
            ahead = await self._connect(parts, 443 if tunnel else 80)
        except EgressRefused as refused:
            self.refusals.append(refused.refusal)
            await _refuse(writer, 403, refused.refusal.message)
            return
        except (OSError, TimeoutError) as error:
            await _refuse(writer, 502, str(error))
            return
        if tunnel:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            ahead[1].write(_forwarded(method, parts, headers))
        await self._relay((reader, writer), ahead)

    async def _connect(self, parts: SplitResult, default_port: int) -> Streams:
        """Connect to the first judged address that answers. Raises EgressRefused or OSError."""
        host, port = parts.hostname or "", parts.port or default_port
        failure: OSError = OSError("no address")
        for address in await resolve(host, port, self._policy):
            try:
                connection = await open_connection(
                    address, port, self._policy, timeout=CONNECT_SECONDS
                )
            except OSError as error:
                failure = error
                continue
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return await asyncio.open_connection(sock=connection)
        raise failure

    async def _relay(self, near: Streams, far: Streams) -> None:
        """Carry bytes both ways until one side ends or the page has had its share."""
        ways = [
            asyncio.create_task(self._carry(near[0], far[1])),
            asyncio.create_task(self._carry(far[0], near[1])),
        ]
        try:
            # The answer's end is the end; a browser that has asked may half-close.
            await ways[1]
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            far[1].close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while self._bytes < MAX_BYTES and (chunk := await reader.read(_CHUNK)):
                self._bytes += len(chunk)
                writer.write(chunk)
                await writer.drain()


def _forwarded(method: str, parts: SplitResult, headers: bytes) -> bytes:
    path = parts.path or "/"
    if parts.query:
        path = f"{path}?{parts.query}"
    kept = [
        line
        for line in headers.split(b"\r\n")
        if line and not line.lower().startswith(_HOP_HEADERS)
    ]
    first = f"{method} {path} HTTP/1.1".encode("latin-1")
    return b"\r\n".join((first, *kept, b"Connection: close", b"", b""))


async def _refuse(writer: asyncio.StreamWriter, code: int, message: str) -> None:
    body = message.encode()
    head = f"HTTP/1.1 {code} Refused\r\nContent-Type: text/plain; charset=utf-8\r\n"
    writer.write(f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
    await writer.drain()
