"""A real DNS server on loopback: UDP and TCP on one port, DNS over TLS, DNS over HTTPS."""

import asyncio
import contextlib
import ssl
import struct
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import cast

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from tests.probes.tls_server import Handler, serving

Records = Mapping[tuple[str, str], Sequence[str]]
# From a query and whether it came by a stream, to the answer's bytes; None is silence.
Answerer = Callable[[dns.message.Message, bool], bytes | None]

ZONE = "example.test."
SOA = "ns1.example.test. admin.example.test. 2026112401 3600 600 86400 60"


def zone(records: Records) -> Answerer:
    """Answer from records by (name, type), as a resolver does: aliases followed, SOA for no."""

    def answer(query: dns.message.Message, _by_stream: bool) -> bytes:
        return reply(query, records).to_wire(max_size=65_535)

    return answer


def reply(query: dns.message.Message, records: Records) -> dns.message.Message:
    response = dns.message.make_response(query)
    response.flags |= dns.flags.RA
    question = query.question[0]
    kind = dns.rdatatype.to_text(question.rdtype)
    name = question.name.to_text()
    names = {owner for owner, _ in records}
    while (name, kind) not in records and (name, "CNAME") in records:
        target = records[name, "CNAME"]
        response.answer.append(dns.rrset.from_text(name, 60, "IN", "CNAME", *target))
        name = target[0]
    if (name, kind) in records:
        response.answer.append(dns.rrset.from_text(name, 60, "IN", kind, *records[name, kind]))
        return response
    response.authority.append(dns.rrset.from_text(ZONE, 60, "IN", "SOA", SOA))
    if name not in names:
        response.set_rcode(dns.rcode.NXDOMAIN)
    return response


def failing(code: dns.rcode.Rcode) -> Answerer:
    def answer(query: dns.message.Message, _by_stream: bool) -> bytes:
        response = dns.message.make_response(query)
        response.set_rcode(code)
        return response.to_wire()

    return answer


def silent(_query: dns.message.Message, _by_stream: bool) -> None:
    return None


def garbage(_query: dns.message.Message, _by_stream: bool) -> bytes:
    return b"\xff\x00garbage"


def truncating(inner: Answerer) -> Answerer:
    """Answer datagrams empty and truncated, streams in full."""

    def answer(query: dns.message.Message, by_stream: bool) -> bytes | None:
        if by_stream:
            return inner(query, by_stream)
        response = dns.message.make_response(query)
        response.flags |= dns.flags.TC
        return response.to_wire()

    return answer


def hanging_up(query: dns.message.Message, by_stream: bool) -> bytes | None:
    """Cut every datagram, and hang up on the stream that asks for the rest."""
    if by_stream:
        raise ConnectionAbortedError
    return truncating(silent)(query, by_stream)


def dropping_first(inner: Answerer) -> Answerer:
    """Lose the first datagram of every question."""
    asked: set[tuple[dns.name.Name, int]] = set()

    def answer(query: dns.message.Message, by_stream: bool) -> bytes | None:
        key = (query.question[0].name, query.question[0].rdtype)
        if key not in asked:
            asked.add(key)
            return None
        return inner(query, by_stream)

    return answer


class Datagrams(asyncio.DatagramProtocol):
    def __init__(self, answerer: Answerer) -> None:
        self._answerer = answerer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        answer = self._answerer(dns.message.from_wire(data), False)
        if answer is not None:
            self._transport.sendto(answer, addr)


@contextlib.asynccontextmanager
async def udp_server(answerer: Answerer) -> AsyncIterator[str]:
    """Serve UDP and TCP on one port; yields the resolver's address."""
    async with serving(_stream_handler(answerer)) as port:
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: Datagrams(answerer), local_addr=("127.0.0.1", port)
        )
        try:
            yield f"udp://127.0.0.1:{port}"
        finally:
            transport.close()


@contextlib.asynccontextmanager
async def tls_server(answerer: Answerer, context: ssl.SSLContext) -> AsyncIterator[str]:
    async with serving(_stream_handler(answerer), context) as port:
        yield f"tls://127.0.0.1:{port}"


@contextlib.asynccontextmanager
async def https_server(answerer: Answerer, context: ssl.SSLContext) -> AsyncIterator[str]:
    async with serving(_http_handler(answerer), context) as port:
        yield f"https://localhost:{port}/dns-query"


def _stream_handler(answerer: Answerer) -> Handler:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, OSError, ssl.SSLError):
            while True:
                (length,) = struct.unpack("!H", await reader.readexactly(2))
                query = dns.message.from_wire(await reader.readexactly(length))
                answer = answerer(query, True)
                if answer is not None:
                    writer.write(struct.pack("!H", len(answer)) + answer)

    return handle


def _http_handler(answerer: Answerer) -> Handler:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, OSError, ssl.SSLError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
                length = int(head.split("content-length: ")[1].split("\r\n")[0])
                answer = answerer(dns.message.from_wire(await reader.readexactly(length)), True)
                status = "503 Sorry" if answer is None else "200 OK"
                body = answer or b""
                writer.write(
                    f"HTTP/1.1 {status}\r\nContent-Type: application/dns-message\r\n"
                    f"Content-Length: {len(body)}\r\n\r\n".encode()
                    + body
                )

    return handle
