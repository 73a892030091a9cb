"""MCP starts with the first request, once."""

import asyncio
import subprocess
import sys
from typing import Any

import pytest

from tocsin.config.late_mcp import LateMcp

UNAUTHORIZED = 401
LOADS = """
import sys
import django
django.setup()
import tocsin.config.asgi
watched = ("mcp", "mcp_types", "tocsin.config.asgi")
print(*(name for name in watched if name in sys.modules))
"""


async def asked(application: LateMcp) -> int:
    """Knock without a token; return the status."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"{}", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/mcp",
        "query_string": b"",
        "http_version": "1.1",
        "scheme": "http",
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "headers": [(b"host", b"127.0.0.1")],
    }
    await application(scope, receive, send)
    status: int = sent[0]["status"]
    return status


def test_it_answers_those_who_come_first_together_and_those_after() -> None:
    async def serve() -> list[int]:
        application = LateMcp()
        async with application.running():
            first = await asyncio.gather(*(asked(application) for _ in range(3)))
            return [*first, await asked(application)]

    assert asyncio.run(serve()) == [UNAUTHORIZED] * 4


def test_it_answers_the_others_when_the_first_goes_away() -> None:
    async def serve() -> int:
        application = LateMcp()
        async with application.running():
            gone = asyncio.create_task(asked(application))
            await asyncio.sleep(0)
            gone.cancel()
            return await asked(application)

    assert asyncio.run(serve()) == UNAUTHORIZED


def test_it_ends_where_nobody_asked() -> None:
    async def serve() -> int:
        before = len(asyncio.all_tasks())
        async with asyncio.timeout(10), LateMcp().running():
            return len(asyncio.all_tasks()) - before

    assert asyncio.run(serve()) == 0


def test_it_tells_everybody_what_keeps_it_from_starting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tocsin.mcp.app", None)

    async def serve() -> list[Any]:
        application = LateMcp()
        async with application.running():
            both = (asked(application) for _ in range(2))
            return await asyncio.gather(*both, return_exceptions=True)

    assert [type(each) for each in asyncio.run(serve())] == [ModuleNotFoundError] * 2


def test_a_web_process_does_not_load_it_before() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", LOADS], capture_output=True, text=True, check=True
    )
    assert loaded.stdout.split() == ["tocsin.config.asgi"]
