"""Asking every resolver for every record type, all at once."""

import asyncio
import ssl
import time
from collections.abc import Iterable, Sequence

import dns.exception
import dns.message
import dns.name
import httpx2
import msgspec
from dns.rdatatype import RdataType

from tocsin.probes.dns.observation import (
    BAD_ANSWER,
    TIMEOUT,
    UNREACHABLE,
    Observation,
    read_answer,
    write_value,
)
from tocsin.probes.dns.resolvers import Resolver
from tocsin.probes.dns.transport import Ask, Patience, line_to
from tocsin.probes.local_faults import is_local_fault

# The largest datagram that passes everywhere unfragmented (DNS flag day 2020).
DATAGRAM_SIZE = 1232
ZONE_SECONDS = 3.0
TROUBLE = (OSError, EOFError, ValueError, dns.exception.DNSException, httpx2.HTTPError)


class Zone(msgspec.Struct, frozen=True):
    """The zone that a name lies in: its name servers and the serial of its SOA."""

    name_servers: tuple[str, ...] = ()
    soa_serial: int | None = None


async def survey(
    host: str,
    record_types: Sequence[str],
    resolvers: Sequence[Resolver],
    trust: ssl.SSLContext,
    patience: Patience,
) -> dict[str, dict[str, Observation]]:
    """Ask every resolver for every type; return observations by resolver and type."""
    name = dns.name.from_text(host)
    found = await asyncio.gather(
        *(_observe(resolver, name, record_types, trust, patience) for resolver in resolvers)
    )
    return dict(zip((resolver.label for resolver in resolvers), found, strict=True))


async def find_zone(
    host: str, resolvers: Iterable[Resolver], trust: ssl.SSLContext, patience: Patience
) -> Zone:
    """Ask the resolvers in turn for the zone of a name; an empty zone where none can tell."""
    name = dns.name.from_text(host)
    try:
        async with asyncio.timeout(ZONE_SECONDS):
            for resolver in resolvers:
                zone = await _zone_from(resolver, name, trust, patience)
                if zone is not None:
                    return zone
    except TimeoutError:
        pass
    return Zone()


async def _observe(
    resolver: Resolver,
    name: dns.name.Name,
    record_types: Sequence[str],
    trust: ssl.SSLContext,
    patience: Patience,
) -> dict[str, Observation]:
    try:
        async with line_to(resolver, trust, patience) as ask:
            seen = await asyncio.gather(
                *(_look_up(ask, name, kind, patience) for kind in record_types)
            )
    except TROUBLE as error:
        seen = [Observation(error=_code(error))] * len(record_types)
    return dict(zip(record_types, seen, strict=True))


async def _look_up(
    ask: Ask, name: dns.name.Name, record_type: str, patience: Patience
) -> Observation:
    started = time.perf_counter()
    try:
        async with asyncio.timeout(patience.question):
            message = await ask(_question(name, record_type))
    except TROUBLE as error:
        return Observation(error=_code(error), ms=_ms_since(started))
    return read_answer(message, _ms_since(started))


async def _zone_from(
    resolver: Resolver, name: dns.name.Name, trust: ssl.SSLContext, patience: Patience
) -> Zone | None:
    try:
        async with line_to(resolver, trust, patience) as ask:
            # Below the top of a zone the SOA comes as the reason why there is none (RFC 2308).
            about = await ask(_question(name, "SOA"))
            for records in (*about.answer, *about.authority):
                if records.rdtype == RdataType.SOA:
                    servers = await ask(_question(records.name, "NS"))
                    return Zone(_name_servers(servers), int(records[0].serial))
    except TROUBLE:
        return None
    return None


def _name_servers(message: dns.message.Message) -> tuple[str, ...]:
    records = [item for item in message.answer if item.rdtype == RdataType.NS]
    return tuple(sorted({write_value(record) for item in records for record in item}))


def _question(name: dns.name.Name, record_type: str) -> dns.message.QueryMessage:
    return dns.message.make_query(name, record_type, use_edns=0, payload=DATAGRAM_SIZE)


def _code(error: Exception) -> str:
    if is_local_fault(error):
        raise error
    if isinstance(error, TimeoutError | dns.exception.Timeout | httpx2.TimeoutException):
        return TIMEOUT
    if isinstance(error, OSError | EOFError | httpx2.TransportError):
        return UNREACHABLE
    return BAD_ANSWER


def _ms_since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)
