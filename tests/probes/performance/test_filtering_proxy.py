"""The browser's way out, asked by hand."""

import asyncio
from collections.abc import Awaitable, Callable

from tests.probes.performance.pages import LOOPBACK, page, serve
from tocsin.probes.egress import EgressPolicy
from tocsin.probes.performance import filtering_proxy
from tocsin.probes.performance.filtering_proxy import FilteringProxy


async def ask(proxy: FilteringProxy, request: str) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    writer.write(request.encode())
    answer = await reader.read()
    writer.close()
    return answer


def with_proxy(
    use: Callable[[FilteringProxy], Awaitable[None]], allow: tuple[str, ...] = LOOPBACK
) -> None:
    async def run() -> None:
        proxy = FilteringProxy(EgressPolicy(allow))
        await proxy.start()
        try:
            await use(proxy)
        finally:
            await proxy.close()

    asyncio.run(run())


def test_it_forwards_a_plain_request_in_the_form_that_servers_know() -> None:
    async def use(proxy: FilteringProxy) -> None:
        async with serve({"/a?b=c": page("hello")}) as (site, base):
            answer = await ask(
                proxy,
                f"GET {base}/a?b=c HTTP/1.1\r\nHost: here\r\nProxy-Connection: keep-alive\r\n"
                "Connection: keep-alive\r\nX-Kept: 1\r\n\r\n",
            )
        assert b"hello" in answer
        head = site.heads[0]
        assert head.startswith("GET /a?b=c HTTP/1.1\r\n")
        assert "Connection: close" in head
        assert "X-Kept: 1" in head
        assert "keep-alive" not in head

    with_proxy(use)


def test_it_tunnels_to_judged_addresses() -> None:
    async def use(proxy: FilteringProxy) -> None:
        async with serve({"/": page("inside")}) as (_, base):
            place = base.removeprefix("http://")
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            writer.write(f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n\r\n".encode())
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b"inside" in await reader.read()
            writer.close()

    with_proxy(use)


def test_it_refuses_what_the_policy_refuses_and_remembers_it() -> None:
    async def use(proxy: FilteringProxy) -> None:
        plain = await ask(proxy, "GET http://10.0.0.1/ HTTP/1.1\r\nHost: x\r\n\r\n")
        tunnel = await ask(proxy, "CONNECT 169.254.169.254:443 HTTP/1.1\r\nHost: x\r\n\r\n")
        port = await ask(proxy, "CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: x\r\n\r\n")
        for answer in (plain, tunnel, port):
            assert answer.startswith(b"HTTP/1.1 403 ")
        seen = [(refusal.address, refusal.port) for refusal in proxy.refusals]
        assert seen == [("10.0.0.1", 80), ("169.254.169.254", 443), ("127.0.0.1", 22)]
        proxy.forget()
        assert proxy.refusals == []

    with_proxy(use)


def test_it_refuses_loopback_that_nobody_opened() -> None:
    async def use(proxy: FilteringProxy) -> None:
        async with serve({"/": page("secret")}) as (site, base):
            answer = await ask(proxy, f"GET {base}/ HTTP/1.1\r\nHost: x\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 403 ")
        assert site.heads == []

    with_proxy(use, allow=())


def test_it_answers_nonsense_by_closing() -> None:
    async def use(proxy: FilteringProxy) -> None:
        for nonsense in ("\r\n\r\n", "GET\r\n\r\n", "CONNECT [::1 HTTP/1.1\r\n\r\n"):
            assert await ask(proxy, nonsense) == b""

    with_proxy(use)


def test_it_cuts_a_page_off_that_takes_too_much(monkeypatch: object) -> None:
    async def endless(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"x" * 65536)
            await writer.drain()

    async def use(proxy: FilteringProxy) -> None:
        proxy._bytes = filtering_proxy.MAX_BYTES - 200_000
        async with serve({"/": endless}) as (_, base):
            answer = await ask(proxy, f"GET {base}/ HTTP/1.1\r\nHost: x\r\n\r\n")
        assert 100_000 < len(answer) < 400_000

    with_proxy(use)
