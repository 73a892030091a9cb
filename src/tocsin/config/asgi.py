"""The ASGI entry: health and MCP on the event loop, everything else through Django's WSGI handler.

Django's own ASGI handler costs about twice the CPU of its WSGI handler a request, so requests run
on a fixed pool of threads that keep their database connections; see `docs/adr/0005-serving.md`.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from a2wsgi import WSGIMiddleware

from tocsin.config import direct, wsgi
from tocsin.config.late_mcp import LateMcp
from tocsin.runtime.health import readiness

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# Pages may wait for others: mail, a destination, a client's document, a lock. Requests of the API
# that only ask wait for the database alone, and more threads than work would only contend for the
# interpreter.
THREADS = 8
API_THREADS = 2
_django: Any = wsgi.application
_pages: Any = WSGIMiddleware(_django, workers=THREADS)
_api_threads = ThreadPoolExecutor(API_THREADS, thread_name_prefix="tocsin-api")
_mcp = LateMcp()


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """Answer one request, or take part in the server's start and stop."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] != "http":
        return
    elif scope["path"] == "/healthz":
        await _answer(send, 200, "ok")
    elif scope["path"] == "/readyz":
        problem = await asyncio.to_thread(readiness)
        await _answer(send, 503 if problem else 200, problem or "ready")
    elif _mcp.serves(scope["path"]):
        await _mcp(scope, receive, send)
    elif direct.serves(scope):
        await direct.answer(_django, _api_threads, scope, send)
    else:

        async def received() -> Message:
            # a2wsgi needs a coroutine, and what granian's own `receive` returns is none.
            return await receive()

        await _pages(scope, received, send)


async def _live(receive: Receive, send: Send) -> None:
    async with _mcp.running():
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})


async def _answer(send: Send, status: int, text: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})
