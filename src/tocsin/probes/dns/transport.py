"""Putting questions to one resolver: UDP with TCP after truncation, DNS over TLS or over HTTPS.

Resolvers are the operator's choice, so the egress policy does not judge them. Nothing is cached:
every check asks afresh, from a random port with a random id.
"""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable

import dns.asyncquery
import dns.exception
import dns.message
import httpx2
import msgspec

from tocsin.probes.dns.resolvers import Resolver, Transport

Ask = Callable[[dns.message.Message], Awaitable[dns.message.Message]]


class Patience(msgspec.Struct, frozen=True):
    """Seconds: one datagram before it is sent again, and one question in all."""

    datagram: float = 2.0
    question: float = 5.0


@contextlib.asynccontextmanager
async def line_to(
    resolver: Resolver, trust: ssl.SSLContext, patience: Patience
) -> AsyncIterator[Ask]:
    """Open a line to a resolver and yield what puts a question to it.

    A question, and opening the line, may raise OSError (a time-out is one), EOFError, ValueError,
    dns.exception.DNSException or httpx2.HTTPError.
    """
    async with asyncio.timeout(patience.question):
        address = await _address(resolver)
    match resolver.transport:
        case Transport.UDP:
            yield lambda message: _ask_udp(message, address, resolver, patience)
        case Transport.TLS:
            yield lambda message: _ask_tls(message, address, resolver, trust)
        case Transport.HTTPS:
            # Without the environment: a proxy meant for people's browsing is not asked.
            async with httpx2.AsyncClient(
                verify=trust, http2=True, trust_env=False, timeout=patience.question
            ) as client:
                yield lambda message: dns.asyncquery.https(message, resolver.url, client=client)


async def _ask_udp(
    message: dns.message.Message, address: str, resolver: Resolver, patience: Patience
) -> dns.message.Message:
    """Ask twice if need be: datagrams get lost. Stray and malformed ones are passed over."""
    try:
        return await _datagram(message, address, resolver.port, patience.datagram)
    except (dns.exception.Timeout, TimeoutError):
        return await _datagram(message, address, resolver.port, patience.datagram)


async def _datagram(
    message: dns.message.Message, address: str, port: int, seconds: float
) -> dns.message.Message:
    response, _ = await dns.asyncquery.udp_with_fallback(
        message,
        address,
        timeout=seconds,
        port=port,
        ignore_unexpected=True,
        ignore_errors=True,
    )
    return response


async def _ask_tls(
    message: dns.message.Message, address: str, resolver: Resolver, trust: ssl.SSLContext
) -> dns.message.Message:
    return await dns.asyncquery.tls(
        message,
        address,
        port=resolver.port,
        ssl_context=trust,
        server_hostname=resolver.host,
    )


async def _address(resolver: Resolver) -> str:
    if resolver.is_literal or resolver.transport is Transport.HTTPS:
        return resolver.host
    found = await asyncio.get_running_loop().getaddrinfo(
        resolver.host, resolver.port, type=socket.SOCK_STREAM
    )
    return str(found[0][4][0])
