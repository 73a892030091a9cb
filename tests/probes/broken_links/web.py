"""A small web server for crawls: answers by path, keeps connections, knows HEAD."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Reply:
    """One response; without `body_length` the length is that of the body."""

    code: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """One request; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]


Route = Reply | Callable[[Asked], Awaitable[Reply]]


def page(markup: str | bytes, content_type: str = HTML) -> Reply:
    """Build an HTML page."""
    body = markup.encode() if isinstance(markup, str) else markup
    return Reply(200, body, {"Content-Type": content_type})


def links(*addresses: str) -> Reply:
    """Build a page that links to each address."""
    return page("".join(f'<a href="{address}">to {address}</a>' for address in addresses))


def moved(location: str, code: int = 302, **headers: str) -> Reply:
    """Build a redirect; `Set_Cookie="x"` becomes a header."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(code, b"", {"Location": location, **named})


class Web:
    """Serves routes and remembers what it was asked."""

    def __init__(self, routes: Mapping[str, Route] | None = None) -> None:
        self.routes: dict[str, Route] = dict(routes or {})
        self.otherwise: Route = Reply(404, b"no such page")
        self.asked: list[Asked] = []

    def paths(self, method: str | None = None) -> list[str]:
        """Return the paths asked for, in order."""
        return [each.path for each in self.asked if method in {None, each.method}]

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until the client leaves."""
        while (asked := await _next(reader)) is not None:
            self.asked.append(asked)
            route = self.routes.get(asked.path, self.otherwise)
            reply = route if isinstance(route, Reply) else await route(asked)
            writer.write(_head(reply) + (b"" if asked.method == "HEAD" else reply.body))
            try:
                await writer.drain()
            except OSError:
                return


async def _next(reader: asyncio.StreamReader) -> Asked | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except (asyncio.IncompleteReadError, OSError):
        return None
    first, *lines = head.rstrip().split("\r\n")
    method, path, _ = first.split(" ", 2)
    pairs = (line.partition(": ") for line in lines)
    return Asked(method, path, {name.lower(): value for name, _, value in pairs})


def _head(reply: Reply) -> bytes:
    lines = [f"HTTP/1.1 {reply.code} Whatever", f"Content-Length: {len(reply.body)}"]
    lines += [f"{name}: {value}" for name, value in reply.headers.items()]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"
