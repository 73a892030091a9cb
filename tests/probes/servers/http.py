"""A small HTTP site on loopback that answers whatever bytes a test gives it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

Reply = bytes | Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def response(code: int = 200, body: bytes = b"hello", **headers: str) -> bytes:
    """Build a whole response; `Content_Type="x"` becomes a header."""
    lines = [f"HTTP/1.1 {code} Whatever", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def redirect(location: str, code: int = 302) -> bytes:
    """Build a redirect."""
    return response(code, b"", Location=location)


class Site:
    """Answers by path and remembers what it was asked: one string a request head."""

    def __init__(self, routes: Mapping[str, Reply] | None = None) -> None:
        self.routes: dict[str, Reply] = dict(routes or {"/": response()})
        self.heads: list[str] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        except asyncio.IncompleteReadError:
            return
        self.heads.append(head)
        reply = self.routes.get(head.split(" ", 2)[1], response(404))
        if isinstance(reply, bytes):
            writer.write(reply)
            await writer.drain()
        else:
            await reply(reader, writer)
