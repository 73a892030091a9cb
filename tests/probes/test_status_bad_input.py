"""The status probe against everything that goes wrong: it always ends, with a clear code."""

import asyncio
import gzip
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.probes.looking import QUICK, code_of, found, look
from tests.probes.servers.http import Site, redirect, response
from tests.probes.tls_server import say_nothing, serving, talk_garbage
from tocsin.probes.contract import CheckStatus, Outcome
from tocsin.probes.status import StatusLimits

Reader, Writer = asyncio.StreamReader, asyncio.StreamWriter
Reply = Callable[[Reader, Writer], Awaitable[None]]


def says(data: bytes, *, then_hangs: bool = False) -> Reply:
    async def reply(reader: Reader, writer: Writer) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(data)
        await writer.drain()
        if then_hangs:
            await asyncio.Event().wait()

    return reply


async def drip_headers(reader: Reader, writer: Writer) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while not writer.transport.is_closing():
        writer.write(b"X-Slow: 1\r\n")
        await asyncio.sleep(0.02)


async def flood_headers(reader: Reader, writer: Writer) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while not writer.transport.is_closing():
        writer.write(b"X-Flood: " + b"x" * 8000 + b"\r\n")
        await writer.drain()


@pytest.mark.parametrize(
    ("handler", "codes"),
    [
        (says(b"\x16\x03garbage\r\n\r\n"), {"bad_response"}),
        (says(b"SSH-2.0-OpenSSH_9\r\n"), {"bad_response"}),
        (says(b"HTTP/1.1 200 O"), {"connection_lost", "bad_response"}),
        (says(b"HTTP/1.1 200 OK\r\nX-Ha"), {"connection_lost", "bad_response"}),
        (says(b"HTTP/1.1 2x0 OK\r\n\r\n"), {"bad_response"}),
        (says(b""), {"connection_lost"}),
        (says(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"), {"connection_lost"}),
        (says(b"", then_hangs=True), {"timeout"}),
        (says(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi", then_hangs=True), {"timeout"}),
        (drip_headers, {"timeout"}),
        (flood_headers, {"bad_response", "connection_lost"}),
    ],
    ids=[
        "garbage", "another protocol", "half a status line", "half a header", "bad code", "nothing",
        "short body", "silence", "hung body", "slow headers", "endless headers",
    ],
)  # fmt: skip
def test_it_ends_in_time_with_a_code(handler: Reply, codes: set[str]) -> None:
    async def scenario() -> None:
        started = time.monotonic()
        async with serving(handler) as port:
            result = await look(f"http://127.0.0.1:{port}", limits=QUICK)
        assert time.monotonic() - started < QUICK.total_seconds + 2
        assert (result.status, result.outcome) == (CheckStatus.FAILED, Outcome.FAILING)
        assert code_of(result) in codes
        status = found(result)
        assert (status["up"], status["code"]) == (False, 0)
        assert status["error"]

    asyncio.run(scenario())


def test_it_gives_up_a_hung_tls_handshake_at_the_connect_limit() -> None:
    async def scenario() -> None:
        async with serving(say_nothing) as port:
            result = await look(f"https://127.0.0.1:{port}", limits=QUICK)
        assert code_of(result) == "timeout"
        assert result.error is not None
        assert result.error.data["stage"] == "tls"
        assert 450 <= found(result)["response_time"] < 790

    asyncio.run(scenario())


@pytest.mark.parametrize("handler", [talk_garbage, says(b"HTTP/1.1 400 Bad Request\r\n\r\n")])
def test_it_calls_a_server_without_tls_a_tls_failure(handler: Reply) -> None:
    async def scenario() -> None:
        async with serving(handler) as port:
            result = await look(f"https://127.0.0.1:{port}", limits=QUICK)
        assert code_of(result) in {"tls", "timeout", "connection_lost"}

    asyncio.run(scenario())


def test_it_stops_an_endless_redirect() -> None:
    async def scenario() -> None:
        site = Site({"/": redirect("/")})
        async with serving(site) as port:
            result = await look(f"http://127.0.0.1:{port}/")
        assert code_of(result) == "too_many_redirects"
        assert len(site.heads) == 11

    asyncio.run(scenario())


def test_it_bounds_the_whole_journey_and_not_each_hop() -> None:
    async def slow(_reader: Reader, writer: Writer) -> None:
        await asyncio.sleep(0.3)
        writer.write(redirect("/"))

    async def scenario() -> None:
        async with serving(Site({"/": slow})) as port:
            result = await look(f"http://127.0.0.1:{port}/", limits=QUICK)
        assert code_of(result) == "timeout"
        assert found(result)["response_time"] < 1000
        assert found(result)["redirect_count"] == 2

    asyncio.run(scenario())


def test_it_never_unfolds_a_bomb() -> None:
    async def scenario() -> None:
        bomb = gzip.compress(b"\0" * 20_000_000)
        limits = StatusLimits(body_bytes=len(bomb) + 1)
        async with serving(Site({"/": response(200, bomb, Content_Encoding="gzip")})) as port:
            result = await look(f"http://127.0.0.1:{port}/", limits=limits)
        assert result.outcome is Outcome.OK

    asyncio.run(scenario())


def test_it_tells_a_refused_connection() -> None:
    async def scenario() -> None:
        async with serving(say_nothing) as port:
            pass
        result = await look(f"http://127.0.0.1:{port}/")
        assert code_of(result) == "connect_refused"
        assert result.error is not None
        assert result.error.data["stage"] == "connect"

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "url",
    ["", "foo", "ftp://127.0.0.1/", "http://", "http://a b/", "http://u:p@127.0.0.1/",
     "http://127.0.0.1:99999/", "http://[::1", "javascript:alert(1)", "http://x\r\ny/",
     "http://" + "a" * 3000],
)  # fmt: skip
def test_it_answers_for_what_is_no_url(url: str) -> None:
    result = asyncio.run(look(url))
    assert (result.status, code_of(result)) == (CheckStatus.FAILED, "invalid_url")


def test_it_calls_no_answer_unknown_when_its_own_deadline_was_too_near() -> None:
    async def scenario() -> None:
        async with serving(say_nothing) as port:
            result = await look(f"http://127.0.0.1:{port}/", seconds=0.2)
        assert (code_of(result), result.outcome) == ("deadline_exceeded", Outcome.UNKNOWN)

    asyncio.run(scenario())


def test_it_takes_a_url_beyond_ascii() -> None:
    async def scenario() -> None:
        site = Site({"/gr%C3%BC%C3%9Fe?q=%E2%82%AC": response()})
        async with serving(site) as port:
            result = await look(f"http://127.0.0.1:{port}/grüße?q=€#top")
        assert result.outcome is Outcome.OK

    asyncio.run(scenario())


def test_it_says_when_the_operators_roots_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        asyncio.run(look("http://127.0.0.1/", roots=str(tmp_path / "missing.pem")))
