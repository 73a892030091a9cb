"""The short way to Django."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tocsin.config import direct


def scope(path: str = "/api/v1/token", **headers: str) -> dict[str, Any]:
    return {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"a=1",
        "http_version": "1.1",
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "headers": [
            (name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()
        ],
    }


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (scope(), True),
        (scope(content_length="0", authorization="Bearer x"), True),
        (scope(content_length="1"), False),
        (scope(content_length="x"), False),
        (scope(transfer_encoding="chunked"), False),
        (scope() | {"method": "HEAD"}, True),
        (scope() | {"method": "POST"}, False),
        (scope() | {"method": "DELETE"}, False),
        (scope("/sites"), False),
        (scope("/api"), False),
    ],
)
def test_it_serves_what_only_asks(asked: dict[str, Any], expected: bool) -> None:
    assert direct.serves(asked) is expected


class Parts:
    """An answer in parts that knows whether it was closed."""

    closed = 0

    def __init__(self, broken: bool = False) -> None:
        self._broken = broken

    def __iter__(self) -> Iterator[bytes]:
        yield b"on"
        if self._broken:
            raise ValueError("broken")
        yield b"e"

    def close(self) -> None:
        Parts.closed += 1


def ask(application: Callable[..., Any]) -> list[Any]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    with ThreadPoolExecutor(1) as executor:
        asyncio.run(direct.answer(application, executor, scope(x_test="ü"), send))
    return sent


def test_it_sends_one_whole_answer() -> None:
    seen: dict[str, Any] = {}

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Parts:
        seen.update(environ)
        start("203 Not Quite", [("X-One", "é"), ("Set-Cookie", "a"), ("Set-Cookie", "b")])
        return Parts()

    before = Parts.closed
    assert ask(application) == [
        {
            "type": "http.response.start",
            "status": 203,
            "headers": [(b"x-one", b"\xe9"), (b"set-cookie", b"a"), (b"set-cookie", b"b")],
        },
        {"type": "http.response.body", "body": b"one"},
    ]
    assert Parts.closed == before + 1
    assert (seen["PATH_INFO"], seen["QUERY_STRING"]) == ("/api/v1/token", "a=1")
    assert (seen["REMOTE_ADDR"], seen["wsgi.input"].read()) == ("127.0.0.1", b"")


def test_what_breaks_is_closed_and_told() -> None:
    def application(_: object, start: Callable[..., Any]) -> Parts:
        start("200 OK", [])
        return Parts(broken=True)

    before = Parts.closed
    with pytest.raises(ValueError, match="broken"):
        ask(application)
    assert Parts.closed == before + 1
