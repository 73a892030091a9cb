"""What time it is elsewhere: the Date header of canaries, whose certificates say who tells it."""

import asyncio
import ssl
import time
from contextlib import suppress
from email.utils import parsedate_to_datetime

from tocsin.probes.canary import Canary
from tocsin.probes.trust import trusting_context

# OpenSSL's X509_V_FLAG_NO_CHECK_TIME: with a clock that may be wrong, dates cannot be judged.
_NO_CHECK_TIME = 0x200000
_MOST_BYTES = 16_384


def timeless_context(extra_ca_file: str | None = None) -> ssl.SSLContext:
    """Make a context that verifies chain and name, whatever the time; raises as its peers."""
    context = trusting_context(extra_ca_file)
    context.verify_flags = ssl.VerifyFlags(context.verify_flags | _NO_CHECK_TIME)
    return context


async def seconds_ahead(canary: Canary, context: ssl.SSLContext, seconds: float) -> float | None:
    """Return how far our clock is ahead of a canary's; None where it does not tell in time."""
    try:
        async with asyncio.timeout(seconds):
            return await _ask(canary, context)
    except (OSError, ValueError):  # TimeoutError and ssl.SSLError are OSErrors
        return None


async def _ask(canary: Canary, context: ssl.SSLContext) -> float | None:
    reader, writer = await asyncio.open_connection(canary.host, canary.port, ssl=context)
    try:
        request = f"HEAD / HTTP/1.1\r\nHost: {canary.host}\r\nConnection: close\r\n\r\n"
        asked = time.time()
        writer.write(request.encode("ascii"))
        head = await _read_head(reader)
        answered = time.time()
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
    told = _date(head)
    # It is cut off to whole seconds, so on average it is half a second more.
    return None if told is None else (asked + answered) / 2 - (told + 0.5)


async def _read_head(reader: asyncio.StreamReader) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head and len(head) < _MOST_BYTES:
        chunk = await reader.read(4096)
        if not chunk:
            break
        head += chunk
    return head


def _date(head: bytes) -> float | None:
    for line in head.decode("latin-1").split("\r\n"):
        name, _, value = line.partition(":")
        if name.lower() == "date":
            return parsedate_to_datetime(value.strip()).timestamp()
    return None
