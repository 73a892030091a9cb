"""The short way to Django, for requests of the API that only ask.

a2wsgi can stream both ways, for which it wakes the event loop several times a request. An answer
of the API is whole when it is there, and most requests bring no body: one thread's turn, one
answer. What changes something may wait for others' locks, and must not keep these few threads.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import Executor
from contextlib import closing
from io import BytesIO
from typing import Any

from a2wsgi.wsgi import build_environ

from tocsin.api.door import PREFIX

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]

_ASKING = frozenset(("GET", "HEAD"))
_WITH_BODY = frozenset((b"content-length", b"transfer-encoding"))


def serves(scope: Message) -> bool:
    """Say whether a request may go this way."""
    if scope["method"] not in _ASKING or not scope["path"].startswith(PREFIX):
        return False
    return not any(name in _WITH_BODY and value != b"0" for name, value in scope["headers"])


async def answer(django: Any, executor: Executor, scope: Message, send: Send) -> None:
    """Answer one request on a thread of the executor; raises what the application raises."""
    environ = build_environ(scope, BytesIO())  # type: ignore[arg-type] # any file will do
    loop = asyncio.get_running_loop()
    start, body = await loop.run_in_executor(executor, _called, django, environ)
    await send(start)
    await send({"type": "http.response.body", "body": body})


def _called(django: Any, environ: Any) -> tuple[Message, bytes]:
    start: Message = {"type": "http.response.start"}

    def begin(status: str, headers: list[tuple[str, str]], _: object = None) -> None:
        start["status"] = int(status[:3])
        start["headers"] = [
            (name.lower().encode("latin1"), value.encode("latin1")) for name, value in headers
        ]

    # Closing it ends the request: Django then gives back what it holds.
    with closing(django(environ, begin)) as parts:
        return start, b"".join(parts)
